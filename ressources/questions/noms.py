"""Finding, in words meant for all, who and which commune they name, and the neutral words to put instead.

What is found is proposed: a responsable reads it again. Names of the territory are looked for, those of the people who
spoke first, then any name after « M. » or « Mme », addresses and telephone numbers.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from collectivites.enums import TypeCollectivite
from collectivites.models import Agent, Collectivite
from extranet.lib.typographie import space

_COURRIEL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<!\d)(?:(?:\+|00)\s?33[\s.\-]?(?:\(0\)[\s.\-]?|0)?|0)[1-9](?:[\s.\-/]?\d\d){4}(?!\d)")
_TITRES = r"m\.|mm\.|mr\.?|mme\.?|mlle\.?|dr\.?|pr\.?|monsieur|madame|mademoiselle|docteur|professeur|ma[iî]tre"
_CIVILITE = rf"(?:(?i:{_TITRES})|M|MM|Me)"
# « Madame la maire », « M. le préfet » name an office.
_OFFICE = r"(?!(?:[Ll][ea]s?|[Ll]['’])\s?[\w’'-]+)"
_NOMME = r"(?:[A-ZÀ-Þ][\w’'-]+)(?:\s(?:de\s|du\s|d['’])?[A-ZÀ-Þ][\w’'-]+)?"
_INCONNU = re.compile(rf"(?:\b(?P<prep>d['’]|de |à |par |avec )\s?)?\b{_CIVILITE}\s+{_OFFICE}{_NOMME}")
_BONJOUR = r"(?P<bonjour>Bonjour|Bonsoir|Merci|Salut|Chers?|Chères?)"
_PREP = r"(?:(?P<prep>[Dd]e l['’]|[Dd]e la |[Dd]['’]|[Dd]e |[Dd]u |[Dd]es |[ÀàAa] l['’]|[ÀàAa] |[Aa]u |[Aa]ux )\s?)?"
_SIEGE = r"(?:(?P<siege>[Mm]airie|[Cc]ommune|[Vv]ille|[Vv]illage|[Bb]ourg)\s)?"
# A sentence begins there; after a colon, it may only be somebody who writes it as one.
_DEBUT = re.compile(r"(?:^|[.!?…]\s*|\n\s*|[-–•]\s+)$")
_DEBUT_PEUT_ETRE = re.compile(r"(?:^|[.!?…:]\s*|\n\s*|[-–•]\s+)$")
_SAINT = re.compile(r"\bst(e?)\b\.?")
# Written, they do not show: they only keep a name from being found.
_INVISIBLES = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u2060\ufeff"))


@dataclass(frozen=True)
class Mention:
    """Characters `debut` to `fin` of the text, and what to write there; nothing: they go."""

    debut: int
    fin: int
    mots: str
    neutre: str


def find(texte: str, parlants: Iterable[Agent] = ()) -> list[Mention]:
    """Who and what `texte` names, in its order, none over another. `parlants`: whose first name alone is enough.

    Two queries, whatever the text.
    """
    texte = _composed(texte)
    flat = _flat(texte)
    found = [*_contacts(texte), *_places(texte, flat), *_people(texte, flat, list(parlants)), *_titled(texte)]
    kept: list[Mention] = []
    for one in sorted(found, key=lambda mention: (mention.debut, -mention.fin)):
        if not kept or one.debut >= kept[-1].fin:
            kept.append(one)
    return _signature(texte, kept)


def neutral(texte: str, mentions: list[Mention]) -> str:
    """The words once freed of what they name."""
    texte = _composed(texte)
    parts, at = [], 0
    for one in mentions:
        parts += [texte[at : one.debut], one.neutre]
        at = one.fin
    freed = "".join([*parts, texte[at:]])
    freed = re.sub(r"[ \u00a0]+([,.])", r"\1", re.sub(r"[ \u00a0]{2,}", " ", freed))
    return re.sub(r"\n{3,}", "\n\n", freed).strip()


def marked(texte: str, mentions: list[Mention]) -> SafeString:
    """The original, what it names marked, with what it becomes for who does not see the mark."""
    texte = _composed(texte)
    parts, at = [], 0
    for one in mentions:
        said = f"remplacé par «\u00a0{one.neutre}\u00a0»" if one.neutre else "retiré"
        parts.append((space(texte[at : one.debut]), format_html(MARQUE, space(one.mots), said)))
        at = one.fin
    return format_html("{}{}", format_html_join("", "{}{}", parts), space(texte[at:]))


def refusal(texte: str, parlants: Iterable[Agent] = ()) -> str:
    """Why these words, meant for all, are to be read again; empty when they name nobody."""
    names = dict.fromkeys(one.mots.strip() for one in find(texte, parlants))
    if not names:
        return ""
    said = ", ".join(f"«\u00a0{one}\u00a0»" for one in list(names)[:MONTRES])
    return (
        f"Ces mots désignent peut-être quelqu’un, ou une commune\u00a0: {said}. Remplacez-les, ou dites en bas "
        "du formulaire qu’ils peuvent rester."
    )


# Names that a refusal quotes.
MONTRES = 8
ASSUMER = "Ces mots ne désignent ni une personne ni une commune, ou ils doivent rester"
MARQUE = '<mark>{}</mark><span class="visually-hidden"> ({})</span>'


def _composed(texte: str) -> str:
    """An accent is in its letter, as places in the text are counted; what does not show is not there."""
    return unicodedata.normalize("NFC", texte).translate(_INVISIBLES)


def _flat(texte: str) -> str:
    """As long as `texte`: no accents, typographic apostrophes nor hard spaces; a hyphen is a space."""
    return "".join(_flat_character(one) for one in texte)


def _flat_character(one: str) -> str:
    if one in "’‘":
        return "'"
    if one in "-‐‑–\u00a0\u202f\t":
        return " "
    return unicodedata.normalize("NFD", one)[0]


def _contacts(texte: str) -> Iterator[Mention]:
    for pattern, words in ((_COURRIEL, "[adresse]"), (_TELEPHONE, "[numéro]")):
        for match in pattern.finditer(texte):
            yield Mention(match.start(), match.end(), match[0], words)


def _places(texte: str, flat: str) -> Iterator[Mention]:
    """Every collectivité but the intercommunalité, whose name says nothing of who asks. One query."""
    rows = Collectivite.objects.values_list("nom", "type")
    names: dict[str, str] = {}
    articled = set()
    low = _saints(flat)
    for nom, kind in rows:
        bare = re.sub(r"^(?:L[ea]s?\s|L')", "", _flat(nom))
        articled |= {bare.lower()} if bare != _flat(nom) else set()
        for name in (_flat(nom), bare):
            if _saints(name) in low:
                names[name] = kind
    if not names:
        return
    words = "|".join(_place_pattern(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w){_SIEGE}{_PREP}(?P<nom>{words})(?!\w)", re.IGNORECASE)
    kinds = {_saints(name): kind for name, kind in names.items()}
    for match in pattern.finditer(flat):
        kind = kinds[_saints(match["nom"])]
        known = match["nom"][0].isupper() or kind == TypeCollectivite.COMMUNE and _is_place(match, articled)
        if known and kind != TypeCollectivite.EPCI:
            words = "une commune" if kind == TypeCollectivite.COMMUNE else "un organisme"
            yield _mention(texte, match, _place_words(match, words))


def _saints(flat: str) -> str:
    """« St Aubin » is « saint aubin »."""
    return _SAINT.sub(r"saint\1", flat.lower())


def _place_pattern(name: str) -> str:
    return re.sub(r"\bSaint(e?)(?=\\? )", r"(?:Saint\1|St\1\\.?)", re.escape(name))


def _is_place(match: re.Match, articled: set[str]) -> bool:
    """Without a capital, « bourg » and « étoile » are words as others: a commune is of several words, or comes after
    « de », « à », « mairie », « commune »; after « au » or « du », if an article is part of its name.
    """
    name, prep = match["nom"].lower(), (match["prep"] or "").strip().lower()
    if " " in name.partition(" ")[2] or " " in name and not re.match(r"l[ea]s? ", name):
        return True
    if (match["siege"] or "").lower() in {"mairie", "commune"}:
        return True
    return prep in {"de", "d'", "a"} or prep in {"du", "des", "au", "aux"} and name in articled


def _place_words(match: re.Match, neutre: str) -> str:
    """« mairie de Foucherans »: « mairie »; « d’Authume »: « d’une commune »; « au Deschaux »: « dans une commune »."""
    prep = (match["prep"] or "").strip().lower()
    if match["siege"] and prep.startswith("d"):
        return match["siege"]
    if match["siege"]:
        return f"{match['siege']} {neutre}"
    if prep.startswith("d"):
        return f"d’{neutre}"
    return f"dans {neutre}" if prep else neutre


def _people(texte: str, flat: str, parlants: list[Agent]) -> Iterator[Mention]:
    """People of the territory by their whole name, their surname inside a sentence, and those who speak by their first
    name. One query.
    """
    known = {agent.pk: (agent.prenom, agent.nom) for agent in parlants}
    rows = Agent.objects.filter(efface_le=None).values_list("pk", "prenom", "nom")
    low = flat.lower()
    for pk, prenom, nom in set(rows) | {(pk, *names) for pk, names in known.items()}:
        first, last = _flat(prenom), _flat(nom)
        if last and last.lower() in low:
            yield from _named(texte, flat, first, last, speaks=pk in known)
        if first and first.lower() in low:
            yield from _greeted(texte, flat, first, speaks=pk in known)


def _named(texte: str, flat: str, first: str, last: str, *, speaks: bool) -> Iterator[Mention]:
    first, last = re.escape(first), re.escape(last)
    given = rf"(?:(?P<prenom>{first}\s+)|{first[:1]}\.\s?)?" if first else "(?P<prenom>(?!))?"
    prep = r"(?:(?P<prep>[Dd]'|[Dd]e |[ÀàAa] |[Pp]ar |[Aa]vec ))?"
    whole = rf"(?P<entier>(?:(?P<titre>{_CIVILITE})\s+)?{given})"
    after = rf"(?P<apres>\s+{first}(?!\w))?" if first else "(?P<apres>(?!))?"
    pattern = re.compile(rf"(?<!\w){prep}{whole}(?P<nom>{last}){after}(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(flat):
        alone = not match["entier"] and not match["apres"]
        # « Il me petit-déjeune » has no Maître Petit in it.
        titled = match["titre"] and match["titre"] not in {"m", "mm", "me"}
        if not match["nom"][0].isupper() and not (match["prenom"] or match["apres"] or titled):
            continue
        # « Petit rappel » is no Mr Petit.
        if alone and not speaks and (match["prep"] or _DEBUT_PEUT_ETRE.search(flat[: match.start()])):
            continue
        yield _mention(texte, match, _person_words(match["prep"]))


def _greeted(texte: str, flat: str, first: str, *, speaks: bool) -> Iterator[Mention]:
    """« Bonjour Karim » loses its name; elsewhere a first name alone is that of somebody who speaks."""
    name = re.escape(first)
    for match in re.finditer(rf"(?<!\w){_BONJOUR}(?P<nom>\s{name})(?!\w)", flat):
        yield Mention(match.start("nom"), match.end("nom"), texte[match.start("nom") : match.end("nom")].strip(), "")
    if speaks:
        for match in re.finditer(rf"(?<!\w)(?:(?P<prep>[Dd]'|[Dd]e |[Aa] |par |avec ))?{name}(?!\w)", flat):
            yield _mention(texte, match, _person_words(match["prep"]))


def _titled(texte: str) -> Iterator[Mention]:
    """« Mme Untel », of somebody whom the directory does not know."""
    for match in _INCONNU.finditer(texte):
        yield _mention(texte, match, _person_words(match["prep"]))


def _person_words(prep: str | None) -> str:
    prep = (prep or "").strip().lower()
    if prep.startswith("d"):
        return "d’une personne"
    return f"{'à' if prep == 'a' else prep} une personne" if prep else "une personne"


def _mention(texte: str, match: re.Match, neutre: str) -> Mention:
    """A sentence keeps the capital that it began with."""
    begins = _DEBUT.search(texte[: match.start()]) is not None
    words = texte[match.start() : match.end()]
    return Mention(match.start(), match.end(), words, neutre[0].upper() + neutre[1:] if begins else neutre)


def _signature(texte: str, mentions: list[Mention]) -> list[Mention]:
    """A last line that only names somebody signs: it goes whole."""
    start = texte.rstrip().rfind("\n") + 1
    last = [one for one in mentions if one.debut >= start]
    if not last or start == 0:
        return mentions
    rest, at = "", start
    for one in last:
        rest, at = rest + texte[at : one.debut], one.fin
    if re.search(r"\w", rest + texte[at:]):
        return mentions
    end = len(texte.rstrip())
    kept = [one for one in mentions if one.debut < start]
    return [*kept, Mention(start, end, texte[start:end], "")]
