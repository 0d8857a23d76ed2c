"""What a need asks, and what answers it."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from collectivites.champs import NomFormField
from materiel.forms.periode import PeriodeForm
from materiel.models import Besoin, Categorie
from materiel.parc.categories import propose
from materiel.registre.regles import obstacle_of_dates

if TYPE_CHECKING:
    from django.http import QueryDict

    from materiel.entraide.besoins import Aide


LEADING = re.compile(
    r"\s*(\d{1,4})\s+(?!(?:jours?|journées?|semaines?|heures?|h|m|mètres?|km|kg|t|tonnes?|kva)\b)", re.I
)


class BesoinForm(PeriodeForm):
    """What, when, for what; the category is told by the words, or chosen when they do not."""

    objet = NomFormField(
        label="De quoi avez-vous besoin\u00a0?",
        max_length=120,
        error_messages={"required": "Dites ce que vous cherchez, par exemple «\u00a0une nacelle\u00a0»."},
    )
    occasion = NomFormField(
        label="Pour quelle occasion",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quantite = forms.IntegerField(
        label="Combien",
        min_value=1,
        max_value=10_000,
        required=False,
        help_text="Sinon, le nombre par lequel commencent vos mots, ou un seul.",
        error_messages={
            "min_value": "Il vous en faut un au moins.",
            "max_value": "Dix mille au plus.",
            "invalid": "Écrivez un nombre, par exemple 60.",
        },
    )
    categorie = forms.ModelChoiceField(
        label="Catégorie",
        queryset=Categorie.objects.all(),
        required=False,
        empty_label="D’après vos mots",
        help_text="Seules les communes qui en ont sont prévenues.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_dated() and not self.errors.keys() & {"date_debut", "date_fin"}:
            wrong = obstacle_of_dates(self.debut, self.fin, timezone.localdate())
            if wrong:
                self.add_obstacle(wrong)
        if "quantite" not in self.errors:
            cleaned["quantite"] = cleaned.get("quantite") or _number_in(cleaned.get("objet", ""))
        if not cleaned.get("categorie") and cleaned.get("objet"):
            cleaned["categorie"] = propose(cleaned["objet"], self.fields["categorie"].queryset)
            if cleaned["categorie"] is None:
                self.add_error("categorie", "Ces mots ne disent pas la catégorie\u00a0: choisissez-la.")
        return cleaned


def _number_in(words: str) -> int:
    """« 60 chaises » is sixty; « 2 jours de broyeur », « 12 m de barrières » are one."""
    found = LEADING.match(words)
    return max(1, int(found[1])) if found else 1


RIEN = ("", "Rien de tout cela|Un mot suffit, par exemple qui appeler")


class AideForm(forms.Form):
    """A thing of one's own commune, how many of it, and a word; or a word alone."""

    materiel = forms.ChoiceField(
        label="Ce que vous prêteriez",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Ce matériel n’est plus libre ces jours-là\u00a0: choisissez-en un autre."},
    )
    quantite = forms.IntegerField(
        label="Combien", min_value=1, required=False, error_messages={"min_value": "Proposez-en un au moins."}
    )
    mot = forms.CharField(
        label="Un mot",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: "QueryDict | None" = None, *, besoin: Besoin, aides: "list[Aide]", **options: Any) -> None:
        super().__init__(data, **options)
        self.aides = {str(one.materiel.pk): one for one in aides}
        most = max((one.libre for one in aides), default=0)
        if not aides:
            del self.fields["materiel"]
        else:
            self.fields["materiel"].choices = [*((pk, _left(one)) for pk, one in self.aides.items()), RIEN]
        if most <= 1:
            del self.fields["quantite"]
        self.initial.setdefault("quantite", min(besoin.quantite, most))
        # Of any category when none is sought: nothing is then chosen beforehand.
        self.initial.setdefault("materiel", next(iter(self.aides), "") if besoin.categorie_id else "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        aide = self.aides.get(cleaned.get("materiel", ""))
        cleaned["materiel"] = aide.materiel if aide else None
        if aide is None and "materiel" not in self.errors and not cleaned.get("mot"):
            self.add_error("mot", "Choisissez un matériel, ou écrivez un mot.")
        if aide is not None and "quantite" not in self.errors:
            cleaned["quantite"] = cleaned.get("quantite") or 1
            if cleaned["quantite"] > aide.libre:
                self.add_error("quantite" if "quantite" in self.fields else None, f"{aide.libre} au plus sont libres.")
        return cleaned


def _left(aide: "Aide") -> str:
    nom, stock = aide.materiel.nom, aide.materiel.stock
    if stock <= 1:
        return f"{nom}|Libre ces jours-là"
    return f"{nom}|{aide.libre} sur {stock} libre{'s' if aide.libre > 1 else ''} ces jours-là"
