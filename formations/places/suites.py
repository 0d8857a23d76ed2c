"""After a session is cancelled: the other sessions of the training, who is offered them, who is left out and why."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from extranet.lib.francais import jour
from extranet.lib.typographie import space
from formations.enums import Acte, StatutInscription
from formations.models import Inscription, Mouvement, SessionFormation
from formations.places.en_poste import in_office

S = StatutInscription
RENDUES = {
    S.DESISTEE: "s’en est retiré",
    S.REFUSEE: "sa mairie y a refusé le visa",
    S.EXPIREE: "n’y a pas répondu à temps",
    S.REMPLACEE: "y a donné sa place à un collègue",
}


@dataclass
class Concernee:
    """Somebody whom the cancelling put out. `ecart`: why no session is offered to them; `non`: why not this one, by key
    of the session; `rangs`: where they wait already, and would only pass before the others.
    """

    inscription: Inscription
    avait_place: bool
    ecart: str = ""
    non: dict[int, str] = field(default_factory=dict)
    rangs: dict[int, Inscription] = field(default_factory=dict)


@dataclass
class Suite:
    """What may be offered after `session`, in the order in which those in it stood: seats first. Five queries."""

    session: SessionFormation

    @cached_property
    def sessions(self) -> list[SessionFormation]:
        """Those that one may ask for, the nearest first; last, those that gather the interested."""
        others = (
            self.session.formation.sessions.proposed().exclude(pk=self.session.pk).select_related("lieu", "formation")
        )
        today = timezone.localdate()
        return [one for one in others if one.date_debut is None or one.date_debut > today]

    @cached_property
    def concernees(self) -> list[Concernee]:
        rows = list(
            self.session.inscriptions.filter(statut=S.ANNULEE).select_related("agent", "collectivite", "visa_par")
        )
        seats = seated_before(self.session)
        here = {one.pk for one in in_office(rows)}
        found = [Concernee(one, one.pk in seats) for one in rows]
        known: dict[int, list[Inscription]] = {}
        others = Inscription.objects.filter(session__formation=self.session.formation_id)
        others = others.filter(agent__in=[one.agent_id for one in rows]).coming().exclude(session=self.session)
        for other in others.select_related("session").order_by("pk"):
            known.setdefault(other.agent_id, []).append(other)
        for one in found:
            if one.inscription.pk not in here:
                one.ecart = space(f"n’est plus {one.inscription.collectivite.a_nom}")
            else:
                self._judge(one, known.get(one.inscription.agent_id, []))
        return sorted(found, key=_order)

    def _judge(self, one: Concernee, others: list[Inscription]) -> None:
        """The last request of a session says where they stand in it."""
        for other in others:
            if other.is_expected:
                one.ecart = space(f"a déjà une place dans la session n° {_named(other.session)}")
                return
            key, numero = other.session_id, other.session.numero
            one.non.pop(key, None)
            if other.is_waiting and other.priorite:
                one.non[key] = space(f"passe déjà avant les autres dans la session n° {numero}, rang {other.rang}")
            elif other.is_waiting:
                one.rangs[key] = other
            elif other.statut in RENDUES:
                one.non[key] = space(f"{RENDUES[S(other.statut)]} (session n° {numero})")
        reasons = [one.non.get(session.pk, "") for session in self.sessions]
        if reasons and all(reasons):
            one.ecart = " ; ".join(reasons)

    @property
    def a_placer(self) -> list[Concernee]:
        return [one for one in self.concernees if not one.ecart]

    @property
    def ecartees(self) -> list[Concernee]:
        return [one for one in self.concernees if one.ecart]

    def for_session(self, session: SessionFormation) -> list[Concernee]:
        return [one for one in self.a_placer if session.pk not in one.non]

    @cached_property
    def choix(self) -> list[SessionFormation]:
        """Those where somebody may be booked."""
        return [one for one in self.sessions if self.for_session(one)]

    @property
    def conseillee(self) -> SessionFormation | None:
        return nearest(self.choix, len(self.a_placer))


def nearest(sessions: list[SessionFormation], people: int) -> SessionFormation | None:
    """With room for all of them, else with some room, else the nearest."""
    dated = [one for one in sessions if one.is_dated]
    for wanted in (max(1, people), 1):
        if found := next((one for one in dated if one.libres >= wanted), None):
            return found
    return next(iter(sessions), None)


def seated_before(session: SessionFormation) -> set[int]:
    """Keys of the inscriptions that held a seat when the session was cancelled."""
    lines = Mouvement.objects.filter(session=session, acte=Acte.SESSION_ANNULEE).exclude(inscription=None)
    return set(lines.exclude(de=S.ATTENTE).values_list("inscription", flat=True))


def _order(one: Concernee) -> tuple:
    row = one.inscription
    return not one.avait_place, -row.priorite, row.rang or 0, row.pk


def _named(session: SessionFormation) -> str:
    return f"{session.numero}, {jour(session.date_debut)}" if session.is_dated else session.numero
