"""Papers of the things: joined, renewed, and what their end closes."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction

from collectivites.journal import record
from extranet.lib.stockage import is_full, store
from extranet.lib.uploads import FichierRefuse, check_document
from materiel import registre
from materiel.enums import TypePapier
from materiel.models import Materiel, Papier
from materiel.parc.categories import papiers_of
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent

MAX_BYTES = 15 * 1024 * 1024
ACCEPTES = frozenset({"pdf", "jpg", "jpeg", "png", "odt", "docx"})
PLEIN = "Le disque du serveur est plein\u00a0: ce papier n’a pas été gardé. Prévenez l’équipe de l’extranet."


@dataclass(frozen=True)
class Attendu:
    """A paper that things of this kind have; `bloquant`, its end stops the loans."""

    type: TypePapier
    bloquant: bool


def attendus(materiel: Materiel) -> list[Attendu]:
    """Those of its category that nobody joined yet."""
    joined = set(materiel.papiers.values_list("type", flat=True))
    kinds = papiers_of(materiel.categorie)
    return [Attendu(TypePapier(kind), stops) for kind, stops in kinds if kind not in joined]


def checked(sent: File) -> File:
    """Raises FichierRefuse for what is not a paper one can read."""
    check_document(sent, accepted=ACCEPTES, max_bytes=MAX_BYTES)
    return sent


@transaction.atomic
def join(
    materiel: Materiel,
    agent: "Agent",
    *,
    type: TypePapier,
    libelle: str = "",
    valable_jusqu_au: date | None = None,
    bloquant: bool = False,
    sent: File | None = None,
    remplace: Papier | None = None,
) -> Papier:
    """A paper, or the one that replaces another; the ledger is opened or closed accordingly.

    Raises FichierRefuse when the disk is full, and PretRefuse for a paper already replaced.
    """
    registre.lock(materiel.pk)
    paper = Papier(
        materiel=materiel,
        type=type,
        libelle=libelle,
        valable_jusqu_au=valable_jusqu_au,
        bloquant=bloquant,
        depose_par=agent,
    )
    if sent is not None:
        _keep(paper, sent)
    paper.save()
    if remplace is not None:
        done = Papier.objects.filter(pk=remplace.pk, remplace_par=None).update(remplace_par=paper)
        if not done:
            raise PretRefuse("Ce papier vient d’être renouvelé par quelqu’un d’autre. Voici la liste à jour.")
    registre.close_expired(materiel)
    record(
        "papier.renouvele" if remplace else "papier.joint",
        paper,
        agent=agent,
        collectivite=materiel.collectivite,
        materiel=materiel.pk,
    )
    return paper


def _keep(paper: Papier, sent: File) -> None:
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    sent.seek(0)
    paper.nom, paper.sha256 = sent.name[-200:], digest.hexdigest()
    try:
        store(paper.file, sent, paper.nom.rpartition(".")[2].lower())
    except OSError as error:
        if not is_full(error):
            raise
        raise FichierRefuse(PLEIN) from error


@transaction.atomic
def remove(paper: Papier, agent: "Agent") -> None:
    """A paper joined by mistake; one that replaced another gives it back its place. Its file goes with it."""
    materiel = paper.materiel
    registre.lock(materiel.pk)
    record("papier.retire", paper, agent=agent, collectivite=materiel.collectivite, materiel=materiel.pk)
    file = paper.file
    Papier.objects.filter(remplace_par=paper).update(remplace_par=None)
    # The ledger first: what this paper closes is opened, or closed by another, while it still says so.
    paper.bloquant = False
    paper.save(update_fields=["bloquant"])
    registre.close_expired(materiel)
    paper.delete()
    if file:
        transaction.on_commit(lambda: file.storage.delete(file.name))
