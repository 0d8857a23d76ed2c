"""Words of the search."""

from django.db.models import TextChoices


class StatutQuestion(TextChoices):
    A_TRAITER = "a_traiter", "à traiter"
    REPONDUE = "repondue", "répondue"
    CLASSEE = "classee", "classée sans réponse"


class Tri(TextChoices):
    PERTINENCE = "pertinence", "pertinence"
    DATE = "date", "date"


class FrequenceAlerte(TextChoices):
    """How often a kept search tells what is new."""

    QUOTIDIENNE = "quotidien", "Chaque jour"
    HEBDOMADAIRE = "hebdomadaire", "Chaque semaine"
    JAMAIS = "jamais", "Jamais"


ALERTES = (FrequenceAlerte.QUOTIDIENNE, FrequenceAlerte.HEBDOMADAIRE)

# What a list may be narrowed by, in the order of the page. `kind` is chosen by tabs.
FACETTES = ("kind", "theme", "type", "commune", "annee")
