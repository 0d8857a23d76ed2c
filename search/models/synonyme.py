"""Words that mean the same, kept by the responsables."""

import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models

from search.analyse.mots import VIDES, mots, racine
from search.analyse.synonymes import Synonymes

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
        if hollow := [one for one in listed if _names_nothing(one)]:
            raise ValidationError(
                {"expressions": f"«\u00a0{hollow[0]}\u00a0» ne nomme rien\u00a0: écrivez un mot qui a un sens."}
            )
        if not 2 <= len(listed) <= MAX_EXPRESSIONS:
            raise ValidationError(
                {"expressions": f"Donnez de 2 à {MAX_EXPRESSIONS} expressions, séparées par des virgules."}
            )
        if len({tuple(map(racine, mots(one))) for one in listed}) < 2:
            raise ValidationError(
                {
                    "expressions": "La recherche lit déjà ces expressions de la même façon\u00a0: les accents, les "
                    "majuscules et les pluriels ne comptent pas."
                }
            )
        self.expressions = ", ".join(listed)

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """A line that adds nothing to another one is refused: whoever changes that other one would not see why."""
        super().validate_unique(exclude)
        if not self.listed or "expressions" in (exclude or ()):
            return
        own = self._replaced()
        # The constraint tells of the same line.
        others = Synonyme.objects.exclude(pk=self.pk).exclude(expressions=self.expressions).order_by("pk")
        if other := next((one for one in others if one._replaced() >= own), None):
            raise ValidationError(
                {"expressions": f"Ces synonymes sont déjà dans la liste\u00a0: «\u00a0{other}\u00a0»."}
            )

    def _replaced(self) -> frozenset[tuple]:
        """Each expression of this line with each of those that it stands for, in roots."""
        table = Synonymes.of_lists([(self.listed, self.sens_unique)]).table
        return frozenset((source, other) for source, others in table.items() for other in others)


def _names_nothing(expression: str) -> bool:
    """Words of grammar, and letters alone; in capitals they may be a sigle: CA, CET."""
    words = list(mots(expression))
    return not expression.isupper() and all(word in VIDES or len(word) == 1 and not word.isdigit() for word in words)


class SynonymeLivre(models.Model):
    """That a delivered line was given once: what a territory then changes or removes does not come back."""

    cle = models.CharField("première expression", max_length=120, unique=True)

    class Meta:
        verbose_name = "synonyme livré"
        verbose_name_plural = "synonymes livrés"

    def __str__(self) -> str:
        return self.cle
