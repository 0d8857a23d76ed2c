"""The files of a resource and their versions: outside the page's revisions, which never bring an old file back."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from collectivites.champs import NomField
from collectivites.models import Collectivite
from extranet.lib.stockage import stockage_prive
from ressources.enums import SERVIS, Analyse, Examen, StatutVersion

if TYPE_CHECKING:
    from collectivites.models import Agent

PHOTOS = frozenset({"jpg", "jpeg", "png", "webp", "gif"})


class FichierQuerySet(models.QuerySet):
    def with_current(self, *, texts: bool = False) -> Self:
        """`courantes` of each: its current version, if any, in a list. One query, without their texts by default."""
        versions = VersionFichier.objects.current()
        return self.prefetch_related(
            Prefetch("versions", versions if texts else versions.defer("texte"), to_attr="courantes")
        )


class Fichier(models.Model):
    """A file of a resource, whatever its versions: « le règlement », « l’annexe des tarifs »."""

    page = models.ForeignKey(
        "ressources.RessourcePage", verbose_name="ressource", on_delete=models.PROTECT, related_name="fichiers"
    )
    nom = NomField("ce que c’est", max_length=150, blank=True, help_text="Vide : le titre de la fiche.")
    ordre = models.PositiveSmallIntegerField(default=0)

    objects = FichierQuerySet.as_manager()

    class Meta:
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        return self.nom or self.page.title

    @property
    def next_numero(self) -> int:
        """To be asked with the file locked."""
        return (self.versions.aggregate(last=models.Max("numero"))["last"] or 0) + 1


class VersionFichierQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Those that readers may be given: published, and out of quarantine."""
        return self.filter(statut=StatutVersion.PUBLIEE, examen__in=SERVIS)

    def waiting(self) -> Self:
        """Those that await their publication: no later one of the same file is published."""
        later = VersionFichier.objects.filter(
            fichier=OuterRef("fichier"), numero__gt=OuterRef("numero"), statut=StatutVersion.PUBLIEE
        )
        return self.filter(~Exists(later), statut=StatutVersion.A_RELIRE)

    def current(self) -> Self:
        """Of each file, the one to take today: the last published."""
        later = VersionFichier.objects.published().filter(fichier=OuterRef("fichier"), numero__gt=OuterRef("numero"))
        return self.published().filter(~Exists(later))

    def visible_to(self, agent: "Agent | None") -> Self:
        """Published versions of the resources that this reader may open."""
        pages = Fichier.page.field.related_model.objects.visible_to(agent)
        return self.published().filter(fichier__page__in=pages.values("pk"))

    def photos(self) -> Self:
        return self.filter(type_reel__in=PHOTOS)

    def for_list(self) -> Self:
        """Without the text, which may weigh a megabyte."""
        return self.defer("texte").select_related("auteur", "collectivite", "modele")


class VersionFichier(models.Model):
    """One state of a file. What it holds never changes: another content is another version."""

    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    statut = models.CharField(max_length=10, choices=StatutVersion, default=StatutVersion.A_RELIRE)
    file = models.FileField("fichier", upload_to="ressources/%Y/%m", storage=stockage_prive, max_length=255)
    nom = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    taille = models.PositiveBigIntegerField(help_text="En octets.")
    type_reel = models.CharField("type réel", max_length=10, help_text="Lu dans le contenu : « pdf », « docx ».")
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="Pages, feuilles ou diapositives.")
    changements = models.CharField("ce qui change", max_length=500, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déposée par", on_delete=models.PROTECT, related_name="+"
    )
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="pour", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("déposée le", auto_now_add=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    motif_retrait = models.CharField("motif du retrait", max_length=250, blank=True)
    analyse = models.CharField(max_length=10, choices=Analyse, default=Analyse.EN_ATTENTE)
    analyse_motif = models.CharField("pourquoi", max_length=250, blank=True)
    examen = models.CharField("antivirus", max_length=10, choices=Examen, default=Examen.SANS)
    # The last column: a list that does not ask for it never walks through it.
    texte = models.TextField(blank=True, help_text="Un saut de page (U+000C) sépare les pages.")

    objects = VersionFichierQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        ordering = ["fichier", "-numero"]
        indexes = [
            models.Index(fields=["sha256"], name="version_empreinte"),
            models.Index(fields=["analyse"], name="version_analyse", condition=Q(analyse=Analyse.EN_ATTENTE)),
            models.Index(fields=["examen"], name="version_examen", condition=Q(examen=Examen.EN_ATTENTE)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["fichier", "numero"], name="version_numero_unique"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="version_numero_des_un"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="version_empreinte_sha256"),
            models.CheckConstraint(condition=Q(taille__gt=0), name="version_non_vide"),
            models.CheckConstraint(
                condition=~Q(statut=StatutVersion.PUBLIEE) | Q(publiee_le__isnull=False), name="version_publiee_datee"
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutVersion.RETIREE, retiree_le__isnull=False)
                | ~Q(statut=StatutVersion.RETIREE) & Q(retiree_le=None),
                name="version_retiree_datee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fichier}, version {self.numero}"

    def get_absolute_url(self) -> str:
        return reverse("ressources:fichier", args=[self.pk, self.nom])

    @property
    def extension(self) -> str:
        return self.nom.rpartition(".")[2].lower()

    @property
    def is_photo(self) -> bool:
        return self.extension in PHOTOS

    @property
    def is_modele(self) -> bool:
        """It fills itself in; to be asked of a version read with its `modele`."""
        return hasattr(self, "modele")

    @property
    def etag(self) -> str:
        return self.sha256

    @property
    def is_served(self) -> bool:
        """The rule of `published`, for a version already read."""
        return self.statut == StatutVersion.PUBLIEE and self.examen in SERVIS
