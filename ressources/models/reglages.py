"""How the resources of this territory are run."""

from django.db import models
from wagtail.contrib.settings.models import register_setting

from extranet.lib.reglage import Reglage
from ressources.enums import Confiance, Partage


@register_setting(icon="folder-open-1")
class ReglagesRessources(Reglage):
    """What the responsables of the resources decide for everybody."""

    confiance = models.CharField(
        "paraissent sans relecture",
        max_length=15,
        choices=Confiance,
        default=Confiance.RESPONSABLES,
        help_text="Les documents des autres attendent la relecture d’un responsable.",
    )
    mois_verification = models.PositiveSmallIntegerField(
        "à vérifier au bout de, en mois", default=12, help_text="Proposé à chaque dépôt ; le déposant peut le changer."
    )
    jours_rappel = models.PositiveSmallIntegerField("premier rappel avant cette date, en jours", default=30)
    partage = models.CharField(
        "donnent un fichier sans compte",
        max_length=10,
        choices=Partage,
        default=Partage.GARDIENS,
        help_text="Par un lien qui expire, pour les documents ouverts à toutes les communes.",
    )

    class Meta:
        verbose_name = "réglages des ressources"

    def __str__(self) -> str:
        return "Réglages des ressources"
