"""What the antivirus says of a file that is kept, whatever holds it."""

import logging

from django.db.models.fields.files import FieldFile

from extranet.lib import antivirus
from ressources.enums import Examen

logger = logging.getLogger(__name__)

SORTE = "document_en_quarantaine"
VERDICTS = {antivirus.SAIN: Examen.SAIN, antivirus.INFECTE: Examen.INFECTE}


def examined(fichier: FieldFile, before: Examen) -> tuple[Examen, str]:
    """Its state, and the name of the virus; as it was `before` when the antivirus does not answer.

    Raises FileNotFoundError when the storage has lost the file.
    """
    with fichier.open("rb") as content:
        verdict = antivirus.scan(content)
    if verdict.etat == antivirus.INJOIGNABLE:
        logger.warning("antivirus.injoignable fichier=%s motif=%s", fichier.name, verdict.motif)
        return before, ""
    return VERDICTS[verdict.etat], verdict.nom
