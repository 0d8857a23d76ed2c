"""The sheet of a thing: what it is, when it is free, on which conditions, and the request for it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from collectivites.refus import gestionnaires
from materiel import adresses, agenda
from materiel import fiche as contenu
from materiel.enums import Conducteur, Transport
from materiel.forms.consulter import DatesForm
from materiel.models import Materiel, MaterielPage, MaterielsPage, ReglagesMateriel, ReglementPretPage
from materiel.permissions import can_ask, can_edit
from materiel.presentation import count_words, kilometres, without_dates
from materiel.replis import first_free
from materiel.views.consulter import VARY
from materiel.vignettes import photos_of

ALIAS = {"du": "date_debut", "au": "date_fin", "de": "moment_debut", "a": "moment_fin"}
ACTES = ("demander", "garder", "modifier", "papiers")


def fiche(request: HttpRequest, page: MaterielPage, *, en_apercu: bool = False) -> HttpResponse:
    """The whole sheet; for htmx, its calendar or its answer about dates alone."""
    materiel = _materiel(request, page, en_apercu=en_apercu)
    form = DatesForm(_asked(request), auto_id="d-%s")
    form.is_valid()
    target = request.htmx.target if request.htmx and not request.htmx.history_restore_request else ""
    if target == "dates":
        response = render(request, "materiel/_dates.html", dates_context(materiel, form))
    elif target == "agenda":
        response = render(request, "materiel/_agenda.html", agenda_context(request, materiel, form))
    else:
        context = sheet_context(request, page, materiel, form, en_apercu=en_apercu)
        response = render(request, "materiel/fiche.html", context)
    patch_vary_headers(response, VARY)
    return response


def _materiel(request: HttpRequest, page: MaterielPage, *, en_apercu: bool) -> Materiel:
    """The thing of this sheet, archived or not for who looks after it; 404 for others, and for a page without any."""
    found = Materiel.objects.for_list().prefetch_related("habilitations", "accessoires").filter(page=page.pk).first()
    if found is None:
        raise Http404
    if not en_apercu and not MaterielPage.objects.open_to(request.user).filter(pk=page.pk).exists():
        raise Http404
    found.page = page
    return found


def _asked(request: HttpRequest) -> dict[str, str]:
    """The dates of an address have short names, those of the form the names that the request of a loan has."""
    asked = {ALIAS.get(name, name): value for name, value in request.GET.items()}
    return asked | {"quantite": asked.get("quantite") or 1}


def dates_context(materiel: Materiel, form: DatesForm) -> dict[str, object]:
    """What is said of the dates of the form: nothing without dates."""
    quantity = form.cleaned_data.get("quantite") or 1
    known = None
    before: list = []
    if form.debut is not None and "quantite" not in form.errors:
        known = contenu.verdict(materiel, form.debut, form.fin, quantity)
        before = contenu.asked_before(materiel, form.debut, form.fin)
    return {"materiel": materiel, "dates": form, "verdict": known, "avant_vous": before}


def agenda_context(request: HttpRequest, materiel: Materiel, form: DatesForm) -> dict[str, object]:
    """Two months, from the one asked for, else from that of the dates."""
    asked = request.GET.get("mois", "")
    first = agenda.month_asked(asked or (form.debut.date.isoformat() if form.debut else ""))
    chosen = (form.debut, form.fin) if form.debut else None
    kept = adresses.period_query(form.debut, form.fin, form.cleaned_data.get("quantite") or 1) if chosen else ""
    url = materiel.page.adresse if materiel.is_lendable() and materiel.page.live else ""
    return {
        "materiel": materiel,
        "agenda": agenda.months(materiel, first, chosen, url),
        "requete_dates": f"&{kept}" if kept else "",
    }


def sheet_context(
    request: HttpRequest, page: MaterielPage, materiel: Materiel, form: DatesForm, *, en_apercu: bool = False
) -> dict[str, object]:
    """All of the sheet; the request block of a page that refused one may bring its own `dates`."""
    own = request.collectivite
    ours = own is not None and own.pk == materiel.collectivite_id
    free = first_free([materiel])[materiel.pk] if materiel.is_lendable() else None
    reglages = ReglagesMateriel.load(request_or_site=request)
    asks = not ours and can_ask(request.user, own) and materiel.is_lendable()
    return {
        "page": page,
        "self": page,
        "boite": MaterielsPage.objects.first(),
        "en_apercu": en_apercu,
        "photos": photos_of(page),
        "compte": count_words(materiel),
        "etat": without_dates(materiel, free),
        "km": "" if ours else kilometres(materiel.collectivite, own),
        "historique": contenu.history(materiel),
        "conditions": contenu.conditions(materiel, reglages),
        "papiers": contenu.papers(materiel),
        "assurance": contenu.insurance_of(own) if reglages.assurance_exigee and not ours else None,
        "contacts": contenu.contacts(materiel),
        "depuis": own,
        "chez_nous": ours,
        "peut_modifier": can_edit(request.user, materiel),
        "peut_demander": asks,
        "demande_a": gestionnaires([own]) if own and not ours and not asks else [],
        "conducteurs": contenu.drivers(materiel, own, request.user) if asks else [],
        "avec_le_sien": materiel.conducteur != Conducteur.SANS,
        "sans_choix": materiel.conducteur == Conducteur.OBLIGATOIRE,
        "livrable": materiel.transport == Transport.LIVRAISON,
        "reglement": ReglementPretPage.objects.visible_to(request.user).first(),
        "adresse_de": {
            act: adresses.of_materiel(materiel, act) for act in ("demander", "garder", "modifier", "papiers")
        },
        **dates_context(materiel, form),
        **agenda_context(request, materiel, form),
    }
