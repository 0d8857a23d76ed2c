"""The drawing of a thing without a photo, by the words of its name: those of static/img/materiel.svg."""

from extranet.lib.pliage import fold

NEUTRE = "pic-caisse"
MOTS = {
    "pic-barnum": "barnum, tente, chapiteau, marabout, pagode, garden, tonnelle",
    "pic-sonorisation": "sono, sonorisation, enceinte, micro, ampli",
    "pic-tables-chaises": "table, chaise, banc, mange-debout",
    "pic-barrieres": "barrière, vauban, héras, clôture de chantier",
    "pic-balayeuse": "balayeuse, laveuse, autolaveuse",
    "pic-broyeur": "broyeur",
    "pic-mini-pelle": "mini-pelle, minipelle, pelleteuse, tractopelle",
    "pic-podium": "podium, scène, estrade, praticable",
    "pic-grille": "grille, panneau d’exposition",
    "pic-minibus": "minibus, navette",
    "pic-remorque": "remorque",
    "pic-tonne": "tonne à eau, citerne",
    "pic-mesure": "sonomètre, luxmètre, télémètre, humidimètre",
    "pic-groupe": "groupe électrogène",
    "pic-echafaudage": "échafaudage",
    "pic-projection": "vidéoprojecteur, écran",
    "pic-cuisine": "friteuse, plancha",
    "pic-radar": "radar",
    "pic-moto": "motoculteur, motobineuse",
    "pic-tracteur": "tracteur, épareuse",
    "pic-traceuse": "traceuse, machine à peinture",
    "pic-motopompe": "motopompe, vide-cave",
    "pic-nacelle": "nacelle, plateforme élévatrice, pemp",
}
_CONNUS = {fold(mot): dessin for dessin, mots in MOTS.items() for mot in mots.split(",")}


def drawing_of(nom: str) -> str:
    """By the first word of the name that has one; a neutral one when none does, rather than that of another thing."""
    name = f" {fold(nom)} "
    places = {
        place: dessin
        for mot, dessin in _CONNUS.items()
        if (place := min((at for end in (" ", "s ") if (at := name.find(f" {mot}{end}")) >= 0), default=-1)) >= 0
    }
    return places[min(places)] if places else NEUTRE
