"""What our files share: their words in order, the passages to fill in, archives that are the same at each run."""

import io
import re
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ressources.demo.textes import Texte

# What an archive says of its members, which would else tell the hour of the run.
_JOUR = (2020, 11, 1, 0, 0, 0)
A_REMPLIR = re.compile(r"(\[[^\]]{1,120}\])")
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def lines_of(texte: Texte) -> Iterator[str]:
    """All the words in their order, a line each: what a reader takes out of the file."""
    yield from filter(None, [texte.surtitre, texte.titre, texte.avertissement])
    for partie in texte.parties:
        if partie.titre:
            yield partie.titre
        for bloc in partie.blocs:
            yield from [bloc.texte] if bloc.texte else []
            yield from (item for _, item in bloc.items)
            yield from ("\t".join(row) for row in bloc.lignes)
    if texte.credit:
        yield texte.credit


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            entry = ZipInfo(name, _JOUR)
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(entry, text)
    return buffer.getvalue()
