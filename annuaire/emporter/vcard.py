"""Contact cards for telephones and mail programmes: vCard 3.0 (RFC 2426), the version that all of them read.

UTF-8, lines ended by CRLF and folded at 75 octets. No photo: its consent is for the extranet and its papers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import segno
from django.conf import settings
from icalendar.parser import Contentline
from icalendar.prop import vText

from annuaire.emporter.lecture import Ligne
from collectivites.models import Agent
from extranet.lib.francais import tel

MIME = "text/vcard; charset=utf-8"


@dataclass(frozen=True)
class Fiche:
    """A person, where they work, the longest week first, and what they show that one may ask them about."""

    agent: Agent
    lignes: Sequence[Ligne] = ()
    competences: Sequence[str] = ()

    @property
    def adresses(self) -> list[str]:
        """Those of the card: the one that opens the account is said when no poste has its own."""
        return _distinct([line.adresse for line in self.lignes] or [self.agent.email])


def vcards(fiches: Iterable[Fiche], le: datetime) -> bytes:
    """A file of cards; `le` is when they were right."""
    return b"".join(vcard(fiche, le) for fiche in fiches)


def vcard(fiche: Fiche, le: datetime) -> bytes:
    agent, lines = fiche.agent, fiche.lignes
    rows = [*_who(agent), ("UID", f"{agent.slug}@{settings.SITE_URL.partition('//')[2]}")]
    if lines:
        rows += [("ORG", _text(lines[0].collectivite.nom)), ("TITLE", _text(lines[0].fonction))]
    rows += [("TEL;TYPE=CELL,WORK", tel(number)) for number in _distinct(line.mobile for line in lines)]
    rows += [("TEL;TYPE=VOICE,WORK", tel(number)) for number in _distinct(line.telephone for line in lines)]
    rows += [("EMAIL;TYPE=INTERNET,WORK", _text(mail)) for mail in fiche.adresses]
    rows += [("ADR;TYPE=WORK", _address(line)) for line in lines[:1] if line.collectivite.adresse]
    rows.append(("URL", settings.SITE_URL + agent.get_absolute_url()))
    if note := _note(fiche):
        rows.append(("NOTE", _text(note)))
    rows.append(("REV", f"{le.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"))
    return _written(rows)


def short_vcard(fiche: Fiche) -> str:
    """What a square code holds and a telephone needs: the fewer its signs, the farther it is read from."""
    agent, lines = fiche.agent, fiche.lignes
    rows = _who(agent)
    if lines:
        rows += [("ORG", _text(lines[0].collectivite.nom)), ("TITLE", _text(lines[0].fonction[:60]))]
    rows += [("TEL", tel(number)) for number in _distinct(line.numero for line in lines)[:2]]
    rows += [("EMAIL", _text(mail)) for mail in fiche.adresses[:1]]
    return "".join(f"{name}:{value}\r\n" for name, value in _card(rows))


def square_code(fiche: Fiche) -> segno.QRCode:
    return segno.make(short_vcard(fiche), error="m", micro=False, encoding="utf-8", eci=False)


def _who(agent: Agent) -> list[tuple[str, str]]:
    return [("N", f"{_text(agent.nom)};{_text(agent.prenom)};;;"), ("FN", _text(agent.nom_complet))]


def _address(line: Ligne) -> str:
    place = line.collectivite
    parts = ["", "", place.adresse, place.ville or place.nom, "", place.code_postal, "France"]
    return ";".join(map(_text, parts))


def _note(fiche: Fiche) -> str:
    """What the other properties have no place for: the other communes, and what to ask about."""
    rows = [f"Aussi {line.collectivite.a_nom} : {line.fonction}." for line in fiche.lignes[1:]]
    if fiche.competences:
        rows.append(f"À solliciter sur : {', '.join(fiche.competences)}.")
    return "\n".join(rows)


def _distinct(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(filter(None, values)))


def _text(value: str) -> str:
    """With its « \\ », « ; », « , » and line feeds written as the norm wants them."""
    return vText(value).to_ical().decode()


def _written(rows: Iterable[tuple[str, str]]) -> bytes:
    return b"".join(Contentline(f"{name}:{value}").to_ical() + b"\r\n" for name, value in _card(rows))


def _card(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("BEGIN", "VCARD"), ("VERSION", "3.0"), *rows, ("END", "VCARD")]
