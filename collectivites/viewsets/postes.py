"""Postes in the admin: an agent in a collectivité, their half-days, their rights."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import inlineformset_factory
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from collectivites.droits import can_edit_account
from collectivites.enums import Signature
from collectivites.models import Agent, Collectivite, EntreeJournal, Fonction, Poste, Presence
from collectivites.viewsets.base import ListeViewSet, SuppressionView
from collectivites.viewsets.communes import HEURE, OUI_NON
from collectivites.viewsets.lignes import AjoutAvecLignesView, AvecLignesForm, ModificationAvecLignesView


def why_not_theirs(actor: Agent, agent: Agent) -> str:
    """Why `actor` may not touch the postes of `agent`, in words; empty when they may."""
    if actor.is_superuser:
        return ""
    if actor == agent:
        return "C’est votre propre poste : demandez à un administrateur de le changer."
    if not can_edit_account(actor, agent):
        return f"{agent} a des responsabilités à l’intercommunalité : demandez à un administrateur de changer ce poste."
    return ""


class PosteForm(AvecLignesForm):
    lignes_class = inlineformset_factory(
        Poste,
        Presence,
        fields=["jour", "moment", "semaine", "heure_debut", "heure_fin"],
        widgets={"heure_debut": HEURE, "heure_fin": HEURE},
        extra=4,
    )
    lignes_titre = "Présence dans la semaine"
    lignes_aide = "Une ligne par demi-journée. Les heures sont facultatives. Les lignes vides sont ignorées."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and not self.is_bound:
            self.lignes.extra = 10
        if self.instance.pk:
            # What was done under a poste was done by that person for that collectivité.
            self.fields["agent"].disabled = self.fields["collectivite"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Nobody gives rights to themselves, nor touches someone who has more of them."""
        cleaned = super().clean()
        agent = cleaned.get("agent")
        if agent is not None and (reason := why_not_theirs(self.for_user, agent)):
            raise ValidationError(reason)
        return cleaned

    def save(self, commit: bool = True) -> Poste:
        """A last day already begun closes the access at once, a last day taken away opens it again."""
        poste = super().save(commit=commit)
        if commit and "date_fin" in self.changed_data:
            if poste.date_fin:
                poste.end(poste.date_fin)
            else:
                poste.ferme_le = None
                poste.save(update_fields=["ferme_le"])
        return poste


class PosteFilterSet(WagtailFilterSet):
    collectivite = django_filters.ModelChoiceFilter(queryset=Collectivite.objects.all(), label="Collectivité")
    fonction = django_filters.ModelChoiceFilter(queryset=Fonction.objects.all(), label="Fonction")
    en_cours = django_filters.BooleanFilter(method="filter_in_force", label="En cours", widget=OUI_NON)
    gestionnaire = django_filters.BooleanFilter(label="Gestionnaire", widget=OUI_NON)
    signataire = django_filters.ChoiceFilter(
        choices=[choice for choice in Signature.choices if choice[0]], label="Signataire", widget=forms.RadioSelect
    )
    constats = django_filters.BooleanFilter(label="États des lieux", widget=OUI_NON)

    class Meta:
        model = Poste
        fields: list[str] = []

    def filter_in_force(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        in_force = Poste.objects.in_force().values("pk")
        return queryset.filter(pk__in=in_force) if value else queryset.exclude(pk__in=in_force)


class PosteAjoutView(AjoutAvecLignesView):
    def get_initial(self) -> dict[str, Any]:
        """`?agent=12`, from the page of that person."""
        asked = self.request.GET.get("agent", "")
        return {**super().get_initial(), **({"agent": asked} if asked.isdecimal() else {})}


class PosteSuppressionView(SuppressionView):
    def reason_to_keep(self) -> str:
        """A poste under which something was done is ended, not deleted."""
        reason = why_not_theirs(self.request.user, self.object.agent)
        if reason:
            return reason
        done = EntreeJournal.objects.filter(agent=self.object.agent_id, collectivite=self.object.collectivite_id)
        if done.exists():
            return "Des actes ont été faits sous ce poste : donnez-lui une date de fin au lieu de le supprimer."
        return super().reason_to_keep()


def rights_of(poste: Poste) -> str:
    """« gestionnaire, signataire par délégation, états des lieux »."""
    signature = f"signataire {poste.get_signataire_display()}" if poste.is_signataire else ""
    words = ["gestionnaire" if poste.gestionnaire else "", signature, "états des lieux" if poste.constats else ""]
    return ", ".join(word for word in words if word)


class PosteViewSet(ListeViewSet):
    model = Poste
    name = "postes"
    icon = "group"
    menu_label = "Postes"
    add_view_class = PosteAjoutView
    edit_view_class = ModificationAvecLignesView
    delete_view_class = PosteSuppressionView
    list_display = [
        "agent",
        "collectivite",
        "fonction",
        Column("droits", label="Droits", accessor=rights_of),
        "date_debut",
        "date_fin",
    ]
    list_select = ("agent", "collectivite", "fonction")
    filterset_class = PosteFilterSet
    search_fields = ["agent__prenom", "agent__nom", "collectivite__nom", "fonction__libelle", "intitule"]
    export = {
        "Prénom": "agent.prenom",
        "Nom": "agent.nom",
        "Collectivité": "collectivite.nom",
        "Fonction": "fonction.libelle",
        "Intitulé exact": "intitule",
        "Heures par semaine": "heures_hebdo",
        "Téléphone": "telephone",
        "Mobile": "mobile",
        "Courriel": "courriel",
        "Depuis le": "date_debut",
        "Jusqu’au": "date_fin",
        "Gestionnaire": "gestionnaire",
        "Signataire": "signataire",
        "Délégation du": "delegation_date",
        "Référence de la délégation": "delegation_reference",
        "États des lieux": "constats",
    }
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("agent"), FieldPanel("collectivite")]),
                    FieldRowPanel([FieldPanel("fonction"), FieldPanel("intitule")]),
                    FieldPanel("roles", widget=forms.CheckboxSelectMultiple),
                    FieldRowPanel([FieldPanel("date_debut"), FieldPanel("date_fin")]),
                    FieldPanel("heures_hebdo"),
                ],
                heading="Le poste",
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("telephone"), FieldPanel("mobile")]), FieldPanel("courriel")],
                heading="Coordonnées professionnelles",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("gestionnaire"),
                    FieldPanel("signataire"),
                    FieldRowPanel([FieldPanel("delegation_date"), FieldPanel("delegation_reference")]),
                    FieldPanel("constats"),
                ],
                heading="Droits",
            ),
        ],
        base_form_class=PosteForm,
    )
