"""From what was typed to what is written in the document, and what is deduced from it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from extranet.lib.francais import euros, heure, milliers
from extranet.lib.typographie import space
from ressources.remplir.champs import Champ, Nature, cased, find
from ressources.remplir.dates import date_en_lettres, date_entiere, jour_et_date

MAX_VALEUR, MAX_TEXTE = 300, 4_000
# What nobody has said: to be completed by hand.
BLANC = "………………"
NEANT = {"absents": "néant", "pouvoirs": "néant", "deviation": "sans déviation", "reference": "–"}
_PERMIS = {"\n", " ", "\u00a0", "\u202f"}

Saisie = str | int | Decimal | date | time | None


def clean(texte: str) -> str:
    """Lines of visible characters: no tabulation, no control, no direction of reading, no empty line at the ends.

    Braces stay as they were typed: a value is text, it is never read again as a model.
    """
    lines = unicodedata.normalize("NFC", texte).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(mark for mark in lines if mark in _PERMIS or unicodedata.category(mark)[0] != "C")
    narrow = "\n".join(re.sub(" {2,}", " ", line).strip(" ") for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", narrow).strip("\n")


def written(champ: Champ, saisie: Saisie) -> str:
    """As a French act says it: « 3 mars 2027 », « 20 h 30 », « 1 042 », « 18 500 € »."""
    if saisie is None or saisie == "":
        return NEANT.get(champ.code, "")
    if isinstance(saisie, date):
        return date_entiere(saisie)
    if isinstance(saisie, time):
        return heure(saisie)
    if champ.nature == Nature.MONTANT:
        return euros(saisie)
    if isinstance(saisie, int):
        return milliers(saisie)
    text = re.sub(champ.otez, "", clean(str(saisie))) if champ.otez else clean(str(saisie))
    return space(text) if champ.nature in {Nature.TEXTE, Nature.LIGNES} else text


def complete(textes: Mapping[str, str], saisies: Mapping[str, Saisie]) -> dict[str, str]:
    """The values by code, with those that come from others. A value that is not known is not there."""
    values = dict(textes)
    day = saisies.get("date_conseil")
    if isinstance(day, date):
        values |= {"jour_conseil": jour_et_date(day), "date_conseil_lettres": date_en_lettres(day)}
    members, present, given = (_whole(saisies.get(code)) for code in ("conseillers", "nb_presents", "nb_pouvoirs"))
    if members is not None:
        values["quorum"] = str(quorum(members))
    if members is not None and present is not None:
        values["mention_quorum"] = _said_of_quorum(members, present)
    if present is not None and given is not None:
        values["nb_votants"] = str(present + given)
    for code in contradicted(saisies):
        values.pop(code, None)
    if all(values.get(code) for code in ("adresse", "code_postal", "ville")):
        values["adresse_complete"] = f"{values['adresse']}, {values['code_postal']}\u00a0{values['ville']}"
    return values


def contradicted(saisies: Mapping[str, Saisie]) -> list[str]:
    """Lists left empty that are not « néant »: the numbers say that there is somebody to name."""
    members, present, given = (_whole(saisies.get(code)) for code in ("conseillers", "nb_presents", "nb_pouvoirs"))
    away = members is not None and present is not None and present < members
    return [code for code, some in (("absents", away), ("pouvoirs", bool(given))) if some and not saisies.get(code)]


def _said_of_quorum(members: int, present: int) -> str:
    """CGCT, article L. 2121-17: without it, a council only decides when it was convened a second time."""
    if present >= quorum(members):
        return f"le quorum de {quorum(members)}\u00a0présents est atteint (CGCT, article L.\u00a02121-17)"
    return (
        "le quorum n’a pas été atteint à la première convocation, et que le conseil, convoqué de nouveau, délibère "
        "sans condition de quorum (CGCT, article L.\u00a02121-17)"
    )


def quorum(members: int) -> int:
    """More than half of those in office (CGCT, article L. 2121-17)."""
    return members // 2 + 1


def _whole(saisie: Saisie) -> int | None:
    return saisie if isinstance(saisie, int) else None


def by_name(written_names: set[str], values: Mapping[str, str]) -> dict[str, str]:
    """For each name as the model writes it, its value in the same capitals. Raises KeyError when one is not known."""
    return {name: cased(name, values[find(name).code]) for name in written_names}
