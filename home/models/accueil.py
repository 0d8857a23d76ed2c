"""The home page."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from collectivites.pages.structure import PageUnique
from home.tableau import dashboard


class HomePage(PageUnique):
    """The dashboard of whoever is logged in. Its blocks come from the apps; its editors may only announce something."""

    SLUG = "accueil"

    annonce = models.CharField(
        max_length=250,
        blank=True,
        help_text="Affichée en haut de l’accueil de tous : « L’extranet sera fermé samedi de 8 h à 10 h. »",
    )

    # Open below: each type of page says itself where it lives, so that an area adds its own without this one naming it.
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    template = "home/accueil.html"

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("annonce")]

    class Meta:
        verbose_name = "page d’accueil"
        verbose_name_plural = "pages d’accueil"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        return super().get_context(request, *args, **kwargs) | dashboard(request.user, request.collectivite)
