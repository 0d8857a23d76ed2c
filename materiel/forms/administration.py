"""A sheet in the admin: its words, and what is counted of it, which has no revision."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from collectivites.models import Collectivite
from collectivites.pages.formulaire import PageForm
from extranet.lib.pliage import Fold
from materiel.enums import Mode
from materiel.models import Categorie, Materiel, MaterielPage
from materiel.parc.edition import most_taken

STOCK_MAX = 10_000


class MaterielPageForm(PageForm):
    """Asks whose it is, its category and how many: a sheet never stands without its thing.

    A thing that is there changes hands on the site, and a fleet is numbered there.
    """

    collectivite = forms.ModelChoiceField(
        label="Propriétaire",
        queryset=Collectivite.objects.none(),
        error_messages={"required": "Choisissez la collectivité qui le prête."},
    )
    categorie = forms.ModelChoiceField(
        label="Catégorie",
        queryset=Categorie.objects.all(),
        help_text="Elle règle d’avance la durée, le préavis et les papiers d’une nouvelle fiche.",
        error_messages={"required": "Choisissez une catégorie."},
    )
    stock = forms.IntegerField(
        label="Combien",
        initial=1,
        min_value=1,
        max_value=STOCK_MAX,
        help_text="Plus d’un\u00a0: un lot, dont chaque commune demande une partie.",
        error_messages={
            "min_value": "Prêtez-en au moins un. Pour ne plus le prêter, retirez-le du prêt sur le site.",
            "max_value": "Donnez un nombre entre 1 et 10\u202f000.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stock" not in self.fields:
            return
        self.fields["collectivite"].queryset = Collectivite.objects.members().order_by(Fold("nom"))
        self.materiel = Materiel.objects.filter(page=self.instance.pk).first() if self.instance.pk else None
        thing = self.materiel
        if thing is None:
            return
        self.initial |= {"collectivite": thing.collectivite_id, "categorie": thing.categorie_id, "stock": thing.stock}
        self.fields["collectivite"].disabled = True
        self.fields["collectivite"].help_text = "Se transfère depuis le site, avec son histoire."
        if thing.mode == Mode.PARC:
            self.fields["stock"].disabled = True
            self.fields["stock"].help_text = "Un parc numéroté se compte depuis le site."

    def clean(self) -> dict[str, Any]:
        """Asked of a draft too, for which Wagtail asks nothing."""
        cleaned = super().clean()
        for name in ("collectivite", "categorie"):
            if name in self.fields and name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def clean_stock(self) -> int:
        stock = self.cleaned_data["stock"] or 1
        taken = most_taken(self.materiel) if self.materiel is not None else 0
        if stock < taken:
            raise ValidationError(f"{taken} sont déjà promis\u00a0: on ne peut pas descendre au-dessous.")
        return stock

    def save(self, commit: bool = True) -> MaterielPage:
        page = super().save(commit=commit)
        if "stock" in self.cleaned_data:
            page.saisie = {name: self.cleaned_data[name] for name in ("collectivite", "categorie", "stock")}
        return page
