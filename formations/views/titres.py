"""Titles of a commune that end: the batch, all of them, the territory."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.models import Collectivite
from extranet.lib.francais import date_longue, en_lettres
from extranet.lib.noms import de_nom
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.inscrire.regles import policies
from formations.models import Campagne, Inscription, ReglagesFormation
from formations.permissions import can_give_visa, can_organise
from formations.refus import InscriptionRefusee
from formations.titres import lot
from formations.titres.echeances import PALIERS, held_for_titles, held_in, lot_of, months_after
from formations.titres.territoire import counts
from formations.views.acces_plan import kept_place
from formations.views.responsables import must_organise

ETATS = {"valables": "Valables", "renouveler": "À renouveler", "perimes": "Périmés"}


@require_safe
def titre_list(request: HttpRequest) -> HttpResponse:
    """« Échéances de ma commune »: seats held, sessions proposed, titles without a session."""
    place = kept_place(request)
    found = lot_of(place)
    context = {
        **_around(request, place, "echeances"),
        "lot": found,
        "peut_viser": can_give_visa(request.user, place, policies([place])),
        "tenues_jusqua": min((one.inscription.tenue_jusqua for one in found.tenues), default=None),
        "jours": ReglagesFormation.load().titre_jours,
        "campagne": Campagne.objects.open().order_by("repondre_avant").first(),
    }
    return render(request, "formations/titre_list.html", context)


@require_safe
def titre_tous(request: HttpRequest) -> HttpResponse:
    """Every title of the commune, with its state."""
    place = kept_place(request)
    etat = request.GET.get("etat", "")
    titles = held_in([place])
    today = timezone.localdate()
    soon = months_after(today, PALIERS[0])
    filters = {
        "valables": Q(valable_jusqu_au=None) | Q(valable_jusqu_au__gte=today),
        "renouveler": Q(valable_jusqu_au__gte=today, valable_jusqu_au__lte=soon),
        "perimes": Q(valable_jusqu_au__lt=today),
    }
    if etat in filters:
        titles = titles.filter(filters[etat])
    context = {
        **_around(request, place, "tous"),
        "page_obj": Paginator(titles, 50).get_page(request.GET.get("page")),
        "etats": ETATS,
        "etat": etat if etat in filters else "",
        "aujourdhui": today,
        "bientot": soon,
    }
    return render(request, "formations/titre_tous.html", context)


@require_safe
def titre_territoire(request: HttpRequest) -> HttpResponse:
    """For the responsables: what is to be renewed, by commune and by title."""
    must_organise(request)
    communes, titres = counts()
    context = {**_around(request, request.collectivite, "territoire"), "communes": communes, "titres": titres}
    return render(request, "formations/titre_territoire.html", context)


def _around(request: HttpRequest, place: Collectivite, vue: str) -> dict:
    ours = place == request.collectivite
    return {"place": place, "vue": vue, "suite": "" if ours else f"?commune={place.slug}", "suit": _leads(request)}


def _leads(request: HttpRequest) -> bool:
    return can_organise(request.user)


def _back(place: Collectivite, request: HttpRequest) -> HttpResponse:
    suite = "" if place == request.collectivite else f"?commune={place.slug}"
    return redirect(f"{reverse('formations:titre_list')}{suite}")


@require_POST
@a_son_tour
@une_seule_fois
def titre_tenir(request: HttpRequest) -> HttpResponse:
    """Holds the seats of the titles that were ticked."""
    place = kept_place(request)
    ticked = [int(one) for one in request.POST.getlist("titre") if one.isdecimal() and len(one) < 10]
    titles = list(held_in([place]).filter(pk__in=ticked, valable_jusqu_au__isnull=False))
    if not titles:
        messages.warning(request, "Cochez au moins un titre.")
        return _back(place, request)
    done = lot.hold(titles, place, request.user)
    names = {one.pk: one.agent.nom_complet for one in titles}
    if done.inscriptions:
        until = date_longue(done.inscriptions[0].tenue_jusqua)
        messages.success(request, space(f"{_seats(len(done.inscriptions))} jusqu’au {until}."))
    for pk, why in done.refus.items():
        messages.warning(request, space(f"{names[pk]}\u00a0: {why}"))
    return _back(place, request)


def _seats(count: int) -> str:
    return "Une place est tenue" if count == 1 else f"{en_lettres(count, 'f').capitalize()} places sont tenues"


@require_POST
@a_son_tour
@une_seule_fois
def titre_confirmer(request: HttpRequest) -> HttpResponse:
    """One click: the visa of the mairie on the seats that were shown."""
    place = kept_place(request)
    shown = [int(one) for one in request.POST.getlist("inscription") if one.isdecimal() and len(one) < 10]
    held = held_for_titles().filter(collectivite=place, pk__in=shown).select_related("agent", "collectivite", "session")
    try:
        done = lot.confirm(list(held.order_by("session", "pk")), request.user)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
        return _back(place, request)
    if done:
        count = len(done)
        words = "Une place confirmée" if count == 1 else f"{en_lettres(count, 'f').capitalize()} places confirmées"
        messages.success(request, f"{words}. La convocation arrive par courriel\u00a0; sans adresse, par la mairie.")
    if len(done) < len(shown):
        messages.warning(request, "Une place n’était plus tenue\u00a0: elle n’a pas été confirmée.")
    return _back(place, request)


@require_POST
@a_son_tour
@une_seule_fois
def titre_rendre(request: HttpRequest, pk: int) -> HttpResponse:
    """A seat held for a title, given back to the others."""
    place = kept_place(request)
    held = Inscription.objects.visible_to(request.user).filter(collectivite=place, origine="titre")
    one = get_object_or_404(held.select_related("agent", "collectivite"), pk=pk)
    try:
        lot.give_back(one, request.user)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"La place {de_nom(one.agent.nom_complet)} est rendue.")
    return _back(place, request)
