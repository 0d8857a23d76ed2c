"""The rules of a training on the people that one wants to book, read before any lock.

Public, prerequisite, already in it, taken elsewhere: a sentence for each person, shown before and after they are asked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.models import Habilitation, Poste
from extranet.lib.typographie import space
from formations.enums import ACTIVES, Nature, PolitiqueVisa, StatutInscription, Visa
from formations.models import DemiJourneePrise, Inscription, RegleVisa, SessionFormation
from formations.places.titres import renewable

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


@dataclass(frozen=True)
class Empechement:
    """Why a person cannot be booked; `code`: public, titles, renewal, already, elsewhere."""

    code: str
    phrase: str


def obstacles(session: SessionFormation, people: Iterable["Agent"]) -> dict[int, list[Empechement]]:
    """By key of the agent, those that have some. Seven queries at most, whatever the number of people."""
    agents = {one.pk: one for one in people}
    found: dict[int, list[Empechement]] = defaultdict(list)
    for rule in (_public, _titles, _renewal, _already, _elsewhere):
        for pk, sentence in rule(session, agents).items():
            found[pk].append(Empechement(rule.__name__.strip("_"), space(sentence)))
    return dict(found)


def _public(session: SessionFormation, agents: dict[int, "Agent"]) -> dict[int, str]:
    """Its publics name fonctions: one of the postes of the person must have one of them. No public, everybody."""
    publics = list(session.formation.publics.prefetch_related("fonctions"))
    if not publics:
        return {}
    wanted = {fonction.pk for public in publics for fonction in public.fonctions.all()}
    fit = set(Poste.objects.in_force().filter(agent__in=agents, fonction__in=wanted).values_list("agent", flat=True))
    words = ", ".join(public.libelle.lower() for public in publics)
    return {pk: f"Cette formation s’adresse à : {words}." for pk in agents if pk not in fit}


def _titles(session: SessionFormation, agents: dict[int, "Agent"]) -> dict[int, str]:
    """The habilitations that it asks, valid on the first day; today without dates."""
    asked = list(session.formation.titres_requis.all())
    if not asked:
        return {}
    day = session.date_debut or timezone.localdate()
    held = defaultdict(set)
    for agent, kind in Habilitation.objects.valid(day).filter(agent__in=agents).values_list("agent", "type"):
        held[agent].add(kind)
    return {
        pk: f"Il faut avoir déjà : {', '.join(missing)}. Si c’est le cas, notez-le sur la fiche de l’annuaire."
        for pk in agents
        if (missing := [kind.libelle for kind in asked if kind.pk not in held[pk]])
    }


def _renewal(session: SessionFormation, agents: dict[int, "Agent"]) -> dict[int, str]:
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


def _already(session: SessionFormation, agents: dict[int, "Agent"]) -> dict[int, str]:
    rows = Inscription.objects.filter(session=session, agent__in=agents, statut__in=ACTIVES)
    words = {StatutInscription.ATTENTE: "En liste d’attente."}
    return {agent: words.get(statut, "A déjà une place.") for agent, statut in rows.values_list("agent", "statut")}


def _elsewhere(session: SessionFormation, agents: dict[int, "Agent"]) -> dict[int, str]:
    taken = DemiJourneePrise.objects.filter(
        agent__in=agents, demi_journee__in=session.creneaux.values("demi_journee")
    ).exclude(inscription__session=session)
    rows = taken.values_list("agent", "inscription__session__formation__title").distinct()
    return {agent: f"Suit déjà « {title} » à ce moment-là." for agent, title in rows}


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
