"""Mails kept as files: who, when, the subject, the words, and the names of what is attached."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from extranet.lib.extraction.lecteurs.commun import Plein, Texte, answer, answer_text
from extranet.lib.extraction.lecteurs.textes import read_html
from extranet.lib.extraction.signatures import EICAR, PROGRAMS

_MAX_BYTES = 64 * 1024 * 1024
_HEADERS = {"from": "De", "to": "À", "cc": "Copie", "date": "Date", "subject": "Objet"}
# Documents with macros are programs too.
_REFUSED = PROGRAMS | {"docm", "xlsm", "pptm"}
_STARTS = (b"MZ", b"\x7fELF", b"#!")


def main(path: str, extension: str, seconds: str) -> None:
    with Path(path).open("rb") as stream:
        message = BytesParser(policy=policy.default).parsebytes(stream.read(_MAX_BYTES))
    texte, names, dangers, motif = Texte(float(seconds)), [], set(), ""
    for part in _attachments(message):
        name = part.get_filename() or ""
        content = part.get_payload(decode=True) or b""
        names.append(name)
        if _is_program(name, content):
            dangers.add("programme_joint")
        if EICAR in content:
            dangers.add("virus")
    answer(dangers=sorted(dangers, reverse=True))
    if dangers:
        return
    try:
        _read(message, names, texte)
    except Plein as full:
        motif = str(full)
    answer_text(texte, titles=[str(message.get("subject", ""))], motif=motif)


def _is_program(name: str, content: bytes) -> bool:
    by_name = name.rpartition(".")[2].strip().lower() in _REFUSED
    return by_name or (content.startswith(_STARTS) and b"\0" in content[:1_024])


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if not part.is_multipart() and part.get_filename()]


def _read(message: EmailMessage, names: list[str], texte: Texte) -> None:
    for header, label in _HEADERS.items():
        if message.get(header):
            texte.add(f"{label}\u00a0: {message[header]}\n")
    texte.add("\n")
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None:
        content = (body.get_payload(decode=True) or b"").decode(_charset(body), "replace")
        if body.get_content_subtype() == "html":
            read_html(content, texte, [])
        else:
            texte.add(content)
    if any(names):
        texte.add(f"\n\nPièces jointes\u00a0: {', '.join(filter(None, names))}")


def _charset(part: EmailMessage) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        "".encode(charset)
    except LookupError:
        return "cp1252"
    return charset
