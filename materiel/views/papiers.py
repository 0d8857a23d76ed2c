"""Papers of a thing: the list, adding and renewing, the file."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.fichiers import file_response
from extranet.lib.uploads import FichierRefuse
from extranet.lib.uploads.reception import LOURD, PLEIN
from materiel.enums import TypePapier
from materiel.forms.papiers import PapierForm
from materiel.models import Materiel, Papier
from materiel.parc import papiers
from materiel.refus import PretRefuse
from materiel.views.commun import editable

logger = logging.getLogger(__name__)
ENVOI = {LOURD: "Ce fichier est trop lourd\u00a0: 15\u00a0Mo au plus.", PLEIN: papiers.PLEIN}


@une_seule_fois
def papier_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Those in force and those replaced, with the form of the next one. « renouveler » names the one it replaces."""
    thing = editable(request, pk)
    asked = request.POST.get("renouveler") or request.GET.get("renouveler", "")
    former = thing.papiers.filter(pk=asked, remplace_par=None).first() if asked.isdecimal() else None
    form = PapierForm(form_data(request), request.FILES or None, remplace=former, initial=_proposed(request, thing))
    if why := getattr(request, "refus_envoi", "") if request.method == "POST" else "":
        form.add_error("fichier", ENVOI[why])
    elif request.method == "POST" and asked and former is None:
        form.add_error(None, "Ce papier a déjà été renouvelé. Voici la liste à jour.")
    elif request.method == "POST" and form.is_valid() and (done := _joined(request, thing, form, former)):
        return done
    every = thing.papiers.select_related("remplace_par", "depose_par")
    context = {
        "materiel": thing,
        "form": form,
        "renouvele": former,
        "papiers": [one for one in every if one.remplace_par_id is None],
        "anciens": [one for one in every if one.remplace_par_id is not None],
        "attendus": papiers.attendus(thing),
    }
    return render(request, "materiel/papier_list.html", context)


def _proposed(request: HttpRequest, thing: Materiel) -> dict[str, object]:
    """The paper that was chosen among those expected, or the first of them."""
    expected = papiers.attendus(thing)
    chosen = next((one for one in expected if one.type == request.GET.get("type")), expected[0] if expected else None)
    return {"type": chosen.type, "bloquant": chosen.bloquant} if chosen else {}


def _joined(request: HttpRequest, thing: Materiel, form: PapierForm, former: Papier | None) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        paper = papiers.join(
            thing,
            request.user,
            type=TypePapier(former.type if former else data["type"]),
            libelle=data["libelle"],
            valable_jusqu_au=data["valable_jusqu_au"],
            bloquant=data["bloquant"],
            sent=data["fichier"],
            remplace=former,
        )
    except FichierRefuse as refusal:
        form.add_error("fichier", str(refusal))
        return None
    except PretRefuse as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"C’est enregistré\u00a0: {paper.get_type_display()}, pour «\u00a0{thing.nom}\u00a0».")
    return redirect("materiel:papier_list", pk=thing.pk)


@require_POST
@une_seule_fois
def papier_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper joined by mistake."""
    paper = get_object_or_404(Papier.objects.exclude(materiel=None).select_related("materiel__page"), pk=pk)
    thing = editable(request, paper.materiel_id)
    if paper.remplace_par_id is not None:
        messages.error(request, "Ce papier a été renouvelé\u00a0: il reste dans l’historique.")
    else:
        papiers.remove(paper, request.user)
        messages.success(request, "Ce papier est retiré.")
    return redirect("materiel:papier_list", pk=thing.pk)


@require_safe
def papier_fichier(request: HttpRequest, pk: int, nom: str) -> HttpResponse:
    """The file, for those who read the thing, and for the parties of a loan for an insurance."""
    papers = Papier.objects.visible_to(request.user) | Papier.objects.filter(
        materiel__in=Materiel.objects.editable_by(request.user).values("pk")
    )
    paper = get_object_or_404(papers.exclude(file="").distinct(), pk=pk)
    if nom != paper.nom:
        return redirect("materiel:papier_fichier", pk=pk, nom=paper.nom)
    try:
        return file_response(request, paper.file, name=paper.nom, etag=paper.sha256)
    except FileNotFoundError as error:
        logger.exception("Le fichier de %r a disparu du stockage.", paper)
        raise Http404 from error
