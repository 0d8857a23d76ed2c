"""The sheets of the demo, written over the year before."""

from decimal import Decimal
from typing import TYPE_CHECKING

from collectivites.diffusion import TOUTES
from collectivites.listes import rows_of
from collectivites.models import Agent, Theme, TypeHabilitation
from extranet.lib.typographie import space
from formations.demo.outils import DATA
from formations.models import FormationPage, FormationsPage, PublicFormation

if TYPE_CHECKING:
    from collectivites.demo import Monde

PREMIERE, PAS = -390, 4


def write_sheets(monde: "Monde", author: Agent) -> dict[str, FormationPage]:
    root = FormationsPage.objects.get()
    themes = {one.slug: one for one in Theme.objects.all()}
    titres = {one.code: one for one in TypeHabilitation.objects.all()}
    publics = {one.code: one for one in PublicFormation.objects.all()}
    found = {}
    for rank, row in enumerate(rows_of("formations.csv", DATA)):
        moment = monde.instant(PREMIERE + PAS * rank, f"{8 + rank % 9}:10")
        page = FormationPage(
            title=space(row["titre"]),
            slug=row["cle"],
            accroche=space(row["accroche"]),
            theme=themes[row["theme"]],
            duree_heures=Decimal(row["duree"]),
            nature=row["nature"],
            titre_delivre=titres.get(row["delivre"]),
            organisme=row["organisme"],
            type_organisme=row["type"],
            cout=Decimal(row["cout"]) if row["cout"] else None,
            paye_par=row["paye_par"],
            prerequis=space(row["prerequis"]),
            objectifs="\n".join(space(line) for line in row["objectifs"].split("|")),
            a_apporter="\n".join(filter(None, row["a_apporter"].split("|"))),
            contact=author,
            owner=author,
            diffusion=[TOUTES],
            live=True,
            first_published_at=moment,
            last_published_at=moment,
        )
        root.add_child(instance=page)
        page.publics = [publics[code] for code in row["publics"].split("|") if code]
        page.save()
        found[row["cle"]] = page
    return found
