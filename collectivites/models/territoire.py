"""The territory that this installation serves: one intercommunalité and its members."""

from django.conf import settings
from django.db import models
from wagtail.contrib.settings.models import register_setting

from collectivites.champs import NomField
from collectivites.models.collectivite import Collectivite
from extranet.lib.reglage import Reglage


@register_setting(icon="site")
class Territoire(Reglage):
    """What the screens, mails and printed papers say of the service and of those who run it."""

    nom = NomField(max_length=120, default="Intercommunalité", help_text="« Grand Dole »")
    designation = NomField(
        "désignation",
        max_length=200,
        blank=True,
        help_text="Comme dans une phrase : « la communauté d’agglomération du Grand Dole ».",
    )
    epci = models.ForeignKey(
        Collectivite, verbose_name="intercommunalité", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    adresse = NomField(max_length=200, blank=True)
    telephone = models.CharField("téléphone de l’équipe", max_length=20, blank=True)
    courriel = models.EmailField("courriel de l’équipe", blank=True)
    horaires_aide = models.CharField("horaires de l’équipe", max_length=120, blank=True)

    directeur_publication = NomField("directeur ou directrice de la publication", max_length=120, blank=True)
    hebergeur = models.TextField("hébergeur", blank=True, help_text="Nom, adresse, téléphone.")
    dpo_nom = NomField("délégué·e à la protection des données", max_length=120, blank=True)
    dpo_courriel = models.EmailField("courriel du délégué·e", blank=True)

    jours_invitation = models.PositiveSmallIntegerField("validité d’une invitation, en jours", default=7)
    jours_effacement = models.PositiveSmallIntegerField(
        "effacement d’un agent parti, en jours", default=60, help_text="Sa fiche est cachée dès son départ."
    )

    class Meta:
        verbose_name = "territoire"

    def __str__(self) -> str:
        return self.nom

    def is_visible_to(self, agent: object) -> bool:
        """By everybody, since the login page shows it: its logo is read without login (`ressources.permissions`)."""
        return True
