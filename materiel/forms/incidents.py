"""How an incident was settled."""

from django import forms

from materiel.constats.incidents import Suite


class SuiteForm(forms.Form):
    suite = forms.CharField(
        label="Où en est-on",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Réparé, remplacé, remboursé par l’assurance, sans suite… Les deux communes le lisent.",
        error_messages={"required": "Dites comment il a été réglé, ou ce qui est en cours."},
    )
    cout = forms.DecimalField(
        label="Ce que cela a coûté, en euros",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez un montant, par exemple 147,60."},
    )

    @property
    def donnees(self) -> Suite:
        return Suite(self.cleaned_data["suite"], self.cleaned_data["cout"])
