"""Acts on a deposit: receiving its files, reading them, forgetting them. A file that is refused leaves nothing."""

import hashlib
import logging
import time
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files import File
from django.db import OperationalError, transaction
from django.db.models import Max
from django.utils import timezone
from rapidfuzz import fuzz

from extranet.lib.contraintes import refuse_on
from extranet.lib.extraction import FORMATS, Lecture, on_disk, read_text
from extranet.lib.noms import plain
from extranet.lib.stockage import is_full, store
from extranet.lib.uploads import (
    ARCHIVES,
    DEPOT,
    PHOTOS,
    FichierRefuse,
    check_document,
    check_reading,
    clean_picture,
    open_zip,
    taken_on,
)
from ressources.enums import Analyse, EtatDepot
from ressources.jumeaux import find_twin
from ressources.models import Depot, Fichier, FichierDepose
from ressources.propositions import propose
from ressources.remplir.controle import controle_of

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

logger = logging.getLogger(__name__)

MO = 1024 * 1024
MAX_FILE, MAX_ARCHIVE = 40 * MO, 250 * MO
# Of a photo, in points: that of a phone is kept whole.
MAX_COTE = 4_000
# Lines of one deposit: past that, it is an import.
MAX_LINES = 50
# What somebody waits for, seconds: one file, then all those of an archive. The rest is read behind the page.
PATIENCE, PATIENCE_ARCHIVE = 6.0, 12.0
# What a file may take behind the page; past `LOST`, nobody reads it any more: it is taken without its text.
BEHIND, LOST = 60.0, 600.0
PLEIN = (
    "Le disque du serveur est plein\u00a0: «\u00a0{nom}\u00a0» n’a pas été enregistré, et rien n’en reste. Prévenez "
    "l’équipe de l’extranet, puis recommencez."
)
INTERROMPU = (
    "L’envoi de «\u00a0{nom}\u00a0» s’est interrompu\u00a0: rien n’en a été gardé. Vérifiez le réseau, puis "
    "recommencez."
)
LOURD = "Cet envoi dépasse 250 Mo. Déposez vos fichiers en plusieurs fois."
NON_ABOUTI = "La lecture du texte n’a pas abouti. Le document reste utilisable."

ANALYSES = {
    "ok": Analyse.LU,
    "partiel": Analyse.PARTIEL,
    "numerise": Analyse.NUMERISE,
    "vide": Analyse.SANS_TEXTE,
    "refuse": Analyse.NON_LU,
    "non_lu": Analyse.NON_LU,
}


def open_depot(uuid: UUID, agent: "Agent", collectivite: "Collectivite") -> Depot | None:
    """The deposit of that key, made at its first file; None when it is somebody else's, or was sent."""
    depot, _ = Depot.objects.get_or_create(pk=uuid, defaults={"auteur": agent, "collectivite": collectivite})
    return depot if depot.auteur_id == agent.pk and depot.envoye_le is None else None


def receive(depot: Depot, sent: File) -> list[FichierDepose]:
    """Its lines: one, or one for each file of an archive."""
    if (sent.name or "").lower().endswith(tuple(f".{kind}" for kind in ARCHIVES)):
        return _receive_archive(depot, sent)
    return [receive_file(depot, sent)]


def _receive_archive(depot: Depot, sent: File) -> list[FichierDepose]:
    lines, started = [], time.monotonic()
    try:
        check_document(sent, accepted=DEPOT, max_bytes=MAX_ARCHIVE)
        for extract in open_zip(sent, max_files=MAX_LINES, max_bytes=MAX_FILE):
            left = PATIENCE_ARCHIVE - (time.monotonic() - started)
            line = (
                refuse(depot, extract.nom, extract.refus)
                if extract.refus
                else receive_file(depot, extract.fichier, seconds=min(PATIENCE, left))
            )
            lines.append(line)
    except FichierRefuse as refusal:
        lines.append(refuse(depot, sent.name or "", str(refusal)))
    except OSError as error:
        lines.append(_full(depot, sent.name or "", error))
    return lines


def receive_file(depot: Depot, sent: File, *, seconds: float = PATIENCE) -> FichierDepose:
    """One file: checked, read within `seconds` (else behind the page), kept. Raises nothing for what it holds."""
    nom = sent.name or ""
    try:
        return _received(depot, sent, seconds)
    except FichierRefuse as refusal:
        return refuse(depot, nom, str(refusal))
    except OSError as error:
        return _full(depot, nom, error)


def _received(depot: Depot, sent: File, seconds: float) -> FichierDepose:
    if depot.fichiers.count() >= MAX_LINES:
        raise FichierRefuse(f"Un dépôt compte {MAX_LINES} fichiers au plus. Envoyez celui-ci, puis faites-en un autre.")
    nom = check_document(sent, accepted=DEPOT - ARCHIVES, max_bytes=MAX_FILE)
    content, lecture = _looked_into(nom, sent, seconds)
    nom = content.name if content is not sent else nom
    line = FichierDepose(
        depot=depot,
        rang=(depot.fichiers.aggregate(last=Max("rang"))["last"] or 0) + 1,
        nom=nom,
        sha256=digest(content),
        taille=content.size,
        type_reel=nom.rpartition(".")[2].lower(),
    )
    line.controle = controle_of(content, line.type_reel).as_json()
    line.prise_le = taken_on(sent) if content is not sent else None
    line.version_de = next_version_of(depot, nom)
    twice = depot.fichiers.filter(sha256=line.sha256).exclude(etat=EtatDepot.REFUSE).first()
    if twice is not None:
        raise FichierRefuse(
            f"«\u00a0{nom}\u00a0» est déjà dans ce dépôt, sous le nom «\u00a0{twice.nom}\u00a0». Retirez l’un des deux."
        )
    fill(line, lecture)
    store(line.file, content, line.type_reel)
    return _kept(line)


def next_version_of(depot: Depot, nom: str) -> Fichier | None:
    """In a deposit of new versions, the file of the sheet that this one replaces: the nearest name among those left."""
    if depot.nouvelle_version_de_id is None or depot.ajout:
        return None
    taken = depot.fichiers.exclude(version_de=None).values("version_de")
    left = list(Fichier.objects.filter(page=depot.nouvelle_version_de_id).exclude(pk__in=taken))
    if not left:
        raise FichierRefuse(
            f"«\u00a0{nom}\u00a0» est de trop\u00a0: chaque fichier de la fiche a déjà sa nouvelle version. Pour "
            "l’y joindre, ouvrez la fiche et choisissez «\u00a0Ajouter un fichier\u00a0»."
        )
    return max(left, key=lambda fichier: fuzz.ratio(nom, _last_name(fichier)))


def _last_name(fichier: Fichier) -> str:
    last = fichier.versions.only("nom").first()
    return last.nom if last else ""


def _looked_into(nom: str, sent: File, seconds: float) -> tuple[File, Lecture]:
    """What is kept of the file, and what was read of it; non_lu when there was no time. Raises FichierRefuse."""
    extension = nom.rpartition(".")[2].lower()
    if extension in PHOTOS:
        return clean_picture(sent, max_side=MAX_COTE), Lecture("vide")
    if seconds < 1:
        return sent, Lecture("non_lu")
    with on_disk(sent) as path:
        lecture = read_text(path, extension, seconds=seconds)
    check(nom, lecture)
    return sent, lecture


def check(nom: str, lecture: Lecture) -> None:
    """Raises FichierRefuse for what hides in the file, and for a file that its own reader cannot open."""
    check_reading(nom, lecture)
    if lecture.etat == "refuse" and nom.rpartition(".")[2].lower() in FORMATS:
        raise FichierRefuse(
            f"«\u00a0{nom}\u00a0»\u00a0: {lecture.motif} Vérifiez qu’il s’ouvre chez vous, puis recommencez."
        )


def fill(line: FichierDepose, lecture: Lecture, *, last: bool = False) -> None:
    """What was read, on the line. Not read in time, it waits for another try, unless this was the `last`; what was
    read in part proposes and is sent, and the rest is read behind the page (`analyse`).
    """
    waits = lecture.etat == "non_lu" and not last
    line.etat = EtatDepot.LECTURE if waits else EtatDepot.PRET
    line.analyse = Analyse.EN_ATTENTE if waits or lecture.is_cut_short and not last else ANALYSES[lecture.etat]
    line.analyse_motif, line.texte, line.pages = lecture.motif[:250], lecture.texte, lecture.pages or None
    agent = line.depot.auteur
    scanned = line.analyse == Analyse.NUMERISE
    found = propose(
        agent, nom="" if scanned else line.nom, extension=line.type_reel, titre=lecture.titre, texte=lecture.texte
    )
    line.titre_propose, line.theme_propose, line.type_propose = found.titre, found.theme, found.type
    twin = find_twin(agent, sha256=line.sha256, titre=found.titre, texte=lecture.texte)
    line.jumeau = twin.version if twin else None


def _kept(line: FichierDepose) -> FichierDepose:
    """Raises FichierRefuse for what another request has kept since we looked."""
    twice = f"«\u00a0{line.nom}\u00a0» est déjà dans ce dépôt\u00a0: le même fichier vient d’y arriver."
    try:
        with refuse_on({"depose_une_fois_par_depot": twice}, FichierRefuse):
            line.save()
    except BaseException:
        line.file.storage.delete(line.file.name)
        raise
    return line


def read_again(line: FichierDepose, *, seconds: float = BEHIND) -> FichierDepose:
    """The try behind the page, with more time. What turns out to be dangerous is refused, and its file goes."""
    with line.file.open("rb") as content, on_disk(content) as path:
        lecture = read_text(path, line.type_reel, seconds=seconds)
    try:
        check(line.nom, lecture)
    except FichierRefuse as refusal:
        return drop(line, str(refusal))
    fill(line, lecture, last=True)
    return _still_there(line)


def give_up(line: FichierDepose) -> FichierDepose:
    """Nobody came to read it in time: the document is taken as it is."""
    fill(line, Lecture("non_lu", motif=NON_ABOUTI), last=True)
    return _still_there(line)


def is_lost(line: FichierDepose) -> bool:
    return line.etat == EtatDepot.LECTURE and (timezone.now() - line.depot.created_at).total_seconds() > LOST


def _still_there(line: FichierDepose) -> FichierDepose:
    """Written, unless the person has removed it, or another reader was faster."""
    values = {
        name: getattr(line, name) for name in ("etat", "analyse", "analyse_motif", "texte", "pages", "titre_propose")
    } | {"theme_propose": line.theme_propose, "type_propose": line.type_propose, "jumeau": line.jumeau}
    FichierDepose.objects.filter(pk=line.pk, etat=EtatDepot.LECTURE).update(**values)
    return line


def refuse(depot: Depot, nom: str, motif: str) -> FichierDepose:
    """A line that says why, without its file; when the disk has no room even for that, a line that is not kept."""
    line = FichierDepose(depot=depot, nom=plain(nom)[:255] or "sans nom", etat=EtatDepot.REFUSE, motif=motif[:500])
    line.analyse = Analyse.NON_LU
    line.rang = (depot.fichiers.aggregate(last=Max("rang"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            line.save()
    except OperationalError:
        logger.exception("La ligne d’un fichier refusé n’a pas été gardée.")
    return line


def _full(depot: Depot, nom: str, error: OSError) -> FichierDepose:
    if not is_full(error):
        raise error
    return refuse(depot, nom, PLEIN.format(nom=plain(nom)[:100]))


def drop(line: FichierDepose, motif: str) -> FichierDepose:
    """Refused after all: the line says why, the file goes once that is written."""
    name, storage = line.file.name, line.file.storage
    with transaction.atomic():
        kept = FichierDepose.objects.filter(pk=line.pk).update(
            etat=EtatDepot.REFUSE, motif=motif[:500], file="", texte="", analyse=Analyse.NON_LU
        )
        transaction.on_commit(lambda: storage.delete(name))
    if kept:
        line.refresh_from_db()
    return line


@transaction.atomic
def remove(line: FichierDepose) -> None:
    """Taken out of the deposit by its author."""
    name, storage = line.file.name, line.file.storage
    line.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def digest(content: File) -> str:
    sha = hashlib.sha256()
    content.seek(0)
    while chunk := content.read(MO):
        sha.update(chunk)
    content.seek(0)
    return sha.hexdigest()
