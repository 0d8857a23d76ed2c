"""Closed lists of the home app."""

from django.db.models import TextChoices


class Conformite(TextChoices):
    """States of conformity that the law names (décret n° 2019-768, art. 5); « non » also means: no audit yet."""

    NON = "non", "non conforme"
    PARTIELLE = "partielle", "partiellement conforme"
    TOTALE = "totale", "totalement conforme"
