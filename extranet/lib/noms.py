"""French names in a sentence. Signatures used by the models: de_nom(nom, article), a_nom(nom, article), initiales(prenom, nom)."""

import unicodedata

VOYELLES = "aeiouyh"


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def de_nom(nom: str, article: str = "") -> str:
    if article == "le":
        return f"du {nom}"
    if article == "les":
        return f"des {nom}"
    if article == "la":
        return f"de la {nom}"
    if article == "l":
        return f"de l’{nom}"
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    return f"d’{nom}" if _fold(nom)[:1] in VOYELLES else f"de {nom}"


def a_nom(nom: str, article: str = "") -> str:
    if article == "le":
        return f"au {nom}"
    if article == "les":
        return f"aux {nom}"
    if article == "la":
        return f"à la {nom}"
    if article == "l":
        return f"à l’{nom}"
    if nom.startswith("Le "):
        return f"au {nom[3:]}"
    if nom.startswith("Les "):
        return f"aux {nom[4:]}"
    return f"à {nom}"


def initiales(prenom: str, nom: str) -> str:
    return (prenom[:1] + nom[:1]).upper()
