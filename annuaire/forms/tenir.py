"""Forms of those who keep the directory."""

from typing import Any

from django import forms

from collectivites.models import Agent, Collectivite


class ImportForm(forms.Form):
    """A file of agents."""

    fichier = forms.FileField(
        label="Le fichier des agents",
        help_text="XLSX ou CSV. Une ligne par personne et par commune. Nom, Prénom, Commune et Fonction sont "
        "obligatoires. 20\u00a0000 lignes et 10\u00a0Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choisissez le fichier, puis recommencez.",
            "empty": "Ce fichier est vide.",
            "invalid": "Choisissez le fichier, puis recommencez.",
        },
    )


class ReunirForm(forms.Form):
    """Which of two cards is kept, and which address opens it."""

    garde = forms.ChoiceField(
        label="La fiche à garder",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la fiche à garder.", "invalid_choice": "Choisissez l’une des deux."},
    )
    adresse = forms.ChoiceField(
        label="L’adresse qui ouvrira le compte",
        widget=forms.RadioSelect,
        help_text="L’autre n’ouvrira plus rien, et recevra un courriel qui le dit.",
        error_messages={"required": "Choisissez l’adresse.", "invalid_choice": "Choisissez l’une des deux adresses."},
    )

    def __init__(self, *args: Any, fiches: tuple[Agent, Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fiches = {str(one.pk): one for one in fiches}
        self.fields["garde"].choices = [
            (str(one.pk), f"{rang} fiche|{one}") for rang, one in zip(RANGS, fiches, strict=True)
        ]
        self.initial.setdefault("garde", str(max(fiches, key=_liveness).pk))
        addresses = [one.email for one in fiches if one.email]
        if addresses:
            self.fields["adresse"].choices = [(address, address) for address in addresses]
            self.initial.setdefault("adresse", self.fiches[self.initial["garde"]].email or addresses[0])
        else:
            del self.fields["adresse"]

    def choice(self) -> tuple[Agent, Agent, str | None]:
        """The card that stays, the one that closes, the address."""
        kept = self.fiches[self.cleaned_data["garde"]]
        other = next(one for one in self.fiches.values() if one != kept)
        return kept, other, self.cleaned_data.get("adresse")


RANGS = ("Première", "Seconde")


def _liveness(agent: Agent) -> tuple:
    """The card that serves: open, used of late, the older one last."""
    last = agent.last_login.timestamp() if agent.last_login else 0
    return agent.is_active and bool(agent.email), last, -agent.pk


class LieuxForm(forms.Form):
    """The collectivité that stays, and the one that it takes in."""

    garde = forms.ModelChoiceField(
        Collectivite.objects.members(),
        label="Celle qui reste",
        empty_label="Choisir",
        help_text="Créez d’abord la commune nouvelle dans l’administration, ou gardez l’une des deux.",
        error_messages={
            "required": "Choisissez celle qui reste.",
            "invalid_choice": "Choisissez une collectivité de la liste.",
        },
    )
    retiree = forms.ModelChoiceField(
        Collectivite.objects.members(),
        label="Celle qui la rejoint",
        empty_label="Choisir",
        error_messages={
            "required": "Choisissez celle qui la rejoint.",
            "invalid_choice": "Choisissez une collectivité de la liste.",
        },
    )
