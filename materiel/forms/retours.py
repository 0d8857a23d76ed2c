"""The form of a return: what is back, what will never be, unit by unit when they are numbered."""

from typing import Any

from django import forms

from materiel.enums import Mode, TypeConstat
from materiel.forms.constats import DEHORS, MAUVAIS, PERDUE, RENDUE, ConstatForm
from materiel.models import Affectation, Pret

ETATS = [(RENDUE, "Rendue"), (DEHORS, "Encore dehors"), (PERDUE, "Perdue ou détruite")]
RENDUS = "Écrivez combien sont rendus, zéro si rien ne l’est encore."
PERDUS = "Écrivez combien sont perdus, ou ne remplissez pas cette case."
HEURES_CONDUCTEUR = "Écrivez des heures, par exemple 3,5."
RIEN = "Rien n’est rendu ni perdu\u00a0: dites au moins ce qui est revenu."


class RetourForm(ConstatForm):
    """A return may be partial: what is not back stays lent."""

    rendus = forms.IntegerField(
        label="Combien sont rendus", min_value=0, error_messages=dict.fromkeys(("required", *MAUVAIS), RENDUS)
    )
    perdus = forms.IntegerField(
        label="Combien sont perdus ou détruits",
        min_value=0,
        required=False,
        error_messages=dict.fromkeys(MAUVAIS, PERDUS),
    )
    perdu = forms.BooleanField(
        label="Il est perdu, volé ou détruit",
        required=False,
        help_text="Il sort alors du prêt, et un incident est ouvert pour en suivre le remboursement.",
    )
    heures_conducteur = forms.DecimalField(
        label="Heures du conducteur",
        min_value=0,
        max_digits=6,
        decimal_places=2,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="Trajet compris, par exemple 3,5.",
        error_messages=dict.fromkeys(MAUVAIS, HEURES_CONDUCTEUR),
    )
    genre = TypeConstat.RESTITUTION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pret = self.pret
        self.dehors = list(pret.affectations.filter(rendue_le=None).select_related("unite"))
        for one in self.dehors:
            self.fields[_name(one)] = forms.ChoiceField(
                label=f"N°\u00a0{one.unite.numero}", choices=ETATS, widget=forms.RadioSelect, initial=RENDUE
            )
        kept = {"perdu"} if pret.materiel.mode == Mode.UNIQUE else {"rendus", "perdus"}
        for name in {"rendus", "perdus", "perdu"} - (set() if self.dehors else kept):
            del self.fields[name]
        if "rendus" in self.fields:
            self.fields["rendus"].help_text = f"{pret.reste} sur {pret.quantite} étaient encore dehors."
        if not pret.avec_conducteur:
            del self.fields["heures_conducteur"]

    @property
    def champs_unites(self) -> list[forms.BoundField]:
        return [self[_name(one)] for one in self.dehors]

    @property
    def trop(self) -> str:
        return f"Il n’en restait que {self.pret.reste} dehors, rendus et perdus compris."

    def rules(self) -> list[dict[str, Any]]:
        own: list[dict[str, Any]] = []
        if "rendus" in self.fields:
            both = ["rendus", "perdus"]
            own += [
                {"regle": "entier", "champs": ["rendus"], "min": 0, "phrase": RENDUS},
                {"regle": "entier", "champs": ["perdus"], "min": 0, "vide": True, "phrase": PERDUS},
                {"regle": "somme", "champs": both, "min": 1, "phrase": RIEN},
                {"regle": "somme", "champs": both, "max": self.pret.reste, "phrase": self.trop},
            ]
        if self.dehors:
            names = [_name(one) for one in self.dehors]
            own.append({"regle": "pas_tous", "champs": names, "valeur": DEHORS, "phrase": RIEN})
        if "heures_conducteur" in self.fields:
            hours = {"regle": "heures", "champs": ["heures_conducteur"], "decimales": 2, "phrase": HEURES_CONDUCTEUR}
            own.append(hours)
        return own + super().rules()

    def first(self, pret: Pret) -> dict[str, Any]:
        return {"rendus": pret.reste, "perdus": 0}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "rendus" in self.fields and "rendus" in given:
            total = given["rendus"] + (given.get("perdus") or 0)
            if not total:
                self.add_error("rendus", RIEN)
            elif total > self.pret.reste:
                self.add_error("rendus", self.trop)
        elif self.dehors and all(given.get(_name(one)) == DEHORS for one in self.dehors):
            self.add_error(None, RIEN)
        return given

    def counts(self) -> dict[str, Any]:
        given = self.cleaned_data
        hours = {"heures_conducteur": given.get("heures_conducteur")}
        if self.dehors:
            back = tuple(one.unite for one in self.dehors if given[_name(one)] == RENDUE)
            lost = tuple(one.unite for one in self.dehors if given[_name(one)] == PERDUE)
            return {"quantite": len(back), "perdue": len(lost), "unites": back, "perdues": lost, **hours}
        if "perdu" in self.fields:
            lost = int(given["perdu"])
            return {"quantite": 1 - lost, "perdue": lost, **hours}
        return {"quantite": given["rendus"], "perdue": given.get("perdus") or 0, **hours}


def _name(one: Affectation) -> str:
    return f"unite_{one.unite_id}"
