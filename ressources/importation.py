"""Bulk import: an archive of files, a table that says what each of them is, and a report by file.

Each file is its own transaction, announced once it is written: stopped in the middle, an import is started again, and
what was taken is found again by its bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction

from collectivites.diffusion import ELUS, EPCI, TOUTES, code_collectivite, code_reseau
from collectivites.models import Collectivite, Reseau, Theme
from extranet.lib.pliage import fold
from extranet.lib.tableur import Colonne, Erreur, Ligne, TableurRefuse, parse_date, read_rows
from extranet.lib.typographie import Montrable
from extranet.lib.uploads import Extrait, FichierRefuse, check_document, open_zip
from ressources import depots
from ressources.enums import EtatDepot
from ressources.models import Depot, FichierDepose, RessourcePage, TypeRessource, VersionFichier
from ressources.phototheque import importer as photos
from ressources.soumission import Commun, Fiche, send
from ressources.verification import why_too_far
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from django.db import models

    from collectivites.models import Agent

# Nobody waits in front of a file here.
PATIENCE = 30.0
MAX_FILES = 1_000


class Etat(StrEnum):
    PRET = "prêt"
    PRIS = "importé"
    DEJA = "déjà là"
    REFUSE = "refusé"


class CelluleFausse(Montrable, ValueError):
    """What a cell names does not exist here."""


@dataclass(frozen=True)
class Resultat:
    """What became of one file; `sha256` is that of what was kept."""

    fichier: str
    etat: Etat
    phrase: str = ""
    sha256: str = ""


class Listes:
    """The themes, types, collectivités and networks that a table may name, by their name or their address."""

    def __init__(self) -> None:
        self.themes = self._by_name(Theme.objects.all(), "nom")
        self.types = self._by_name(TypeRessource.objects.all(), "nom")
        self.places = self._by_name(Collectivite.objects.members(), "nom")
        self.reseaux = self._by_name(Reseau.objects.filter(actif=True), "nom")

    def _by_name(self, rows: "models.QuerySet", field: str) -> dict[str, Any]:
        return {key: row for row in rows for key in (fold(getattr(row, field)), fold(row.slug))}

    def _one(self, found: dict[str, Any], value: str, what: str) -> Any:
        try:
            return found[fold(value)]
        except KeyError:
            raise CelluleFausse(f"«\u00a0{value}\u00a0» n’est pas {what}. Copiez son nom exact.") from None

    def theme(self, value: str) -> Theme:
        return self._one(self.themes, value, "un thème de ce territoire")

    def type(self, value: str) -> TypeRessource:
        return self._one(self.types, value, "un type de document de ce territoire")

    def place(self, value: str) -> Collectivite:
        return self._one(self.places, value, "une collectivité de ce territoire")

    def codes(self, value: str) -> tuple[str, ...]:
        """« Toutes les communes », « Élus », or names of collectivités and networks between semicolons."""
        return tuple(self._code(word.strip()) for word in value.split(";") if word.strip())

    def _code(self, word: str) -> str:
        fixed = {"toutes": TOUTES, "toutes les communes": TOUTES, "elus": ELUS, "les elus": ELUS, "epci": EPCI}
        key = fold(word)
        if key in fixed:
            return fixed[key]
        if key in self.reseaux:
            return code_reseau(self.reseaux[key].pk)
        return code_collectivite(self._one(self.places, word, "une collectivité ni un réseau de ce territoire").pk)


def colonnes(listes: Listes) -> list[Colonne]:
    return [
        Colonne("fichier", "Fichier", obligatoire=True, autres=("nom du fichier",)),
        Colonne("titre", "Titre"),
        Colonne("resume", "À quoi ça sert", autres=("résumé",)),
        Colonne("theme", "Thème", lire=listes.theme),
        Colonne("type", "Type", lire=listes.type),
        Colonne("collectivite", "Commune", autres=("collectivité", "origine"), lire=listes.place),
        Colonne("diffusion", "Visible par", lire=listes.codes),
        Colonne("mots_cles", "Mots-clés"),
        Colonne("reference_texte", "Référence de texte"),
        Colonne("date_effet", "Date d’effet", lire=parse_date),
        Colonne("a_verifier_avant", "À vérifier avant le", lire=parse_date),
        *photos.COLONNES,
    ]


@dataclass(frozen=True)
class Table:
    """The lines by the name of their file, what is wrong in the others, and the files that those describe."""

    lignes: dict[str, Ligne]
    erreurs: list[Erreur]
    fautifs: frozenset[str]


def read_table(tableur: IO[bytes]) -> Table:
    """Raises TableurRefuse, and for a file that two lines describe."""
    lecture = read_rows(tableur, colonnes=colonnes(Listes()), max_lines=MAX_FILES)
    lines: dict[str, Ligne] = {}
    for line in lecture.lignes:
        key = _key(line.valeurs["fichier"])
        if key in lines:
            raise TableurRefuse(
                f"Le fichier «\u00a0{line.valeurs['fichier']}\u00a0» figure deux fois, lignes {lines[key].numero} et "
                f"{line.numero}. Gardez-en une."
            )
        lines[key] = line
    wrong = frozenset(_key(line.valeurs.get("fichier") or "") for line in lecture.fautives)
    return Table(lines, lecture.erreurs, wrong)


def _key(fichier: str) -> str:
    """Of a cell that names a file, perhaps with its folders."""
    return fold(fichier.replace("\\", "/").rpartition("/")[2])


def import_documents(
    archive: File, table: Table, agent: "Agent", collectivite: Collectivite, *, write: bool
) -> Iterator[Resultat]:
    """One result a file of the archive, then one for each line without its file. Nothing is written unless `write`.

    Raises FichierRefuse when the archive as a whole is refused.
    """
    left = dict(table.lignes)
    check_document(archive, accepted=frozenset({"zip"}), max_bytes=depots.MAX_ARCHIVE)
    for extract in open_zip(archive, max_files=MAX_FILES, max_bytes=depots.MAX_FILE):
        line = left.pop(fold(extract.nom), None)
        if extract.refus:
            yield Resultat(extract.nom, Etat.REFUSE, extract.refus)
        elif line is None:
            wrong = fold(extract.nom) in table.fautifs
            why = "Sa ligne du tableau est à corriger." if wrong else "Aucune ligne du tableau ne le décrit."
            cure = "Corrigez-la, puis recommencez." if wrong else "Complétez le tableau, puis recommencez."
            yield Resultat(extract.nom, Etat.REFUSE, f"{why} {cure}")
        else:
            yield _one(extract, line, agent, collectivite, write=write)
    for line in left.values():
        nom = line.valeurs["fichier"]
        yield Resultat(nom, Etat.REFUSE, f"Ligne {line.numero}\u00a0: ce fichier n’est pas dans l’archive.")


def _one(extract: Extrait, line: Ligne, agent: "Agent", collectivite: Collectivite, *, write: bool) -> Resultat:
    """Read before anything is locked: a deposit of its own, forgotten unless it was sent."""
    depot = Depot.objects.create(auteur=agent, collectivite=line.valeurs["collectivite"] or collectivite)
    try:
        return _taken(depot, extract, line.valeurs, write=write)
    except (FichierRefuse, RessourceRefusee) as refusal:
        return Resultat(extract.nom, Etat.REFUSE, str(refusal))
    finally:
        _forget(depot)


def _taken(depot: Depot, extract: Extrait, values: dict[str, Any], *, write: bool) -> Resultat:
    deposed = depots.receive_file(depot, extract.fichier, seconds=PATIENCE)
    if deposed.etat == EtatDepot.REFUSE:
        raise FichierRefuse(deposed.motif)
    if deposed.etat == EtatDepot.LECTURE:
        deposed = depots.give_up(deposed)
    place = depot.collectivite
    if VersionFichier.objects.filter(sha256=deposed.sha256, fichier__page__collectivite=place).exists():
        return Resultat(extract.nom, Etat.DEJA, sha256=deposed.sha256)
    fiche = _fiche(deposed, values, place)
    if not write:
        return Resultat(extract.nom, Etat.PRET, fiche.titre, deposed.sha256)
    common = Commun(values["diffusion"] or (TOUTES,), values["a_verifier_avant"], depot.auteur)
    page = send(depot, [(deposed, fiche)], common)[0]
    return Resultat(extract.nom, Etat.PRIS, page.title, deposed.sha256)


@transaction.atomic
def _forget(depot: Depot) -> None:
    """What was only looked at, or was refused, leaves neither row nor file."""
    if Depot.objects.filter(pk=depot.pk, envoye_le=None).exists():
        files = [(line.file.storage, line.file.name) for line in depot.fichiers.all() if line.file]
        depot.delete()
        transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])


def _fiche(deposed: FichierDepose, values: dict[str, Any], place: Collectivite) -> Fiche:
    """What the table says, else what the words of the file propose. Raises RessourceRefusee for what is missing."""
    titre = values["titre"] or deposed.titre_propose
    theme = values["theme"] or deposed.theme_propose
    kind = values["type"] or deposed.type_propose
    missing = [word for word, value in (("le titre", titre), ("le thème", theme), ("le type", kind)) if not value]
    if missing:
        raise RessourceRefusee(f"Il manque {', '.join(missing)}. Complétez sa ligne du tableau.")
    if values["a_verifier_avant"] and (why := why_too_far(values["a_verifier_avant"])):
        raise RessourceRefusee(f"À vérifier avant le\u00a0: {why[0].lower()}{why[1:]}")
    own = {name: values[name] for name in ("mots_cles", "reference_texte", "date_effet", "credit") if values[name]}
    _fits(titre, values["resume"] or "", own)
    photo = photos.photo_of(values, place) if kind.is_photo and deposed.is_photo else {}
    if photo:
        own.setdefault("credit", place.nom)
    return Fiche(titre, theme, kind, resume=values["resume"] or "", autres=own, photo=photo)


def _fits(titre: str, resume: str, own: dict[str, Any]) -> None:
    for name, value in {"title": titre, "resume": resume, **own}.items():
        limit = getattr(RessourcePage._meta.get_field(name), "max_length", None)
        if limit and isinstance(value, str) and len(value) > min(limit, 250 if name == "title" else limit):
            raise RessourceRefusee(f"«\u00a0{value[:30]}…\u00a0» compte {len(value)} caractères. Raccourcissez-le.")
