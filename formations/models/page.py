"""The catalogue and its sheets: what editors write. A sheet is never booked, its sessions are."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PageManager, PagePermissionTester
from wagtail.search import index

from collectivites.champs import NomField
from collectivites.diffusion import AvecDiffusion, DiffusionQuerySet
from collectivites.enums import Domaine
from collectivites.models import Fonction, Theme, TypeHabilitation
from collectivites.pages.structure import HORS_ENTREE, Droits, PageDatee, PageDateeQuerySet, PageUnique
from extranet.lib.apports import Entree
from extranet.lib.blocs import CorpsField
from extranet.lib.cherchable import Cherchable
from formations.adresses import CATALOGUE, PRISES
from formations.enums import Nature, PayePar, TypeOrganisme
from formations.recherche import entree_formation

if TYPE_CHECKING:
    from collectivites.models import Agent

GENRE = "formation"


class PublicFormation(models.Model):
    """A public that trainings name (« Secrétaires », « Élus ») and the fonctions it gathers."""

    code = models.SlugField(max_length=40, unique=True)
    libelle = NomField("libellé", max_length=80, unique=True)
    fonctions = models.ManyToManyField(Fonction, blank=True, related_name="+")
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "public des formations"
        verbose_name_plural = "publics des formations"
        ordering = ["ordre", "libelle"]

    def __str__(self) -> str:
        return self.libelle


class FormationsPage(PageUnique):
    """The catalogue: what one may learn, where and when."""

    SLUG = "formations"

    chapeau = models.CharField(max_length=250, blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["formations.FormationPage"]
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau")]

    class Meta:
        verbose_name = "catalogue des formations"
        verbose_name_plural = "catalogues des formations"

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return import_string("formations.views.consulter.liste")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)


class FormationQuerySet(DiffusionQuerySet, PageDateeQuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Published for this reader, within its dates, and not archived."""
        return super().visible_to(agent).online().filter(archivee_le=None)

    def editable_by(self, agent: "Agent | None") -> Self:
        """All of them for the responsables of the training, none for the others."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self if agent.answers_for(Domaine.FORMATIONS) else self.none()

    def open_to(self, agent: "Agent | None") -> Self:
        """The published sheets whose address this person may open."""
        seen, kept = self.visible_to(agent).order_by(), self.editable_by(agent).online().order_by()
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=kept.values("pk")))


class DroitsFormation(Droits):
    """A sheet with sessions has a history: it is archived, never deleted, moved nor copied."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not self.page.sessions.exists()

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False


class FormationPage(Cherchable, AvecDiffusion, PageDatee):
    """What a training teaches, to whom, by whom. Its dates and seats stand beside (`SessionFormation`)."""

    accroche = models.CharField(
        "en une ou deux phrases", max_length=250, blank=True, help_text="Ce que l’on saura faire, lu sous le titre."
    )
    theme = models.ForeignKey(Theme, verbose_name="thème", on_delete=models.PROTECT, related_name="formations")
    publics = ParentalManyToManyField(
        PublicFormation,
        verbose_name="pour qui",
        blank=True,
        related_name="formations",
        help_text="Aucun : ouverte à tous. Sinon, ces seules fonctions peuvent s’inscrire.",
    )
    prerequis = models.CharField("prérequis", max_length=300, blank=True)
    titres_requis = ParentalManyToManyField(
        TypeHabilitation,
        verbose_name="titres à avoir déjà",
        blank=True,
        related_name="formations_qui_le_demandent",
        help_text="Vérifiés à l’inscription.",
    )
    objectifs = models.TextField(blank=True, help_text="Un par ligne.")
    corps = CorpsField("programme", blank=True)
    programme = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name="programme à télécharger",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    duree_heures = models.DecimalField(
        "durée, en heures", max_digits=5, decimal_places=1, validators=[MinValueValidator(0.5)]
    )
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.INITIALE)
    titre_delivre = models.ForeignKey(
        TypeHabilitation,
        verbose_name="titre délivré ou prolongé",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="formations",
        help_text="Un recyclage prolonge un titre que l’on a déjà.",
    )
    organisme = NomField(max_length=150, blank=True)
    type_organisme = models.CharField(
        "genre d’organisme", max_length=12, choices=TypeOrganisme, default=TypeOrganisme.PRIVE
    )
    declaration = NomField(
        "numéro de déclaration d’activité", max_length=40, blank=True, help_text="De l’organisme ; lu sur les papiers."
    )
    cout = models.DecimalField(
        "coût", max_digits=8, decimal_places=2, null=True, blank=True, help_text="Par agent, en euros."
    )
    paye_par = models.CharField("qui paie", max_length=12, choices=PayePar, default=PayePar.EPCI)
    a_apporter = models.TextField("à apporter", blank=True, help_text="Une ligne par chose ; lu sur la convocation.")
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="qui répond aux questions",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="formations_suivies",
    )
    archivee_le = models.DateTimeField("archivée le", null=True, blank=True, editable=False)

    genre = GENRE
    hors_entree = HORS_ENTREE
    objects = PageManager.from_queryset(FormationQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["formations.FormationsPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("accroche"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("duree_heures")]),
        FieldPanel("objectifs"),
        FieldPanel("corps"),
        FieldPanel("programme"),
        MultiFieldPanel(
            [FieldPanel("publics"), FieldPanel("prerequis"), FieldPanel("titres_requis")], heading="Pour qui"
        ),
        MultiFieldPanel([FieldPanel("nature"), FieldPanel("titre_delivre")], heading="Le titre"),
        MultiFieldPanel(
            [
                FieldPanel("organisme"),
                FieldRowPanel([FieldPanel("type_organisme"), FieldPanel("declaration")]),
                FieldRowPanel([FieldPanel("cout"), FieldPanel("paye_par")]),
            ],
            heading="Par qui, à quel prix",
        ),
        FieldPanel("a_apporter"),
        FieldPanel("contact"),
        FieldPanel("diffusion"),
    ]
    promote_panels: ClassVar[list] = [FieldPanel("slug")]
    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("accroche")]

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"

    @classmethod
    def to_index(cls) -> models.QuerySet:
        return cls.objects.select_related("theme", "titre_delivre").prefetch_related("publics")

    def entree(self) -> Entree | None:
        return entree_formation(self)

    def is_open_to(self, agent: "Agent | None") -> bool:
        return self.is_visible_to(agent) or FormationPage.objects.open_to(agent).filter(pk=self.pk).exists()

    def permissions_for_user(self, user: "Agent") -> PagePermissionTester:
        return DroitsFormation(user, self)

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return import_string("formations.views.fiche.fiche")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return import_string("formations.views.fiche.fiche")(request, self, en_apercu=True)

    def with_content_json(self, content: dict) -> Self:
        """A revision is words: published late, it does not bring back a sheet that was archived since."""
        page = super().with_content_json(content)
        page.archivee_le = self.archivee_le
        return page

    def clean(self) -> None:
        super().clean()
        if self.slug in PRISES:
            raise ValidationError({"slug": "Cette adresse est celle d’une partie du site, choisissez-en une autre."})
        if self.nature == Nature.RECYCLAGE and self.titre_delivre is None:
            raise ValidationError({"titre_delivre": "Un recyclage prolonge un titre : dites lequel."})

    @property
    def organisme_dit(self) -> str:
        """Who trains, then of what kind; a name that the kind begins with (« CNFPT ») is not said twice."""
        genre = self.get_type_organisme_display()
        if not self.organisme or genre.casefold().startswith(self.organisme.casefold()):
            return genre
        return self.organisme if self.type_organisme == TypeOrganisme.AUTRE else f"{self.organisme}, {genre}"

    @property
    def adresse(self) -> str:
        """That of `url`, without asking the tree: the catalogue never moves."""
        return f"{CATALOGUE}{self.slug}/"

    @property
    def lignes_objectifs(self) -> list[str]:
        return [line.strip() for line in self.objectifs.splitlines() if line.strip()]
