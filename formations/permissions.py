"""Who may book, give a visa, organise. Reading is `visible_to` of each model."""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine
from formations.enums import PolitiqueVisa
from formations.models import Inscription, SessionFormation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser

    from collectivites.models import Agent, Collectivite

    Reader = Agent | AnonymousUser

REGLES = {
    "inscrire": "Inscrire un agent revient à lui-même, ou aux gestionnaires de sa commune.",
    "viser": "Donner le visa revient à la mairie de l’agent : ses gestionnaires, ou qui signe pour elle.",
    "retirer": "Retirer une inscription revient à l’agent, aux gestionnaires de sa commune, ou aux responsables des "
    "formations.",
    "remplacer": "Remplacer quelqu’un revient à la personne, aux gestionnaires de sa commune, ou aux responsables des "
    "formations.",
    "besoin": "Un besoin particulier n’est lu que par les responsables des formations.",
    "organiser": "Organiser les sessions revient aux responsables des formations.",
    "besoins": "Dire les besoins d’une commune revient à ses gestionnaires.",
    "titres": "Les titres d’une commune sont lus par ses gestionnaires.",
    "bilan": "Le bilan d’une commune est lu par ses gestionnaires, celui du territoire par les responsables.",
}


def can_organise(agent: "Reader") -> bool:
    """The responsables of the training: sessions, seats, presences, plan, journal."""
    return agent.is_authenticated and bool(agent.codes_lecture) and agent.answers_for(Domaine.FORMATIONS)


def kept_places(agent: "Agent") -> "dict[int, Collectivite]":
    """The collectivités of which this person is a gestionnaire in office, by key."""
    return {poste.collectivite_id: poste.collectivite for poste in agent.postes_en_cours if poste.gestionnaire}


def can_book_for(agent: "Reader", collectivite: "Collectivite | None") -> bool:
    """Gestionnaires of the collectivité, for any of its agents; the responsables, for every one."""
    if not agent.is_authenticated or collectivite is None or not agent.codes_lecture:
        return False
    return agent.manages(collectivite) or can_organise(agent)


def can_book(agent: "Reader", person: "Agent", collectivite: "Collectivite") -> bool:
    """Oneself where one has a poste in force, or those of the collectivités that one manages."""
    if not agent.is_authenticated:
        return False
    own = person.pk == agent.pk and any(p.collectivite_id == collectivite.pk for p in agent.postes_en_cours)
    return own or can_book_for(agent, collectivite)


def can_change(agent: "Reader", inscription: Inscription) -> bool:
    """Withdraw, say what one needs: the person, the gestionnaires of their commune, the responsables."""
    if not agent.is_authenticated:
        return False
    return inscription.agent_id == agent.pk or can_book_for(agent, inscription.collectivite)


def can_replace(agent: "Reader", inscription: Inscription) -> bool:
    """Whoever could book for that collectivité today: who has left it may leave their seat, and gives it to nobody."""
    return can_book(agent, inscription.agent, inscription.collectivite)


def can_give_visa(agent: "Reader", collectivite: "Collectivite", politiques: "Mapping[int, str]") -> bool:
    """Whoever signs for the collectivité; its gestionnaires too, unless it wants the mayor's. `politiques` by key."""
    if not agent.is_authenticated:
        return False
    politique = politiques.get(collectivite.pk, PolitiqueVisa.GESTIONNAIRE)
    return any(
        poste.is_signataire or (poste.gestionnaire and politique != PolitiqueVisa.SIGNATAIRE)
        for poste in agent.postes_en_cours
        if poste.collectivite_id == collectivite.pk
    )


def can_see_session(agent: "Reader", session: SessionFormation) -> bool:
    return SessionFormation.objects.visible_to(agent).filter(pk=session.pk).exists()
