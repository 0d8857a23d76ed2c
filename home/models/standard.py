"""Standard pages: the help and whatever the team writes beside it."""

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager
from wagtail.search import index

from collectivites.models import Agent
from extranet.lib.blocs import CorpsField
from home.models.structure import PageDatee, PageDateeQuerySet, reserved_slugs

DEPTH_UNDER_HOME = 3


class PageStandardQuerySet(PageDateeQuerySet):
    def visible_to(self, agent: Agent | None) -> Self:
        """Help is for whoever has an account, even between two postes."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        return self.online()


class PageStandard(PageDatee):
    """A page of text, under the home page or one level below."""

    chapeau = models.CharField(max_length=250, blank=True, help_text="Une phrase sous le titre : ce qu’on trouve ici.")
    corps = CorpsField()

    objects = PageManager.from_queryset(PageStandardQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.PageStandard"]
    subpage_types: ClassVar[list[str]] = ["home.PageStandard"]
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

    def clean(self) -> None:
        super().clean()
        if self.depth in {None, DEPTH_UNDER_HOME} and self.slug in reserved_slugs():
            raise ValidationError(
                {"slug": "Cette adresse est déjà celle d’une partie du site : choisissez-en une autre."}
            )

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Two levels and no more: what lies deeper is not found again."""
        return super().can_create_at(parent) and parent.depth <= DEPTH_UNDER_HOME

    def can_move_to(self, parent: Page) -> bool:
        return super().can_move_to(parent) and parent.depth <= DEPTH_UNDER_HOME

    def get_context(self, request: object, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["sous_pages"] = PageStandard.objects.child_of(self).visible_to(request.user).defer_streamfields()
        context["parent"] = self.get_parent() if self.depth > DEPTH_UNDER_HOME else None
        context["sommaire"] = [
            bloc.value for bloc in self.corps if bloc.block_type == "titre" and bloc.value["niveau"] == "2"
        ]
        return context
