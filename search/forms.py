"""Forms of the search."""

from django import forms

from search.models import QuestionRecherche


class QuestionForm(forms.ModelForm):
    """« Dites-nous ce que vous cherchiez »: the words searched come from the address, the rest is free."""

    class Meta:
        model = QuestionRecherche
        fields = ["message"]
        labels = {"message": "Ce que vous cherchiez, en une phrase ou deux"}
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"message": {"max_length": "Mille caractères au plus\u00a0: il y en a %(show_value)d."}}
