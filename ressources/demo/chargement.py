"""Writing the library of the demo: its sheets one by one in the tree, all the rest in bulk."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from collectivites.journal import record
from extranet.lib.cherchable import reindex
from extranet.lib.stockage import store
from ressources import annonces, copies
from ressources.demo.a_remplir import of_fillable, say
from ressources.demo.arbre import plant
from ressources.demo.fabrique import Commande, Produit, make_all
from ressources.demo.notices import Etape, Listes, Notice, of_models
from ressources.demo.officielles import of_fiches
from ressources.demo.paroles import talk
from ressources.demo.partages import give
from ressources.demo.photos import describe, of_photos
from ressources.demo.questions import ask
from ressources.demo.relectures import hand_in
from ressources.demo.vie import use
from ressources.enums import StatutVersion
from ressources.models import Fichier, ModeleARemplir, RessourcePage, VersionFichier

if TYPE_CHECKING:
    from collectivites.demo import Monde

LOT = 200
# How long after its deposit a version was withdrawn.
RETRAIT = timedelta(days=2, hours=3)


def load(monde: "Monde") -> None:
    """The same library in both sizes: a few hundred sheets are enough for a list to be worth reading."""
    listes = Listes.of(monde)
    notices = [*of_models(listes), *of_fillable(listes), *of_photos(listes), *of_fiches(listes)]
    notices.sort(key=lambda notice: (notice.etapes[0][0].moment, notice.cle))
    plant(notices)
    _file(notices, make_all(commande for notice in notices for commande in notice.commandes))
    by_key = {notice.cle: notice for notice in notices}
    _link(by_key)
    describe(monde, by_key)
    hand_in(monde, notices)
    keys = [notice.page.pk for notice in notices]
    for start in range(0, len(keys), LOT):
        reindex(RessourcePage.to_index().filter(pk__in=keys[start : start + LOT]))
    use(monde, by_key)
    say(monde, by_key)
    talk(listes, by_key)
    ask(listes, by_key)
    give(monde, by_key)
    _tell(monde, notices)


def _file(notices: list[Notice], made: dict[Commande, Produit]) -> None:
    """Rows are told their dates afterwards: they would else all be of now."""
    fichiers, versions = [], []
    for notice in notices:
        for ordre, (nom, etapes) in enumerate(zip(notice.noms, notice.etapes, strict=True)):
            fichier = Fichier(page=notice.page, nom=nom, ordre=ordre)
            fichiers.append(fichier)
            versions += [
                (_version(notice, fichier, numero, etape, made[etape.commande]), etape.moment)
                for numero, etape in enumerate(etapes, 1)
            ]
    Fichier.objects.bulk_create(fichiers)
    for version, _ in versions:
        version.fichier_id = version.fichier.pk
    VersionFichier.objects.bulk_create([version for version, _ in versions], batch_size=LOT)
    for version, moment in versions:
        version.created_at = moment
    VersionFichier.objects.bulk_update([version for version, _ in versions], ["created_at"], batch_size=LOT)
    by_hash = {one.sha256: one.champs for one in made.values() if one.champs}
    ModeleARemplir.objects.bulk_create(
        ModeleARemplir(version=version, champs=list(by_hash[version.sha256]), marque_par=version.auteur)
        for version, _ in versions
        if version.sha256 in by_hash
    )


def _version(notice: Notice, fichier: Fichier, numero: int, etape: Etape, produit: Produit) -> VersionFichier:
    page, withdrawn = notice.page, etape.statut == StatutVersion.RETIREE
    extension = etape.commande.extension
    version = VersionFichier(
        fichier=fichier,
        numero=numero,
        statut=etape.statut,
        nom=f"{_file_name(page.title, fichier.nom)}.{extension}",
        sha256=produit.sha256,
        taille=len(produit.contenu),
        type_reel=extension,
        pages=produit.pages,
        changements=etape.changements,
        auteur=page.owner,
        collectivite=page.collectivite,
        publiee_le=None if etape.statut == StatutVersion.A_RELIRE else etape.moment,
        retiree_le=etape.moment + RETRAIT if withdrawn else None,
        motif_retrait=etape.motif,
        analyse=produit.analyse,
        analyse_motif=produit.motif,
        texte=produit.texte,
    )
    store(version.file, ContentFile(produit.contenu), extension)
    return version


def _file_name(titre: str, nom: str) -> str:
    """As people name files: accents, no sign that a disk refuses."""
    words = f"{titre}, {nom}" if nom else titre
    kept = "".join(" " if mark in '\\/:*?"<>|«»\u00a0\u202f' else mark for mark in words)
    return " ".join(kept.split())[:90].strip(" .,")


def _link(by_key: dict[str, Notice]) -> None:
    through = RessourcePage.liees.through
    rows = []
    for notice in by_key.values():
        rows += [through(from_ressourcepage=notice.page, to_ressourcepage=by_key[cle].page) for cle in notice.liees]
        if notice.remplacee_par:
            notice.page.remplacee_par = by_key[notice.remplacee_par].page
            notice.page.save(update_fields=["remplacee_par"], clean=False)
    through.objects.bulk_create(rows)


def _tell(monde: "Monde", notices: list[Notice]) -> None:
    """What is recent was told when it appeared; the large size only says so, for lack of readers."""
    since = monde.instant(0) - annonces.FRESH - timedelta(days=1)
    for page in (notice.page for notice in notices):
        if page.live and page.first_published_at >= since:
            _announce(monde, page)
    if monde.grande:
        for version in annonces.pending_readings():
            _note(annonces.ACTE_LECTURE, version, version.fichier.page)
    annonces.ask_readings()
    copies.tell_holders()


def _announce(monde: "Monde", page: RessourcePage) -> None:
    if monde.grande:
        _note(annonces.ACTE, page, page)
    else:
        annonces.announce(page)


def _note(acte: str, told: RessourcePage | VersionFichier, page: RessourcePage) -> None:
    record(acte, told, agent=None, collectivite=page.collectivite, libelle=page.title, personnes=0)
