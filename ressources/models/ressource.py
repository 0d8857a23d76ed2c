"""The toolbox and its sheets."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PageManager, PagePermissionTester, TaskState
from wagtail.search import index

from collectivites.champs import NomField
from collectivites.diffusion import AvecDiffusion, DiffusionQuerySet
from collectivites.enums import Domaine, Strate
from collectivites.models import Collectivite, Theme
from collectivites.pages.structure import HORS_ENTREE, Droits, PageUnique
from extranet.lib.apports import Entree
from extranet.lib.blocs import CorpsField
from extranet.lib.cherchable import Cherchable
from ressources.enums import Fiabilite, Licence, Source
from ressources.models.fichier import Fichier, VersionFichier
from ressources.models.listes import PublicVise, TypeRessource
from ressources.models.photo import AccordQuerySet, PageAvecAccord
from ressources.recherche import entree_ressource

if TYPE_CHECKING:
    from collectivites.models import Agent

GENRE = "ressource"
# First words of fixed addresses under the toolbox: a sheet of that name could never be reached.
ADRESSES_PRISES = frozenset(
    ["deposer", "themes", "relecture", "demandes", "favoris", "fichiers", "versions", "importer", "mes-documents"]
    + ["a-verifier", "actes", "champs", "echanges", "emporter", "flux", "partages", "photos", "questions"]
)


class RessourcesPage(PageUnique):
    """The toolbox: its list, its themes, what is new in it."""

    SLUG = "ressources"

    chapeau = models.CharField(max_length=250, blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["ressources.RessourcePage"]
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau")]

    class Meta:
        verbose_name = "boîte à outils"
        verbose_name_plural = "boîtes à outils"

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Drawn by a view, named as settings name theirs: the list stands on all the models, of which this is one.

        A hook of Wagtail would not serve previews, and a registry would be this name in another file.
        """
        return import_string("ressources.views.consulter.liste")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)


class RessourceQuerySet(DiffusionQuerySet, AccordQuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Published for this reader, within its dates, agreed to by whom it shows (`AccordQuerySet`)."""
        return super().visible_to(agent).online()

    def editable_by(self, agent: "Agent | None") -> Self:
        """Drafts and published sheets that one may change: one’s own, those one answers for, those of one’s commune
        for a gestionnaire; all of them for the responsables of the resources.
        """
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        if agent.answers_for(Domaine.RESSOURCES):
            return self
        places = [poste.collectivite_id for poste in agent.postes_en_cours if poste.gestionnaire]
        return self.filter(Q(owner=agent) | Q(referent=agent) | Q(collectivite__in=places))

    def open_to(self, agent: "Agent | None") -> Self:
        """The published sheets whose address this person may open: those they read, and those they look after."""
        seen, kept = self.visible_to(agent).order_by(), self.editable_by(agent).online().order_by()
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=kept.values("pk")))

    def for_list(self) -> Self:
        """With what a line shows beside them: two queries more, whatever their number."""
        return (
            self.select_related("theme", "type", "collectivite", "remplacee_par")
            .defer_streamfields()
            .prefetch_related(Prefetch("fichiers", Fichier.objects.with_current()))
        )


class DroitsRessource(Droits):
    """A sheet with files has a history: it is archived from the site, never deleted, moved nor copied."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not self.page.fichiers.exists()

    def can_publish(self) -> bool:
        """Wagtail's admin does not show the files: it publishes nothing that would leave one behind."""
        return super().can_publish() and not self.page.holds_files_back()

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False


class RessourcePage(Cherchable, AvecDiffusion, PageAvecAccord):
    """A sheet: what a document is for, how far to trust it, whom to ask. Its files stand beside (`Fichier`)."""

    resume = models.CharField(
        "à quoi ça sert", max_length=400, help_text="En une ou deux phrases, lues dans les listes.", blank=True
    )
    theme = models.ForeignKey(Theme, verbose_name="thème", on_delete=models.PROTECT, related_name="ressources")
    type = models.ForeignKey(TypeRessource, on_delete=models.PROTECT, related_name="ressources")
    publics = ParentalManyToManyField(
        PublicVise, verbose_name="métiers concernés", blank=True, related_name="ressources"
    )
    strate = models.CharField(
        "taille de commune",
        max_length=10,
        choices=Strate,
        blank=True,
        help_text="Celle de la commune d’origine, si vous ne dites rien.",
    )
    mots_cles = NomField("mots-clés", max_length=300, blank=True, help_text="Séparés par des virgules.")
    source = models.CharField(max_length=10, choices=Source, default=Source.COMMUNE)
    source_precision = NomField("précision sur la source", max_length=200, blank=True)
    source_url = models.URLField("adresse de l’original", max_length=300, blank=True)
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="collectivité d’origine", on_delete=models.PROTECT, related_name="ressources"
    )
    reference_texte = NomField(
        "référence de texte", max_length=200, blank=True, help_text="« CGCT, article L. 2121-7 »"
    )
    date_effet = models.DateField("date d’effet", null=True, blank=True)
    verifie_par = NomField("vérifié par", max_length=150, blank=True)
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    a_verifier_avant = models.DateField("à vérifier avant le", null=True, blank=True)
    perime_le = models.DateField("périmé depuis le", null=True, blank=True)
    avant_adoption = models.TextField(
        "avant de l’adopter", blank=True, help_text="Ce qu’une commune doit vérifier ; une ligne par point."
    )
    avertissement = models.CharField(max_length=250, blank=True, help_text="Lu en tête de la fiche.")
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="référent·e",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ressources_suivies",
        help_text="Qui répond aux questions ; les gestionnaires de la collectivité prennent la suite à son départ.",
    )
    licence = models.CharField(max_length=20, choices=Licence, default=Licence.INTERNE)
    credit = NomField("crédit", max_length=250, blank=True)
    corps = CorpsField(blank=True)
    liees = ParentalManyToManyField("self", verbose_name="à lire avec", symmetrical=False, blank=True)
    remplacee_par = models.ForeignKey(
        "self", verbose_name="remplacée par", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace"
    )
    archivee_le = models.DateTimeField("archivée le", null=True, blank=True, editable=False)
    lecture_suivie = models.BooleanField(
        "lecture suivie", default=False, help_text="Chaque lecteur dit « J’ai lu » à chaque version."
    )
    a_remplir = models.BooleanField("modèle à remplir", default=False)

    genre = GENRE
    hors_entree = HORS_ENTREE
    objects = PageManager.from_queryset(RessourceQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["ressources.RessourcesPage"]
    subpage_types: ClassVar[list[str]] = []

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("resume"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("type")]),
        FieldRowPanel([FieldPanel("collectivite"), FieldPanel("diffusion")], heading="De qui, pour qui"),
        MultiFieldPanel(
            [
                FieldPanel("avertissement"),
                FieldRowPanel([FieldPanel("verifie_par"), FieldPanel("verifie_le")]),
                FieldRowPanel([FieldPanel("a_verifier_avant"), FieldPanel("perime_le")]),
                FieldPanel("remplacee_par"),
                FieldPanel("referent"),
            ],
            heading="Confiance",
        ),
        FieldPanel("avant_adoption"),
        FieldPanel("corps"),
        FieldPanel("publics"),
        FieldRowPanel([FieldPanel("strate"), FieldPanel("a_remplir"), FieldPanel("lecture_suivie")]),
        FieldPanel("mots_cles"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("source"), FieldPanel("source_precision")]),
                FieldPanel("source_url"),
                FieldRowPanel([FieldPanel("reference_texte"), FieldPanel("date_effet")]),
                FieldRowPanel([FieldPanel("licence"), FieldPanel("credit")]),
            ],
            heading="Origine et droits",
        ),
        FieldPanel("liees"),
    ]
    promote_panels: ClassVar[list] = [FieldPanel("slug")]
    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("resume"), index.SearchField("mots_cles")]

    class Meta:
        verbose_name = "ressource"
        constraints = [
            models.CheckConstraint(
                condition=Q(verifie_le=None) | ~Q(verifie_par=""),
                name="ressource_verifiee_par_quelqu_un",
                violation_error_message="Dites qui a vérifié.",
            ),
            models.CheckConstraint(
                condition=Q(a_verifier_avant=None)
                | Q(verifie_le=None)
                | Q(a_verifier_avant__gt=models.F("verifie_le")),
                name="ressource_a_verifier_apres",
                violation_error_message="La date « à vérifier avant le » suit celle de la vérification.",
            ),
            models.CheckConstraint(
                condition=Q(remplacee_par=None) | ~Q(remplacee_par=models.F("page_ptr")),
                name="ressource_remplacee_par_une_autre",
                violation_error_message="Une ressource ne se remplace pas elle-même.",
            ),
        ]

    @classmethod
    def to_index(cls) -> models.QuerySet:
        files = Prefetch("fichiers", Fichier.objects.with_current(texts=True))
        pages = cls.objects.select_related("theme", "type", "collectivite", "photo__collectivite")
        return pages.prefetch_related(files).annotate(pour_index=models.Value(True))

    def entree(self) -> Entree | None:
        """Read anew unless it comes from `to_index`: what is in memory does not know the files of today."""
        if not self.live:
            return None
        return entree_ressource(self if hasattr(self, "pour_index") else self.to_index().get(pk=self.pk))

    def is_open_to(self, agent: "Agent | None") -> bool:
        return self.is_visible_to(agent) or RessourcePage.objects.open_to(agent).filter(pk=self.pk).exists()

    def permissions_for_user(self, user: "Agent") -> PagePermissionTester:
        return DroitsRessource(user, self)

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Drawn by a view, as the toolbox; its drafts too."""
        return import_string("ressources.views.fiche.fiche")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return import_string("ressources.views.fiche.fiche")(request, self, en_apercu=True)

    def clean(self) -> None:
        super().clean()
        if self.slug in ADRESSES_PRISES:
            raise ValidationError({"slug": "Cette adresse est celle d’une partie du site, choisissez-en une autre."})

    @property
    def adresse(self) -> str:
        """That of `url`, without asking the tree: the toolbox never moves."""
        return f"/{RessourcesPage.SLUG}/{self.slug}/"

    @property
    def annee(self) -> int | None:
        """Of its effect, else of its publication (Paris)."""
        if self.date_effet:
            return self.date_effet.year
        return timezone.localdate(self.first_published_at).year if self.first_published_at else None

    @property
    def fiabilite(self) -> Fiabilite:
        """Replaced first, then outdated, then to be checked from the very day that was given."""
        today = timezone.localdate()
        if self.remplacee_par_id:
            return Fiabilite.REMPLACE
        if self.perime_le and self.perime_le <= today:
            return Fiabilite.PERIME
        if self.a_verifier_avant and self.a_verifier_avant <= today:
            return Fiabilite.A_VERIFIER
        return Fiabilite.A_JOUR

    @property
    def waiting_versions(self) -> models.QuerySet[VersionFichier]:
        return VersionFichier.objects.waiting().filter(fichier__page=self)

    def holds_files_back(self) -> bool:
        """A file waits that no review has accepted. Beside what is online, one kept for later holds nothing back."""
        if self.current_workflow_state is not None:
            return self.waiting_versions.exists()
        accepted = TaskState.objects.filter(workflow_state__in=self.workflow_states, status=TaskState.STATUS_APPROVED)
        last = accepted.aggregate(last=models.Max("started_at"))["last"]
        waiting = self.waiting_versions.filter(created_at__gt=last) if last else self.waiting_versions
        return not self.live and waiting.exists()

    def adresse_relecture(self) -> str:
        """Where it is reviewed (`home.relecture` tells the responsables)."""
        return reverse("ressources:relecture_detail", args=[self.pk])

    def adresse_edition(self) -> str:
        return reverse("ressources:ressource_update", args=[self.pk])

    @property
    def strate_dite(self) -> str:
        """The size it is for: what its author said, else that of the commune it comes from."""
        return self.strate or self.collectivite.strate or ""

    @property
    def strate_libelle(self) -> str:
        return Strate(self.strate_dite).label if self.strate_dite else ""
