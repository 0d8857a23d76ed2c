"""The texts that the intercommunalité writes for the loans: models of conventions, rules of the loans."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from collectivites.diffusion import AvecDiffusion, DiffusionQuerySet
from collectivites.pages.structure import PageDatee, PageDateeQuerySet
from extranet.lib.blocs import CorpsField
from materiel import redaction
from materiel.adresses import BOARD
from materiel.enums import BaseLegale


class ArticleBlock(blocks.StructBlock):
    """An article of a convention: one paragraph a line; words in braces are filled in from the loan."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    texte = blocks.TextBlock(label="Texte", help_text="Un alinéa par ligne.")
    tableau = blocks.ChoiceBlock(
        label="Tableau joint",
        required=False,
        choices=[("materiel", "le matériel et ses accessoires"), ("periode", "les demi-journées du prêt")],
    )

    class Meta:
        label = "Article"
        icon = "list-ol"


class ArticlesField(StreamField):
    """The articles of a convention; the page that holds them checks the words in braces."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__([("article", ArticleBlock())], **{"blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        return models.Field.deconstruct(self)


class TexteQuerySet(DiffusionQuerySet, PageDateeQuerySet):
    """Read by those of its diffusion, while it is online."""

    def visible_to(self, agent: object) -> "TexteQuerySet":
        return super().visible_to(agent).online()


class ModeleConventionPage(AvecDiffusion, PageDatee):
    """The model text of a convention for one legal basis, written by the intercommunalité and filled from the loan."""

    base_legale = models.CharField("base légale", max_length=20, choices=BaseLegale)
    cadre = models.BooleanField("convention-cadre annuelle", default=False)
    visas = models.TextField("vu", blank=True, help_text="Un visa par ligne.")
    articles = ArticlesField(blank=True)

    parent_page_types: ClassVar[list[str]] = ["materiel.MaterielsPage"]
    subpage_types: ClassVar[list[str]] = []
    objects = PageManager.from_queryset(TexteQuerySet)()
    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("base_legale"),
        FieldPanel("cadre"),
        FieldPanel("diffusion"),
        FieldPanel("visas"),
        FieldPanel("articles"),
    ]

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de convention"

    @property
    def lignes_visas(self) -> list[str]:
        return redaction.alineas(self.visas)

    @property
    def textes(self) -> list[dict[str, Any]]:
        """Its articles as `materiel.redaction` takes them."""
        return [
            {
                "titre": bloc.value["titre"],
                "alineas": redaction.alineas(bloc.value["texte"]),
                "tableau": bloc.value["tableau"] or None,
            }
            for bloc in self.articles
        ]

    def clean(self) -> None:
        """A word in braces that means nothing would be found by the first commune that signs."""
        super().clean()
        if wrong := redaction.check(self.textes, self.lignes_visas):
            raise ValidationError({"articles": wrong})

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return import_string("materiel.views.conventions.modele")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)


class ReglementPretPage(AvecDiffusion, PageDatee):
    """The rules of the loans, accepted when asking: what was accepted is the revision that was online."""

    chapeau = models.CharField(max_length=250, blank=True)
    corps = CorpsField(blank=True)

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["materiel.MaterielsPage"]
    subpage_types: ClassVar[list[str]] = []
    objects = PageManager.from_queryset(TexteQuerySet)()
    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("chapeau"),
        FieldPanel("diffusion"),
        FieldPanel("corps"),
    ]

    class Meta:
        verbose_name = "règlement de prêt"
        verbose_name_plural = "règlements de prêt"

    @property
    def adresse(self) -> str:
        """That of `url`, without asking the tree: its parent never moves."""
        return f"{BOARD}{self.slug}/"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return import_string("materiel.views.conventions.reglement")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)
