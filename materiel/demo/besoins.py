"""What some communes of the demo look for."""

from typing import TYPE_CHECKING

from collectivites.listes import rows_of
from materiel.demo.outils import DATA, Gens, day_of, past, whole_days
from materiel.enums import StatutBesoin
from materiel.models import Besoin, Categorie

if TYPE_CHECKING:
    from collectivites.demo import Monde


def look_for(monde: "Monde", gens: Gens) -> None:
    kinds = {one.code: one for one in Categorie.objects.all()}
    for row in rows_of("besoins.csv", DATA):
        debut, fin = whole_days(day_of(monde, row["debut"]), int(row["duree"]))
        posted, statut = past(monde, int(row["publie"]), "10:20"), StatutBesoin(row["statut"])
        Besoin.objects.create(
            collectivite=monde.collectivite(row["collectivite"]),
            auteur=monde.agent(row["auteur"]),
            categorie=kinds[row["categorie"]],
            objet=row["objet"],
            quantite=int(row["quantite"]),
            occasion=row["occasion"],
            statut=statut,
            annonce_le=posted,
            clos_le=None if statut == StatutBesoin.OUVERT else past(monde, int(row["publie"]) + 4),
            created_at=posted,
            **Besoin.between(debut, fin),
        )
