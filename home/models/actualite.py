"""News: written by a collectivité, for some or for all, from a day and until another."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.search import index

from collectivites.champs import diffusion_choices
from collectivites.diffusion import AvecDiffusion, DiffusionQuerySet
from collectivites.models import Agent, Collectivite, Theme
from collectivites.pages.structure import HORS_ENTREE, PageDatee, PageDateeQuerySet, PageUnique
from extranet.lib.apports import Entree
from extranet.lib.blocs import CorpsField
from extranet.lib.cherchable import Cherchable
from home.recherche import entree_actualite

PER_PAGE = 12


class ActualitesPage(PageUnique):
    """The list of the news."""

    SLUG = "actualites"

    chapeau = models.CharField(max_length=250, blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["home.ActualitePage"]
    template = "home/actualite_list.html"

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau")]

    class Meta:
        verbose_name = "liste des actualités"
        verbose_name_plural = "listes des actualités"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        """Filters `annee` and `collectivite` of the address; the choices offered are those of what the reader sees."""
        context = super().get_context(request, *args, **kwargs)
        visible = ActualitePage.objects.visible_to(request.user)
        annee, collectivite = request.GET.get("annee", ""), request.GET.get("collectivite", "")
        found = visible.in_year(annee).of_collectivite(collectivite).for_list()
        context |= {
            "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "annees": [str(moment.year) for moment in visible.datetimes("first_published_at", "year", order="DESC")],
            "collectivites": Collectivite.objects.filter(pk__in=visible.order_by().values("collectivite")),
            "annee": annee,
            "collectivite": collectivite,
            "filtree": bool(annee or collectivite),
        }
        return context


class ActualiteQuerySet(DiffusionQuerySet, PageDateeQuerySet):
    def visible_to(self, agent: Agent | None) -> Self:
        """Published for this reader, and within its dates."""
        return super().visible_to(agent).online()

    def in_year(self, annee: str) -> Self:
        """Published that year (Paris); everything without a year, nothing for what is not one."""
        if not annee:
            return self
        if not (annee.isascii() and annee.isdigit() and 2000 <= int(annee[:5]) < 3000):
            return self.none()
        return self.filter(first_published_at__year=int(annee))

    def of_collectivite(self, slug: str) -> Self:
        return self.filter(collectivite__slug=slug) if slug else self

    def for_list(self) -> Self:
        """Pinned first, then the most recent, without the bodies."""
        return (
            self.select_related("collectivite").defer_streamfields().order_by("-epinglee", "-first_published_at", "-pk")
        )


class ActualitePage(Cherchable, AvecDiffusion, PageDatee):
    """A piece of news."""

    chapeau = models.CharField(max_length=300, help_text="L’essentiel en une ou deux phrases, lu dans les listes.")
    corps = CorpsField()
    illustration = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="publiée par", on_delete=models.PROTECT, related_name="actualites"
    )
    epinglee = models.BooleanField("épinglée", default=False, help_text="Reste en tête de la liste et de l’accueil.")
    themes = ParentalManyToManyField(Theme, verbose_name="thèmes", blank=True, related_name="actualites")

    genre = "actualite"
    hors_entree = HORS_ENTREE
    objects = PageManager.from_queryset(ActualiteQuerySet)()

    parent_page_types: ClassVar[list[str]] = ["home.ActualitesPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/actualite_detail.html"

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("chapeau"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("collectivite"), FieldPanel("diffusion")]), FieldPanel("epinglee")],
            heading="De qui, pour qui",
        ),
        FieldPanel("illustration"),
        FieldPanel("corps"),
        FieldPanel("themes"),
    ]
    promote_panels: ClassVar[list] = [FieldPanel("slug")]
    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("chapeau"), index.SearchField("corps")]

    class Meta:
        verbose_name = "actualité"

    @classmethod
    def to_index(cls) -> models.QuerySet:
        return cls.objects.select_related("collectivite").prefetch_related("themes")

    def entree(self) -> Entree | None:
        return entree_actualite(self)

    @property
    def publics(self) -> list[str]:
        """For whom, in words: « Toutes les communes », « Foucherans ». Two queries."""
        labels = {code: label for _, choices in diffusion_choices() for code, label in choices}
        return [labels[code] for code in self.diffusion if code in labels]

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        others = ActualitePage.objects.visible_to(request.user).exclude(pk=self.pk).for_list()
        context["autres"] = others.order_by("-first_published_at", "-pk")[:3]
        return context
