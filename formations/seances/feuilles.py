"""The signed sheet, photographed or scanned: kept as it is for a PDF, encoded again for a photo."""

import hashlib
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction

from collectivites.journal import record
from extranet.lib.stockage import is_full, store
from extranet.lib.uploads import PHOTOS, FichierRefuse, check_document, clean_picture
from formations.models import Creneau, FeuilleSignee

if TYPE_CHECKING:
    from collectivites.models import Agent

MAX_BYTES = 15 * 1024 * 1024
ACCEPTES = frozenset({"pdf", "jpg", "jpeg", "png", "heic", "webp"})
PLEIN = "Le disque du serveur est plein : cette feuille n’a pas été gardée. Prévenez l’équipe de l’extranet."
# Signatures stay readable.
COTE = 3000


def checked(sent: File) -> File:
    """What will be kept. Raises FichierRefuse for what is neither a PDF nor a picture."""
    name = sent.name or ""
    if name.rpartition(".")[2].lower() in PHOTOS & ACCEPTES:
        clean = clean_picture(sent, max_bytes=MAX_BYTES, max_side=COTE)
        extension = (clean.name or "feuille.jpg").rpartition(".")[2]
        clean.name = f"{name.rpartition('.')[0] or 'feuille'}.{extension}"
        return clean
    check_document(sent, accepted=ACCEPTES, max_bytes=MAX_BYTES)
    return sent


@transaction.atomic
def join(creneau: Creneau, agent: "Agent", sent: File) -> FeuilleSignee:
    """`sent` has been checked. Raises FichierRefuse when the disk is full."""
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    sent.seek(0)
    sheet = FeuilleSignee(creneau=creneau, nom=sent.name[-200:], sha256=digest.hexdigest(), deposee_par=agent)
    try:
        store(sheet.file, sent, sheet.nom.rpartition(".")[2].lower())
    except OSError as error:
        if not is_full(error):
            raise
        raise FichierRefuse(PLEIN) from error
    sheet.save()
    record("feuille_emargement.jointe", sheet, agent=agent, session=creneau.session_id)
    return sheet
