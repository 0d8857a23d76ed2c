"""Closed lists of the notifications and of the outbox."""

from django.db.models import IntegerChoices, TextChoices


class Frequence(TextChoices):
    """How a kind of notification reaches the mailbox; the inbox always has it."""

    IMMEDIATE = "immediate", "Tout de suite"
    QUOTIDIEN = "quotidien", "Chaque jour"
    HEBDOMADAIRE = "hebdomadaire", "Chaque semaine"
    JAMAIS = "jamais", "Jamais"


class Envoi(TextChoices):
    """What was decided for the mail when the notification was written."""

    AUCUN = "aucun", "pas de courriel"
    IMMEDIAT = "immediat", "courriel immédiat"
    RESUME = "resume", "dans un résumé"


class StatutCourriel(TextChoices):
    """Life of a mail of the outbox. `REMISE` begins just before the dot that hands the mail over to the server."""

    EN_ATTENTE = "attente", "en attente"
    EN_COURS = "cours", "en cours d’envoi"
    REMISE = "remise", "en cours de remise"
    ENVOYE = "envoye", "envoyé"
    REFUSE = "refuse", "refusé"
    ABANDONNE = "abandonne", "abandonné"
    INCERTAIN = "incertain", "remise incertaine"
    ANNULE = "annule", "annulé"


A_ENVOYER = (StatutCourriel.EN_ATTENTE, StatutCourriel.EN_COURS)
EN_VIE = (*A_ENVOYER, StatutCourriel.REMISE)
PRIS = (StatutCourriel.EN_COURS, StatutCourriel.REMISE)
BLOQUES = (StatutCourriel.REFUSE, StatutCourriel.ABANDONNE, StatutCourriel.INCERTAIN)


class HeureResume(TextChoices):
    """When the mail of the day leaves, on working days."""

    MATIN = "07:30", "à 7 h 30, les jours ouvrés"
    MIDI = "12:00", "à 12 h, les jours ouvrés"
    SOIR = "17:00", "à 17 h, les jours ouvrés"


class JourResume(IntegerChoices):
    """When the mail of the week leaves; numbers are those of ISO."""

    LUNDI = 1, "le lundi à 7 h 30"
    VENDREDI = 5, "le vendredi à 7 h 30"
