"""A large training, in bulk: hundreds of sessions to come, full, for the large demo and for the measures."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.jours_ouvres import working_day_from
from formations.enums import StatutInscription, StatutSession, Visa
from formations.models import Creneau, FormationPage, Inscription, Numerotation, SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Poste

SESSIONS, PLACES, PAR_JOUR, LOT = 500, 40, 3, 2000


def widen(
    pages: Sequence[FormationPage],
    postes: "Sequence[Poste]",
    day: date,
    *,
    sessions: int = SESSIONS,
    places: int = PLACES,
) -> int:
    """So many mornings from `day` on, three a day, each full of people who are nowhere else. Returns the seats given.

    People follow one another in a circle; a day takes distinct people as long as there are enough of them.
    """
    people = list({poste.agent_id: poste for poste in postes}.values())
    places, last = min(places, len(people) // PAR_JOUR), _last_number(day.year)
    made = [
        SessionFormation(
            formation=pages[n % len(pages)],
            numero=f"{day.year}-F-{last + n + 1}",
            statut=StatutSession.OUVERTE,
            statut_le=timezone.now(),
            capacite=places + n % 3,
            lieu_id=people[7 * n % len(people)].collectivite_id,
            formateur="Appui aux communes",
        )
        for n in range(sessions)
    ]
    morning = working_day_from(day + timedelta(days=100))
    for n, one in enumerate(made):
        if n and n % PAR_JOUR == 0:
            morning = working_day_from(morning + timedelta(days=1))
        one.date_debut = one.date_fin = morning
    SessionFormation.objects.bulk_create(made, batch_size=LOT)
    Numerotation.objects.filter(annee=day.year).update(dernier=last + sessions)
    Creneau.objects.bulk_create(
        (
            Creneau(
                session=one,
                demi_journee=DemiJournee(one.date_debut, Moment.MATIN).index,
                heure_debut=time(8, 30),
                heure_fin=time(12),
            )
            for one in made
        ),
        batch_size=LOT,
    )
    rows = [_seat(one, people[(n * places + k) % len(people)]) for n, one in enumerate(made) for k in range(places)]
    Inscription.objects.bulk_create(rows, batch_size=LOT)
    return len(rows)


def _seat(session: SessionFormation, poste: "Poste") -> Inscription:
    return Inscription(
        session=session,
        agent_id=poste.agent_id,
        collectivite_id=poste.collectivite_id,
        statut=StatutInscription.CONFIRMEE,
        visa=Visa.NON_REQUIS,
    )


def _last_number(year: int) -> int:
    Numerotation.objects.get_or_create(annee=year)
    return Numerotation.objects.filter(annee=year).aggregate(n=Max("dernier"))["n"]
