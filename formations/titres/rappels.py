"""Six, three, one month before a title ends: a seat is held where there is one, and the mairie is told, once each."""

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Habilitation, Poste
from extranet.lib.francais import date_longue, en_lettres, jour
from extranet.lib.typographie import space
from formations.enums import Origine
from formations.models import Inscription, RappelTitre
from formations.prevenir.sortes import TITRES
from formations.titres.echeances import PALIERS, current, ending, main_places, palier_of
from formations.titres.lot import Tenues, hold
from notifications.envoi import notify

if TYPE_CHECKING:
    from datetime import date

    from collectivites.models import Collectivite


def remind_due(today: "date | None" = None) -> int:
    """Returns how many titles were told of. Played twice the same day, it says nothing more."""
    today, told = today or timezone.localdate(), 0
    titles = ending(current(), today).filter(valable_jusqu_au__gte=today, agent__is_active=True)
    known = defaultdict(set)
    for title, palier in RappelTitre.objects.filter(habilitation__in=titles).values_list("habilitation", "palier"):
        known[title].add(palier)
    due = [
        one
        for one in titles.select_related("agent", "type").order_by("valable_jusqu_au", "pk")
        if palier_of(one.valable_jusqu_au, today) not in known[one.pk]
    ]
    places, by_place = main_places({one.agent_id for one in due}), defaultdict(list)
    for one in due:
        if place := places.get(one.agent_id):
            by_place[place].append(one)
    for place, theirs in sorted(by_place.items(), key=lambda pair: pair[0].pk):
        told += _remind(place, theirs, today)
    return told


def _remind(place: "Collectivite", titles: list[Habilitation], today: "date") -> int:
    """Seats first, each in its own transaction; then the reminder and the notification, in one."""
    held = hold(_never_held(titles), place, None)
    with transaction.atomic():
        rows = [
            RappelTitre(habilitation=one, palier=palier)
            for one in titles
            for palier in PALIERS
            if palier >= palier_of(one.valable_jusqu_au, today)
        ]
        RappelTitre.objects.bulk_create(rows, ignore_conflicts=True)
        _tell(place, titles, held, today)
    return len(titles)


def _never_held(titles: list[Habilitation]) -> list[Habilitation]:
    """A seat given back, or let go, is not held again by itself: the mairie has decided."""
    held = Inscription.objects.filter(origine=Origine.TITRE, agent__in={one.agent_id for one in titles})
    known = set(held.values_list("agent", "session__formation__titre_delivre"))
    return [one for one in titles if (one.agent_id, one.type_id) not in known]


def _tell(place: "Collectivite", titles: list[Habilitation], held: Tenues, today: "date") -> None:
    postes = Poste.objects.gestionnaires_of([place]).select_related("agent")
    keepers = list({poste.agent_id: poste.agent for poste in postes}.values())
    first, count = titles[0], len(titles)
    if count == 1:
        titre = f"{first.agent.nom_complet} : {first.type.libelle} jusqu’au {jour(first.valable_jusqu_au)}"
    else:
        number = en_lettres(count).capitalize()
        titre = f"{number} titres à renouveler {place.a_nom}, le premier le {jour(first.valable_jusqu_au)}"
    notify(
        keepers,
        TITRES,
        space(titre),
        texte=space(_words(held)),
        url=f"{reverse('formations:titre_list')}?commune={place.slug}",
        action="Confirmer le lot" if held.inscriptions else "Voir les échéances",
        icone="award",
        collectivite=place,
        cle=f"titres:{place.pk}:{today.isoformat()}",
    )


def _words(held: Tenues) -> str:
    if not held.inscriptions:
        return "Voyez la session la plus proche, ou dites le besoin de votre commune."
    count = len(held.inscriptions)
    until = date_longue(held.inscriptions[0].tenue_jusqua)
    places = "Une place est tenue" if count == 1 else f"{en_lettres(count, 'f').capitalize()} places sont tenues"
    return f"{places} jusqu’au {until} : confirmez en un clic."
