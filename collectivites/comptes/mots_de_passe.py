"""Passwords: 15 characters at least, no rule of composition, and nothing that the town hall's name gives away.

Sources: CNIL 2022-100 (80 bits alone, 50 with throttling), ASVS 5.0 §6.2 (no composition rule, paste allowed, lists
of common and of local words).
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from collectivites.models import Agent, Collectivite, Territoire

LONGUEUR_MIN, LONGUEUR_MAX = 15, 128
# What must be left once the words that anyone would try are taken out.
RESTE_MIN, DIFFERENTS_MIN = 8, 5
MOTS_COURANTS = Path(__file__).parent.parent / "data" / "mots_courants.txt"
CHIFFRES_LETTRES = str.maketrans("013457", "oieast")  # « f0ucher4ns »
MOT_MIN = 3  # shorter words of a name (le, du, sur) are no clue by themselves


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id as OWASP asks: 19 MiB, one lane. Django's own 100 MiB a password would not fit a few logins at once."""

    time_cost = 3
    memory_cost = 19 * 1024
    parallelism = 1


class LongueurValidator:
    """Length is the only strength that is asked for."""

    def validate(self, password: str, user: Agent | None = None) -> None:
        if len(password) < LONGUEUR_MIN:
            missing = LONGUEUR_MIN - len(password)
            raise ValidationError(
                f"Il manque {missing} caractère{'s' if missing > 1 else ''}\u00a0: un mot de passe en compte "
                f"{LONGUEUR_MIN} au moins. Quatre mots sans rapport entre eux font l’affaire."
            )
        if len(password) > LONGUEUR_MAX:
            raise ValidationError(f"Ce mot de passe dépasse {LONGUEUR_MAX} caractères. Raccourcissez-le.")

    def get_help_text(self) -> str:
        return f"{LONGUEUR_MIN} caractères au moins, par exemple quatre mots sans rapport entre eux."


class DevinableValidator:
    """Refuses what is common, repeated, or made of the town hall's words, of a commune's name or of one's own."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords
        lines = MOTS_COURANTS.read_text(encoding="utf-8").splitlines()
        self.words = [line for line in lines if line and not line.startswith("#")]

    def validate(self, password: str, user: Agent | None = None) -> None:
        if len(password) < LONGUEUR_MIN:
            return  # said already, and one thing at a time
        folded = fold(password)
        if folded in self.common or _once(folded) in self.common or re.sub(r"\d", "", folded) in self.common:
            raise ValidationError("Ce mot de passe est trop courant. Choisissez quatre mots sans rapport entre eux.")
        words = [*self.words, *local_words(), *own_words(user)]
        if any(_is_poor(_once(without(text, words))) for text in (folded, folded.translate(CHIFFRES_LETTRES))):
            raise ValidationError(
                "Ce mot de passe se devine\u00a0: il tient à des mots comme «\u00a0mairie\u00a0», à un nom de commune, "
                "au vôtre ou à une suite. Choisissez quatre mots sans rapport entre eux."
            )

    def get_help_text(self) -> str:
        return "Ni nom de commune, ni «\u00a0mairie\u00a0», ni mot de passe courant."


def _is_poor(left: str) -> bool:
    return len(left) < RESTE_MIN or len(set(left)) < DIFFERENTS_MIN


def fold(text: str) -> str:
    """Lower case, without accents, spaces or punctuation; « m@irie » reads as « mairie »."""
    text = unicodedata.normalize("NFKD", text).casefold().translate(str.maketrans("@$€", "ase"))
    return re.sub(r"[\W_]", "", text)


def without(folded: str, words: list[str]) -> str:
    """`folded` less those words, short numbers (years, postal codes) and runs such as 123456."""
    for word in sorted(set(words), key=len, reverse=True):
        folded = folded.replace(word, "")
    return re.sub(r"(?<!\d)(\d{1,5}|0?123456\d*|9876543\d*)(?!\d)", "", folded)


def _once(text: str) -> str:
    """« abcabcabc » says no more than « abc »."""
    match = re.fullmatch(r"(.+?)\1+", text)
    return match[1] if match else text


def local_words() -> Iterator[str]:
    """Names and codes of the territory. One query, and the territory."""
    yield from _words(Territoire.load().nom)
    for nom, postal, insee in Collectivite.objects.values_list("nom", "code_postal", "insee"):
        yield from _words(nom)
        yield from filter(None, [postal, insee])


def own_words(user: Agent | None) -> Iterator[str]:
    if user is not None:
        yield from _words(f"{user.prenom} {user.nom} {re.sub('[^a-z]', ' ', user.email or '')}")


def _words(text: str) -> Iterator[str]:
    for word in (text, *re.split(r"\W+", text)):
        if len(fold(word)) >= MOT_MIN:
            yield fold(word)
