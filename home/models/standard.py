"""The help, and the other pages of text that the team writes."""

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager
from wagtail.search import index

from collectivites.models import Agent
from collectivites.pages.structure import HORS_ENTREE, PageDatee, PageDateeQuerySet, PageUnique, reserved_slugs
from extranet.lib.apports import Entree
from extranet.lib.blocs import CorpsField, contents
from extranet.lib.cherchable import Cherchable
from home.recherche import entree_aide


class AidePage(PageUnique):
    """The help: its own words, then the pages below. For whoever has an account, even between two postes."""

    SLUG = "aide"

    chapeau = models.CharField(max_length=250, blank=True)
    corps = CorpsField()

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["home.PageStandard"]
    template = "home/aide.html"

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau"), FieldPanel("corps")]

    class Meta:
        verbose_name = "aide"
        verbose_name_plural = "aides"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        pages = PageStandard.objects.child_of(self).visible_to(request.user).defer_streamfields()
        return super().get_context(request, *args, **kwargs) | {"pages": pages}


class PageStandardQuerySet(PageDateeQuerySet):
    def visible_to(self, agent: Agent | None) -> Self:
        """For whoever has an account, even between two postes."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        return self.online()


class PageStandard(Cherchable, PageDatee):
    """A page of text, under the help or beside it: two levels and no more, what lies deeper is not found again."""

    chapeau = models.CharField(max_length=250, blank=True, help_text="Une phrase sous le titre : ce qu’on trouve ici.")
    corps = CorpsField()

    genre = "aide"
    hors_entree = HORS_ENTREE
    objects = PageManager.from_queryset(PageStandardQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.AidePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/page_standard.html"

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau"), FieldPanel("corps")]
    promote_panels: ClassVar[list] = [FieldPanel("slug")]
    search_fields: ClassVar[list] = [
        *Page.search_fields,
        index.SearchField("chapeau"),
        index.SearchField("corps"),
    ]

    class Meta:
        verbose_name = "page standard"
        verbose_name_plural = "pages standard"

    def entree(self) -> Entree | None:
        return entree_aide(self)

    def clean(self) -> None:
        super().clean()
        if self.slug in reserved_slugs():
            raise ValidationError({"slug": "Cette adresse est celle d’une partie du site, choisissez-en une autre."})

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        parent = self.get_parent().specific
        return super().get_context(request, *args, **kwargs) | {
            "aide": parent if isinstance(parent, AidePage) else None,
            "sommaire": contents(self.corps),
        }
