"""What the communes of the demo lend: sheets, conditions, accessories, papers, days kept."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import slugify

from collectivites.diffusion import TOUTES
from collectivites.listes import rows_of
from extranet.lib.typographie import space
from materiel import registre
from materiel.contrats.textes_libres import rich
from materiel.demo.outils import DATA, Carnet, Gens, day_of, whole_days
from materiel.enums import Mode, StatutMateriel, TypePapier
from materiel.models import Categorie, Engagement, Materiel, MaterielPage, MaterielsPage, Papier, Unite
from materiel.parc import accessoires, papiers
from materiel.parc.categories import answer

if TYPE_CHECKING:
    from collectivites.demo import Monde

# Posted one after the other over a year, the first ones before the loans told.
PREMIER, PAS = -400, 9
_SERIE = re.compile(r"([A-Z]*)(\d+)-[A-Z]*(\d+)")


def post_all(monde: "Monde", gens: Gens, carnet: Carnet) -> dict[str, Materiel]:
    root = MaterielsPage.objects.get()
    kinds = {one.code: one for one in Categorie.objects.select_related("habilitation")}
    found = {}
    for rank, row in enumerate(rows_of("materiels.csv", DATA)):
        moment = monde.instant(PREMIER + rank * PAS // 40, f"{8 + rank % 9}:{7 * rank % 60:02d}")
        place = monde.collectivite(row["collectivite"])
        agent = gens.gestionnaires[place.pk]
        page = MaterielPage(
            title=space(row["nom"]),
            slug=slugify(row["cle"]),
            accroche=space(row["accroche"]),
            corps=rich(space(row["description"])),
            owner=agent,
            diffusion=[TOUTES],
            live=True,
            first_published_at=moment,
            last_published_at=moment,
        )
        root.add_child(instance=page)
        materiel = _thing(monde, row, page, kinds[row["categorie"]])
        Materiel.objects.filter(pk=materiel.pk).update(created_at=moment)
        carnet.note(moment, "materiel.publie", materiel, agent, place)
        found[row["cle"]] = materiel
    return found


def _thing(monde: "Monde", row: dict[str, str], page: MaterielPage, categorie: Categorie) -> Materiel:
    numeros, stock = _numbers(row["numeros"]), int(row["stock"])
    materiel = Materiel(
        page=page,
        collectivite=monde.collectivite(row["collectivite"]),
        categorie=categorie,
        stock=stock,
        mode=Mode.PARC if numeros else Mode.LOT if stock > 1 else Mode.UNIQUE,
        unite=row["unite"],
        lieu=row["lieu"],
        contact=monde.agent(row["contact"]),
    )
    answer(materiel)
    for name, value in (one.split("=", 1) for one in row["champs"].split(";") if one):
        setattr(materiel, name, _value(monde, name, value))
    if numeros:
        materiel.stock = len(numeros)
    materiel.full_clean(exclude=["page"])
    materiel.save()
    if categorie.habilitation_id:
        materiel.habilitations.add(categorie.habilitation_id)
    accessoires.write(materiel, accessoires.parse(row["accessoires"].replace(";", "\n")))
    Unite.objects.bulk_create(Unite(materiel=materiel, numero=numero) for numero in numeros)
    return materiel


def _value(monde: "Monde", name: str, text: str) -> Any:
    field = Materiel._meta.get_field(name)
    if field.is_relation:
        return monde.agent(text)
    if isinstance(field, models.BooleanField):
        return text == "1"
    if isinstance(field, models.DecimalField):
        return Decimal(text)
    if name == "statut":
        return StatutMateriel(text)
    return int(text) if isinstance(field, models.IntegerField) else text


def _numbers(text: str) -> list[str]:
    """« G01-G18 » : each of them."""
    if not text:
        return []
    letter, first, last = _SERIE.fullmatch(text).groups()
    return [f"{letter}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]


def join_papers(monde: "Monde", gens: Gens, things: dict[str, Materiel]) -> None:
    """After the loans: what a paper closes is what they leave."""
    for row in rows_of("papiers.csv", DATA):
        until = monde.jour(int(row["jours"])) if row["jours"] else None
        words = {"type": TypePapier(row["type"]), "libelle": row["libelle"], "valable_jusqu_au": until}
        if row["materiel"].startswith(":"):
            place = monde.collectivite(row["materiel"][1:])
            Papier.objects.create(collectivite=place, depose_par=gens.gestionnaires[place.pk], **words)
            continue
        materiel = things[row["materiel"]]
        agent = gens.gestionnaires[materiel.collectivite_id]
        papiers.join(materiel, agent, bloquant=bool(row["bloquant"]), **words)


def keep_days(monde: "Monde", gens: Gens, things: dict[str, Materiel]) -> None:
    """What the owners keep for themselves, and repairs."""
    for row in rows_of("gardes.csv", DATA):
        materiel = things[row["materiel"]]
        debut, fin = whole_days(day_of(monde, row["debut"]), int(row["duree"]))
        registre.take(
            Engagement(
                materiel=materiel,
                nature=row["nature"],
                quantite=int(row["quantite"]),
                debut=debut.index,
                fin=fin.index,
                motif=row["motif"],
                auteur=gens.gestionnaires[materiel.collectivite_id],
            )
        )
