"""Fields that several forms of the training share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

CHIFFRES = 18  # beyond, SQLite reads no number


class AgentsField(forms.ModelMultipleChoiceField):
    """People of a list, ticked. A key that no row can have is that of nobody in it."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > CHIFFRES:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": key})
        return super().clean(value)
