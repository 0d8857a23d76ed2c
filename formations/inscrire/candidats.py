"""Those whom a person may book, by collectivité, and why one of them cannot be booked in a session."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collectivites.models import Habilitation, Poste
from extranet.lib.francais import jour
from extranet.lib.pliage import Fold
from formations.inscrire.regles import Empechement, obstacles, waits_too
from formations.permissions import can_book_for, kept_places

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite
    from formations.models import FormationPage, SessionFormation


# A list that one reads at a glance, on a phone in three turns of the thumb.
COURT = 30


@dataclass
class Titre:
    """The habilitation that the training gives or prolongs, as somebody holds it."""

    mots: str
    ton: str


@dataclass
class Candidat:
    """Somebody in office there. `cle` names them in the form; `attend` says where else they wait for the training."""

    agent: "Agent"
    collectivite: "Collectivite"
    fonction: str
    moi: bool = False
    titre: Titre | None = None
    empechements: list[Empechement] = field(default_factory=list)
    attend: str = ""
    coche: bool = False

    @property
    def cle(self) -> str:
        return f"{self.agent.pk}-{self.collectivite.pk}"

    @property
    def pourquoi(self) -> str:
        return " ".join(one.phrase for one in self.empechements)


@dataclass
class Groupe:
    """The people of a collectivité."""

    collectivite: "Collectivite"
    candidats: list[Candidat]

    @property
    def is_long(self) -> bool:
        """Too many to be read one by one: a field finds somebody by name."""
        return len(self.candidats) > COURT


def places_booked_for(agent: "Agent", acting: "Collectivite | None") -> list["Collectivite"]:
    """The collectivités for all of whose people this person books: the acting one first."""
    managed = kept_places(agent)
    if acting is not None and can_book_for(agent, acting):
        managed = {acting.pk: acting, **managed}
    return sorted(managed.values(), key=lambda one: (acting is None or one.pk != acting.pk, one.nom))


def groups(agent: "Agent", acting: "Collectivite | None", page: "FormationPage") -> list[Groupe]:
    """All those whom `agent` may book, themself where they manage nothing. Two queries."""
    kept = places_booked_for(agent, acting)
    postes = Poste.objects.in_force().filter(collectivite__in=kept, agent__efface_le=None)
    rows = list(postes.select_related("agent", "fonction").order_by(Fold("agent__nom"), Fold("agent__prenom"), "pk"))
    names = {place.pk: place for place in kept}
    for poste in agent.postes_en_cours:
        if poste.collectivite_id not in names:
            names[poste.collectivite_id] = poste.collectivite
            rows.append(poste)
    found: dict[int, dict[int, Candidat]] = {pk: {} for pk in names}
    for poste in rows:
        person = agent if poste.agent_id == agent.pk else poste.agent
        one = Candidat(person, names[poste.collectivite_id], poste.libelle, moi=person is agent)
        found[poste.collectivite_id].setdefault(person.pk, one)
    titles = _titles(agent, page, {poste.agent_id for poste in rows})
    for ones in found.values():
        for pk, one in ones.items():
            one.titre = titles.get(pk)
    # Those whose titre ends come first: it is for them that one is here.
    return [
        Groupe(names[pk], sorted(ones.values(), key=lambda one: one.titre is None))
        for pk, ones in found.items()
        if ones
    ]


def judge(found: Iterable[Groupe], session: "SessionFormation | None", lecteur: "Agent") -> None:
    """Writes on each one why they cannot be booked in `session`; a bounded number of queries."""
    people = [one for group in found for one in group.candidats]
    if session is None:
        return
    agents = [one.agent for one in people]
    known, waiting = obstacles(session, agents, lecteur), waits_too(session, agents, lecteur)
    for one in people:
        one.empechements, one.attend = known.get(one.agent.pk, []), waiting.get(one.agent.pk, "")


def _titles(lecteur: "Agent", page: "FormationPage", agents: Iterable[int]) -> dict[int, Titre]:
    """The end of the title that this training gives, of those that this reader may know."""
    if page.titre_delivre_id is None:
        return {}
    held = Habilitation.objects.visible_to(lecteur).filter(type=page.titre_delivre_id, agent__in=list(agents))
    last: dict[int, Habilitation] = {}
    for one in held.exclude(valable_jusqu_au=None).order_by("valable_jusqu_au"):
        last[one.agent_id] = one
    return {pk: _title(one) for pk, one in last.items()}


def _title(one: Habilitation) -> Titre:
    end = jour(one.valable_jusqu_au)
    if not one.is_valid():
        return Titre(f"Titre échu depuis le {end}", "alert")
    return Titre(f"Titre valable jusqu’au {end}", "wait" if one.is_expiring() else "neutral")
