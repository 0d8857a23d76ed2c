"""A large library, written in bulk: thousands of sheets with their files, as a territory has after some years."""

import hashlib
import random
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from collectivites.diffusion import ELUS, TOUTES, code_collectivite
from collectivites.enums import Strate
from collectivites.models import Agent, Collectivite, Theme
from extranet.lib.cherchable import reindex
from ressources.enums import Analyse, Source, StatutVersion
from ressources.models import Fichier, PublicVise, RessourcePage, RessourcesPage, TypeRessource, VersionFichier

MOTS = ["règlement", "cimetière", "concession", "arrêté", "circulation", "voirie", "cantine", "régie", "budget"]
MOTS += ["délibération", "recensement", "salle", "marché", "subvention", "déneigement", "urbanisme", "permis"]
LOT = 2_000


def make_many(nombre: int, auteur: Agent, *, graine: int = 1, indexer: bool = True) -> list[int]:
    """`nombre` published sheets with a file each; nine in ten for all, the others for a commune or the élus."""
    chance = random.Random(graine)  # noqa: S311 - the same library at each run
    root = RessourcesPage.objects.get()
    first = root.numchild
    titles = [f"{' '.join(chance.sample(MOTS, 3)).capitalize()} {first + n}" for n in range(nombre)]
    listes = list(Collectivite.objects.all()), list(Theme.objects.all()), list(TypeRessource.objects.all())
    pages = [_page(root, first + n, titles[n], listes, chance) for n in range(nombre)]
    for page in pages:
        page.owner, page.content_type = auteur, ContentType.objects.get_for_model(RessourcePage)
    # A bulk_create of children is refused by Django: the two tables are written one after the other.
    Page.objects.bulk_create([_parent(page) for page in pages], batch_size=LOT)
    keys = dict(Page.objects.filter(path__startswith=root.path, depth=root.depth + 1).values_list("path", "pk"))
    for page in pages:
        page.page_ptr_id = keys[page.path]
    manager = RessourcePage._base_manager.get_queryset()
    for start in range(0, nombre, 500):
        manager._insert(pages[start : start + 500], RessourcePage._meta.local_concrete_fields, using=connection.alias)
    RessourcesPage.objects.filter(pk=root.pk).update(numchild=first + nombre)
    _publics([page.page_ptr_id for page in pages], chance)
    _fichiers(pages, auteur, chance)
    found = [page.page_ptr_id for page in pages]
    for start in range(0, nombre if indexer else 0, 500):
        reindex(RessourcePage.to_index().filter(pk__in=found[start : start + 500]))
    return found


def _page(root: RessourcesPage, rank: int, titre: str, listes: tuple, chance: random.Random) -> RessourcePage:
    communes, themes, types = listes
    commune = chance.choice(communes)
    day = timezone.now() - timedelta(days=chance.randrange(2500), minutes=rank)
    codes = chance.choices([[TOUTES], [code_collectivite(commune.pk)], [ELUS]], weights=[90, 5, 5])[0]
    verified = day.date() if chance.random() < 0.5 else None
    return RessourcePage(
        title=titre,
        draft_title=titre,
        slug=f"grande-{rank}",
        path=RessourcesPage._get_path(root.path, root.depth + 1, rank + 1),
        depth=root.depth + 1,
        url_path=f"{root.url_path}grande-{rank}/",
        locale_id=root.locale_id,
        live=True,
        first_published_at=day,
        last_published_at=day,
        resume="Un modèle relu, à adapter à votre commune avant de le présenter au conseil.",
        theme=chance.choice(themes),
        type=chance.choice(types),
        strate=chance.choice(["", *Strate.values]),
        source=chance.choice(Source.values),
        collectivite=commune,
        diffusion=codes,
        verifie_le=verified,
        verifie_par="Le service juridique" if verified else "",
        a_verifier_avant=verified + timedelta(days=730) if verified else None,
        perime_le=date(2025, 1, 1) if chance.random() < 0.05 else None,
        a_remplir=chance.random() < 0.3,
    )


def _parent(page: RessourcePage) -> Page:
    names = [field.attname for field in Page._meta.concrete_fields if field.name != "id"]
    return Page(**{name: getattr(page, name) for name in names})


def _publics(keys: list[int], chance: random.Random) -> None:
    through, publics = RessourcePage.publics.through, list(PublicVise.objects.values_list("pk", flat=True))
    through.objects.bulk_create(
        [
            through(ressourcepage_id=key, publicvise_id=public)
            for key in keys
            for public in chance.sample(publics, chance.randrange(3))
        ],
        batch_size=LOT,
    )


def _fichiers(pages: list[RessourcePage], auteur: Agent, chance: random.Random) -> None:
    now = timezone.now()
    fichiers = Fichier.objects.bulk_create([Fichier(page_id=page.page_ptr_id) for page in pages], batch_size=LOT)
    versions = []
    for page, fichier in zip(pages, fichiers, strict=True):
        extension = chance.choice(["pdf", "docx", "odt", "xlsx"])
        texte = f"{page.title} " + " ".join(chance.choices(MOTS, k=60))
        versions.append(
            VersionFichier(
                fichier=fichier,
                numero=1,
                statut=StatutVersion.PUBLIEE,
                publiee_le=now,
                file=f"ressources/absent-{fichier.pk}.{extension}",
                nom=f"modele-{fichier.pk}.{extension}",
                sha256=hashlib.sha256(str(fichier.pk).encode()).hexdigest(),
                taille=chance.randrange(10_000, 900_000),
                type_reel=extension,
                pages=chance.randrange(1, 30),
                texte=texte,
                analyse=Analyse.LU,
                auteur=auteur,
                collectivite=page.collectivite,
            )
        )
    VersionFichier.objects.bulk_create(versions, batch_size=500)
