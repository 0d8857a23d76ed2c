"""The texts that `installer` plants under the board: a model of convention by case, and the rules of the loans.

What exists is left as the territory wrote it; a model taken away does not come back while one of its case remains.
"""

import tomllib
from pathlib import Path

from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page

from collectivites.diffusion import TOUTES
from extranet.lib.typographie import space
from materiel.enums import BaseLegale
from materiel.models import MaterielsPage, ModeleConventionPage, ReglementPretPage
from materiel.redaction import load

REGLEMENT = Path(__file__).parent.parent / "data" / "reglement.toml"


def plant_texts(board: MaterielsPage) -> None:
    """Only on a board that has none yet."""
    if not ModeleConventionPage.objects.exists():
        for base in BaseLegale:
            for cadre in (False, True):
                _add(board, _model(base, cadre=cadre))
    if not ReglementPretPage.objects.exists():
        _add(board, _rules())


def _model(base: BaseLegale, *, cadre: bool) -> ModeleConventionPage:
    given = load(base, cadre=cadre)
    kind = "convention-cadre" if cadre else "convention"
    return ModeleConventionPage(
        title=given.titre,
        slug=f"{kind}-{base.value.replace('_', '-')}",
        base_legale=base,
        cadre=cadre,
        visas="\n".join(given.visas),
        articles=[
            (
                "article",
                {
                    "titre": article["titre"],
                    "texte": "\n".join(article["alineas"]),
                    "tableau": article["tableau"] or "",
                },
            )
            for article in given.articles
        ],
    )


def _rules() -> ReglementPretPage:
    given = tomllib.loads(REGLEMENT.read_text(encoding="utf-8"))
    corps = []
    for number, point in enumerate(given["points"], 1):
        corps += [
            ("titre", {"texte": space(f"{number}. {point['titre']}"), "niveau": "2"}),
            ("texte", f"<p>{escape(space(point['texte']))}</p>"),
        ]
    return ReglementPretPage(
        title=space(given["titre"]), slug="reglement", chapeau=space(given["chapeau"]), corps=corps
    )


def _add(board: MaterielsPage, page: Page) -> None:
    now = timezone.now()
    page.diffusion = [TOUTES]
    page.first_published_at = page.last_published_at = now
    board.add_child(instance=page)
