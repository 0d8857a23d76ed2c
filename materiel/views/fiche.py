"""The sheet of a thing: what it is, when it is free, on which conditions, and the request for it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from wagtail.views import serve

from collectivites.refus import PageReservee, gestionnaires
from materiel import adresses
from materiel.forms.consulter import DatesForm
from materiel.forms.demande import DemandeForm
from materiel.models import Materiel, MaterielPage, MaterielsPage, ReglagesMateriel
from materiel.parc.vignettes import photos_of
from materiel.permissions import can_edit
from materiel.registre.disponibilite import Lecture, read
from materiel.views.consulter import VARY
from materiel.views.demander import asked_dates, initial_of, state_context
from materiel.vitrine import agenda
from materiel.vitrine import fiche as contenu
from materiel.vitrine.presentation import count_words, kilometres, without_dates
from materiel.vitrine.replis import first_free_of

ACTES = ("demander", "garder", "modifier", "papiers")


@require_safe
def materiel_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet at its address, without walking the tree down to it; the other pages under the board are the tree’s."""
    found = _open_to(request, page__slug=slug)
    return serve(request, f"{MaterielsPage.SLUG}/{slug}/") if found is None else _answer(request, found)


def fiche(request: HttpRequest, page: MaterielPage, *, en_apercu: bool = False) -> HttpResponse:
    """The same for a page that the tree has found, or a draft to be looked at."""
    found = _things().filter(page=page.pk).first() if en_apercu else _open_to(request, page=page.pk)
    if found is None:
        raise Http404
    if en_apercu:
        found.page = page
    return _answer(request, found, en_apercu=en_apercu)


def _open_to(request: HttpRequest, **which: object) -> Materiel | None:
    """The thing of that page, when this reader may open it; None when there is no such page."""
    seen = MaterielPage.objects.open_to(request.user).filter(pk=OuterRef("page"))
    found = _things().annotate(is_open=Exists(seen)).filter(**which).first()
    if found is None or found.is_open:
        return found
    if not found.page.live or found.page.is_visible_to(request.user):
        raise Http404
    raise PageReservee(found.page.diffusion)


def _things() -> QuerySet[Materiel]:
    return contenu.with_history(Materiel.objects.for_list()).prefetch_related("habilitations", "accessoires")


def _answer(request: HttpRequest, materiel: Materiel, *, en_apercu: bool = False) -> HttpResponse:
    """The whole sheet; for htmx, its calendar or its answer about dates alone."""
    dates, lecture = asked_dates(request), read(materiel)
    target = request.htmx.target if request.htmx and not request.htmx.history_restore_request else ""
    if target == "demande-etat":
        context = state_context(request, materiel, dates, lecture)
        response = render(request, "materiel/_demande_etat.html", context)
    elif target == "agenda":
        response = render(request, "materiel/_agenda.html", agenda_context(request, lecture, dates))
    else:
        context = sheet_context(request, lecture, dates, en_apercu=en_apercu)
        response = render(request, "materiel/fiche.html", context)
    patch_vary_headers(response, VARY)
    return response


def agenda_context(request: HttpRequest, lecture: Lecture, dates: DatesForm) -> dict[str, Any]:
    """Two months, from the one asked for, else from that of the dates. The owner sees what the ledger holds."""
    materiel, asked = lecture.materiel, request.GET.get("mois", "")
    first = agenda.month_asked(asked or (dates.debut.date.isoformat() if dates.debut else ""))
    chosen = (dates.debut, dates.fin) if dates.debut else None
    kept = adresses.period_query(dates.debut, dates.fin, dates.cleaned_data.get("quantite") or 1) if chosen else ""
    lent = materiel.is_lendable() and materiel.page.live and request.collectivite != materiel.collectivite
    return {
        "materiel": materiel,
        "agenda": agenda.months(lecture, first, chosen, materiel.page.adresse if lent else ""),
        "requete_dates": f"&{kept}" if kept else "",
    }


def sheet_context(
    request: HttpRequest, lecture: Lecture, dates: DatesForm, *, en_apercu: bool = False
) -> dict[str, Any]:
    """All of the sheet. Its owner asks nothing of it: no answer about dates."""
    materiel, own = lecture.materiel, request.collectivite
    ours = own is not None and own.pk == materiel.collectivite_id
    free = first_free_of(lecture) if materiel.is_lendable() else None
    reglages = ReglagesMateriel.load(request_or_site=request)
    papers, insurance = contenu.papers(materiel, own)
    answer = state_context(request, materiel, DatesForm() if ours else dates, lecture)
    asks = answer["peut_demander"]
    return {
        "page": materiel.page,
        "self": materiel.page,
        "en_apercu": en_apercu,
        "photos": photos_of(materiel.page),
        "compte": count_words(materiel),
        "etat_du_jour": without_dates(materiel, free),
        "km": "" if ours else kilometres(materiel.collectivite, own),
        "historique": contenu.history(materiel),
        "conditions": contenu.conditions(materiel, reglages),
        "papiers": papers,
        "assurance": insurance if own and not ours else None,
        "contacts": contenu.contacts(materiel),
        "depuis": own,
        "chez_nous": ours,
        "peut_modifier": can_edit(request.user, materiel),
        "demande_a": gestionnaires([own]) if own and not ours and not asks else [],
        "dates": dates,
        "form": _request_form(request, materiel, dates) if asks else None,
        "adresse_de": {act: adresses.of_materiel(materiel, act) for act in ACTES},
        **answer,
        **agenda_context(request, lecture, dates),
    }


def _request_form(request: HttpRequest, materiel: Materiel, dates: DatesForm) -> DemandeForm:
    return DemandeForm(
        materiel=materiel,
        collectivite=request.collectivite,
        lecteur=request.user,
        initial=initial_of(request, dates),
    )
