"""Closed lists of the annuaire."""

from django.db.models import TextChoices


class EtatInvitation(TextChoices):
    """Where an invitation stands, computed from its dates and from who backs it."""

    EN_ATTENTE = "attente", "en attente"
    ACCEPTEE = "acceptee", "acceptée"
    ANNULEE = "annulee", "annulée"
    EXPIREE = "expiree", "expirée"
    SANS_GARANT = "sans_garant", "sans garant"


class SensConsentement(TextChoices):
    ACCORD = "accord", "accord"
    RETRAIT = "retrait", "retrait"


class GenreFusion(TextChoices):
    AGENT = "agent", "fiche d’agent"
    COLLECTIVITE = "collectivite", "collectivité"


class Vue(TextChoices):
    """The forms of the list."""

    PORTRAITS = "", "Portraits"
    LISTE = "liste", "Liste"


class Ordre(TextChoices):
    """Of a printed list."""

    COMMUNE = "commune", "Par commune"
    NOM = "nom", "Par nom"


class Papier(TextChoices):
    A4 = "a4", "A4"
    A3 = "a3", "A3, à afficher"
