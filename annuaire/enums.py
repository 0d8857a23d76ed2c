"""Closed lists of the annuaire."""

from django.db.models import TextChoices


class EtatInvitation(TextChoices):
    """Where an invitation stands, computed from its dates and from who backs it."""

    EN_ATTENTE = "attente", "en attente"
    ACCEPTEE = "acceptee", "acceptée"
    ANNULEE = "annulee", "annulée"
    EXPIREE = "expiree", "expirée"
    SANS_GARANT = "sans_garant", "sans garant"
