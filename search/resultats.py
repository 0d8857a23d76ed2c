"""Entries as a page shows them: marked words, the best passage, the place, the number to call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models.functions import Substr
from django.utils.safestring import SafeString, mark_safe

from collectivites.enums import TypeCollectivite
from collectivites.models import Collectivite
from extranet.lib.apports import Genre
from search.genres import all_genres, genre_of
from search.lecteur import Lecteur
from search.models import SearchEntry
from search.surlignage import LIMITE, Surligneur

# A detail as short as that, and no sentence, is a fact (« 3 pages ») and stands on the line of facts beside a passage.
FAIT = 60
MARQUE = "<mark>"


@dataclass(frozen=True)
class Resultat:
    """One entry. `passage` is where the words were found, `ou` on which page or sheet; `faits` say what it is."""

    pk: int
    url: str
    nom: str
    titre: SafeString
    genre: Genre
    icone: str
    passage: SafeString
    ou: str
    faits: list[str | SafeString]
    date: object
    commune: str
    agglo: bool
    telephone: str
    epingle: bool


def resultats(
    keys: Iterable[int],
    lecteur: Lecteur,
    surligneur: Surligneur,
    epingles: Collection[int] = (),
    *,
    plaques: bool = True,
) -> list[Resultat]:
    """The entries of these keys, in their order. What the reader may not see is left out, whatever an engine said.

    Without `plaques`, the colour of their plates is not asked for: their page knows it.
    """
    keys = list(keys)
    found = SearchEntry.objects.filter(pk__in=keys).order_by().defer("texte")
    found = found.annotate(lisible=Substr("texte", 1, LIMITE))
    rows = {one.pk: one for one in found if lecteur.may_find(one.pk, one.audience_id)}
    known, green, shown = all_genres(), _greens() if plaques else frozenset(), []
    for row in (rows[key] for key in keys if key in rows):
        genre, agglo = genre_of(row.kind, known), row.commune in green
        shown.append(_shown(row, genre, surligneur, agglo=agglo, epingle=row.pk in epingles))
    return shown


def _greens() -> frozenset[str]:
    """Names written on a green plate."""
    epci = Collectivite.objects.filter(type=TypeCollectivite.EPCI).order_by().values_list("nom", flat=True)
    return frozenset(epci)


def _shown(row: SearchEntry, genre: Genre, surligneur: Surligneur, *, agglo: bool, epingle: bool) -> Resultat:
    titre, detail = surligneur.titre(row.titre), surligneur.titre(row.detail)
    faits: list[str | SafeString] = [row.type] if row.type else []
    lieu = ""
    if genre.fiche:
        passage = SafeString("") if MARQUE in titre or MARQUE in detail else _line(row.lisible, surligneur)
        faits.append(detail)
    elif extrait := surligneur.extrait(row.lisible):
        passage, lieu = extrait.html, extrait.lieu
        faits += [row.detail] if 0 < len(row.detail) <= FAIT and not row.detail.endswith(".") else []
    else:
        passage = detail
    return Resultat(
        pk=row.pk,
        url=row.url,
        nom=row.titre,
        titre=titre,
        genre=genre,
        icone=row.icone or genre.icone,
        passage=passage,
        ou=f"Trouvé {lieu}" if lieu else "",
        faits=[fait for fait in faits if fait],
        date=row.date,
        commune="" if row.commune == row.titre else row.commune,
        agglo=agglo,
        telephone=row.telephone,
        epingle=epingle,
    )


def _line(text: str, surligneur: Surligneur) -> SafeString:
    """The first line of a card that holds one of the words."""
    marked = map(surligneur.titre, text.split("\n"))
    return next((line for line in marked if MARQUE in line), mark_safe(""))
