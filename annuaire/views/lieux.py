"""The collectivités: all of them, one of them, and whom to call when everything is closed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from annuaire.consulter import carte, fiche, lieux, semaine
from annuaire.consulter.encarts import encarts
from annuaire.models import AnnuairePage, Astreinte
from annuaire.permissions import can_keep_place
from collectivites.models import Absence, Collectivite, Poste
from collectivites.presence import ouverture
from extranet.lib.francais import date_longue
from extranet.lib.noms import place_sort_key


@require_safe
def collectivite_list(request: HttpRequest) -> HttpResponse:
    """« Les mairies »: how to call each, and whether its doors are open."""
    places = lieux.furnished(Collectivite.objects.visible_to(request.user), request.collectivite)
    return render(request, "annuaire/collectivite_list.html", {"collectivites": places, "depuis": request.collectivite})


@require_safe
def collectivite_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of a collectivité: who is there today, its élus, its hours, where it is, whom to call at night."""
    visible = Collectivite.objects.visible_to(request.user)
    place = get_object_or_404(visible.select_related("secteur", "rattachement"), slug=slug)
    postes = list(Poste.objects.visible_to(request.user).in_force().for_list().filter(collectivite=place))
    lieux.show_photos(postes)
    agents, elus = lieux.agents_of(postes), lieux.elus_of(postes)
    context = {
        "collectivite": place,
        "aujourdhui": date_longue(timezone.localdate()),
        "colonnes": ["Agent", date_longue(timezone.localdate()).capitalize(), "Téléphone"],
        **_people("agents", agents),
        **_people("elus", elus),
        "services": lieux.services_of(place, agents),
        "absences": fiche.absences_of(Absence.objects.filter(agent__in=[p.agent_id for p in postes]))[: lieux.SHOWN],
        "astreintes": list(place.astreintes.all()),
        "peut_tenir": can_keep_place(request.user, place),
        "rattachees": list(visible.filter(rattachement=place)) if not place.is_epci else [],
        **_where(place, request.collectivite, list(visible)),
        **encarts("encarts_collectivite", place, request.user),
    }
    return render(request, "annuaire/collectivite_detail.html", context)


def _people(name: str, postes: list[Poste]) -> dict[str, object]:
    """The first ones, those that are folded, and how many people they are."""
    first = lieux.first_of(postes)
    people = len({poste.agent_id for poste in postes})
    return {name: first, f"autres_{name}": postes[len(first) :], f"nb_{name}": people}


def _where(place: Collectivite, own: Collectivite | None, others: list[Collectivite]) -> dict[str, object]:
    """Its doors, its hours, and where it is."""
    plages = list(place.plages.all())
    return {
        "ouverture": ouverture(plages, feminin=place.is_commune),
        "horaires": semaine.opening_days(plages, timezone.localdate()) if plages else [],
        "km": lieux.km(place, own),
        "carte": carte.draw(place, own, others),
    }


@require_safe
def numeros(request: HttpRequest) -> HttpResponse:
    """Whom to call when everything is closed, and outside the territory: the numbers that one looks for in a hurry."""
    astreintes = list(Astreinte.objects.visible_to(request.user).select_related("collectivite"))
    astreintes.sort(
        key=lambda one: (not one.collectivite.is_epci, place_sort_key(one.collectivite.nom), one.libelle.lower())
    )
    own = request.collectivite
    context = {
        "page": get_object_or_404(AnnuairePage.objects.live()),
        "les_siennes": [one for one in astreintes if own and one.collectivite_id == own.pk],
        "astreintes": [one for one in astreintes if own is None or one.collectivite_id != own.pk],
        "ici": own,
        "peut_tenir": own is not None and can_keep_place(request.user, own),
    }
    return render(request, "annuaire/numeros.html", context)
