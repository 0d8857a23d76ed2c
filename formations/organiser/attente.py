"""The waiting list as everybody may understand it: the rank, why one waits, and the ranks of those who left."""

from dataclasses import dataclass

from django.utils import timezone

from extranet.lib.francais import jour
from extranet.lib.typographie import space
from formations.enums import StatutInscription, StatutSession, Visa
from formations.models import Inscription, SessionFormation
from formations.organiser.inscrits import with_postes
from formations.places import delais
from formations.places.promotion import Attente, waiting_list
from formations.places.suites import seated_before

PARTIES = (
    StatutInscription.DESISTEE,
    StatutInscription.REFUSEE,
    StatutInscription.EXPIREE,
    StatutInscription.ANNULEE,
)
DEPARTS = {
    StatutInscription.DESISTEE: "Retrait",
    StatutInscription.REFUSEE: "Visa refusé",
    StatutInscription.EXPIREE: "Sans réponse",
    StatutInscription.ANNULEE: "Session annulée",
}


@dataclass(frozen=True)
class Rang:
    """A line of the list; `parti`: its rank is crossed out; `appelable`: a free seat could be theirs."""

    inscription: Inscription
    raison: str
    parti: bool = False
    telephone: str = ""
    appelable: bool = True


def ranks(session: SessionFormation) -> list[Rang]:
    """Those who wait, and those who left with a rank, in the order of the ranks; priorities come first.

    Whoever got a seat is no longer there: their line is among the enrolled.
    """
    waiting = waiting_list(session)
    quotas = {row.collectivite_id: row for row in session.communes.all()} if any(one.quota for one in waiting) else {}
    titles = _trainings_of({one.ailleurs for one in waiting if one.ailleurs})
    phones = {one.inscription.pk: one.telephone for one in with_postes(one.inscription for one in waiting)}
    found = []
    for place, one in enumerate(waiting):
        later = next((other.inscription.rang for other in waiting[place + 1 :] if other.eligible), None)
        reason = _reason(session, one, later, quotas, titles)
        phone = phones.get(one.inscription.pk, "")
        found.append(Rang(one.inscription, space(reason), telephone=phone, appelable=not one.partie))
    gone = session.inscriptions.filter(statut__in=PARTIES, rang__isnull=False).select_related("agent", "collectivite")
    if session.statut == StatutSession.ANNULEE:
        gone = gone.exclude(pk__in=seated_before(session))
    found += [Rang(one, space(_left(one)), parti=True) for one in gone]
    return sorted(found, key=lambda rank: (-rank.inscription.priorite * (not rank.parti), rank.inscription.rang))


def to_call(session: SessionFormation, ranks: list[Rang]) -> list[Rang]:
    """Under 24 h from its beginning with a free seat: whom to call, in this order. Empty otherwise."""
    if session.is_full or delais.regime_of(session, timezone.now()) != delais.Regime.APPEL:
        return []
    return [one for one in ranks if one.appelable and not one.parti]


def _reason(session: SessionFormation, one: Attente, later: int | None, quotas: dict, titles: dict[int, str]) -> str:
    words = []
    if one.inscription.priorite:
        words.append(f"Passe avant : {one.inscription.priorite_motif}.")
    if one.partie:
        words.append(f"N’est plus {one.inscription.collectivite.a_nom} : une place libre va à la personne suivante.")
    elif not session.is_dated:
        words.append("Attend les dates de la session.")
    elif one.quota:
        words.append(_quota(session, one, quotas))
    elif one.ailleurs:
        words.append(f"Suit « {titles.get(one.ailleurs, 'une autre formation')} » à ce moment-là.")
    elif session.is_full:
        words.append("Aucune place libre. Passe dès qu’une se libère.")
    else:
        words.append("Une place est libre : à appeler, la session est trop proche pour attendre une réponse.")
    if later and not one.eligible and session.is_dated:
        words.append(f"Le rang {later} peut passer avant.")
    if one.inscription.visa == Visa.ACCORDE:
        words.append("Visa déjà accordé.")
    elif one.inscription.visa == Visa.ATTENDU:
        words.append("Visa attendu.")
    return " ".join(words)


def _quota(session: SessionFormation, one: Attente, quotas: dict) -> str:
    row = quotas.get(one.inscription.collectivite_id)
    figure = f" ({row.occupees} sur {row.quota})" if row else ""
    lifted = f", levé le {jour(session.quota_leve_le)}" if session.quota_leve_le else ""
    return f"Quota {one.inscription.collectivite.de_nom} atteint{figure}{lifted}."


def _left(one: Inscription) -> str:
    return f"{DEPARTS[StatutInscription(one.statut)]} le {jour(one.statut_le)}. Le rang n’est pas redonné."


def _trainings_of(pks: set[int]) -> dict[int, str]:
    return dict(SessionFormation.objects.filter(pk__in=pks).values_list("pk", "formation__title")) if pks else {}
