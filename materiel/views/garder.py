"""« Garder ces dates »: what an owner takes of its own thing, and gives back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.provenance import next_of
from materiel.enums import Nature
from materiel.forms.consulter import GardeForm
from materiel.models import Engagement, Materiel
from materiel.prets import gardes
from materiel.refus import PretRefuse
from materiel.registre.disponibilite import read
from materiel.views.commun import editable
from materiel.vitrine import agenda


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def garder(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, what is kept already, and the calendar that both fill."""
    materiel = editable(request, pk)
    initial = {
        "nature": Nature.USAGE,
        "quantite": materiel.stock,
        "du": request.GET.get("du", ""),
        "au": request.GET.get("au", ""),
    }
    form = GardeForm(form_data(request), materiel=materiel, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _keep(request, materiel, form)
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"C’est gardé\u00a0: {materiel.nom}, {kept}.")
            return redirect("materiel:garder", materiel.pk)
    context = {
        "materiel": materiel,
        "form": form,
        "gardes": gardes.kept_of(materiel),
        "agenda": agenda.months(read(materiel), agenda.month_asked(request.GET.get("mois", "")), None, ""),
        "requete_dates": "",
    }
    return render(request, "materiel/garder.html", context)


def _keep(request: HttpRequest, materiel: Materiel, form: GardeForm) -> str:
    given = form.cleaned_data
    kept = gardes.keep(
        materiel,
        request.user,
        Nature(given["nature"]),
        form.debut,
        form.fin,
        given["quantite"],
        motif=given["motif"],
        sans_fin=given["sans_fin"],
    )
    return "jusqu’à nouvel ordre" if kept.sans_fin else kept.periode


@require_POST
@une_seule_fois
def engagement_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives back what is left of days that were kept."""
    engagement = get_object_or_404(Engagement.objects.select_related("materiel__page", "materiel__collectivite"), pk=pk)
    materiel = editable(request, engagement.materiel_id)
    try:
        gardes.give_back(engagement, request.user)
    except PretRefuse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Ces dates sont rendues\u00a0: {materiel.nom} se prête de nouveau.")
    return redirect(next_of(request, reverse("materiel:garder", args=[materiel.pk])))
