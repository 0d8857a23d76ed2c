"""Who organises, as every paper says it: names, plate, logo; those of the territory where nothing was set."""

import logging
from dataclasses import dataclass

from django.conf import settings

from collectivites.models import Collectivite, Poste, Territoire
from extranet.lib.francais import telephone
from formations.models import ReglagesFormation, SessionFormation

logger = logging.getLogger(__name__)
LOGO = "max-600x240|format-png"


@dataclass(frozen=True)
class Organisme:
    """`designation`: as in the middle of a sentence, « la communauté d’agglomération du Grand Dole »; `service` may be
    empty; `logo` is a PNG, or None.
    """

    designation: str
    service: str
    plaque: str
    telephone: str
    courriel: str
    logo: bytes | None

    @property
    def nom(self) -> str:
        return self.designation[:1].upper() + self.designation[1:]

    @property
    def complet(self) -> str:
        return ", ".join(filter(None, [self.nom, self.service]))

    @property
    def entete(self) -> dict[str, str]:
        """`service` of the printed papers."""
        return {
            "nom": "L’Extranet des communes",
            "collectivite": self.complet,
            "telephone": self.telephone,
            "adresse": settings.SITE_URL,
        }

    @property
    def images(self) -> dict[str, bytes]:
        return {"logo": self.logo} if self.logo else {}


def organisme() -> Organisme:
    reglages, territoire = ReglagesFormation.load(), Territoire.load()
    return Organisme(
        designation=reglages.organisateur or territoire.designation or territoire.nom,
        service=reglages.service,
        plaque=territoire.nom,
        telephone=territoire.telephone,
        courriel=territoire.courriel,
        logo=_logo(reglages.logo or territoire.logo),
    )


def _logo(image: object | None) -> bytes | None:
    """A paper is given without it rather than not at all."""
    if image is None:
        return None
    try:
        with image.get_rendition(LOGO).file.open("rb") as file:
            return file.read()
    except OSError:
        logger.exception("Le logo %r ne se lit pas.", image)
        return None


def contact_of(session: SessionFormation, body: Organisme, sans: str = "") -> str:
    """« Élodie Maillot, 03 53 01 00 27 »; without anybody, `sans` and the telephone of the team."""
    agent = session.contact or session.formation.contact
    if agent is None or agent.efface_le:
        return ", ".join(filter(None, [sans, telephone(body.telephone)]))
    postes = agent.postes_en_cours
    number = telephone(postes[0].telephone if postes else "") or telephone(body.telephone)
    return ", ".join(filter(None, [agent.nom_complet, number]))


def fonctions_of(agents: list[int], collectivites: list[int]) -> dict[tuple[int, int], str]:
    """What each one is there: by key of the agent and of the collectivité. One query."""
    postes = Poste.objects.in_force().filter(agent__in=agents, collectivite__in=collectivites)
    return {(one.agent_id, one.collectivite_id): one.libelle for one in postes.select_related("fonction")}


def employeur(place: Collectivite) -> str:
    """« commune de Foucherans », « communauté d’agglomération du Grand Dole »."""
    return f"commune {place.de_nom}" if place.is_commune else place.nom
