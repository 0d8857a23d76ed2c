"""What a page without result offers: fewer words, themes near, people who know."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice

from rapidfuzz import fuzz

from collectivites.models import Agent, Expertise, Theme
from search.analyse.mots import VIDES, mots, racine, replace_words
from search.analyse.requete import Requete, lire
from search.choix import Choix
from search.engines import moteur
from search.engines.base import Demande
from search.lecteur import Lecteur
from search.models import SearchEntry
from search.presentation import Lien
from search.resultats import Resultat, resultats
from search.surlignage import Surligneur
from search.synonymes import in_force

MOINS, THEMES, PERSONNES = 4, 3, 4
# How many words are left out, one at a time, to see what the others give.
ESSAIS = 6
# Two words this alike, out of 100, name the same subject: « cimetières », « cimtiere ».
PROCHES = 82
_QUOTES = re.compile('["«»“”„]')
_EXCLUSION = re.compile(r'(?:^|(?<=\s))-(?:"[^"]*"|\S+)')


@dataclass(frozen=True)
class Secours:
    """Searches that give something with fewer words, themes and people near what was asked."""

    moins: list[Lien] = field(default_factory=list)
    themes: list[Lien] = field(default_factory=list)
    personnes: list[Resultat] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moins or self.themes or self.personnes)


def secourir(choix: Choix, requete: Requete, lecteur: Lecteur, agent: Agent) -> Secours:
    """Nothing but what this reader may find."""
    asked = frozenset(word for one in requete.demandees for word in one.mots if word not in VIDES)
    if not asked:
        return Secours()
    near = [theme.nom for theme in Theme.objects.all() if _near(asked, theme.nom)]
    themes = _read_themes(near, lecteur)
    return Secours(
        moins=list(islice(_fewer(choix, requete, lecteur), MOINS)),
        themes=[Lien(nom, choix.only("theme", nom)) for nom in themes[:THEMES]],
        personnes=_people(asked, near, lecteur, agent),
    )


def gives_something(requete: Requete, lecteur: Lecteur) -> bool:
    """Whether the same words give something once the filters are taken away."""
    asked = Demande(requete.groupes, lecteur.audiences, requete.exclus, sans=lecteur.sans)
    return bool(requete.demandees) and moteur().count(asked, 1) > 0


def _fewer(choix: Choix, requete: Requete, lecteur: Lecteur) -> Iterator[Lien]:
    """Without quotes and exclusions, then without each of the words."""
    straight = _QUOTES.sub('"', requete.texte)
    plain = " ".join(_EXCLUSION.sub(" ", straight).replace('"', " ").split())
    words = dict.fromkeys(word for one in requete.demandees for word in one.mots)
    others = [plain, *(replace_words(plain, {word: ""}) for word in list(words)[:ESSAIS])]
    tried = {requete.texte}
    for text in (" ".join(other.split()) for other in others):
        if text and text not in tried:
            tried.add(text)
            if gives_something(lire(text, in_force()), lecteur):
                yield Lien(text, Choix(q=text).url())


def _near(asked: Set[str], text: str) -> bool:
    """Whether a word of the text has the root of one that was asked, or is nearly spelt so."""
    held = [word for word in mots(text) if word not in VIDES]
    roots = {racine(word) for word in asked}
    return any(racine(word) in roots for word in held) or any(
        fuzz.ratio(word, other) >= PROCHES for word in held for other in asked if min(len(word), len(other)) > 3
    )


def _read_themes(near: Iterable[str], lecteur: Lecteur) -> list[str]:
    """Those under which this reader finds something."""
    entries = SearchEntry.objects.filter(theme__in=list(near), audience__in=lecteur.audiences)
    found = set(entries.exclude(pk__in=lecteur.sans).order_by().values_list("theme", flat=True).distinct())
    return [nom for nom in near if nom in found]


def _people(asked: Set[str], themes: list[str], lecteur: Lecteur, agent: Agent) -> list[Resultat]:
    """Those who say that they can be asked about it."""
    known = Expertise.objects.filter(agent__in=Agent.objects.visible_to(agent)).select_related("theme")
    who = [one.agent_id for one in known if (one.theme and one.theme.nom in themes) or _near(asked, one.libelle)]
    entries = SearchEntry.objects.filter(kind=Agent.genre, objet__in=who[:100], audience__in=lecteur.audiences)
    keys = entries.exclude(pk__in=lecteur.sans).order_by("titre", "pk").values_list("pk", flat=True)[:PERSONNES]
    return resultats(keys, lecteur, Surligneur(frozenset(map(racine, asked))))
