"""What the annuaire holds about a person beside their card, and what is left of it once they are erased or merged."""

from typing import TYPE_CHECKING, Any

from annuaire.enums import SensConsentement
from annuaire.models import Consentement, Fusion, ImportAgents, Invitation, Photo
from annuaire.photos import depot
from annuaire.tenir import fusions, importation
from extranet.lib.apports import Traitement

if TYPE_CHECKING:
    from collectivites.models import Agent

TRAITEMENT = Traitement(
    code="portraits",
    intitule="Photos de l’annuaire",
    finalite="Se reconnaître entre collègues de communes différentes, à l’écran et sur les trombinoscopes imprimés.",
    base_legale="Consentement de la personne (RGPD, art. 6.1.a), libre et repris en un clic",
    personnes="Élus et agents qui ont accepté qu’une photo d’eux soit montrée",
    donnees=(
        "La photo, coupée en carré, en trois tailles, sans lieu ni appareil. La preuve de l’accord et du "
        "retrait\u00a0: le texte accepté, sa version, la date, qui l’a enregistré. Aucune reconnaissance faciale."
    ),
    source="La personne elle-même, ou une personne gestionnaire de sa collectivité qui conserve son accord écrit",
    destinataires="Personnes ayant un compte et un poste en cours dans une collectivité du territoire",
    conservation=(
        "La photo est supprimée à l’instant où la personne la retire, cachée le jour de son départ, puis supprimée "
        "avec sa fiche. La preuve de l’accord et de son retrait reste, sans nom après l’effacement de la fiche."
    ),
)


def held_about(agent: "Agent") -> dict[str, Any]:
    """Ready for JSON. The picture itself is on the card."""
    received = Invitation.objects.filter(agent=agent).select_related("collectivite")
    photo = Photo.objects.filter(agent=agent).first()
    return {
        "photo": {"deposee_le": photo.deposee_le.isoformat(), "taille_octets": photo.fichier.size} if photo else {},
        "consentements": [
            {
                "sens": one.get_sens_display(),
                "le": one.le.isoformat(),
                "version": one.version,
                "texte": one.texte,
                "enregistre_par": str(one.par),
            }
            for one in Consentement.objects.filter(agent=agent).select_related("par")
        ],
        "remplacements": [
            {"absence_de": str(one.agent), "periode": one.periode}
            for one in agent.remplacements.select_related("agent")
        ],
        "invitations": [
            {"collectivite": one.collectivite.nom, "adresse": one.email, "envoyee_le": one.envoyee_le.isoformat()}
            for one in received
        ],
        "fiches_reunies": [
            {"le": one.le.isoformat(), "par": str(one.par), "defaite_le": one.defaite_le and one.defaite_le.isoformat()}
            for one in Fusion.objects.about(agent).select_related("par")
        ],
        "imports_en_attente": [
            {"fichier": one.nom, "depose_le": one.depose_le.isoformat()}
            for one in ImportAgents.objects.filter(par=agent)
        ],
    }


def erase(agent: "Agent") -> None:
    """The photo and its files go; consents stay as proofs, about a person who has no name any more."""
    depot.drop(agent)
    for invitation in Invitation.objects.filter(agent=agent):
        invitation.erase()
    for waiting in ImportAgents.objects.filter(par=agent):
        importation.forget(waiting)
    fusions.forget_person(agent)


def merge(garde: "Agent", retire: "Agent") -> None:
    """The proofs are those of one person. The photo is that of the kept card, else the other one, unless the last word
    of the person was to withdraw it; one that stays behind is unseen, and goes with its row. Its proof stays with it.
    """
    Invitation.objects.filter(agent=retire).update(agent=garde)
    Invitation.objects.filter(invite_par=retire).update(invite_par=garde)
    ImportAgents.objects.filter(par=retire).update(par=garde)
    last = Consentement.objects.filter(agent__in=[garde, retire]).first()
    if not Photo.objects.filter(agent=garde).exists() and last and last.sens == SensConsentement.ACCORD:
        Photo.objects.filter(agent=retire).update(agent=garde)
    Consentement.objects.filter(agent=retire).exclude(photo__agent=retire).update(agent=garde)
