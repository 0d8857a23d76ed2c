"""What a commune lends, as those who look after it need to see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from materiel.adresses import of_materiel
from materiel.enums import EN_ATTENTE, TENUS, StatutMateriel
from materiel.models import Materiel, Papier, Pret
from materiel.parc.vignettes import first_photos
from materiel.vitrine.presentation import Etat, without_dates
from materiel.vitrine.replis import first_free

if TYPE_CHECKING:
    from wagtail.images.models import AbstractRendition

ORDRE = {StatutMateriel.EN_SERVICE: 0, StatutMateriel.RETIRE: 2, StatutMateriel.ARCHIVE: 3}


@dataclass(frozen=True)
class Ligne:
    """A thing, how it stands, and what awaits its owner."""

    materiel: Materiel
    etat: Etat
    demandes: int = 0
    prets: int = 0
    papiers: list[Papier] = field(default_factory=list)
    photo: "AbstractRendition | None" = None

    @property
    def adresse_modifier(self) -> str:
        return of_materiel(self.materiel, "modifier")

    @property
    def adresse_papiers(self) -> str:
        return of_materiel(self.materiel, "papiers")

    @property
    def is_brouillon(self) -> bool:
        return not self.materiel.page.live


def lines(things: QuerySet[Materiel]) -> list[Ligne]:
    """On loan first, then drafts, withdrawn, archived; seven queries, whatever their number."""
    found = list(things.for_list().defer("page__corps").order_by("page__slug", "pk"))
    free = first_free([one for one in found if one.is_lendable()])
    loans, papers = _loans(found), _papers(found)
    photos = first_photos([one.page for one in found])
    rows = [
        Ligne(
            materiel=one,
            etat=_state(one, free),
            demandes=loans.get(one.pk, (0, 0))[0],
            prets=loans.get(one.pk, (0, 0))[1],
            papiers=papers.get(one.pk, []),
            photo=photos.get(one.page_id),
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (ORDRE[row.materiel.statut], row.is_brouillon))


def _state(materiel: Materiel, free: dict) -> Etat:
    if materiel.statut == StatutMateriel.EN_SERVICE and not materiel.page.live:
        return Etat("wait", "pencil", "Brouillon" if materiel.page.first_published_at is None else "Hors ligne")
    return without_dates(materiel, free.get(materiel.pk))


def _loans(found: Iterable[Materiel]) -> dict[int, tuple[int, int]]:
    rows = Pret.objects.filter(materiel__in=found).open().order_by().values_list("materiel")
    waiting, held = Count("pk", filter=Q(statut__in=EN_ATTENTE)), Count("pk", filter=Q(statut__in=TENUS))
    return {pk: (asked, out) for pk, asked, out in rows.annotate(attend=waiting, tient=held)}


def _papers(found: Iterable[Materiel]) -> dict[int, list[Papier]]:
    ending: dict[int, list[Papier]] = {}
    for one in Papier.objects.ending().filter(materiel__in=found).order_by("valable_jusqu_au"):
        ending.setdefault(one.materiel_id, []).append(one)
    return ending
