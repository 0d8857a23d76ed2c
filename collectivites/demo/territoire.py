"""The territory of the demo: its communes, their secteurs, addresses and opening hours, and what runs the service."""

from io import BytesIO

from collectivites import listes
from collectivites.demo.lecture import parse_semaine, rows_of
from collectivites.demo.monde import COMMUNES_GRANDE, Monde
from collectivites.importation.territoire import import_territoire
from collectivites.models import Collectivite, PlageOuverture, Secteur, Territoire

SIREN, MILLESIME = "200010650", 2026

TERRITOIRE = {
    "adresse": "Maison du territoire, 1 avenue des Communes, 39100 Dole",
    "telephone": "03 53 01 00 00",
    "courriel": "extranet@grand-dole.example",
    "horaires_aide": "du lundi au vendredi, de 8 h 30 à 17 h",
    "directeur_publication": "Gilles Saint-Hillier, président",
    "hebergeur": "Hébergeur des collectivités du Jura, 2 rue des Serveurs, 39000 Lons-le-Saunier, 03 53 01 09 00",
    "dpo_nom": "Laure Sauvageot",
    "dpo_courriel": "dpo@grand-dole.example",
}


SECTEURS = (
    "Secteur de Dole",
    "Secteur de la couronne",
    "Secteur de la plaine",
    "Secteur de la Serre",
    "Secteur de Chaux",
    "Secteur du Doubs et de l’Orain",
)
USUAL_HOURS = "lundi à vendredi 9h-12h; mardi, jeudi 14h-17h"


def make_territoire(monde: Monde) -> None:
    """The 47 communes of the Grand Dole and itself; in the large size, other communes of the file complete them."""
    content = (listes.DATA / "communes.csv").read_bytes()
    import_territoire(BytesIO(_widened(content) if monde.grande else content), SIREN, MILLESIME)
    monde.collectivites = {one.slug: one for one in Collectivite.objects.order_by("pk")}
    monde.epci = next(one for one in monde.collectivites.values() if one.is_epci)
    furnish(monde)
    territoire = Territoire.load()
    for name, value in TERRITOIRE.items():
        setattr(territoire, name, value)
    territoire.save()
    monde.territoire = territoire


def _widened(content: bytes) -> bytes:
    """The same file, with the communes after those of the Grand Dole counted as its own, up to 130."""
    header, *lines = content.decode().splitlines()
    own = [line for line in lines if line.startswith(SIREN)]
    others = [line for line in lines if not line.startswith(SIREN)][: COMMUNES_GRANDE - len(own)]
    start = own[0].split(",")[:2]
    moved = [",".join([*start, *line.split(",")[2:]]) for line in others]
    return "\n".join([header, *own, *moved]).encode()


def furnish(monde: Monde) -> None:
    """Where each mairie is, its telephone and its hours; checked by the mairie some weeks ago."""
    known = {row["slug"]: row for row in rows_of("mairies.csv")}
    secteurs = {nom: Secteur.objects.create(nom=nom, ordre=10 * rank) for rank, nom in enumerate(SECTEURS, 1)}
    draw, stretches = monde.tirage("horaires"), []
    for rank, (slug, place) in enumerate(monde.collectivites.items()):
        row = known.get(slug) or _usual(slug, rank)
        place.secteur = secteurs.get(row["secteur"])
        place.adresse, place.telephone, place.courriel = row["adresse"], row["telephone"], row["courriel"]
        place.code_postal, place.ville = row["code_postal"] or place.code_postal, row["ville"] or place.ville
        place.horaires_verifies_le = monde.jour(-draw.randint(5, 90))
        stretches += [
            PlageOuverture(collectivite=place, jour=p.jour, ouverture=p.debut, fermeture=p.fin)
            for p in parse_semaine(row["horaires"])
        ]
    changed = ["secteur", "adresse", "telephone", "courriel", "code_postal", "ville", "horaires_verifies_le"]
    Collectivite.objects.bulk_update(monde.collectivites.values(), changed)
    PlageOuverture.objects.bulk_create(stretches)


def _usual(slug: str, rank: int) -> dict[str, str]:
    """A mairie of the large size, about which nothing is written."""
    return {
        "secteur": "",
        "adresse": "1 place de la Mairie",
        "code_postal": "",
        "ville": "",
        "telephone": f"03 53 01 11 {rank % 100:02d}",
        "courriel": f"mairie@{slug}.example",
        "horaires": USUAL_HOURS,
    }
