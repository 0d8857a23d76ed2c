"""Legal notice and personal data: what the law asks comes from the territory and the register, the rest is edited."""

from typing import ClassVar

from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from collectivites.enums import Domaine
from collectivites.models import Territoire
from collectivites.pages.structure import PagePublique
from extranet.lib.blocs import CorpsField
from home.models.registre import FicheTraitement


class MentionsLegalesPage(PagePublique):
    """Who publishes and who hosts (loi n° 2004-575 du 21 juin 2004). Never invented: what is missing is not shown."""

    SLUG = "mentions-legales"

    corps = CorpsField()

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/mentions_legales.html"

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("corps")]

    class Meta:
        verbose_name = "mentions légales"
        verbose_name_plural = "mentions légales"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        return super().get_context(request, *args, **kwargs) | {"manquants": shown_as_missing(request)}


class DonneesPersonnellesPage(PagePublique):
    """The notice (RGPD art. 13 and 14), then the register (art. 30)."""

    SLUG = "donnees-personnelles"

    corps = CorpsField(verbose_name="notice d’information")

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/donnees_personnelles.html"

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("corps")]

    class Meta:
        verbose_name = "page des données personnelles"
        verbose_name_plural = "pages des données personnelles"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["fiches"] = FicheTraitement.objects.filter(actif=True)
        context["manquants"] = shown_as_missing(request)
        return context


# What the law wants known of the publisher, and who would be looked for: (field of Territoire, words).
MENTIONS = (
    ("designation", "l’éditeur"),
    ("adresse", "son adresse"),
    ("telephone", "son téléphone"),
    ("courriel", "son courriel"),
    ("directeur_publication", "le directeur ou la directrice de la publication"),
    ("hebergeur", "l’hébergeur"),
    ("dpo_nom", "le nom du ou de la délégué·e à la protection des données"),
    ("dpo_courriel", "le courriel du ou de la délégué·e à la protection des données"),
)


def missing_mentions(territoire: Territoire) -> list[str]:
    """What is still to be filled in the settings of the territory, in words."""
    return [words for field, words in MENTIONS if not getattr(territoire, field)]


def shown_as_missing(request: HttpRequest) -> list[str]:
    """The same, for those who can fill it in; nothing for the others."""
    agent = request.user
    if not agent.is_authenticated or not agent.answers_for(Domaine.ADMINISTRATION):
        return []
    return missing_mentions(Territoire.load(request_or_site=request))
