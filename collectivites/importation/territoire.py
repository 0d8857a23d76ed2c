"""Loading one intercommunalité and its communes from `communes.csv` (columns: see `collectivites/data/LISEZMOI.md`)."""

from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from collectivites.enums import Article, TypeCollectivite
from collectivites.importation.refus import ImportRefuse, refuse
from collectivites.journal import record
from collectivites.models import Collectivite, Territoire
from collectivites.models.collectivite import validate_insee
from extranet.lib.tableur import Colonne, Erreur, Ligne, read_rows
from extranet.lib.typographie import Montrable

# Nature of an intercommunalité as DGCL abbreviates it, in full for a sentence.
NATURES = {
    "CA": "la communauté d’agglomération",
    "CC": "la communauté de communes",
    "CU": "la communauté urbaine",
}
LINKS = (
    ("du ", Article.LE),
    ("des ", Article.LES),
    ("de la ", Article.LA),
    ("de l’", Article.ELIDE),
    ("d’", Article.AUCUN),
    ("de ", Article.AUCUN),
)


class CelluleRefusee(Montrable, ValueError):
    """What a cell holds is no such thing; the text may be shown."""


@dataclass
class Bilan:
    """What an import did; `absentes` are communes of the EPCI that the file no longer names, left as they are."""

    epci: Collectivite
    ajoutees: list[str] = field(default_factory=list)
    mises_a_jour: list[str] = field(default_factory=list)
    inchangees: int = 0
    absentes: list[str] = field(default_factory=list)


def read_siren(text: str) -> str:
    """Nine digits whose Luhn sum is a multiple of ten (INSEE)."""
    digits = [int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(text)) if digit in "0123456789"]
    if not len(digits) == len(text) == 9 or sum(digit - 9 if digit > 9 else digit for digit in digits) % 10:
        raise CelluleRefusee(f"« {text} » n’est pas un SIREN. Neuf chiffres, dont le dernier vérifie les autres.")
    return text


def _read_insee(text: str) -> str:
    if not validate_insee.regex.match(text):
        raise CelluleRefusee(f"« {text} » n’est pas un code INSEE. Cinq caractères, par exemple 39233.")
    return text


def _read_population(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise CelluleRefusee(f"« {text} » n’est pas un nombre d’habitants. Un nombre entier, sans espace.")
    return int(text)


def _read_degrees(text: str) -> float:
    try:
        degrees = float(text.replace(",", "."))
    except ValueError:
        degrees = float("nan")
    if not -180 <= degrees <= 180:
        raise CelluleRefusee(f"« {text} » n’est pas un nombre de degrés, écrivez par exemple 47.08560.")
    return degrees


def _read_nom(text: str) -> str:
    return text.replace("'", "’")


COLONNES = (
    Colonne("epci_siren", "epci_siren", obligatoire=True, lire=read_siren),
    Colonne("epci_nom", "epci_nom", obligatoire=True, lire=_read_nom),
    Colonne("insee", "insee", obligatoire=True, lire=_read_insee),
    Colonne("nom", "nom", obligatoire=True, lire=_read_nom),
    Colonne("siren", "siren", obligatoire=True, lire=read_siren),
    Colonne("population_municipale", "population", obligatoire=True, lire=_read_population),
    Colonne("population_totale", "population_totale", obligatoire=True, lire=_read_population),
    Colonne("code_postal", "code_postal"),
    Colonne("latitude", "latitude", lire=_read_degrees),
    Colonne("longitude", "longitude", lire=_read_degrees),
)


def import_territoire(fichier: IO[bytes], siren: str, millesime: int) -> Bilan:
    """Loads the EPCI of that SIREN and its communes, all or nothing; a commune is known by its code INSEE.

    INSEE's facts (name, SIREN, populations of the vintage `millesime`) are rewritten; the postal code and the position,
    which a territory corrects, only fill a blank. Raises TableurRefuse when the file cannot be read, ImportRefuse with
    every line at fault.
    """
    lines = _checked_lines(fichier)
    communes = [ligne.valeurs for ligne in lines if ligne.valeurs["epci_siren"] == siren]
    if not communes:
        known = {ligne.valeurs["epci_siren"]: ligne.valeurs["epci_nom"] for ligne in lines}
        words = ", ".join(f"{nom} ({number})" for number, nom in sorted(known.items()))
        raise ImportRefuse(f"Le fichier ne contient pas l’intercommunalité {siren}. Il contient : {words}.")
    with transaction.atomic():
        territoire = Territoire.load()
        served = Collectivite.objects.filter(type=TypeCollectivite.EPCI).first()
        if served and served.siren not in {None, siren}:
            raise ImportRefuse(f"Cette installation sert déjà {served.nom} ({served.siren}).")
        nom = communes[0]["epci_nom"]
        bilan = Bilan(_save_epci(nom, siren, communes, millesime))
        for commune in communes:
            _save_commune(commune, bilan, millesime)
        known = Collectivite.objects.communes().filter(rattachement=bilan.epci)
        bilan.absentes = list(known.exclude(insee__in=[c["insee"] for c in communes]).values_list("nom", flat=True))
        _name_territoire(territoire, nom, bilan.epci)
        figures = {"ajoutees": len(bilan.ajoutees), "mises_a_jour": len(bilan.mises_a_jour), "millesime": millesime}
        record("territoire.importe", bilan.epci, agent=None, **figures)
    return bilan


def _checked_lines(fichier: IO[bytes]) -> list[Ligne]:
    """Every line is checked, those of the other EPCI too: a slip in a SIREN would lose its commune in silence."""
    lecture = read_rows(fichier, colonnes=COLONNES)
    total, erreurs, seen = lecture.total, lecture.erreurs, {}
    for ligne in lecture.lignes:
        row = ligne.valeurs
        for name in ("insee", "siren"):
            first = seen.setdefault((name, row[name]), ligne.numero)
            if first != ligne.numero:
                erreurs.append(
                    Erreur(ligne.numero, name, f"« {row[name]} » est déjà à la ligne {first}. Une ligne par commune.")
                )
        if (row["latitude"] is None) != (row["longitude"] is None):
            erreurs.append(Erreur(ligne.numero, "latitude", "la latitude et la longitude vont ensemble."))
        if abs(row["latitude"] or 0) > 90:
            erreurs.append(Erreur(ligne.numero, "latitude", "une latitude ne dépasse pas 90 degrés."))
    refuse(erreurs, total)
    return lecture.lignes


def split_nom(text: str) -> tuple[str, Article, str]:
    """« CA du Grand Dole » gives « Grand Dole », its article, and « la communauté d’agglomération du Grand Dole »."""
    nature, _, rest = text.partition(" ")
    if nature not in NATURES:
        return text, Article.AUCUN, text
    for link, article in LINKS:
        if rest.startswith(link):
            return rest.removeprefix(link), article, f"{NATURES[nature]} {rest}"
    return rest, Article.AUCUN, f"{NATURES[nature]} {rest}"


def _save_epci(nom: str, siren: str, communes: list[dict[str, Any]], millesime: int) -> Collectivite:
    """Its populations are the sums of those of its communes; its name may have been corrected since, and stays."""
    short, article, _ = split_nom(nom)
    known = Collectivite.objects.filter(Q(siren=siren) | Q(type=TypeCollectivite.EPCI))
    epci = known.first() or Collectivite(nom=short, article=article, slug=free_slug(short))
    epci.type, epci.siren = TypeCollectivite.EPCI, siren
    epci.population_municipale = sum(commune["population_municipale"] for commune in communes)
    epci.population_totale = sum(commune["population_totale"] for commune in communes)
    epci.population_annee = millesime
    epci.save()
    return epci


def _save_commune(commune: dict[str, Any], bilan: Bilan, millesime: int) -> None:
    row = Collectivite.objects.filter(insee=commune["insee"]).first()
    row = row or Collectivite(insee=commune["insee"], slug=free_slug(commune["nom"]))
    facts = {name: commune[name] for name in ("nom", "siren", "population_municipale", "population_totale")}
    facts |= {"type": TypeCollectivite.COMMUNE, "rattachement_id": bilan.epci.pk, "population_annee": millesime}
    if row.latitude is None:
        facts |= {"latitude": commune["latitude"], "longitude": commune["longitude"]}
    facts |= {"code_postal": row.code_postal or commune["code_postal"] or "", "ville": row.ville or commune["nom"]}
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if not changed:
        bilan.inchangees += 1
        return
    (bilan.mises_a_jour if row.pk else bilan.ajoutees).append(row.nom or commune["nom"])
    for name in changed:
        setattr(row, name, facts[name])
    row.save()


def free_slug(nom: str) -> str:
    """« foucherans »; « saint-aubin-2 » for a namesake."""
    base = slugify(nom)[:130]
    taken = set(Collectivite.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)


def _name_territoire(territoire: Territoire, nom: str, epci: Collectivite) -> None:
    """Names the territory after its EPCI the first time; what was written since stays."""
    if territoire.epci_id is None:
        territoire.epci = epci
        territoire.nom, _, territoire.designation = split_nom(nom)
        territoire.save()
