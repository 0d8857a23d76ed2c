"""Words that mean the same, kept by the responsables."""

import re

from django.core.exceptions import ValidationError
from django.db import models

from search.analyse.mots import mots

MAX_EXPRESSIONS = 12
_SEPARATORS = re.compile(r"[,;\n]+")


class Synonyme(models.Model):
    """Expressions that stand for one another: « ALSH, accueil de loisirs sans hébergement, centre aéré ».

    Applied to what is asked, never to what is indexed: a change counts at the next search.
    """

    expressions = models.TextField(help_text="Séparées par des virgules, le sigle d’abord.")
    sens_unique = models.BooleanField(
        "à sens unique",
        default=False,
        help_text="Chercher la première trouve les autres, chercher une autre ne trouve pas la première.",
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        ordering = ["expressions"]
        constraints = [
            models.UniqueConstraint(
                fields=["expressions"],
                name="synonyme_unique",
                violation_error_message="Ces synonymes sont déjà dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return self.expressions

    @property
    def listed(self) -> list[str]:
        return [" ".join(one.split()) for one in _SEPARATORS.split(self.expressions) if one.strip()]

    def clean(self) -> None:
        listed = list(dict.fromkeys(self.listed))
        if empty := [one for one in listed if not list(mots(one))]:
            raise ValidationError({"expressions": f"«\u00a0{empty[0]}\u00a0» ne contient ni lettre ni chiffre."})
        if not 2 <= len(listed) <= MAX_EXPRESSIONS:
            raise ValidationError(
                {"expressions": f"Donnez de 2 à {MAX_EXPRESSIONS} expressions, séparées par des virgules."}
            )
        self.expressions = ", ".join(listed)


class SynonymeLivre(models.Model):
    """That a delivered line was given once: what a territory then changes or removes does not come back."""

    cle = models.CharField("première expression", max_length=120, unique=True)

    class Meta:
        verbose_name = "synonyme livré"
        verbose_name_plural = "synonymes livrés"

    def __str__(self) -> str:
        return self.cle
