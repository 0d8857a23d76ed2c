"""What the address of the board asks for, and the addresses that change one thing of it."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict

from extranet.lib.demi_journees import DemiJournee
from materiel.adresses import BOARD
from materiel.forms.consulter import FiltreForm
from search.analyse.requete import clean

DISTANCES = (5, 10, 20, 30)
# Beyond that many pages, those before are let go: a page stays light, whatever the length of the board.
PAR_PAGE, PAGES_TENUES, DERNIERE = 12, 10, 10_000


class Tri(TextChoices):
    """`PERTINENCE` asks for words. Distances are « à vol d’oiseau »."""

    PERTINENCE = "pertinence", "pertinence"
    DISTANCE = "distance", "distance"
    NOM = "nom", "nom"
    NOUVEAUTES = "nouveautes", "nouveautés"


@dataclass(frozen=True)
class Choix:
    """`debut` and `fin` are those of a period that may be asked for; wrong dates leave the errors of `form`, and none.

    `quoi` is what was typed, `exact` refuses another spelling, `km` is the longest distance.
    """

    quoi: str = ""
    debut: DemiJournee | None = None
    fin: DemiJournee | None = None
    combien: int = 1
    categorie: str = ""
    commune: str = ""
    km: int | None = None
    livraison: bool = False
    libres: bool = False
    demande_tri: str = ""
    page: int = 1
    exact: bool = False
    coupee: bool = field(default=False, compare=False)
    form: FiltreForm = field(default_factory=FiltreForm, compare=False)

    @classmethod
    def of(cls, params: QueryDict) -> "Choix":
        """Anything may be written in an address: what means nothing is left out."""
        text, cut = clean(params.get("quoi", ""))
        form = FiltreForm({**params.dict(), "combien": params.get("combien") or 1}, auto_id="f-%s")
        form.is_valid()
        km = params.get("km", "")
        return cls(
            quoi=text,
            debut=form.debut,
            fin=form.fin,
            combien=form.cleaned_data.get("combien") or 1,
            categorie=_word(params.get("categorie", "")),
            commune=_word(params.get("commune", "")),
            km=int(km) if km in map(str, DISTANCES) else None,
            livraison=params.get("livraison") == "1",
            libres=params.get("libres") == "1" and form.debut is not None,
            demande_tri=tri if (tri := params.get("tri", "")) in Tri.values else "",
            page=_page(params.get("page", "1")),
            exact=params.get("exact") == "1",
            coupee=cut,
            form=form,
        )

    @property
    def q(self) -> str:
        """What the announcements of the search call it."""
        return self.quoi

    @property
    def a_une_periode(self) -> bool:
        return self.debut is not None

    @property
    def est_restreint(self) -> bool:
        """Something other than words and dates leaves things out."""
        return bool(self.categorie or self.commune or self.km or self.livraison or self.libres)

    @property
    def tri(self) -> Tri:
        if self.demande_tri == Tri.PERTINENCE and not self.quoi:
            return Tri.DISTANCE
        return Tri(self.demande_tri or (Tri.PERTINENCE if self.quoi else Tri.DISTANCE))

    @property
    def periode_dite(self) -> list[tuple[str, str]]:
        if not self.a_une_periode:
            return []
        return [("du", self.debut.date.isoformat()), ("au", self.fin.date.isoformat())]

    def url(self, *, base: str = BOARD, **changes: object) -> str:
        """The address of the first page of this list, with some things changed."""
        asked = replace(self, **{"page": 1, **changes})
        pairs = [("quoi", asked.quoi)] if asked.quoi else []
        pairs += asked.periode_dite
        pairs += [("combien", str(asked.combien))] if asked.combien > 1 else []
        pairs += [(name, value) for name in ("categorie", "commune") if (value := getattr(asked, name))]
        pairs += [("km", str(asked.km))] if asked.km else []
        pairs += [(name, "1") for name in ("livraison", "libres", "exact") if getattr(asked, name)]
        pairs += [("tri", asked.demande_tri)] if asked.tri != replace(asked, demande_tri="").tri else []
        pairs += [("page", str(asked.page))] if asked.page > 1 else []
        return base + (f"?{urlencode(pairs)}" if pairs else "")

    def sheet_query(self) -> str:
        """The dates asked for go with the reader to the sheet."""
        pairs = self.periode_dite + ([("quantite", str(self.combien))] if self.combien > 1 else [])
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def sans_filtre(self) -> str:
        return self.url(categorie="", commune="", km=None, livraison=False, libres=False)

    @property
    def cles_cachees(self) -> list[tuple[str, str]]:
        """What the form of the bar sends along, since it is chosen elsewhere on the page."""
        kept = [("categorie", self.categorie), ("commune", self.commune)]
        kept += [(name, "1") for name in ("livraison", "libres") if getattr(self, name)]
        return [(name, value) for name, value in kept if value]


def _word(value: str) -> str:
    return value.replace("\x00", "").strip()[:80]


def _page(value: str) -> int:
    return min(max(int(value), 1), DERNIERE) if value.isascii() and value.isdigit() and len(value) < 7 else 1
