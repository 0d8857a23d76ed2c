"""Preferences, kind by kind."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction

from extranet.lib.apports import Sorte
from notifications.enums import Frequence
from notifications.models import Rythme
from notifications.preferences import Espace, choose, espace_of, espaces, frequences_of, rythme_of, sortes_for

if TYPE_CHECKING:
    from collectivites.models import Agent


class PreferencesForm(forms.ModelForm):
    """One row of radios per kind that is not imposed, and the rhythm of digests."""

    class Meta:
        model = Rythme
        fields = ["heure", "jour", "pause_absences"]

    def __init__(self, data: Any = None, *, agent: "Agent") -> None:
        self.agent = agent
        super().__init__(data, instance=rythme_of(agent))
        self.frequences = frequences_of(agent)
        self.sortes = sortes_for(agent)
        for code, sorte in self.sortes.items():
            if not sorte.imposee:
                self.fields[self.name_of(code)] = forms.ChoiceField(
                    label=sorte.libelle,
                    choices=Frequence.choices,
                    initial=self.frequences[code],
                    widget=forms.RadioSelect,
                    error_messages={
                        "required": "Choisissez une réponse, par exemple «\u00a0Chaque jour\u00a0».",
                        "invalid_choice": "Choisissez l’une des quatre réponses proposées.",
                    },
                )

    @staticmethod
    def name_of(code: str) -> str:
        return f"sorte-{code}"

    def groups(self) -> Iterator[tuple[Espace, list[tuple[Sorte, forms.BoundField | None]]]]:
        """The kinds area by area, in the order of the menu; no field for an imposed one."""
        order = list(espaces())
        kinds = sorted(self.sortes.values(), key=lambda s: order.index(s.area) if s.area in order else len(order))
        for area, members in groupby(kinds, key=lambda sorte: sorte.area):
            yield espace_of(area), [(s, None if s.imposee else self[self.name_of(s.code)]) for s in members]

    def save(self, commit: bool = True) -> Rythme:
        """Keeps what was chosen; what was not touched stays a proposal, which may change for everybody."""
        with transaction.atomic():
            for code in self.frequences:
                chosen = self.cleaned_data.get(self.name_of(code))
                if chosen and chosen != self.frequences[code]:
                    choose(self.agent, code, chosen)
            return super().save(commit)
