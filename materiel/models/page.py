"""The board of equipment and its sheets."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page, PageManager, PagePermissionTester
from wagtail.search import index

from collectivites.diffusion import AvecDiffusion, DiffusionQuerySet
from collectivites.enums import Domaine
from collectivites.pages.structure import HORS_ENTREE, Droits, PageDatee, PageDateeQuerySet, PageUnique
from extranet.lib.apports import Entree
from extranet.lib.blocs import CorpsField
from extranet.lib.cherchable import Cherchable
from materiel.enums import StatutMateriel
from materiel.recherche import entree_materiel

if TYPE_CHECKING:
    from collectivites.models import Agent

GENRE, PHOTOS_MAX = "materiel", 12
MONTRES = (StatutMateriel.EN_SERVICE, StatutMateriel.RETIRE)
# First words of fixed addresses under the board: a sheet of that name could never be reached.
ADRESSES_PRISES = frozenset(
    ["proposer", "prets", "demandes", "besoins", "carte", "importer", "etiquettes", "conventions", "entraide", "agenda"]
    + ["papiers", "nos-materiels", "constats", "photos", "incidents", "reglement"]
)


class PhotoBlock(blocks.StructBlock):
    image = ImageChooserBlock(label="Photo")
    legende = blocks.CharBlock(label="Ce qu’elle montre", required=False, max_length=80)

    class Meta:
        label = "Photo"
        icon = "image"


class PhotosField(StreamField):
    """Pictures of a sheet, the first one shown in the lists. As the body of a page, its blocks are not schema."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__([("photo", PhotoBlock())], **{"blank": True, "max_num": PHOTOS_MAX, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        return models.Field.deconstruct(self)


class MaterielsPage(PageUnique):
    """The board: what may be borrowed, from whom, and when it is free."""

    SLUG = "materiel"

    chapeau = models.CharField(max_length=250, blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "materiel.MaterielPage",
        "materiel.ModeleConventionPage",
        "materiel.ReglementPretPage",
    ]
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau")]

    class Meta:
        verbose_name = "prêt de matériel"
        verbose_name_plural = "prêts de matériel"

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Drawn by a view, named as settings name theirs: the list stands on all the models, of which this is one."""
        return import_string("materiel.views.consulter.liste")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)


class MaterielPageQuerySet(DiffusionQuerySet, PageDateeQuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Published for this reader, within its dates, and not archived. What is withdrawn stays legible."""
        return super().visible_to(agent).online().filter(materiel__statut__in=MONTRES)

    def editable_by(self, agent: "Agent | None") -> Self:
        """Drafts and published sheets of the collectivités that one manages; all of them for the responsables."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        if agent.answers_for(Domaine.MATERIEL):
            return self
        places = [poste.collectivite_id for poste in agent.postes_en_cours if poste.gestionnaire]
        return self.filter(materiel__collectivite__in=places)

    def open_to(self, agent: "Agent | None") -> Self:
        """The published sheets whose address this person may open: those they read, and those they look after."""
        seen, kept = self.visible_to(agent).order_by(), self.editable_by(agent).online().order_by()
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=kept.values("pk")))


class DroitsMateriel(Droits):
    """A sheet with a thing beside it is withdrawn or archived, never deleted, moved nor copied from the admin."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not hasattr(self.page, "materiel")

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False


class MaterielPage(Cherchable, AvecDiffusion, PageDatee):
    """What a commune writes of a thing it lends. What is counted or locked stands beside (`Materiel`)."""

    accroche = models.CharField(
        "en une ligne", max_length=120, blank=True, help_text="Lue sous le nom : « Monté en dix minutes à deux »."
    )
    photos = PhotosField(blank=True)
    corps = CorpsField("description", blank=True)

    genre = GENRE
    hors_entree = HORS_ENTREE
    objects = PageManager.from_queryset(MaterielPageQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["materiel.MaterielsPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("accroche"),
        # Of the thing beside: fields of the form only (`materiel.forms.administration`).
        MultiFieldPanel(
            [FieldPanel("collectivite"), FieldPanel("categorie"), FieldPanel("stock")], heading="Le matériel"
        ),
        FieldPanel("diffusion"),
        FieldPanel("photos"),
        FieldPanel("corps"),
    ]
    promote_panels: ClassVar[list] = [FieldPanel("slug")]
    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("accroche")]

    class Meta:
        verbose_name = "matériel"
        verbose_name_plural = "matériels"

    @classmethod
    def to_index(cls) -> models.QuerySet:
        beside = ("materiel__collectivite", "materiel__categorie")
        return cls.objects.select_related(*beside).prefetch_related("materiel__accessoires", "materiel__habilitations")

    def entree(self) -> Entree | None:
        return entree_materiel(self)

    def is_open_to(self, agent: "Agent | None") -> bool:
        return self.is_visible_to(agent) or MaterielPage.objects.open_to(agent).filter(pk=self.pk).exists()

    def permissions_for_user(self, user: "Agent") -> PagePermissionTester:
        return DroitsMateriel(user, self)

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return import_string("materiel.views.fiche.fiche")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return import_string("materiel.views.fiche.fiche")(request, self, en_apercu=True)

    def clean(self) -> None:
        super().clean()
        if self.slug in ADRESSES_PRISES:
            raise ValidationError({"slug": "Cette adresse est celle d’une partie du site, choisissez-en une autre."})

    @property
    def adresse(self) -> str:
        """That of `url`, without asking the tree: the board never moves."""
        return f"/{MaterielsPage.SLUG}/{self.slug}/"
