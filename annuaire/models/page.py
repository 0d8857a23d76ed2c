"""The page of the annuaire: what the intercommunalité writes above the people, and whom to call outside."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from collectivites.pages.structure import PageUnique


class ServiceBlock(blocks.StructBlock):
    """A service outside the territory: préfecture, trésorerie, centre de gestion…"""

    nom = blocks.CharBlock(label="Nom", max_length=120)
    pour = blocks.CharBlock(label="On l’appelle pour", required=False, max_length=160)
    telephone = blocks.CharBlock(label="Téléphone", required=False, max_length=20)
    courriel = blocks.EmailBlock(label="Courriel", required=False)
    adresse = blocks.CharBlock(label="Adresse", required=False, max_length=200)
    horaires = blocks.CharBlock(label="Horaires", required=False, max_length=160)
    site = blocks.URLBlock(label="Site", required=False)

    class Meta:
        label = "Service"
        icon = "group"


class ServicesField(StreamField):
    """As the body of a page, its blocks are not schema."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__([("service", ServiceBlock())], **{"blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        return models.Field.deconstruct(self)


class AnnuairePage(PageUnique):
    """« /annuaire/ »: its words are edited, its people are not."""

    SLUG = "annuaire"

    chapeau = models.CharField(max_length=250, blank=True)
    services = ServicesField(verbose_name="services extérieurs")

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("chapeau"), FieldPanel("services")]

    class Meta:
        verbose_name = "annuaire"
        verbose_name_plural = "annuaires"

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Drawn by a view, named as settings name theirs: the list stands on all the models, of which this is one."""
        return import_string("annuaire.views.consulter.liste")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)
