"""What each agent wants to receive, and when. No row means what the kind of notification proposes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.enums import Frequence, HeureResume, JourResume


class Preference(models.Model):
    """How one kind of notification reaches one agent’s mailbox."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    sorte = models.CharField(max_length=60)
    frequence = models.CharField("fréquence", max_length=12, choices=Frequence)

    class Meta:
        verbose_name = "préférence"
        constraints = [
            models.UniqueConstraint(fields=["agent", "sorte"], name="preference_unique"),
            models.CheckConstraint(condition=Q(frequence__in=Frequence.values), name="preference_frequence_connue"),
        ]

    def __str__(self) -> str:
        return f"{self.sorte} : {self.get_frequence_display()}"


class Rythme(models.Model):
    """When digests leave for one agent."""

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rythme")
    heure = models.CharField("courriel du jour", max_length=5, choices=HeureResume, default=HeureResume.MATIN)
    jour = models.PositiveSmallIntegerField("courriel de la semaine", choices=JourResume, default=JourResume.LUNDI)
    pause_absences = models.BooleanField(
        "rien pendant mes absences", default=True, help_text="Ce qui n’est pas urgent vous attend à votre retour."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(heure__in=HeureResume.values), name="rythme_heure_connue"),
            models.CheckConstraint(condition=Q(jour__in=JourResume.values), name="rythme_jour_connu"),
        ]

    def __str__(self) -> str:
        return f"{self.get_heure_display()}, {self.get_jour_display()}"


class AbonnementQuerySet(models.QuerySet):
    def visible_to(self, agent: models.Model | None) -> Self:
        return self.filter(agent=agent) if agent is not None and agent.is_authenticated else self.none()


class Abonnement(models.Model):
    """What an agent follows: « theme:3 », « reseau:12 »."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="abonnements")
    objet = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["objet"], name="abonnement_objet")]
        constraints = [models.UniqueConstraint(fields=["agent", "objet"], name="abonnement_unique")]

    def __str__(self) -> str:
        return self.objet
