"""What the annuaire brings to the other pages."""

from typing import TYPE_CHECKING

from django.urls import reverse

from annuaire.invitations import SORTE
from annuaire.models import Invitation
from annuaire.permissions import can_invite, can_invite_somewhere
from collectivites.models import Territoire
from extranet.lib.apports import Echeance, Lien, Onglet, Sorte

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


def onglet() -> Onglet:
    return Onglet("annuaire", "Annuaire", reverse("annuaire:index"), "people-fill", ordre=30)


def liens_pied(agent: "Agent | None") -> list[Lien]:
    if agent is None or not agent.codes_lecture:
        return []
    return [Lien("Les mairies", reverse("annuaire:collectivite_list"), "building", "annuaire")]


def actions_rapides(agent: "Agent", collectivite: "Collectivite | None") -> list[Lien]:
    if collectivite is None or not can_invite(agent, collectivite):
        return []
    return [Lien("Inviter un·e collègue", reverse("annuaire:invitation_create"), "person-plus", "annuaire")]


def sortes() -> list[Sorte]:
    detail = "Quand une personne que vous avez invitée entre."
    return [Sorte(SORTE, "annuaire", "Invitation acceptée", detail, pour=can_invite_somewhere)]


def echeances() -> list[Echeance]:
    return [Echeance("invitations-passees", forget_invitations, heure="3:25")]


def forget_invitations() -> int:
    """The names of those who did not come are not kept; the journal says what was done."""
    return Invitation.objects.over(Territoire.load().jours_effacement).delete()[0]


def donnees_personnelles(agent: "Agent") -> dict:
    received = Invitation.objects.filter(agent=agent).select_related("collectivite")
    return {
        "invitations": [
            {"collectivite": one.collectivite.nom, "adresse": one.email, "envoyee_le": one.envoyee_le.isoformat()}
            for one in received
        ]
    }


def effacer(agent: "Agent") -> None:
    for invitation in Invitation.objects.filter(agent=agent):
        invitation.erase()


def fusionner(garde: "Agent", retire: "Agent") -> None:
    Invitation.objects.filter(agent=retire).update(agent=garde)
    Invitation.objects.filter(invite_par=retire).update(invite_par=garde)
