"""The sessions of a training as one chooses among them: when, where, how many seats, and why not."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from extranet.lib.francais import date_longue, jour
from extranet.lib.typographie import space
from formations.empreinte import empreinte
from formations.inscrire.mots import dates_words, hours_words
from formations.models import Creneau, SessionFormation
from formations.places.lecture import counted
from formations.places.reserver import check_open
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite
    from formations.models import FormationPage


@dataclass
class Carte:
    """A session to be chosen. `obstacle`: why nobody may ask for it now."""

    session: SessionFormation
    creneaux: list[Creneau]
    km: float | None
    quota: str
    obstacle: str
    choisie: bool = False

    @property
    def jours(self) -> list[date]:
        return [one.date for one in self.creneaux]

    @property
    def dates(self) -> str:
        words = dates_words(self.jours)
        return words[:1].upper() + words[1:]

    @property
    def heures(self) -> str:
        return hours_words(self.creneaux)

    @property
    def attendent(self) -> int:
        """Those who wait for a seat; for its dates when there are none."""
        return self.session.attendent

    @property
    def sans_frais(self) -> str:
        """Until when one may leave it free of charge."""
        limit = self.session.limite_desistement
        return jour(limit) if limit and self.session.is_dated else ""

    @property
    def empreinte(self) -> str:
        """Of what somebody has read before asking for it: when it changes, they read it again."""
        halves = ((one.demi_journee, one.heure_debut, one.heure_fin) for one in self.creneaux)
        return empreinte(self.session.ou, *halves)


def cards(page: "FormationPage", lecteur: "Agent", place: "Collectivite | None") -> list[Carte]:
    """Those that are proposed and not over, the undated ones last. Four queries, whatever their number."""
    if page.pk is None:  # the preview of a sheet not saved yet
        return []
    now, today = timezone.now(), timezone.localdate()
    coming = SessionFormation.objects.visible_to(lecteur).proposed().filter(formation=page)
    coming = coming.filter(Q(date_fin__gte=today) | Q(date_debut=None))
    # Counting rows forgets the order of Meta: it is said again.
    ordered = coming.order_by(*SessionFormation._meta.ordering)
    return [_card(one, place, now) for one in _with_slots(ordered, page)]


def _with_slots(sessions: "QuerySet[SessionFormation]", page: "FormationPage") -> list[SessionFormation]:
    found = list(counted(sessions).select_related("lieu", "contact").prefetch_related("creneaux", "communes"))
    for one in found:
        one.formation = page
    return found


def _card(session: SessionFormation, place: "Collectivite | None", now: datetime) -> Carte:
    creneaux = list(session.creneaux.all())
    km = place.distance_to(session.lieu) if place and session.lieu and not session.distanciel else None
    obstacle = why_closed(session, creneaux, now)
    return Carte(session, creneaux, km, "" if obstacle else quota_words(session, place), obstacle)


def why_closed(session: SessionFormation, creneaux: list[Creneau], now: datetime) -> str:
    """The sentence that says why nobody may ask for it now; "" when one may."""
    if creneaux and creneaux[0].debut <= now:
        return "La session a commencé."
    try:
        check_open(session, now)
    except InscriptionRefusee as refusal:
        return str(refusal)
    return ""


def quota_words(session: SessionFormation, place: "Collectivite | None") -> str:
    """« 2 places au plus par commune jusqu’au 12 mars : il en reste 1 à Foucherans. »; "" without a quota."""
    if place is None or not session.is_dated:
        return ""
    row = next((one for one in session.communes.all() if one.collectivite_id == place.pk), None)
    quota = row.quota if row else None if session.quotas_leves else session.quota_commune
    if quota is None:
        return ""
    left = max(0, quota - (row.occupees if row else 0))
    until = f" jusqu’au {date_longue(session.quota_leve_le)}" if session.quota_leve_le else ""
    most = f"{quota} place{'s' if quota > 1 else ''} au plus par commune{until}"
    if left and session.is_full:  # nothing remains for anybody
        return space(f"{most}.")
    remain = f"il en reste {min(left, session.libres)} {place.a_nom}" if left else f"elles sont prises {place.a_nom}"
    return space(f"{most} : {remain}.")


def nearest(found: list[Carte], place: "Collectivite | None") -> str:
    """« La plus proche de Foucherans est à Tavaux, 7 km. »; "" with nothing to compare."""
    near = [one for one in found if one.km is not None and not one.obstacle]
    if place is None or len(near) < 2:
        return ""
    one = min(near, key=lambda card: card.km)
    if one.session.lieu_id == place.pk:
        return f"Il y en a une {place.a_nom}."
    return space(f"La plus proche {place.de_nom} est {one.session.lieu.a_nom}, {round(one.km)} km.")
