"""The accessibility declaration, in the imposed form."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from collectivites.pages.structure import PagePublique
from extranet.lib.blocs import RICHE
from home.enums import Conformite


class AccessibilitePage(PagePublique):
    """Loi n° 2005-102, art. 47, and décret n° 2019-768: the words around the fields are imposed.

    No state but « non conforme » without an audit: its date, its author and its rate are then compulsory
    (50 % of the criteria at least for « partiellement », all of them for « totalement »).
    """

    SLUG = "accessibilite"

    etat = models.CharField("état de conformité", max_length=12, choices=Conformite, default=Conformite.NON)
    date_audit = models.DateField("date de l’audit", null=True, blank=True)
    audit_par = models.CharField("audit réalisé par", max_length=150, blank=True)
    taux = models.PositiveSmallIntegerField("critères respectés, en %", null=True, blank=True)
    etablie_le = models.DateField("déclaration établie le", default=timezone.localdate)
    mise_a_jour_le = models.DateField("mise à jour le", null=True, blank=True)
    schema = models.URLField(
        "schéma pluriannuel", blank=True, help_text="Adresse où il est publié, sur trois ans au plus."
    )
    plan = models.URLField("plan d’action de l’année", blank=True, help_text="Adresse où il est publié.")
    non_conformites = RichTextField("non-conformités", features=RICHE)
    derogations = RichTextField("dérogations pour charge disproportionnée", features=RICHE)
    exemptions = RichTextField("contenus non soumis à l’obligation", features=RICHE)
    technologies = models.CharField(max_length=200)
    environnement = RichTextField("environnement de test", features=RICHE)
    outils = RichTextField("outils d’évaluation", features=RICHE)
    pages_verifiees = RichTextField("pages vérifiées", features=RICHE)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/accessibilite.html"

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("etat"),
                FieldRowPanel([FieldPanel("date_audit"), FieldPanel("audit_par"), FieldPanel("taux")]),
                FieldRowPanel([FieldPanel("etablie_le"), FieldPanel("mise_a_jour_le")]),
            ],
            heading="État et audit",
        ),
        MultiFieldPanel([FieldPanel("schema"), FieldPanel("plan")], heading="Engagements"),
        FieldPanel("non_conformites"),
        FieldPanel("derogations"),
        FieldPanel("exemptions"),
        MultiFieldPanel(
            [
                FieldPanel("technologies"),
                FieldPanel("environnement"),
                FieldPanel("outils"),
                FieldPanel("pages_verifiees"),
            ],
            heading="Comment le site a été vérifié",
        ),
    ]

    class Meta:
        verbose_name = "déclaration d’accessibilité"
        verbose_name_plural = "déclarations d’accessibilité"
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=Conformite.NON)
                | Q(date_audit__isnull=False)
                & ~Q(audit_par="")
                & Q(taux__gte=50, taux__lt=100, etat=Conformite.PARTIELLE)
                | Q(date_audit__isnull=False) & ~Q(audit_par="") & Q(taux=100, etat=Conformite.TOTALE),
                name="accessibilite_etat_prouve",
            ),
        ]

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        return super().get_context(request, *args, **kwargs) | {"adresse": settings.SITE_URL}

    def clean(self) -> None:
        super().clean()
        if self.etat == Conformite.NON:
            return
        if not (self.date_audit and self.audit_par and self.taux is not None):
            raise ValidationError(
                {"etat": "Sans audit, l’état est « non conforme » : donnez la date, l’auteur et le taux de l’audit."}
            )
        if self.etat == Conformite.TOTALE and self.taux != 100:
            raise ValidationError({"taux": "« Totalement conforme » veut dire 100 % des critères respectés."})
        if self.etat == Conformite.PARTIELLE and not 50 <= self.taux < 100:
            raise ValidationError({"taux": "« Partiellement conforme » veut dire de 50 à 99 % des critères respectés."})
