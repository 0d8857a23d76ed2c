"""Where private files lie: never under an address that the web server knows."""

import errno
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

DISQUE_PLEIN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StockagePrive(FileSystemStorage):
    """Files of the data folder, without any address: our views serve them after asking who reads."""

    def url(self, name: str | None) -> str:
        raise ValueError("Un fichier privé n’a pas d’adresse publique : passez par la vue qui le sert.")


def stockage_prive() -> StockagePrive:
    """Called when first used, so that the folder is that of the running settings."""
    return StockagePrive()


def store(field_file: "FieldFile", contenu: File, extension: str) -> None:
    """Writes the file whole, or leaves nothing. The name of a person's file is in its row; on disk, it is nobody's.

    Raises OSError as the disk says it.
    """
    nom = f"{uuid4().hex}.{extension}"
    written = field_file.field.generate_filename(field_file.instance, nom)
    try:
        field_file.save(nom, contenu, save=False)
    except OSError:
        field_file.storage.delete(written)
        raise


def is_full(error: OSError) -> bool:
    return error.errno in DISQUE_PLEIN
