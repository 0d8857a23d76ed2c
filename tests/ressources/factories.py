"""Files of the tests: real ones, small."""

import hashlib
import io
from itertools import count

import factory
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image
from wagtail.models import Collection

from collectivites.diffusion import TOUTES
from collectivites.models import Agent, Collectivite, Theme
from ressources.enums import Analyse, StatutVersion
from ressources.models import (
    DocumentPrive,
    Fichier,
    ImagePrivee,
    PublicVise,
    RessourcePage,
    RessourcesPage,
    TypeRessource,
    VersionFichier,
)
from tests.collectivites.factories import AgentFactory, CollectiviteFactory

PDF = b"%PDF-1.7\n" + b"1 0 obj<</Type/Catalog>>endobj\n" * 40 + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def picture(color: str = "teal", size: tuple[int, int] = (64, 48), kind: str = "JPEG", **save: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind, **save)
    return buffer.getvalue()


def fetch(client: Client, url: str, **options: object) -> HttpResponse:
    """GET, read to the end as a browser does: `data` holds the bytes."""
    response = client.get(url, **options)
    response.data = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def collection(nom: str) -> Collection:
    return Collection.objects.get(name=nom)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = DocumentPrive
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Document {n}")
    collection = factory.LazyFunction(lambda: collection("Actualités et pages"))
    file = factory.Sequence(lambda n: ContentFile(PDF + str(n).encode(), name=f"délibération-{n}.pdf"))

    @factory.post_generation
    def metadata(self: DocumentPrive, create: bool, extracted: object, **kwargs: object) -> None:
        self._set_document_file_metadata()
        self.save()
        self.file.close()


class ImageFactory(DjangoModelFactory):
    class Meta:
        model = ImagePrivee
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Image {n}")
    description = "Un carré de couleur"
    collection = factory.LazyFunction(lambda: collection("Actualités et pages"))
    file = factory.Sequence(lambda n: ContentFile(picture(size=(64 + n % 50, 48)), name=f"carre-{n}.jpg"))

    @factory.post_generation
    def metadata(self: ImagePrivee, create: bool, extracted: object, **kwargs: object) -> None:
        self._set_image_file_metadata()
        self.save()
        self.file.close()


_numbers = count(1)


def make_ressource(
    titre: str = "",
    texte: str = "",
    *,
    diffusion: list[str] | None = None,
    fichiers: int = 1,
    live: bool = True,
    publics: tuple[PublicVise, ...] = (),
    **fields: object,
) -> RessourcePage:
    """A published sheet for all, with `fichiers` files of one published version each; the first holds `texte`.

    `fields` are those of RessourcePage: without them, a commune of its own, the first theme and the first type.
    """
    number = next(_numbers)
    moment = timezone.now() if live else None
    fields = {
        "theme": Theme.objects.first(),
        "type": TypeRessource.objects.first(),
        "first_published_at": moment,
        "last_published_at": moment,
    } | fields
    fields["collectivite"] = fields.get("collectivite") or CollectiviteFactory()
    fields["owner"] = fields.get("owner") or AgentFactory()
    codes = [TOUTES] if diffusion is None else diffusion
    page = RessourcePage(title=titre or f"Ressource {number}", slug=f"ressource-{number}", live=live, diffusion=codes)
    for name, value in fields.items():
        setattr(page, name, value)
    page.publics = list(publics)
    RessourcesPage.objects.get().add_child(instance=page)
    for rank in range(fichiers):
        fichier = Fichier.objects.create(page=page, nom=f"Annexe {rank}" if rank else "", ordre=rank)
        make_version(fichier, texte if rank == 0 else "")
    return page


def make_version(
    fichier: Fichier,
    texte: str = "",
    *,
    contenu: bytes | None = None,
    nom: str = "modele.pdf",
    statut: StatutVersion = StatutVersion.PUBLIEE,
    auteur: Agent | None = None,
    collectivite: Collectivite | None = None,
    **fields: object,
) -> VersionFichier:
    """The next version of a file; its bytes differ from those of the others unless they are given."""
    numero = fichier.next_numero
    contenu = PDF + f"{fichier.pk}-{numero}".encode() if contenu is None else contenu
    if statut != StatutVersion.A_RELIRE:
        fields.setdefault("publiee_le", timezone.now())
    if statut == StatutVersion.RETIREE:
        fields.setdefault("retiree_le", timezone.now())
    return VersionFichier.objects.create(
        fichier=fichier,
        numero=numero,
        statut=statut,
        file=ContentFile(contenu, name=nom),
        nom=nom,
        sha256=hashlib.sha256(contenu).hexdigest(),
        taille=len(contenu),
        type_reel=nom.rpartition(".")[2].lower(),
        texte=texte,
        analyse=Analyse.LU if texte else Analyse.SANS_TEXTE,
        auteur=auteur or fichier.page.owner,
        collectivite=collectivite or fichier.page.collectivite,
        **fields,
    )
