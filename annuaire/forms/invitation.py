"""Forms of the annuaire."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from collectivites.champs import NomFormField
from collectivites.enums import FamilleFonction
from collectivites.models import Agent, Collectivite, Fonction

NOUVELLE = "Une personne qui n’est pas encore dans l’annuaire"


class InvitationForm(forms.Form):
    """Who is invited, where, and as what. `collectivites` are those that one may invite into, `elus` too or not."""

    collectivite = forms.ModelChoiceField(
        Collectivite.objects.none(),
        label="Pour quelle collectivité",
        empty_label=None,
        error_messages={"invalid_choice": "Choisissez une collectivité de la liste."},
    )
    agent = forms.ModelChoiceField(
        Agent.objects.none(),
        label="Qui",
        required=False,
        empty_label=NOUVELLE,
        error_messages={"invalid_choice": "Cette personne n’est plus à inviter. Choisissez-en une autre."},
    )
    prenom = NomFormField(label="Son prénom", max_length=80, required=False)
    nom = NomFormField(label="Son nom", max_length=80, required=False)
    email = forms.EmailField(
        label="Son adresse de courriel professionnelle",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "prenom.nom@commune.fr"}),
        help_text="Une adresse à elle seule\u00a0: celle que toute la mairie relève ouvrirait son compte à tous.",
        error_messages={
            "required": "Écrivez l’adresse où l’invitation doit arriver, par exemple prenom.nom@commune.fr.",
            "invalid": "Cette adresse n’est pas complète. Par exemple prenom.nom@commune.fr.",
        },
    )
    fonction = forms.ModelChoiceField(
        Fonction.objects.all(), label="Sa fonction", required=False, empty_label="Choisir"
    )
    intitule = NomFormField(label="L’intitulé exact de son poste", max_length=120, required=False)
    gestionnaire = forms.BooleanField(
        label="Cette personne sera gestionnaire",
        required=False,
        help_text="Elle pourra inviter les agents de la collectivité.",
    )

    def __init__(self, *args: Any, collectivites: list[Collectivite], elus: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not elus:
            self.fields["fonction"].queryset = Fonction.objects.exclude(famille=FamilleFonction.ELUS)
        self.fields["collectivite"].queryset = Collectivite.objects.filter(pk__in=[c.pk for c in collectivites])
        if len(collectivites) == 1:
            self.fields["collectivite"].initial = collectivites[0].pk
            self.fields["collectivite"].widget = forms.HiddenInput()
            self.fields["agent"].queryset = without_account(collectivites[0])
        else:
            # Thousands of names would be no choice: the page of a collectivité offers its own.
            del self.fields["agent"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict:
        """A newcomer has a name and a fonction; somebody of the annuaire already has both."""
        cleaned = super().clean()
        if "agent" not in self.errors and not cleaned.get("agent"):
            for name, words in (
                ("prenom", "Écrivez son prénom."),
                ("nom", "Écrivez son nom."),
                ("fonction", "Choisissez sa fonction dans la liste."),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    def proposal(self) -> dict[str, Any]:
        """What `annuaire.invitations.invite` is given; the fonction of somebody known is that of their poste there."""
        given = dict(self.cleaned_data)
        agent = given.setdefault("agent", None)
        if agent and not given["fonction"]:
            poste = agent.postes.in_force().filter(collectivite=given["collectivite"]).first()
            given["fonction"] = poste.fonction
        return given


def without_account(collectivite: Collectivite) -> QuerySet[Agent]:
    """The people at work there who have never come in."""
    return Agent.objects.of(collectivite).filter(last_login=None, is_active=True)
