"""The form of a card: what is shown of it, each poste that one keeps, what one may be asked about."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from annuaire.fiche.semaine import slots_of
from annuaire.forms import semaine
from collectivites.champs import NomFormField
from collectivites.importation.cellules import CelluleRefusee, read_telephone
from collectivites.models import Agent, Expertise, Poste, Theme
from extranet.lib.pliage import fold

# Beyond, a card says nothing any more.
EXPERTISES_MAX, NOUVELLES = 12, 3
DU_POSTE = ("intitule", "telephone", "mobile", "courriel")


class TelephoneField(forms.CharField):
    """A French number however it is typed, or an international one; kept by groups of two."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return read_telephone(typed) if typed else ""
        except CelluleRefusee as refusal:
            raise forms.ValidationError(str(refusal)) from None


class FicheForm(forms.Form):
    """All of a card in one form. `postes` are those that one keeps; `choix`: what is shown is decided here too.

    Neither rights, nor the fonction, nor the address that opens the account: these belong to the administration.
    """

    def __init__(
        self, data: Mapping | None, *, personne: Agent, postes: list[Poste], choix: bool, sienne: bool
    ) -> None:
        super().__init__(data)
        self.personne, self.postes, self.sienne = personne, postes, sienne
        self.lignes = {}
        if choix:
            self._add_choices()
        for poste in postes:
            self._add_poste(poste)
        self.connues = list(personne.expertises.select_related("theme"))
        self._add_expertises()

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        field.initial = initial
        self.fields[name] = field

    def _add_choices(self) -> None:
        who = "votre" if self.sienne else "son"
        for name, label, help_text in (
            ("montre_mobile", f"Montrer {who} mobile professionnel", "Sinon, seul le téléphone de bureau est montré."),
            (
                "montre_expertises",
                "Montrer sur quoi " + ("vous solliciter" if self.sienne else "solliciter cette personne"),
                "Sinon, ces sujets ne sont ni montrés ni cherchés\u00a0; qui tient votre fiche les lit encore.",
            ),
        ):
            field = forms.BooleanField(label=label, required=False, help_text=help_text)
            self._add(name, field, getattr(self.personne, name))

    def _add_poste(self, poste: Poste) -> None:
        mail = {"invalid": "Cette adresse n’est pas complète. Par exemple mairie@commune.fr."}
        fields = {
            "intitule": NomFormField(
                label="Intitulé exact", max_length=120, required=False, help_text="Si la fonction ne suffit pas."
            ),
            "telephone": TelephoneField(label="Téléphone du bureau"),
            "mobile": TelephoneField(
                label="Mobile professionnel",
                help_text="Celui que la collectivité a fourni. Un numéro privé n’a pas sa place ici.",
            ),
            "courriel": forms.EmailField(
                label="Courriel de ce poste",
                required=False,
                error_messages=mail,
                help_text="Vide, l’adresse du compte est montrée.",
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            ),
        }
        for name, field in fields.items():
            self._add(f"p{poste.pk}_{name}", field, getattr(poste, name))
        slots = slots_of(poste)
        self.lignes[poste.pk] = semaine.lines_of(poste, slots, self.data if self.is_bound else None)
        for line in self.lignes[poste.pk]:
            for name, field, initial in semaine.fields_of(line, slots):
                self._add(name, field, initial)

    def _add_expertises(self) -> None:
        room = max(0, min(NOUVELLES, EXPERTISES_MAX - len(self.connues)))
        rows = [(f"e{one.pk}", one) for one in self.connues] + [(f"n{rank}", None) for rank in range(room)]
        themes = [("", "Sans thème"), *Theme.objects.values_list("pk", "nom")]
        for prefix, one in rows:
            label = f"Sujet\u00a0: {one.libelle}" if one else "Un sujet de plus"
            words = NomFormField(
                label=label, max_length=120, required=False, widget=forms.TextInput(attrs={"aria-label": label})
            )
            self._add(f"{prefix}_libelle", words, one.libelle if one else "")
            theme = forms.TypedChoiceField(
                label="Thème",
                choices=themes,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.Select(attrs={"aria-label": f"{label}, thème"}),
            )
            self._add(f"{prefix}_theme", theme, one.theme_id if one else "")
        self.rangees = [prefix for prefix, _ in rows]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.semaines = {}
        for poste in self.postes:
            lines = self.lignes[poste.pk]
            self.semaines[poste.pk], wrong = semaine.read(lines, cleaned)
            for name, why in wrong:
                if name not in self.errors:
                    self.add_error(name, why)
        seen: set[str] = set()
        for prefix in self.rangees:
            said = fold(self._said(prefix, cleaned))
            if said and said in seen:
                self.add_error(f"{prefix}_libelle", "Ce sujet est déjà sur la fiche.")
            seen.add(said)
        return cleaned

    def sujets(self) -> list[tuple[Expertise | None, str, int | None]]:
        """Each row of what one may be asked about: the one that it was, its words, its theme. Without words, it goes;
        a new one with a theme alone takes its name.
        """
        known = {f"e{one.pk}": one for one in self.connues}
        rows = []
        for prefix in self.rangees:
            theme = self.cleaned_data[f"{prefix}_theme"]
            rows.append((known.get(prefix), self._said(prefix, self.cleaned_data), theme))
        return rows

    def _said(self, prefix: str, cleaned: Mapping[str, Any]) -> str:
        """The words of a row, else, of a new one, those of its theme."""
        words, theme = cleaned.get(f"{prefix}_libelle") or "", cleaned.get(f"{prefix}_theme")
        if words or not theme or prefix.startswith("e"):
            return words
        return dict(self.fields[f"{prefix}_theme"].choices)[theme]

    def du_poste(self, poste: Poste) -> dict[str, str]:
        """The fields of a poste, as they were just written."""
        return {name: self.cleaned_data[f"p{poste.pk}_{name}"] for name in DU_POSTE}

    def cells_of(self, poste: Poste) -> set[tuple[int, str]]:
        """The half-days that the form asked about."""
        return semaine.cells_of(self.lignes[poste.pk])

    def sections(self) -> list[dict[str, Any]]:
        """For the page: each poste, its fields and the lines of its week."""
        return [
            {
                "poste": poste,
                "champs": [self[f"p{poste.pk}_{name}"] for name in DU_POSTE],
                "lignes": [
                    {"titre": line.titre.capitalize(), "champs": [self[name] for name in line.noms]}
                    for line in self.lignes[poste.pk]
                ],
                "resume": semaine.summary(slots_of(poste)),
                "ouverte": self._week_is_open(poste),
            }
            for poste in self.postes
        ]

    def _week_is_open(self, poste: Poste) -> bool:
        """What is known stays folded; what misses or is to be corrected is open."""
        wrong = any(name in self.errors for line in self.lignes[poste.pk] for name in line.noms)
        return wrong or not poste.presences.exists()

    def lignes_sujets(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"{prefix}_libelle"], self[f"{prefix}_theme"]) for prefix in self.rangees]

    def champs_choix(self) -> list[BoundField]:
        return [self[name] for name in ("montre_mobile", "montre_expertises") if name in self.fields]
