"""Words of the search."""

from django.db.models import TextChoices


class StatutQuestion(TextChoices):
    A_TRAITER = "a_traiter", "à traiter"
    REPONDUE = "repondue", "répondue"
    CLASSEE = "classee", "classée sans réponse"


class Tri(TextChoices):
    PERTINENCE = "pertinence", "pertinence"
    DATE = "date", "date"


# What a list may be narrowed by, in the order of the page. `kind` is chosen by tabs.
FACETTES = ("kind", "theme", "type", "commune", "annee")
