"""What an état des lieux goes through, and how each element was the last time."""

from dataclasses import dataclass

from extranet.lib.francais import en_lettres
from extranet.lib.pliage import fold
from materiel.constats.dossier import Dossier
from materiel.enums import EtatElement, TypeConstat
from materiel.models import Constat, Element, Pret
from materiel.redaction import alineas

# Measured or counted, not seen: they have their own questions.
MESURES = ("compteur", "plein fait", "nombre compte", "kilometrage")
PAPIERS = "Papiers à bord"
# From the best to the worst.
RANGS = {EtatElement.BON: 0, EtatElement.USE: 1, EtatElement.ABIME: 2, EtatElement.MANQUE: 3}
ENSEMBLE = "Ensemble"


@dataclass(frozen=True)
class ElementPrevu:
    """An element to look at: `prevu` of them, `avant` as it was last seen."""

    nom: str
    prevu: int = 1
    detail: str = ""
    papiers: bool = False
    avant: Element | None = None


def expected(pret: Pret, genre: TypeConstat, dossier: Dossier | None = None) -> list[ElementPrevu]:
    """The check-list of a loan: its category's elements, the accessories of the thing, the papers that go with it.

    `dossier`: what was read of this loan already. Three to five queries without it.
    """
    dossier = dossier or Dossier(pret)
    seen = seen_in(dossier.reference(genre))
    found = [
        ElementPrevu(nom, avant=seen.get(nom))
        for nom in alineas(pret.materiel.categorie.elements)
        if not fold(nom).startswith(MESURES)
    ]
    for one in pret.materiel.accessoires.all():
        count = f"{en_lettres(one.nombre).capitalize()} à compter" if one.nombre > 1 else ""
        found.append(ElementPrevu(one.nom, one.nombre, count, avant=seen.get(one.nom)))
    papers = _papers(dossier)
    if papers:
        found.append(ElementPrevu(PAPIERS, detail=papers, papiers=True, avant=seen.get(PAPIERS)))
    return found or [ElementPrevu(ENSEMBLE, avant=seen.get(ENSEMBLE))]


def _papers(dossier: Dossier) -> str:
    found = ", ".join(dict.fromkeys(str(paper) for paper in dossier.papiers_du_materiel))
    return f"{found[:1].upper()}{found[1:]}"


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
