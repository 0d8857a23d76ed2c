"""An incident: what happened, what was done, and its end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from materiel.constats import incidents
from materiel.forms.incidents import SuiteForm
from materiel.models import Incident
from materiel.permissions import REGLES
from materiel.refus import PretRefuse

LIES = "pret__materiel__page", "pret__preteur", "pret__emprunteur", "materiel__page", "ouvert_par"


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Read by the two parties, followed by the lender and the responsables."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user).select_related(*LIES), pk=pk)
    follows = incident.can_follow(request.user)
    form = SuiteForm(form_data(request), initial={"suite": incident.suite, "cout": incident.cout})
    if request.method == "POST":
        if not follows:
            raise PermissionDenied(REGLES["suivre"])
        if request.POST.get("action") == "stock":
            return _take_out(request, incident)
        if form.is_valid() and _written(request, incident, form):
            return redirect(incident)
    constat = incident.pret.constats.filter(created_at__lte=incident.created_at).last()
    context = {
        "incident": incident,
        "pret": incident.pret,
        "form": form,
        "suit": follows,
        "constat": constat,
        "reste_au_stock": _still_counted(incident),
    }
    return render(request, "materiel/incident_detail.html", context, status=422 if form.errors else 200)


def _still_counted(incident: Incident) -> int:
    """Lost units that its stock still counts, while the lender may take them out."""
    ours = incident.clos_le is None and incident.materiel.collectivite_id == incident.pret.preteur_id
    return incident.perdues - incident.quantite if ours else 0


def _written(request: HttpRequest, incident: Incident, form: SuiteForm) -> bool:
    settles = request.POST.get("action") == "regler"
    try:
        (incidents.settle if settles else incidents.follow)(incident, request.user, form.donnees)
    except PretRefuse as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "L’incident est réglé." if settles else "C’est noté.")
    return True


def _take_out(request: HttpRequest, incident: Incident) -> HttpResponse:
    try:
        incidents.take_out_now(incident, request.user)
    except PretRefuse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le stock est baissé.")
    return redirect(incident)
