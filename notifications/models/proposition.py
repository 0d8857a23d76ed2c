"""What a territory proposes to follow to those of a fonction, and to whom it was already proposed."""

from django.conf import settings
from django.db import models

from collectivites.models import Fonction


class AbonnementPropose(models.Model):
    """« Les secrétaires de mairie suivent l’état civil », until they say otherwise."""

    fonction = models.ForeignKey(Fonction, on_delete=models.CASCADE, related_name="+")
    objet = models.CharField("ce qu’ils suivent", max_length=60)

    class Meta:
        verbose_name = "abonnement proposé"
        verbose_name_plural = "abonnements proposés"
        ordering = ["fonction__ordre", "fonction__libelle", "objet"]
        constraints = [
            models.UniqueConstraint(
                fields=["fonction", "objet"],
                name="abonnement_propose_unique",
                violation_error_message="Cet abonnement est déjà proposé à cette fonction.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.fonction)


class PropositionFaite(models.Model):
    """Proposed once to this agent: whoever unsubscribed is not subscribed again."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    objet = models.CharField(max_length=60)
    faite_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "objet"], name="proposition_faite_une_fois")]

    def __str__(self) -> str:
        return self.objet
