"""A file of agents between its deposit and its import: kept a day, for whoever sent it, and read again each time."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.core.files.base import File
from django.db import transaction

from annuaire.models import ImportAgents
from collectivites.importation.agents import Doublon, Rapport, columns, import_agents
from collectivites.importation.ecriture import Changement
from collectivites.importation.rapprochement import Personne, PosteLu
from collectivites.models import Agent, Collectivite
from extranet.lib.pliage import fold
from extranet.lib.stockage import store
from extranet.lib.tableur import xlsx
from extranet.lib.typographie import Montrable

# What a page shows of each list: past that, nobody reads on; the file of the errors has them all.
MONTREES = 200
EXEMPLE = {
    "nom": "Lambey",
    "prenom": "Martine",
    "collectivite": "Menotey",
    "fonction": "Secrétaire de mairie",
    "courriel": "m.lambey@menotey.example",
    "telephone": "03 53 01 00 12",
    "heures_hebdo": "17,5",
    "presence": "lundi, mardi matin",
}


class ApercuChange(Montrable):
    """The directory is no longer the one of the preview: it is to be read again. The text may be shown."""


@dataclass
class Jumeaux:
    """Somebody of the file who has the name of people of the directory, and what was decided."""

    doublon: Doublon
    poste: PosteLu | None
    personne: Personne | None
    meme: bool

    @property
    def champ(self) -> str:
        return f"meme-{self.doublon.ligne}"

    @property
    def sans_choix(self) -> bool:
        """Several namesakes: which one is said later, on the page of the doubles."""
        return len(self.doublon.connues) > 1


@dataclass
class Fiche:
    """What one line changes."""

    ligne: int
    personne: str
    lieu: Collectivite
    changements: list[Changement] = field(default_factory=list)


@dataclass
class Erreurs:
    """The errors of one line, cause and remedy apart."""

    ligne: int
    personne: str
    phrases: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Apercu:
    """What importing the file now would do."""

    rapport: Rapport
    jumeaux: list[Jumeaux]

    @cached_property
    def lignes_fausses(self) -> list[Erreurs]:
        found: dict[int, Erreurs] = {}
        for one in sorted(self.rapport.erreurs, key=lambda erreur: erreur.numero):
            line = found.setdefault(one.numero, Erreurs(one.numero, self.rapport.noms.get(one.numero, "")))
            line.phrases.append(cause_and_cure(one.phrase))
        return list(found.values())

    @cached_property
    def fiches(self) -> list[Fiche]:
        found: dict[int, Fiche] = {}
        for one in self.rapport.changements:
            found.setdefault(one.ligne, Fiche(one.ligne, one.personne, one.lieu)).changements.append(one)
        return list(found.values())

    @cached_property
    def ajouts(self) -> list[tuple[int, Personne, PosteLu]]:
        return self.rapport.postes

    @property
    def nouveaux(self) -> frozenset[int]:
        """The lines that bring a person, beside those that bring a poste to somebody known."""
        return frozenset(ligne for ligne, _ in self.rapport.ajouts)

    @property
    def a_trancher(self) -> bool:
        """A namesake on whom there is a choice."""
        return any(not one.sans_choix for one in self.jumeaux)

    @property
    def rien(self) -> bool:
        return not (self.rapport.postes or self.rapport.changements)

    @cached_property
    def empreinte(self) -> str:
        return fingerprint_of(self.rapport)


def cause_and_cure(phrase: str) -> tuple[str, str]:
    """« « Foucheran » n’est pas une collectivité d’ici. Écrivez « Foucherans ». » in two."""
    cause, _, cure = phrase.partition(". ")
    return cause[:1].upper() + cause[1:].removesuffix("."), cure


def fingerprint_of(rapport: Rapport) -> str:
    """Of what would be written: what was read on the screen is what is imported."""
    said = [(n, p.nom_complet, p.email) for n, p in rapport.ajouts]
    said += [(n, p.nom_complet, lu.collectivite.pk, lu.fonction.pk) for n, p, lu in rapport.postes]
    said += [(c.ligne, c.personne, c.lieu.pk, c.champ, c.avant, c.apres) for c in rapport.changements]
    return sha256(repr(said).encode()).hexdigest()


def key_of(doublon: Doublon) -> str:
    """What keeps a choice when the file is corrected and its lines move."""
    return f"{fold(doublon.personne)}|{doublon.lieu.pk}"


@transaction.atomic
def deposit(par: Agent, fichier: File, *, suite: ImportAgents | None = None) -> ImportAgents:
    """Keeps the file for a day, with the choices made on the one that it corrects. Raises TableurRefuse, OSError."""
    import_agents(fichier.file, by=par)
    fichier.seek(0)
    kept = ImportAgents(par=par, nom=fichier.name[-200:], memes=suite.memes if suite else [])
    store(kept.fichier, fichier, "xlsx" if kept.nom.lower().endswith(".xlsx") else "csv")
    kept.save()
    if suite:
        forget(suite)
    return kept


def preview(depot: ImportAgents) -> Apercu:
    """Reads the file against the directory as it is now. Raises TableurRefuse, OSError."""
    base = _read(depot, ())
    same = lines_of(base, depot.memes)
    postes = {numero: poste for numero, _, poste in base.postes}
    people = dict(base.ajouts)
    twins = [
        Jumeaux(one, postes.get(one.ligne), people.get(one.ligne), one.ligne in same and len(one.connues) == 1)
        for one in base.doublons
    ]
    return Apercu(_read(depot, same) if same else base, twins)


def lines_of(rapport: Rapport, choices: Collection[str]) -> list[int]:
    return [one.ligne for one in rapport.doublons if key_of(one) in choices]


def choose(depot: ImportAgents, chosen: Collection[str]) -> None:
    """Keeps which namesakes are the same person: `chosen` are names of fields, « meme-37 »."""
    if not depot.memes and not any(name.startswith("meme-") for name in chosen):
        return
    rapport = _read(depot, ())
    depot.memes = [key_of(one) for one in rapport.doublons if f"meme-{one.ligne}" in chosen]
    depot.save(update_fields=["memes"])


@transaction.atomic
def apply(depot: ImportAgents, by: Agent, empreinte: str) -> Rapport:
    """Writes the file, all or nothing, if it still says what was shown; then forgets it.

    Raises TableurRefuse, ImportRefuse, ApercuChange.
    """
    same = lines_of(_read(depot, ()), depot.memes) if depot.memes else ()
    with depot.fichier.open("rb") as file:
        rapport = import_agents(file, by=by, write=True, same=same)
    if fingerprint_of(rapport) != empreinte:
        raise ApercuChange(
            "L’annuaire a changé depuis votre relecture. Rien n’a été écrit. Relisez ce qui change, puis importez."
        )
    forget(depot)
    return rapport


def forget(depot: ImportAgents) -> None:
    storage, name = depot.fichier.storage, depot.fichier.name
    depot.delete()
    transaction.on_commit(lambda: storage.delete(name))


def forget_stale() -> int:
    """Previews left alone for a day: a file of a whole territory is not kept. Returns how many."""
    stale = list(ImportAgents.objects.stale())
    for one in stale:
        forget(one)
    return len(stale)


def errors_book(apercu: Apercu) -> bytes:
    rows = [(one.ligne, one.personne, cause, cure) for one in apercu.lignes_fausses for cause, cure in one.phrases]
    return xlsx("Lignes à corriger", ["Ligne", "Personne", "Cause", "Remède"], rows)


def model_book() -> bytes:
    """An empty workbook with its columns and a line to follow."""
    read = columns()
    return xlsx("Agents", [one.titre for one in read], [[EXEMPLE.get(one.cle, "") for one in read]])


def _read(depot: ImportAgents, same: Collection[int]) -> Rapport:
    with depot.fichier.open("rb") as file:
        return import_agents(file, by=depot.par, same=same)
