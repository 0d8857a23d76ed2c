"""Labels to stick on the things: their QR code opens the form of the état des lieux."""

from collections.abc import Container, Iterable

from extranet.lib.francais import telephone
from extranet.lib.pdf import render
from extranet.lib.typographie import drawable, space
from materiel.models import Materiel

# Sheet of 24 labels, in millimetres; `cadre` draws where to cut on plain paper.
FORMAT = {
    "colonnes": 3,
    "lignes": 8,
    "largeur": 63.5,
    "hauteur": 33.9,
    "gauche": 7.2,
    "haut": 12.9,
    "gouttiere": 2.5,
}
MAX = 480


def sheet(things: Iterable[Materiel], service: str, site: str, *, cadre: bool) -> bytes:
    """The PDF: a label by thing, one by unit for a fleet. `site` is where the QR codes lead (« https://… »).

    Raises RenduImpossible.
    """
    labels, codes = [], {}
    for thing in things:
        for number, query in _numbers(thing, codes):
            codes[number] = f"{site}/materiel/{thing.pk}/constat/{query}"
            labels.append(
                {
                    "nom": thing.nom,
                    "proprietaire": thing.collectivite.nom,
                    "telephone": telephone(thing.collectivite.telephone),
                    "inventaire": number,
                }
            )
    data = {
        "titre": "Étiquettes du matériel",
        "service": {"nom": service},
        "format": {**FORMAT, "cadre": cadre},
        "etiquettes": labels[:MAX],
        "qr": codes,
    }
    return render("etiquette-qr", data)


def _numbers(thing: Materiel, taken: Container[str]) -> list[tuple[str, str]]:
    """What is written under each code, unlike any other of the sheet, and what its address adds: the unit."""
    base = thing.inventaire or str(thing.pk)
    units = [one for one in thing.numeros.all() if one.en_service]
    found = [(f"{base}-{one.numero}", f"?unite={one.pk}") for one in units] or [(base, "")]
    # As the print will space them: the label finds its code by these words.
    found = [(space(drawable(number)), query) for number, query in found]
    return [(f"{number}/{thing.pk}" if number in taken else number, query) for number, query in found]
