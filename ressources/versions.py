"""Acts on the versions of a file: adding one, publishing it, taking it away."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.journal import record
from extranet.lib.antivirus import is_active
from extranet.lib.cherchable import reindex
from extranet.lib.stockage import store
from ressources.enums import Analyse, Examen, StatutVersion
from ressources.models import Fichier, ModeleARemplir, RessourcePage, VersionFichier

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


REMPLACEE = "Remplacée avant publication."


class RessourceRefusee(Exception):
    """Why it cannot be, in words that may be shown and that say what to do."""


@dataclass(frozen=True)
class Contenu:
    """A file that was looked into: its bytes, its checked name, and what was read of it."""

    file: File
    nom: str
    sha256: str
    taille: int
    type_reel: str
    pages: int | None = None
    texte: str = ""
    analyse: Analyse = Analyse.EN_ATTENTE
    analyse_motif: str = ""
    examen: Examen = Examen.SANS
    # Of a model that fills itself in, its fields: they were checked.
    champs: tuple[str, ...] = ()


@transaction.atomic
def add_version(
    fichier: Fichier, contenu: Contenu, *, auteur: "Agent", collectivite: "Collectivite | None", changements: str = ""
) -> VersionFichier:
    """The next version, to be reviewed. It takes the place of the one that still awaited its publication, which is
    withdrawn: of a file, one version waits at most.

    A row that cannot be written leaves no file; a transaction of the caller that is undone later leaves one that
    `orphelins` sweeps.

    Raises RessourceRefusee when the same bytes are the last version already.
    """
    fichier = Fichier.objects.select_for_update().get(pk=fichier.pk)
    last = fichier.versions.order_by("-numero").first()
    if last is not None and last.sha256 == contenu.sha256:
        raise RessourceRefusee(
            f"« {contenu.nom} » est identique à la version {last.numero}, octet pour octet. Envoyez le fichier modifié."
        )
    version = VersionFichier(
        fichier=fichier,
        numero=fichier.next_numero,
        nom=contenu.nom,
        sha256=contenu.sha256,
        taille=contenu.taille,
        type_reel=contenu.type_reel,
        pages=contenu.pages,
        texte=contenu.texte,
        analyse=contenu.analyse,
        analyse_motif=contenu.analyse_motif,
        examen=quarantined(contenu.examen),
        changements=changements,
        auteur=auteur,
        collectivite=collectivite,
    )
    store(version.file, contenu.file, contenu.type_reel)
    try:
        version.save()
    except BaseException:
        version.file.storage.delete(version.file.name)
        raise
    if contenu.champs:
        ModeleARemplir.objects.create(version=version, champs=list(contenu.champs), marque_par=auteur)
    for waiting in fichier.versions.filter(statut=StatutVersion.A_RELIRE, numero__lt=version.numero):
        _withdrawn(waiting, auteur, REMPLACEE)
    return version


@transaction.atomic
def publish_version(version: VersionFichier, *, par: "Agent | None") -> VersionFichier:
    """Readers take this one from now on; those who hold an older one are told by `copies`. Twice is once.

    Raises RessourceRefusee for a version that was withdrawn.
    """
    Fichier.objects.select_for_update().get(pk=version.fichier_id)
    version = VersionFichier.objects.select_related("fichier__page").get(pk=version.pk)
    if version.statut == StatutVersion.PUBLIEE:
        return version
    if version.statut == StatutVersion.RETIREE:
        raise RessourceRefusee("Cette version a été retirée. Déposez-en une nouvelle.")
    version.statut, version.publiee_le = StatutVersion.PUBLIEE, timezone.now()
    version.save(update_fields=["statut", "publiee_le"])
    _told("version.publiee", version, par)
    return version


@transaction.atomic
def withdraw_version(version: VersionFichier, *, par: "Agent | None", motif: str) -> VersionFichier:
    """Readers do not get it any more: the one before it, if any, is current again. Those who hold it are told.

    Raises RessourceRefusee for what is being reviewed: its reviewer would have nothing to read.
    """
    Page.objects.select_for_update().get(pk=version.fichier.page_id)
    Fichier.objects.select_for_update().get(pk=version.fichier_id)
    version = VersionFichier.objects.select_related("fichier__page").get(pk=version.pk)
    if version.statut == StatutVersion.A_RELIRE and version.fichier.page.workflow_in_progress:
        raise RessourceRefusee(
            f"La version {version.numero} est en cours de relecture. Reprenez ou renvoyez d’abord le document, ou "
            "déposez la version qui la remplace."
        )
    return version if version.statut == StatutVersion.RETIREE else _withdrawn(version, par, motif)


def _withdrawn(version: VersionFichier, par: "Agent | None", motif: str) -> VersionFichier:
    version.statut, version.retiree_le, version.motif_retrait = StatutVersion.RETIREE, timezone.now(), motif
    version.save(update_fields=["statut", "retiree_le", "motif_retrait"])
    _told("version.retiree", version, par)
    return version


def quarantined(examen: Examen) -> Examen:
    """With an antivirus, what it has not seen is given to nobody until it has (`analyse`)."""
    return Examen.EN_ATTENTE if examen == Examen.SANS and is_active() else examen


def _told(acte: str, version: VersionFichier, par: "Agent | None") -> None:
    page = version.fichier.page
    record(acte, version, agent=par, collectivite=page.collectivite, libelle=f"{page.title}, version {version.numero}")
    reindex(RessourcePage.to_index().filter(pk=page.pk))
