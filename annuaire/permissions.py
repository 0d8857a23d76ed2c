"""Who may open the annuaire to somebody, and who keeps which card."""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine
from collectivites.models import Collectivite, Poste
from collectivites.refus import AccesReserve, responsables

if TYPE_CHECKING:
    from collectivites.models import Agent


def can_invite(agent: "Agent", collectivite: Collectivite) -> bool:
    """A gestionnaire invites into their own collectivité, as long as their poste lasts; a responsable of the annuaire
    into any collectivité of the territory. Nobody invites into a collectivité that has left it.
    """
    if not agent.is_active or collectivite.date_sortie:
        return False
    return agent.manages(collectivite) or agent.answers_for(Domaine.ANNUAIRE)


def can_invite_somewhere(agent: "Agent") -> bool:
    """True for whoever may invite into one collectivité at least."""
    return agent.answers_for(Domaine.ANNUAIRE) or any(poste.gestionnaire for poste in agent.postes_en_cours)


def can_keep_place(agent: "Agent", collectivite: Collectivite) -> bool:
    """Who writes what concerns a collectivité as a whole: the same people."""
    return can_invite(agent, collectivite)


def can_keep(agent: "Agent", personne: "Agent") -> bool:
    """Whether one keeps this card: one’s own, those of the collectivités one manages, all for the annuaire."""
    return personne.efface_le is None and (
        agent.pk == personne.pk
        or agent.answers_for(Domaine.ANNUAIRE)
        or type(personne).objects.editable_by(agent).filter(pk=personne.pk).exists()
    )


def decides_for(agent: "Agent", personne: "Agent") -> bool:
    """What is shown of a card belongs to its person; the annuaire may set it for them, a gestionnaire may not."""
    return agent.pk == personne.pk or agent.answers_for(Domaine.ANNUAIRE)


def postes_kept(agent: "Agent", personne: "Agent") -> list[Poste]:
    """The postes in force of that card whose fields one may write."""
    return [
        poste for poste in personne.postes_en_cours if decides_for(agent, personne) or agent.manages(poste.collectivite)
    ]


def check_keeper(agent: "Agent") -> None:
    """Importing, joining and parting cards is for the responsables of the annuaire. Raises AccesReserve."""
    if not agent.answers_for(Domaine.ANNUAIRE):
        raise AccesReserve("aux responsables de l’annuaire", responsables(Domaine.ANNUAIRE))
