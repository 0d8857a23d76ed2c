"""An inventory in a spreadsheet: each line a thing of a collectivité, looked at first, then posted.

Each line is its own transaction: stopped in the middle, an import is started again, and what was posted is found by its
inventory number, else by its name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from collectivites.models import Collectivite
from extranet.lib.francais import milliers
from extranet.lib.noms import plain
from extranet.lib.pliage import fold
from extranet.lib.tableur import Colonne, Lecture, Ligne, read_rows
from extranet.lib.typographie import Montrable
from materiel.models import Categorie, Materiel
from materiel.parc import propositions
from materiel.parc.accessoires import parse
from materiel.parc.categories import answer, propose
from materiel.parc.lieux import lieux_of
from materiel.parc.propositions import Contenu
from materiel.permissions import can_manage
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent

MAX_LIGNES, STOCK_MAX = 500, 10_000
# Columns of the row that a line may fill, by the key of their cell.
COLONNES = ("inventaire", "unite", "lieu", "carburant", "valeur_remplacement", "tarif_jour")
COLONNES += ("preavis_jours", "duree_max_jours", "consignes")


class Etat(StrEnum):
    PRET = "à créer"
    PRIS = "importé"
    DEJA = "déjà là"
    REFUSE = "refusé"


@dataclass(frozen=True)
class Resultat:
    """What became of one line; `numero` is the one in the margin of the spreadsheet."""

    numero: int
    nom: str
    etat: Etat
    phrase: str = ""


class CelluleFausse(Montrable, ValueError):
    """What a cell holds is not what its column asks."""


class Listes:
    """The collectivités and categories that a cell may name; `agent` imports for those that they manage."""

    def __init__(self, agent: "Agent") -> None:
        places = [one for one in Collectivite.objects.members() if can_manage(agent, one)]
        self.places = {fold(one.nom): one for one in places}
        self.categories = list(Categorie.objects.select_related("habilitation"))

    def place(self, value: str) -> Collectivite:
        try:
            return self.places[fold(value)]
        except KeyError:
            raise CelluleFausse(
                f"« {value} » n’est pas une collectivité dont vous gérez le matériel. Copiez son nom exact."
            ) from None

    def categorie(self, value: str) -> Categorie:
        found = next((one for one in self.categories if fold(value) in {fold(one.libelle), fold(one.code)}), None)
        if found is None:
            names = ", ".join(one.libelle for one in self.categories)
            raise CelluleFausse(f"« {value} » n’est pas une catégorie. Choisissez entre : {names}.")
        return found


def _number(lowest: int, highest: int) -> Any:
    def read(value: Any) -> int:
        text = str(value).strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").removesuffix(".0")
        if not text.isascii() or not text.isdecimal() or not lowest <= int(text) <= highest:
            raise CelluleFausse(f"« {value} » n’est pas un nombre entre {lowest} et {milliers(highest)}.")
        return int(text)

    return read


def _amount(value: Any) -> Decimal:
    text = "".join(str(value).replace("€", "").split()).replace(",", ".")
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or not 0 <= found < 100_000_000:
        raise CelluleFausse(f"« {value} » n’est pas un montant en euros.")
    return found.quantize(Decimal("0.01"))


def _words(longest: int) -> Any:
    def read(value: Any) -> str:
        text = plain(str(value))
        if len(text) > longest:
            raise CelluleFausse(f"« {text[:30]}… » compte {len(text)} caractères, pour {longest} au plus.")
        return text

    return read


def colonnes(listes: Listes) -> list[Colonne]:
    return [
        Colonne("nom", "Nom", obligatoire=True, autres=("désignation", "matériel"), lire=_words(120)),
        Colonne("categorie", "Catégorie", lire=listes.categorie),
        Colonne("stock", "Combien", autres=("quantité", "nombre"), lire=_number(1, STOCK_MAX)),
        Colonne("collectivite", "Commune", autres=("collectivité", "propriétaire"), lire=listes.place),
        Colonne("lieu", "Où le chercher", autres=("lieu",), lire=_words(200)),
        Colonne("accroche", "En une ligne", lire=_words(120)),
        Colonne("description", "Description", lire=lambda value: str(value)[:5000]),
        Colonne("accessoires", "Accessoires", autres=("avec",)),
        Colonne("inventaire", "Numéro d’inventaire", autres=("inventaire",), lire=_words(40)),
        Colonne("unite", "Ce que l’on compte", autres=("unité",), lire=_words(40)),
        Colonne("numeros", "Numéros des unités", autres=("numéros",)),
        Colonne("duree_max_jours", "Jours au plus", autres=("durée",), lire=_number(1, 180)),
        Colonne("preavis_jours", "Préavis", lire=_number(0, 365)),
        Colonne("carburant", "Carburant", lire=_words(120)),
        Colonne("valeur_remplacement", "Valeur de remplacement", autres=("valeur",), lire=_amount),
        Colonne("tarif_jour", "Prix par jour", autres=("tarif",), lire=_amount),
        Colonne("consignes", "Consignes", lire=lambda value: str(value)[:5000]),
    ]


def read_inventory(tableur: IO[bytes], listes: Listes) -> Lecture:
    """Raises TableurRefuse."""
    return read_rows(tableur, colonnes=colonnes(listes), max_lines=MAX_LIGNES)


def import_things(
    lecture: Lecture, listes: Listes, agent: "Agent", collectivite: Collectivite, *, write: bool, draft: bool = False
) -> Iterator[Resultat]:
    """One result a good line. `collectivite` is that of the lines that name none. Nothing is written unless `write`.

    `draft`: kept as drafts; else published, or sent to be read as anything that is posted.
    """
    seen: set[tuple[int, str]] = set()
    for line in lecture.lignes:
        place = line.valeurs["collectivite"] or collectivite
        try:
            yield _one(line, place, listes, agent, seen, write=write, draft=draft)
        except (PretRefuse, CelluleFausse) as refusal:
            yield Resultat(line.numero, line.valeurs["nom"], Etat.REFUSE, str(refusal))
        except ValidationError as error:
            yield Resultat(line.numero, line.valeurs["nom"], Etat.REFUSE, " ".join(error.messages))


def _one(
    line: Ligne,
    place: Collectivite,
    listes: Listes,
    agent: "Agent",
    seen: set[tuple[int, str]],
    *,
    write: bool,
    draft: bool,
) -> Resultat:
    values, nom = line.valeurs, line.valeurs["nom"]
    categorie = values["categorie"] or propose(nom, listes.categories)
    if categorie is None:
        raise CelluleFausse(f"Ligne {line.numero} : la catégorie de « {nom} » ne se devine pas. Écrivez-la.")
    contenu = _content(values, nom)
    keys = {(place.pk, fold(nom))} | ({(place.pk, f"n {values['inventaire']}")} if values["inventaire"] else set())
    if seen & keys:
        raise CelluleFausse(f"Ligne {line.numero} : « {nom} » figure déjà plus haut. Gardez une ligne, avec le nombre.")
    seen |= keys
    if is_there(place, nom, values["inventaire"] or ""):
        return Resultat(line.numero, nom, Etat.DEJA, f"{place.nom} l’a déjà proposé.")
    thing = _thing(values, place, categorie, agent)
    thing.full_clean(exclude=["page"])
    if not write:
        return Resultat(line.numero, nom, Etat.PRET, f"{place.nom}, {categorie.libelle}, {contenu.stock}")
    with transaction.atomic():
        habilitation = categorie.habilitation
        made = propositions.make(
            thing, contenu, agent, after=lambda row: row.habilitations.set([habilitation] if habilitation else [])
        )
        if not draft:
            propositions.publish(made, agent)
    return Resultat(line.numero, nom, Etat.PRIS, place.nom)


def is_there(place: Collectivite, nom: str, inventaire: str) -> bool:
    """Known by its inventory number when the line has one, else by its name."""
    mine = Materiel.objects.filter(collectivite=place)
    if inventaire and mine.filter(inventaire=inventaire).exists():
        return True
    titles = mine.values_list("page__title", "page__draft_title", "inventaire")
    return any(fold(nom) in {fold(one), fold(other)} and number in {"", inventaire} for one, other, number in titles)


def _content(values: dict[str, Any], nom: str) -> Contenu:
    numeros = [one for one in (plain(part) for part in (values["numeros"] or "").split(";")) if one]
    if len(set(numeros)) < len(numeros) or any(len(one) > 40 for one in numeros):
        raise CelluleFausse("Les numéros des unités se suivent entre points-virgules, chacun une fois.")
    return Contenu(
        nom=nom,
        stock=values["stock"] or 1,
        accroche=values["accroche"] or "",
        description=values["description"] or "",
        accessoires=parse("\n".join((values["accessoires"] or "").split(";"))),
        numeros=numeros,
    )


def _thing(values: dict[str, Any], place: Collectivite, categorie: Categorie, agent: "Agent") -> Materiel:
    """What the line says, else what its category answers."""
    thing = Materiel(collectivite=place, categorie=categorie, stock=1)
    answer(thing)
    for name in COLONNES:
        if values[name] is not None:
            setattr(thing, name, values[name])
    thing.lieu = thing.lieu or lieux_of(place)[0]
    thing.contact = agent if agent.manages(place) else None
    return thing
