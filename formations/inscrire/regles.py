"""The rules of a training on the people that one wants to book, read before any lock.

Public, prerequisite, already in it, taken elsewhere: a sentence for each person, shown before and after they are asked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from collectivites.models import Habilitation, Poste
from extranet.lib.typographie import space
from formations.enums import ACTIVES, Nature, PolitiqueVisa, StatutInscription, Visa
from formations.models import RegleVisa, SessionFormation
from formations.places.titres import renewable

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


_ACTIVES = ", ".join(f"'{one.value}'" for one in ACTIVES)


@dataclass(frozen=True)
class Empechement:
    """Why a person cannot be booked; `code`: public, titles, renewal, already, elsewhere."""

    code: str
    phrase: str


@dataclass
class Faits:
    """What the rules of a session stand on, for some people."""

    publics: bool = False  # the training has some
    titres: bool = False  # and asks for habilitations
    deja: dict[int, str] = field(default_factory=dict)  # agent → state
    pris: dict[int, str] = field(default_factory=dict)  # agent → training that they follow at that moment
    politiques: dict[int, str] = field(default_factory=dict)  # collectivité → what it wants of a visa


def read(session: SessionFormation, agents: Iterable[int], collectivites: Iterable[int] = ()) -> Faits:
    """One statement, by hand: at an opening everybody comes at once, and the ORM would take ten times its time."""
    people, places = list(agents), list(collectivites)
    who, where = (", ".join(["%s"] * len(keys)) or "NULL" for keys in (people, places))
    sql = f"""
        SELECT 1, COUNT(*), '' FROM formations_formationpage_publics WHERE formationpage_id = %s
        UNION ALL SELECT 2, COUNT(*), '' FROM formations_formationpage_titres_requis WHERE formationpage_id = %s
        UNION ALL SELECT 3, agent_id, statut FROM formations_inscription
            WHERE session_id = %s AND agent_id IN ({who}) AND statut IN ({_ACTIVES})
        UNION ALL SELECT 4, p.agent_id, w.title FROM formations_creneau c
            JOIN formations_demijourneeprise p ON p.demi_journee = c.demi_journee AND p.agent_id IN ({who})
            JOIN formations_inscription i ON i.id = p.inscription_id AND i.session_id <> c.session_id
            JOIN formations_sessionformation s ON s.id = i.session_id
            JOIN wagtailcore_page w ON w.id = s.formation_id
            WHERE c.session_id = %s
        UNION ALL SELECT 5, collectivite_id, politique FROM formations_reglevisa WHERE collectivite_id IN ({where})
    """  # noqa: S608 - marks and our own states
    page, found = session.formation_id, Faits()
    with connection.cursor() as cursor:
        cursor.execute(sql, [page, page, session.pk, *people, *people, session.pk, *places])
        for kind, key, word in cursor.fetchall():
            match kind:
                case 1:
                    found.publics = bool(key)
                case 2:
                    found.titres = bool(key)
                case 3:
                    found.deja[key] = word
                case 4:
                    found.pris[key] = word
                case 5:
                    found.politiques[key] = word
    return found


def obstacles(
    session: SessionFormation, people: Iterable["Agent"], faits: Faits | None = None
) -> dict[int, list[Empechement]]:
    """By key of the agent, those that have some. Seven queries at most, whatever the number of people."""
    agents = {one.pk: one for one in people}
    known = faits or read(session, agents)
    found: dict[int, list[Empechement]] = defaultdict(list)
    for rule in (_public, _titles, _renewal, _already, _elsewhere):
        for pk, sentence in rule(session, agents, known).items():
            found[pk].append(Empechement(rule.__name__.strip("_"), space(sentence)))
    return dict(found)


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


def _already(_session: SessionFormation, _agents: dict[int, "Agent"], known: Faits) -> dict[int, str]:
    words = {StatutInscription.ATTENTE: "En liste d’attente."}
    return {agent: words.get(statut, "A déjà une place.") for agent, statut in known.deja.items()}


def _elsewhere(_session: SessionFormation, _agents: dict[int, "Agent"], known: Faits) -> dict[int, str]:
    return {agent: f"Suit déjà « {title} » à ce moment-là." for agent, title in known.pris.items()}


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
