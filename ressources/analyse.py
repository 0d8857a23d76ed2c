"""Reading a version behind the page: its text, that of a scan by recognition, and what the antivirus says of it.

A version whose reading failed stays usable, « texte non lu »: somebody may ask again. One that the antivirus has not
cleared is served to nobody; when the antivirus is away it waits, and the others are not affected.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from collectivites.journal import record
from collectivites.models import Agent
from extranet.lib import antivirus
from extranet.lib.cherchable import reindex
from extranet.lib.extraction import FORMATS, Lecture, is_recognition_ready, on_disk, read_text, recognise
from extranet.lib.francais import NBSP
from notifications.envoi import notify
from ressources import actes
from ressources.depots import ANALYSES
from ressources.enums import Analyse, Examen
from ressources.models import Reprise, RessourcePage, VersionFichier
from ressources.quarantaine import SORTE, examined
from ressources.rappels import responsables

logger = logging.getLogger(__name__)

# Seconds that a reading may take behind the page.
PATIENCE = 60.0
PERDU = "Le fichier n’est plus dans le stockage. Prévenez l’équipe de l’extranet."


@dataclass(frozen=True)
class Resultat:
    """What came of one version."""

    version: VersionFichier
    analyse: Analyse
    examen: Examen


def pending() -> QuerySet[VersionFichier]:
    """Those that nobody has read yet, or that the antivirus has not looked at."""
    waiting = Q(analyse=Analyse.EN_ATTENTE)
    if antivirus.is_active():
        waiting |= Q(examen=Examen.EN_ATTENTE)
    return VersionFichier.objects.filter(waiting)


def pending_count() -> int:
    return pending().count() + actes.pending().count()


def quarantined_count() -> int:
    held = [Examen.EN_ATTENTE, Examen.INFECTE]
    return sum(model.objects.filter(examen__in=held).count() for model in (VersionFichier, Reprise))


def analyse_all(versions: Iterable[VersionFichier]) -> list[Resultat]:
    return [analyse(version) for version in versions]


def analyse(version: VersionFichier) -> Resultat:
    """Looks at one version and writes what was found, with the entry of its resource. Never raises for its content."""
    examen, virus, lecture, state = Examen(version.examen), "", Lecture("non_lu"), Analyse.NON_LU
    try:
        if antivirus.is_active():
            examen, virus = examined(version.file, examen)
        if examen != Examen.INFECTE:
            lecture, state = _read(version)
    except FileNotFoundError:
        logger.exception("Le fichier de la version %s a disparu du stockage.", version.pk)
        lecture = Lecture("non_lu", motif=PERDU)
    if "virus" in lecture.dangers:
        examen, virus = Examen.INFECTE, "signature d’essai"
    return _written(version, examen, virus, lecture, state)


def _read(version: VersionFichier) -> tuple[Lecture, Analyse]:
    """What was read, and the state to write: a scan whose words were recognised is told as such."""
    if version.type_reel not in FORMATS:
        return Lecture("vide"), Analyse.SANS_TEXTE
    with version.file.open("rb") as content, on_disk(content) as path:
        lecture = read_text(path, version.type_reel, seconds=PATIENCE)
        if lecture.etat != "numerise" or version.type_reel != "pdf" or not is_recognition_ready():
            return lecture, ANALYSES[lecture.etat]
        seen = recognise(path)
    return (seen, Analyse.RECONNU) if seen.texte else (lecture, Analyse.NUMERISE)


@transaction.atomic
def _written(version: VersionFichier, examen: Examen, virus: str, lecture: Lecture, state: Analyse) -> Resultat:
    """The hash says that the bytes read are those of the row."""
    values: dict[str, object] = {"examen": examen}
    if state == Analyse.NON_LU and version.texte and examen != Examen.INFECTE:
        # A second reading that fails does not take away what the first one found, were it cut short.
        values |= {"analyse": Analyse.PARTIEL} if version.analyse == Analyse.EN_ATTENTE else {}
    elif state != Analyse.NON_LU or version.analyse in {Analyse.EN_ATTENTE, Analyse.NON_LU}:
        values |= {"analyse": state, "analyse_motif": lecture.motif[:250], "texte": lecture.texte}
        values["pages"] = lecture.pages or version.pages
    VersionFichier.objects.filter(pk=version.pk, sha256=version.sha256).update(**values)
    reindex(RessourcePage.to_index().filter(fichiers__versions=version.pk))
    if examen == Examen.INFECTE and version.examen != Examen.INFECTE:
        _warn(version, virus)
    return Resultat(version, state, examen)


def _warn(version: VersionFichier, virus: str) -> None:
    """Its author and the responsables: the file is held back from everybody, and a clean one is to be sent. Whoever
    took it: not to open it.
    """
    page = version.fichier.page
    keepers = {agent.pk: agent for agent in [*responsables(), version.auteur]}
    notify(
        keepers.values(),
        SORTE,
        f"«{NBSP}{page.title}{NBSP}»{NBSP}: un virus a été trouvé",
        texte=f"Le fichier «{NBSP}{version.nom}{NBSP}» est mis de côté et n’est plus donné à personne ({virus}). "
        "Ne l’ouvrez pas, prévenez votre service informatique, puis déposez une copie saine.",
        url=page.url or "",
        action="Ouvrir la fiche",
        icone="shield-exclamation",
        urgente=True,
        cle=f"virus:{version.pk}",
    )
    _warn_holders(version, keepers.keys())
    record("version.infectee", version, agent=None, collectivite=page.collectivite, libelle=page.title, virus=virus)


def _warn_holders(version: VersionFichier, told: Iterable[int]) -> None:
    """By the name of the file that they have, whatever its sheet became since and whoever reads it now."""
    takers = version.telechargements.exclude(agent__in=told).values("agent")
    notify(
        Agent.objects.in_office().filter(pk__in=takers),
        SORTE,
        f"Un virus est dans votre copie de «{NBSP}{version.nom}{NBSP}»",
        texte="Vous avez téléchargé ce fichier depuis l’extranet. Ne l’ouvrez plus, supprimez-le, et prévenez votre "
        "service informatique. Nous ne le donnons plus à personne.",
        url=reverse("ressources:ressource_list"),
        action="Ouvrir les ressources",
        icone="shield-exclamation",
        urgente=True,
        cle=f"virus:{version.pk}:copie",
    )
