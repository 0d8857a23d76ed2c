"""Sentences of ours in place of those of Django and of the system."""

from pathlib import Path

import pytest
from django import forms
from django.core.management import CommandError, call_command

from collectivites.models import Fonction
from extranet.apps import HORS_LISTE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "sent"),
    [
        (forms.ChoiceField(choices=[("a", "A")]), "b"),
        (forms.TypedChoiceField(choices=[("a", "A")]), "b"),
        (forms.MultipleChoiceField(choices=[("a", "A")]), ["b"]),
        (forms.ModelChoiceField(Fonction.objects.none()), "1"),
        (forms.ModelMultipleChoiceField(Fonction.objects.none()), ["1"]),
        (forms.ModelMultipleChoiceField(Fonction.objects.none()), ["x"]),
    ],
)
def test_a_choice_out_of_the_list_is_refused_in_our_words(field: forms.Field, sent: object) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(sent)
    assert refusal.value.messages == [HORS_LISTE]


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["importer_agents", "importer_collectivites"])
def test_a_file_that_does_not_open_says_why_in_french(command: str, tmp_path: Path) -> None:
    more = {"epci": "200010650"} if command == "importer_collectivites" else {}
    with pytest.raises(CommandError, match="il n’existe pas à cet endroit"):
        call_command(command, str(tmp_path / "rien.csv"), **more)
    with pytest.raises(CommandError, match="c’est un dossier"):
        call_command(command, str(tmp_path), **more)
