"""What a PDF would do besides being read: run JavaScript, launch a program, carry another file.

pdfium's own questions see the usual places. The document is then written again by pdfium, deciphered, its names
spelled out and its object streams unfolded, and the actions are looked for in what comes out, wherever they hang.
"""

import ctypes
import re

import pypdfium2 as pdfium
from pypdfium2 import raw

from extranet.lib.extraction.signatures import EICAR

_END = rb"(?![^\s/<>\[\]()%{}])"
# An action names its kind under /S, at once or through an object that holds nothing else: a title may say the word too.
_KIND = rb"(?:/S|obj)\s*/"
_SIGNS = {
    "javascript": re.compile(_KIND + b"JavaScript" + _END),
    "lancement": re.compile(_KIND + b"Launch" + _END),
    "fichier_joint": re.compile(rb"/Type\s*/EmbeddedFile" + _END + rb"|/EF\s*(?:<<\s*/|\d+ \d+ R)"),
}
_OVERLAP = 100
_XFA = (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(raw.FPDF_FILEWRITE), ctypes.c_void_p, ctypes.c_ulong)


def dangers_of(document: pdfium.PdfDocument) -> list[str]:
    """Codes of `lecture.DANGERS`, the worst first."""
    found = _in_copy(document)
    if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
        found.add("javascript")
    if raw.FPDFDoc_GetAttachmentCount(document.raw) > 0:
        found.add("fichier_joint")
    if raw.FPDF_GetFormType(document.raw) in _XFA:
        found.add("formulaire")
    return [code for code in ("virus", "lancement", "javascript", "fichier_joint", "formulaire") if code in found]


def _in_copy(document: pdfium.PdfDocument) -> set[str]:
    found, tail = set(), b""

    def look(_writer: object, data: int, size: int) -> int:
        nonlocal tail
        seen = tail + ctypes.string_at(data, size)
        found.update(code for code, sign in _SIGNS.items() if sign.search(seen))
        if EICAR in seen:
            found.add("virus")
        tail = seen[-_OVERLAP:]
        return 1

    callback = _WRITE(look)
    field = type(raw.FPDF_FILEWRITE().WriteBlock)
    writer = raw.FPDF_FILEWRITE(version=1, WriteBlock=ctypes.cast(callback, field))
    raw.FPDF_SaveAsCopy(document.raw, ctypes.byref(writer), raw.FPDF_REMOVE_SECURITY)
    return found
