"""A sheet of the catalogue: what the training teaches, its sessions, and the booking of seats."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from wagtail.views import serve

from collectivites.arrivees import ArriveeRefusee
from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.refus import AccesReserve, PageReservee
from extranet.lib.noms import de_nom
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.enums import Covoiturage
from formations.forms.inscription import Etrangere
from formations.inscrire import lot
from formations.models import FormationPage, FormationsPage, SessionFormation
from formations.permissions import REGLES, can_organise
from formations.places.reserver import Reponse
from formations.refus import InscriptionRefusee, SessionChangee
from formations.views.feuille import Feuille, sheet

VARY = ("HX-Request", "HX-Target")
CHANGEE = "Cette session a changé depuis que vous avez ouvert la page. Relisez ses dates et son lieu, puis envoyez."


@require_safe
def formation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet at its address, without walking the tree down to it; the other pages there are the tree’s."""
    page = _open_to(request, slug=slug)
    return serve(request, f"{FormationsPage.SLUG}/{slug}/") if page is None else fiche(request, page)


def fiche(request: HttpRequest, page: FormationPage, *, en_apercu: bool = False) -> HttpResponse:
    """The whole sheet; « ?session=2026-F-31 » chooses a session."""
    if en_apercu:
        return _page(request, sheet(request, page, None), en_apercu=True)
    if not FormationPage.objects.open_to(request.user).filter(pk=page.pk).exists():
        raise Http404
    chosen = request.GET.get("session", "")
    found = sheet(request, page, form_data(request), chosen=chosen)
    return _page(request, found, ailleurs=_not_offered(request, found, chosen))


def _not_offered(request: HttpRequest, found: Feuille, numero: str) -> str:
    """Why the session that an address names is not the one chosen; "" when it is, or is none that one may see."""
    if not numero or (found.choisie and found.choisie.session.numero == numero):
        return ""
    if card := next((one for one in found.cartes if one.session.numero == numero), None):
        return card.obstacle
    sessions = SessionFormation.objects.visible_to(request.user).filter(formation=found.page, numero=numero)
    gone = sessions.first()
    return f"La session {numero} est {gone.get_statut_display()}." if gone else ""


@require_POST
def recapitulatif(request: HttpRequest, slug: str) -> HttpResponse:
    """What follows a choice, without writing anything: the list of people and what the request would give."""
    page = _must_open(request, slug)
    target = request.htmx.target if request.htmx else ""
    if target not in ("suite", "recap"):
        return redirect(page.adresse)
    found = sheet(request, page, request.POST, ligne="ajouter" in request.POST)
    name = "formations/_fiche_suite.html" if target == "suite" else "formations/_fiche_recap.html"
    response = render(request, name, _context(request, found) | {"fragment": True})
    patch_vary_headers(response, VARY)
    return response


@require_POST
@a_son_tour
@une_seule_fois
def inscrire(request: HttpRequest, slug: str) -> HttpResponse:
    """Books; with the button « ajouter », only gives one more line to fill in."""
    page = _must_open(request, slug)
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    if "ajouter" in request.POST:
        return _page(request, sheet(request, page, request.POST, ligne=True))
    found = sheet(request, page, request.POST, bound=True)
    try:
        valid = found.form.is_valid()
    except Etrangere:
        raise PermissionDenied(REGLES["inscrire"]) from None
    if valid:
        try:
            return _booked(request, found)
        except ArriveeRefusee as refusal:
            found.form.add_error(None, str(refusal))
        except InscriptionRefusee as refusal:
            found.form.add_error("session", str(refusal))
    return _page(request, found, status=422)


def _booked(request: HttpRequest, found: Feuille) -> HttpResponse:
    form = found.form
    session = form.carte.session
    if request.POST.get(f"vu-{session.pk}") != form.carte.empreinte:
        raise SessionChangee(CHANGEE)
    found.check_seen(form.cleaned_data["attente_vue"])
    answer, names = lot.book(session, form.lot, request.user)
    if not answer.inscriptions:
        raise InscriptionRefusee(" ".join(_said(names[pk], why) for pk, why in answer.refus.items()))
    return _told(request, answer, names)


def _said(name: str, why: str) -> str:
    return why if name in why else space(f"{name} : {why}")


def _told(request: HttpRequest, answer: Reponse, names: Mapping[int, str]) -> HttpResponse:
    """One person: their page. Several: what was decided of each."""
    for pk, why in answer.refus.items():
        messages.warning(request, _said(names[pk], why))
    first = answer.inscriptions[0]
    offers = next((one for one in answer.inscriptions if one.covoiturage == Covoiturage.PROPOSE), None)
    if offers and len(names) > 1:
        messages.info(request, f"Le covoiturage est proposé au nom {de_nom(names[offers.agent_id])}.")
    if len(answer.inscriptions) > 1:
        return redirect("formations:inscription_lot", lot=first.lot)
    messages.success(request, "C’est enregistré." if not first.is_waiting else "La demande est enregistrée.")
    return redirect(first)


def _open_to(request: HttpRequest, **which: object) -> FormationPage | None:
    """The sheet, when this reader may open it; None when there is none of that name."""
    found = FormationPage.objects.filter(**which)
    page = found.select_related("theme", "titre_delivre", "contact", "programme").prefetch_related("publics").first()
    if page is None or FormationPage.objects.open_to(request.user).filter(pk=page.pk).exists():
        return page
    if not page.live or page.archivee_le or page.is_visible_to(request.user):
        raise Http404
    raise PageReservee(page.diffusion)


def _must_open(request: HttpRequest, slug: str) -> FormationPage:
    page = _open_to(request, slug=slug)
    if page is None:
        raise Http404
    return page


def _page(
    request: HttpRequest, found: Feuille, *, status: int = 200, en_apercu: bool = False, ailleurs: str = ""
) -> HttpResponse:
    context = _context(request, found) | {"en_apercu": en_apercu, "ailleurs": ailleurs}
    return render(request, "formations/fiche.html", context, status=status)


def _context(request: HttpRequest, found: Feuille) -> dict[str, Any]:
    page = found.page
    urls = {name: reverse(f"formations:{name}", args=[page.slug or "apercu"]) for name in ("inscrire", "recapitulatif")}
    return {
        "page": page,
        "self": page,
        "feuille": found,
        "form": found.form,
        "recap": found.recap,
        "adresses": urls,
        "organise": can_organise(request.user),
    }
