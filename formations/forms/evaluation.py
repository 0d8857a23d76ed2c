"""What one thought of a session: four marks, three lines if one wishes."""

from typing import Any

from django import forms

from formations.bilan.evaluations import LIBELLES
from formations.models import Evaluation

CHOIX = tuple((mark, label) for mark, label in sorted(LIBELLES.items()))


class EvaluationForm(forms.ModelForm):
    class Meta:
        model = Evaluation
        fields = ("objectifs", "utilite", "animation", "organisation", "plus", "mieux", "ensuite")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("objectifs", "utilite", "animation", "organisation"):
            self.fields[name] = forms.TypedChoiceField(
                label=_capital(str(self.fields[name].label)),
                choices=CHOIX,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse."},
            )
        for name in ("plus", "mieux", "ensuite"):
            self.fields[name].label = _capital(str(self.fields[name].label))
            self.fields[name].widget.attrs["rows"] = 2


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
