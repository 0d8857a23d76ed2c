"""Cells of a file of agents, read against the lists of the territory; what cannot be read says what to write."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from collectivites.listes import rows_of
from collectivites.models import Collectivite, Fonction
from extranet.lib.francais import NBSP, telephone
from extranet.lib.horaires import HoraireIllisible, parse_heure
from extranet.lib.noms import plain
from extranet.lib.pliage import fold
from extranet.lib.typographie import Montrable

OUI, NON = {"oui", "o", "x", "1", "vrai"}, {"non", "n", "0", "faux"}
HEURES_MAX = 48
# « général·e », « général(e) », « général.e »: the word without its ending; « 1.2 » is none of them.
_INCLUSIVE = re.compile(r"(?<=[^\W\d])(?:\((\w{1,5})\)|[·•.](?=[^\W\d])(\w{1,5}))")
# What the feminine takes off the masculine before its own ending: conseiller·ère, administratif·ve, directeur·rice…
_TAKEN_OFF = {"ère": "er", "ière": "ier", "ve": "f", "rice": "eur", "se": "r", "euse": "eur"}
_BEFORE_PLACE = re.compile(r"(?:(?:mairie|commune|ville|ccas) (?:de la |des? |du |d |de l ))(?=\w)")

T = TypeVar("T", Collectivite, Fonction)


class CelluleRefusee(Montrable, ValueError):
    """What a cell holds cannot be read; the text may be shown."""


class Index(Generic[T]):
    """Finds what people write in a list of the territory, accents, case and gender aside."""

    def __init__(self, names: Iterable[tuple[str, T]], unknown: str, cure: str) -> None:
        """`unknown` and `cure` say what is wrong with a name that is not there, and what to write."""
        self.unknown, self.cure = unknown, cure
        self.found: dict[str, T] = {}
        for name, thing in names:
            self.found.setdefault(_key(name), thing)

    def read(self, text: str) -> T:
        key = _key(_INCLUSIVE.sub("", text))
        for asked in (key, _BEFORE_PLACE.sub("", key)):
            if asked in self.found:
                return self.found[asked]
        close = get_close_matches(key, self.found, n=1, cutoff=0.8)
        cure = f"Écrivez par exemple « {self.found[close[0]]} »." if close else self.cure
        raise CelluleRefusee(f"« {text} » {self.unknown}. {cure}")


def _key(text: str) -> str:
    """Folded, « St » and « Ste » in full."""
    return re.sub(r"\bste?\b", lambda short: {"st": "saint", "ste": "sainte"}[short[0]], fold(text))


def collectivites_index() -> Index[Collectivite]:
    """By name, with or without its article, by SIREN and by code INSEE."""
    names = []
    for one in Collectivite.objects.members():
        names += [(name, one) for name in (one.nom, one.de_nom, one.siren, one.insee) if name]
        names += [(re.sub(r"^(?:L[ea]s? |L’)", "", one.nom), one)]
    return Index(names, "n’est pas une collectivité d’ici", "Écrivez son nom comme dans la page « Les mairies ».")


def fonctions_index() -> Index[Fonction]:
    """By label in both genders, by code, and by the synonyms of `fonctions.csv`."""
    fonctions = {fonction.code: fonction for fonction in Fonction.objects.all()}
    names = [(name, f) for f in fonctions.values() for name in (*genders(f.libelle), f.code)]
    for row in rows_of("fonctions.csv"):
        if row["code"] in fonctions:
            names += [(name, fonctions[row["code"]]) for name in row["synonymes"].split("|") if name]
    return Index(names, "ne dit pas quelle fonction", "Écrivez une de celles que l’annuaire propose dans « Fonction ».")


def genders(label: str) -> tuple[str, str]:
    """« Conseiller·ère municipal·e » gives « Conseiller municipal » and « Conseillère municipale »."""

    def feminine(match: re.Match) -> str:
        word, ending = match[1], match[2]
        taken = _TAKEN_OFF.get(ending, "")
        return (word.removesuffix(taken) if word.endswith(taken) else word) + ending

    return _INCLUSIVE.sub("", label), re.sub(r"(\w+)·(\w{1,5})", feminine, label)


def text_of(limit: int) -> Callable[[str], str]:
    """A text of at most `limit` characters, plain (`extranet.lib.noms.plain`), its apostrophes curled."""

    def read(text: str) -> str:
        tidy = plain(text).replace("'", "’")
        if len(tidy) > limit:
            raise CelluleRefusee(f"« {tidy[:40]}… » compte {len(tidy)} caractères. Pas plus de {limit}.")
        return tidy

    return read


def read_nom(text: str) -> str:
    """A name; one all in capitals, as many registers write them, takes its small letters back."""
    nom = text_of(80)(text)
    if not any(letter.isalpha() for letter in nom):
        raise CelluleRefusee(f"« {nom} » n’est pas un nom.")
    return nom.title() if nom.isupper() and len(nom) > 1 else nom


def read_courriel(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        cure = (
            "Il en manque la fin, par exemple « foucherans.example »."
            if re.search(r"@[^.]*$", address)
            else ("Par exemple « prenom.nom@foucherans.example ».")
        )
        raise CelluleRefusee(f"« {text} » n’est pas une adresse. {cure}") from error
    if len(address) > 254:
        raise CelluleRefusee("Cette adresse est trop longue.")
    return address


def read_telephone(text: str) -> str:
    """« 03 53 01 00 45 », however it was typed; a spreadsheet may have lost the first zero."""
    digits = re.sub(r"\D", "", text)
    typed = f"0{digits}" if len(digits) == 9 and digits[0] != "0" else text
    shown = telephone(typed).replace(NBSP, " ")
    if re.fullmatch(r"0\d(?: \d\d){4}", shown):
        return shown
    if re.fullmatch(r"\+\d[\d ]{7,17}", text):
        return text
    raise CelluleRefusee(f"« {text} » n’est pas un numéro de téléphone. Dix chiffres, par exemple 03 53 01 00 45.")


def read_heures(text: str) -> Decimal:
    """Hours a week: « 17,5 », « 17.5 », « 17 h 30 »."""
    try:
        heures = Decimal(text.replace(",", ".").removesuffix("h").strip())
    except InvalidOperation:
        try:
            clock = parse_heure(text)
        except HoraireIllisible as error:
            raise CelluleRefusee(f"« {text} » n’est pas un nombre d’heures, écrivez par exemple « 17,5 ».") from error
        heures = Decimal(clock.hour) + Decimal(clock.minute) / 60
    if not 0 < heures <= HEURES_MAX:
        raise CelluleRefusee(f"« {text} » n’est pas une durée de travail. Plus de 0 et au plus {HEURES_MAX} heures.")
    return round(heures, 2)


def read_oui(text: str) -> bool:
    word = fold(text)
    if word not in OUI | NON:
        raise CelluleRefusee(f"« {text} » ne se comprend pas. Écrivez « oui » ou « non ».")
    return word in OUI
