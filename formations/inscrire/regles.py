"""The rules of a training on the people that one wants to book, read before any lock.

Public, prerequisite, already in it, taken elsewhere: a sentence for each person, shown before and after they are asked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from collectivites.models import Habilitation, Poste
from extranet.lib.francais import jour
from extranet.lib.typographie import space
from formations.enums import Nature, PolitiqueVisa, StatutInscription, Visa
from formations.models import Inscription, RegleVisa, SessionFormation
from formations.places import situation
from formations.places.titres import renewable

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


# What is told of somebody in place of what one may not read of them.
RETENU = "Ne peut pas suivre cette formation pour le moment."
PAS_LIBRE = "N’est pas libre à ces dates."


@dataclass(frozen=True)
class Empechement:
    """Why a person cannot be booked; `code`: public, titles, renewal, already, elsewhere, twice."""

    code: str
    phrase: str


@dataclass
class Faits:
    """What the rules of a training stand on."""

    publics: bool = False  # it has some
    titres: bool = False  # it asks for habilitations
    politiques: dict[int, str] = field(default_factory=dict)  # collectivité → what it wants of a visa


def read(session: SessionFormation, collectivites: Iterable[int] = ()) -> Faits:
    """One statement, by hand: at an opening everybody comes at once, and the ORM would take ten times its time."""
    places, page = list(collectivites), session.formation_id
    sql = f"""
        SELECT 1, COUNT(*), '' FROM formations_formationpage_publics WHERE formationpage_id = %s
        UNION ALL SELECT 2, COUNT(*), '' FROM formations_formationpage_titres_requis WHERE formationpage_id = %s
        UNION ALL SELECT 3, collectivite_id, politique FROM formations_reglevisa
            WHERE collectivite_id IN ({", ".join(["%s"] * len(places)) or "NULL"})
    """  # noqa: S608 - marks
    found = Faits()
    with connection.cursor() as cursor:
        cursor.execute(sql, [page, page, *places])
        for kind, key, word in cursor.fetchall():
            match kind:
                case 1:
                    found.publics = key > 0
                case 2:
                    found.titres = key > 0
                case 3:
                    found.politiques[key] = word
    return found


def obstacles(
    session: SessionFormation, people: Iterable["Agent"], lecteur: "Agent | None"
) -> dict[int, list[Empechement]]:
    """By key of the agent, those that have some. A seat elsewhere is named to `lecteur` if they may read it.

    Seven queries at most, whatever the number of people.
    """
    agents = {one.pk: one for one in people}
    found: dict[int, list[Empechement]] = defaultdict(list, unfit(session, agents.values(), read(session)))
    known = situation.read(session, agents)
    seen = _seats(known, lecteur)
    for rule in (_already, _elsewhere, _twice):
        _judge(rule, rule(known, seen), found)
    return dict(found)


def unfit(session: SessionFormation, people: Iterable["Agent"], faits: Faits) -> dict[int, list[Empechement]]:
    """The same of the rules of the training only: whom it is for, what one must have already."""
    agents = {one.pk: one for one in people}
    found: dict[int, list[Empechement]] = defaultdict(list)
    for rule in (_public, _titles, _renewal):
        _judge(rule, rule(session, agents, faits), found)
    return dict(found)


def _judge(rule: Callable, sentences: dict[int, str], found: dict[int, list[Empechement]]) -> None:
    for pk, sentence in sentences.items():
        found[pk].append(Empechement(rule.__name__.strip("_"), space(sentence)))


def _public(session: SessionFormation, agents: dict[int, "Agent"], known: Faits) -> dict[int, str]:
    """Its publics name fonctions: one of the postes of the person must have one of them. No public, everybody."""
    if not known.publics:
        return {}
    publics = list(session.formation.publics.prefetch_related("fonctions"))
    wanted = {fonction.pk for public in publics for fonction in public.fonctions.all()}
    fit = set(Poste.objects.in_force().filter(agent__in=agents, fonction__in=wanted).values_list("agent", flat=True))
    words = ", ".join(public.libelle.lower() for public in publics)
    return {pk: f"Cette formation s’adresse à : {words}." for pk in agents if pk not in fit}


def _titles(session: SessionFormation, agents: dict[int, "Agent"], known: Faits) -> dict[int, str]:
    """The habilitations that it asks, valid on the first day; today without dates."""
    if not known.titres:
        return {}
    asked = list(session.formation.titres_requis.all())
    day = session.date_debut or timezone.localdate()
    held = defaultdict(set)
    for agent, kind in Habilitation.objects.valid(day).filter(agent__in=agents).values_list("agent", "type"):
        held[agent].add(kind)
    return {
        pk: f"Il faut avoir déjà : {', '.join(missing)}. Si c’est le cas, notez-le sur la fiche de l’annuaire."
        for pk in agents
        if (missing := [kind.libelle for kind in asked if kind.pk not in held[pk]])
    }


def _renewal(session: SessionFormation, agents: dict[int, "Agent"], _: Faits) -> dict[int, str]:
    """A recyclage prolongs the title that one has, valid or ended since less than its tolerance."""
    formation = session.formation
    kind = formation.titre_delivre if formation.nature == Nature.RECYCLAGE else None
    if kind is None:
        return {}
    fit = renewable(kind, list(agents), session.date_debut or timezone.localdate())
    late = f", ou fini depuis moins de {kind.tolerance_mois} mois" if kind.tolerance_mois else ""
    sentence = (
        f"Ce recyclage prolonge « {kind.libelle} » : il faut l’avoir, en cours de validité{late}. Si c’est le cas, "
        "notez-le sur la fiche de l’annuaire ; sinon, choisissez la formation initiale."
    )
    return {pk: space(sentence) for pk in agents if pk not in fit}


Seats = dict[tuple[int, int], SessionFormation]  # by agent and session


def _seats(known: situation.Situation, lecteur: "Agent | None") -> Seats:
    """Those held elsewhere that this reader may read. One query, none when nobody has any."""
    others = {*known.pris.values(), *known.double.values()}
    if not others:
        return {}
    rows = Inscription.objects.visible_to(lecteur).placed().filter(session__in=others)
    held = rows.filter(agent__in={*known.pris, *known.double}).select_related("session__formation")
    return {(one.agent_id, one.session_id): one.session for one in held}


def _already(known: situation.Situation, _: Seats) -> dict[int, str]:
    words = {StatutInscription.ATTENTE: "En liste d’attente."}
    return {agent: words.get(statut, "A déjà une place.") for agent, statut in known.deja.items()}


def _elsewhere(known: situation.Situation, seen: Seats) -> dict[int, str]:
    return {
        agent: f"Suit déjà « {seen[agent, other].titre} » à ce moment-là." if (agent, other) in seen else PAS_LIBRE
        for agent, other in known.pris.items()
    }


def _twice(known: situation.Situation, seen: Seats) -> dict[int, str]:
    """A seat to come in another session of the same training."""
    return {
        agent: f"A déjà une place dans la session du {jour(seen[agent, other].date_debut)}."
        if (agent, other) in seen
        else RETENU
        for agent, other in known.double.items()
        if agent not in known.pris
    }


def waits_too(session: SessionFormation, people: Iterable["Agent"], lecteur: "Agent") -> dict[int, str]:
    """By key of the agent, what is said of those who wait for another session of the training: it prevents nothing."""
    rows = Inscription.objects.visible_to(lecteur).waiting().coming().filter(agent__in=list(people))
    rows = rows.filter(session__formation=session.formation_id).exclude(session=session)
    found: dict[int, str] = {}
    for agent, day in rows.order_by("-session__date_debut").values_list("agent", "session__date_debut"):
        found[agent] = f"Attend aussi une place le {jour(day)}." if day else "Attend aussi d’autres dates."
    return found


def policies(collectivites: Iterable["Collectivite | int"]) -> dict[int, str]:
    """What each collectivité wants of a visa, by key; those without a row want `GESTIONNAIRE`."""
    rows = RegleVisa.objects.filter(collectivite__in=collectivites)
    return dict(rows.values_list("collectivite", "politique"))


def visa_for(auteur: "Agent", person: "Agent", collectivite: "Collectivite", politiques: dict[int, str]) -> Visa:
    """What the mairie of `collectivite` asks of a seat that `auteur` books for `person`.

    A signataire gives it by booking. A gestionnaire does too, unless the mairie wants the mayor’s.
    """
    politique = politiques.get(collectivite.pk, PolitiqueVisa.GESTIONNAIRE)
    if politique == PolitiqueVisa.SANS:
        return Visa.NON_REQUIS
    here = [poste for poste in auteur.postes_en_cours if poste.collectivite_id == collectivite.pk]
    if any(poste.is_signataire for poste in here):
        return Visa.ACCORDE
    by_keeper = politique == PolitiqueVisa.GESTIONNAIRE and any(poste.gestionnaire for poste in here)
    return Visa.ACCORDE if by_keeper else Visa.ATTENDU
