"""The acts of the journal as they are read: their codes have no accents."""

import re

MOTS = {
    "collectivite": "collectivité",
    "materiel": "matériel",
    "pret": "prêt",
    "questionrecherche": "question de recherche",
    "zero": "zéro",
}
# Past participles that the rule below would spoil.
PARTICIPES = {
    "cree": "créé",
    "dite": "dite",
    "lue": "lue",
    "reconnue": "reconnue",
    "repondue": "répondue",
    "reunie": "réunie",
    "sortie": "sortie",
    "soumise": "soumise",
}
# What the act was done to, when a noun comes before its participle.
_COMPOSES = ("changes", "deposee", "reconnue", "dite", "retiree", "baisse")
_DEBUTS = ("déclar", "dépos", "écourt", "régl", "répond", "résili", "réun", "révoqu", "sépar", "transfér")
_NUS = {begin.replace("é", "e"): begin for begin in _DEBUTS}
_FIN = re.compile(r"e(e?s?)$")


def said(acte: str) -> str:
    """« absence.declaree » gives « absence déclarée », « convention.copie_deposee » « convention, copie déposée »."""
    noun, _, what = acte.partition(".")
    words = what.split("_")
    if len(words) > 1 and words[-1] in _COMPOSES:
        return f"{_nouns(noun)}, {_nouns('_'.join(words[:-1]))} {_participle(words[-1])}"
    rest = _nouns("_".join(words[1:])).replace("d archive", "d’archive").replace("a zéro", "à zéro")
    return " ".join(part for part in (_nouns(noun), _participle(words[0]), rest) if part)


def _nouns(code: str) -> str:
    return " ".join(MOTS.get(word, word) for word in code.split("_"))


def _participle(code: str) -> str:
    bare = next((bare for bare in _NUS if code.startswith(bare)), "")
    return PARTICIPES.get(code) or _FIN.sub(lambda end: "é" + end[1], _NUS.get(bare, "") + code.removeprefix(bare))
