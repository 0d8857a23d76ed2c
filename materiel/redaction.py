"""From the model text of a convention to the text of one loan: words in braces give way to what the loan says.

Nothing is evaluated: a name in braces is one of CHAMPS or a mistake, and braces inside a value are plain characters.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from extranet.lib.pliage import fold
from extranet.lib.typographie import Montrable, space

# What a model may name. « de_ » and « a_ » carry the preposition: « de la commune de Tavaux », « au syndicat ».
CHAMPS = (
    *("preteur", "de_preteur", "a_preteur", "emprunteur", "de_emprunteur", "a_emprunteur"),
    *("epci", "de_epci", "a_epci", "deliberation_preteur", "deliberation_emprunteur", "reglement"),
    *("numero", "materiel", "usage", "periode", "remise", "retour", "lieu", "preavis", "duree_max"),
    *("conducteur", "habilitations", "debut_cadre", "fin_cadre", "delai_resiliation"),
    *("prix", "prix_conducteur", "prix_livraison", "caution", "delai_paiement", "penalite_retard"),
    *("tribunal", "contact_dpo"),
)
# A paragraph that names one of these is left out when the loan has none: no driver, no deposit, nothing to pay.
FACULTATIFS = frozenset(
    ["deliberation_preteur", "deliberation_emprunteur", "conducteur", "habilitations", "prix_conducteur"]
    + ["prix_livraison", "caution", "delai_paiement", "penalite_retard"]
)
TABLEAUX = ("materiel", "periode")
BASES = ("epci_commune", "commune_commune", "avec_conducteur", "pret_usage")
A_COMPLETER = "(à compléter)"

_DONNEES = Path(__file__).resolve().parent / "data"
_BRACED = re.compile(r"\{([^{}]*)\}")
_END_OF_SENTENCE = re.compile(r"(?:^|[\w»)}-]{2}[.!?] )$")

Article = Mapping[str, Any]


class ModeleIncorrect(Montrable):
    """The model of convention has a word in braces that means nothing; the sentence says where."""


@dataclass(frozen=True)
class Modele:
    """A model as its file gives it, in French typography. An article: titre, alineas[], tableau (materiel, periode)."""

    titre: str
    base: str
    visas: list[str] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)


def compose(texte: str, valeurs: Mapping[str, object], *, ou: str = "Ce texte", en_phrases: bool = True) -> str:
    """`texte` with its words in braces replaced; with `en_phrases`, a value that begins a sentence takes a capital.

    `ou` names the place in the refusal. Raises ModeleIncorrect on a name that is not one of CHAMPS, a lone brace, or a
    value that was not given. An empty value is printed « (à compléter) ».
    """
    if mistakes := _mistakes(texte, ou):
        raise ModeleIncorrect(mistakes[0])

    def value(match: re.Match) -> str:
        name = match[1]
        if name not in valeurs:
            raise ModeleIncorrect(f"{ou} : le prêt ne dit rien pour {{{name}}}.")
        written = str(valeurs[name]).strip() or A_COMPLETER
        opens = en_phrases and _END_OF_SENTENCE.search(texte[: match.start()])
        return written[0].upper() + written[1:] if opens else written

    return _BRACED.sub(value, texte)


def compose_articles(articles: Iterable[Article], valeurs: Mapping[str, object]) -> list[dict[str, Any]]:
    """The articles of one loan, as `extranet/imprimes/convention.typ` takes them. Raises ModeleIncorrect.

    Paragraphs about something that this loan has not are left out.
    """
    return [
        {
            **article,
            "titre": compose(article["titre"], valeurs, ou=_place(number, article)),
            "alineas": [
                compose(line, valeurs, ou=_place(number, article))
                for line in article["alineas"]
                if not _is_left_out(line, valeurs)
            ],
        }
        for number, article in enumerate(articles, 1)
    ]


def compose_visas(visas: Iterable[str], valeurs: Mapping[str, object]) -> list[str]:
    """What follows « Vu », one thing a line, without capitals. Raises ModeleIncorrect."""
    return [
        compose(line, valeurs, ou="Les visas", en_phrases=False) for line in visas if not _is_left_out(line, valeurs)
    ]


def check(articles: Sequence[Article], visas: Iterable[str] = ()) -> list[str]:
    """What is wrong in a model, in sentences for its author; nothing when it may be used."""
    wrong = [] if articles else ["Une convention a un article au moins."]
    for line in visas:
        wrong += _mistakes(line, "Les visas")
    for number, article in enumerate(articles, 1):
        place = _place(number, article)
        if not article["titre"].strip():
            wrong.append(f"{place} : donnez-lui un titre.")
        if not article["alineas"]:
            wrong.append(f"{place} : écrivez son texte.")
        if (article.get("tableau") or TABLEAUX[0]) not in TABLEAUX:
            wrong.append(f"{place} : le tableau « {article['tableau']} » n’existe pas.")
        for line in (article["titre"], *article["alineas"]):
            wrong += _mistakes(line, place)
    return [space(sentence) for sentence in wrong]


def missing(lines: Iterable[str], valeurs: Mapping[str, object]) -> list[str]:
    """The names whose value is empty and would be printed « (à compléter) », in the order of CHAMPS."""
    asked = {name for line in lines for name in _BRACED.findall(line) if not _is_left_out(line, valeurs)}
    return [name for name in CHAMPS if name in asked and not str(valeurs.get(name) or "").strip()]


def alineas(texte: str) -> list[str]:
    """The paragraphs of a text, one a line."""
    return [line.strip() for line in texte.splitlines() if line.strip()]


def forms(name: str, designation: str) -> dict[str, str]:
    """The three values of a party: for « le syndicat des eaux », `a_preteur` is « au syndicat des eaux »."""
    article, _, rest = designation.partition(" ")
    contracted = {"le": ("du", "au"), "les": ("des", "aux")}.get(fold(article))
    if contracted and rest:
        of, to = (f"{word} {rest}" for word in contracted)
    else:
        elided = "d’" if fold(designation)[:1] in set("aeiouyh") else "de "
        of, to = f"{elided}{designation}", f"à {designation}"
    return {name: designation, f"de_{name}": of, f"a_{name}": to}


def load(base: str, *, cadre: bool = False) -> Modele:
    """The model we ship for a legal basis: for one loan, or for the agreement of a year between two parties.

    Articles marked `cadre` in the file belong to one of the two only; both have sixteen, in the same order.
    """
    given = tomllib.loads((_DONNEES / "conventions" / f"{base}.toml").read_text(encoding="utf-8"))
    kept = [article for article in given["articles"] if article.get("cadre", cadre) == cadre]
    return Modele(
        titre=space(given["titre_cadre" if cadre else "titre"]),
        base=space(given["base"]),
        visas=[space(line) for line in given["visas"]],
        articles=[
            {
                "titre": space(article["titre"]),
                "alineas": [space(line) for line in article["alineas"]],
                "tableau": article.get("tableau"),
            }
            for article in kept
        ],
    )


def _is_left_out(line: str, valeurs: Mapping[str, object]) -> bool:
    return any(name in FACULTATIFS and not str(valeurs.get(name) or "").strip() for name in _BRACED.findall(line))


def _place(number: int, article: Article) -> str:
    return f"Article {number}, « {article['titre']} »"


def _mistakes(texte: str, ou: str) -> list[str]:
    wrong = []
    for name in _BRACED.findall(texte):
        if name in CHAMPS:
            continue
        near = get_close_matches(fold(name).replace(" ", "_"), CHAMPS, n=1)
        advice = f" Vouliez-vous écrire {{{near[0]}}} ?" if near else ""
        wrong.append(f"{ou} : {{{name}}} ne désigne rien.{advice}")
    if re.search(r"[{}]", _BRACED.sub("", texte)):
        wrong.append(f"{ou} : une accolade est seule. Un champ s’écrit entre deux, comme {{preteur}}.")
    return wrong
