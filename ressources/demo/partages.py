"""What the demo takes away and gives: a word to a colleague, links without account, an agenda that is read."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from collectivites.diffusion import TOUTES
from collectivites.journal import record
from extranet.lib.typographie import space
from ressources.demo.notices import Notice
from ressources.emporter import liens as flux
from ressources.models import LienFlux, LienPartage, VersionFichier
from ressources.partages import envois, liens

if TYPE_CHECKING:
    from collectivites.demo import Monde

ODILE, CLAIRE = "odile-vuillermet", "claire-bouvret"
MOT = "Pour le conseil de Gredisans : l’article 9 a changé dans la troisième version."


class Don(NamedTuple):
    """A link: made and closed so many days ago, for a time, taken so many times."""

    document: str
    destinataire: str
    il_y_a: int
    jours: int
    nombre: int
    dernier: int
    ferme: int | None = None


DONS = (
    Don("reglement-cimetiere", "Entreprise de pompes funèbres du canton", 12, 30, 4, 2),
    Don("contrat-salle", "Association qui loue la salle en décembre", 50, 30, 2, 31),
    Don("arrete-circulation", "Entreprise des travaux de la route de Dole", 20, 90, 1, 19, 6),
)


def give(monde: "Monde", notices: dict[str, Notice]) -> None:
    for don in DONS:
        _link(monde, notices[don.document], don)
    odile = monde.agent(ODILE)
    lu_le = monde.jour(-1)
    LienFlux.objects.create(agent=odile, empreinte=_secret(), created_at=monde.instant(-40), lu_le=lu_le)
    page = notices[DONS[0].document].page
    envois.send(page, monde.agent(CLAIRE), [odile], mot=space(MOT), collectivite=monde.collectivite("sampans"))


def _secret() -> str:
    """Of a token that nobody was given: no address of the demo opens anything."""
    return flux.fingerprint(secrets.token_urlsafe(32))


def _link(monde: "Monde", notice: Notice, don: Don) -> None:
    page, made = notice.page, monde.instant(-don.il_y_a, "10:12")
    version = VersionFichier.objects.current().filter(fichier__page=page).order_by("fichier__ordre").first()
    if version is None or page.diffusion != [TOUTES] or liens.rule_of(page):
        return
    lien = LienPartage.objects.create(
        version=version,
        auteur=page.owner,
        collectivite=page.collectivite,
        destinataire=space(don.destinataire),
        empreinte=_secret(),
        created_at=made,
        expire_le=made + timedelta(days=don.jours),
        revoque_le=monde.instant(-don.ferme, "8:40") if don.ferme else None,
        revoque_par=page.owner if don.ferme else None,
        nombre=don.nombre,
        dernier_le=monde.instant(-don.dernier, "15:05"),
    )
    record("partage.cree", lien, agent=page.owner, collectivite=page.collectivite, libelle=page.title, jours=don.jours)
