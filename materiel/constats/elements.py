"""What an état des lieux goes through, and how each element was the last time."""

import re
from dataclasses import dataclass, replace

from extranet.lib.francais import en_lettres
from extranet.lib.pliage import fold
from materiel.constats.dossier import Dossier
from materiel.contrats.parties import capital
from materiel.enums import EtatElement, TypeConstat
from materiel.models import Constat, Element, Pret
from materiel.redaction import alineas

# Measured or counted, not seen: they have their own questions.
MESURES = ("compteur", "plein fait", "nombre compte", "kilometrage")
PAPIERS = "Papiers à bord"
# From the best to the worst.
RANGS = {EtatElement.BON: 0, EtatElement.USE: 1, EtatElement.ABIME: 2, EtatElement.MANQUE: 3}
ENSEMBLE = "Ensemble"
LIAISONS = {"et", "ou", "de", "d", "du", "des", "la", "le", "les", "l", "a", "au", "aux", "en", "sans"}


@dataclass(frozen=True)
class ElementPrevu:
    """An element to look at: `prevu` of them, `avant` as it was last seen."""

    nom: str
    prevu: int = 1
    detail: str = ""
    papiers: bool = False
    avant: Element | None = None


def expected(pret: Pret, genre: TypeConstat, dossier: Dossier | None = None) -> list[ElementPrevu]:
    """The check-list of a loan. What leaves: what is true of every thing of the category, its accessories, its papers.
    What comes back: what was seen when it left, in the same order.

    `dossier`: what was read of this loan already. Three to five queries without it.
    """
    dossier = dossier or Dossier(pret)
    left = dossier.remise if genre == TypeConstat.RESTITUTION else None
    known = list(left.elements.all()) if left else []
    if known:
        papers = _papers(dossier)
        return [_back(one, papers) for one in known]
    seen = {fold(nom): one for nom, one in seen_in(dossier.reference(genre)).items()}
    found = _of_the_thing(pret, _papers(dossier))
    return [replace(one, avant=seen.get(fold(one.nom))) for one in found or [ElementPrevu(ENSEMBLE)]]


def _of_the_thing(pret: Pret, papers: str) -> list[ElementPrevu]:
    """What the category asks in words that the accessories already say is not asked twice."""
    accessories = {capital(one.nom): one for one in pret.materiel.accessoires.all()}
    said = {word for nom in accessories for word in _words(nom)}
    if papers:
        said |= {"notice", "papier"}
    found = [
        ElementPrevu(nom)
        for nom in map(capital, alineas(pret.materiel.categorie.elements))
        if not fold(nom).startswith(MESURES) and not _words(nom) <= said
    ]
    found += [ElementPrevu(nom, one.nombre, _to_count(one.nombre)) for nom, one in accessories.items()]
    if papers:
        found.append(ElementPrevu(PAPIERS, detail=papers, papiers=True))
    return found


def _back(one: Element, papers: str) -> ElementPrevu:
    if one.nom == PAPIERS:
        return ElementPrevu(PAPIERS, detail=papers, papiers=True, avant=one)
    return ElementPrevu(one.nom, one.prevu, _to_count(one.prevu), avant=one)


def _to_count(number: int) -> str:
    return f"{en_lettres(number).capitalize()} à compter" if number > 1 else ""


def _words(nom: str) -> set[str]:
    """Its words that tell, folded and in the singular: « Lests et sangles » is {lest, sangle}."""
    return {word.rstrip("sx") for word in re.findall(r"\w+", fold(nom)) if word not in LIAISONS}


def _papers(dossier: Dossier) -> str:
    found = ", ".join(dict.fromkeys(str(paper) for paper in dossier.papiers_du_materiel))
    return capital(found)


def seen_in(constat: Constat | None) -> dict[str, Element]:
    return {one.nom: one for one in constat.elements.all()} if constat else {}


def words_of(element: Element) -> str:
    """« bon état », « manque 1 sur 4 », « usé, 3 sur 4 »; papers are « à bord », or missing."""
    words, seen = str(EtatElement(element.etat).label), element.vu
    if element.nom == PAPIERS and element.etat == EtatElement.BON:
        return "à bord"
    if element.prevu <= 1 or seen is None or seen >= element.prevu:
        return words
    if element.etat == EtatElement.MANQUE:
        return f"{words} {element.prevu - seen} sur {element.prevu}"
    return f"{words}, {seen} sur {element.prevu}"


def is_worse(etat: str, vu: int | None, avant: Element | None) -> bool:
    """Broken or missing now, and not already so, nor as few, the time before."""
    if RANGS[etat] < RANGS[EtatElement.ABIME]:
        return False
    if avant is None or RANGS[etat] > RANGS[avant.etat]:
        return True
    return vu is not None and avant.vu is not None and vu < avant.vu
