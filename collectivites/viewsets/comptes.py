"""Agents and their accounts in the admin, in place of Wagtail's users: no password is ever seen or set here."""

from typing import Any

import django_filters
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button

from collectivites.comptes.adresse import follow_address
from collectivites.comptes.connexion import keep_address_in_step
from collectivites.comptes.second_facteur import FACTEURS, reset_second_factor
from collectivites.comptes.sessions import close_sessions
from collectivites.droits import (
    can_choose_address,
    can_close_account,
    can_edit_account,
    can_give_groups,
    can_reset_second_factor,
)
from collectivites.enums import Domaine
from collectivites.models import Agent, Collectivite, Poste
from collectivites.viewsets.base import AjoutView, FicheView, ListeView, ListeViewSet, ModificationView, note
from collectivites.viewsets.communes import OUI_NON
from collectivites.viewsets.recherche import places_of

# The words of `Agent.connexion`.
CONNEXIONS = [("oui", "Peut se connecter"), ("sans-adresse", "Sans adresse"), ("ferme", "Compte fermé")]

ADRESSE_RESERVEE = (
    "Cette personne a un mandat, une signature, un poste à l’intercommunalité ou la gestion d’une mairie. "
    "L’administration de l’extranet peut changer son adresse."
)


def groups_of(agent: Agent) -> str:
    """« Responsables du contenu », from groups already read; a superuser is named as such."""
    names = [group.name for group in agent.groups.all() if group.name in Domaine.labels]
    return ", ".join(["Superadministration"] * agent.is_superuser + names)


class CompteForm(WagtailAdminModelForm):
    """A person, their address and what they answer for. Fields that one may not change are not there."""

    class Meta:
        model = Agent
        fields = ["prenom", "nom", "email", "is_active", "groups", "is_superuser"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups_before = sorted(self.instance.groups.values_list("name", flat=True)) if self.instance.pk else []
        own = self.instance.pk is not None and self.instance == self.for_user
        self.fields["groups"].queryset = Group.objects.filter(name__in=Domaine.labels)
        self.fields["email"].help_text = "Sans adresse, la personne est dans l’annuaire mais ne peut pas se connecter."
        if own:
            # One’s own address is changed from one’s account, which proves it.
            del self.fields["email"]
        elif self.instance.pk and not can_choose_address(self.for_user, self.instance):
            self.fields["email"].disabled, self.fields["email"].help_text = True, ADRESSE_RESERVEE
        if own or not self.instance.pk or not can_close_account(self.for_user, self.instance):
            del self.fields["is_active"]
        if not can_give_groups(self.for_user, self.instance):
            del self.fields["groups"]
        if not self.for_user.is_superuser or own:
            del self.fields["is_superuser"]

    def save(self, commit: bool = True) -> Agent:
        if not self.instance.pk:
            self.instance.set_unusable_password()
            self.instance.slug = Agent.objects.free_slug(self.instance.nom_complet)
            agent = super().save(commit=commit)
            keep_address_in_step(agent)
            return agent
        return super().save(commit=commit)


class CompteFilterSet(WagtailFilterSet):
    connexion = django_filters.ChoiceFilter(
        choices=CONNEXIONS, method="filter_connexion", label="Connexion", widget=forms.RadioSelect
    )
    groups = django_filters.ModelChoiceFilter(
        queryset=Group.objects.filter(name__in=Domaine.labels), label="Responsabilité"
    )
    collectivite = django_filters.ModelChoiceFilter(
        queryset=Collectivite.objects.all(), method="filter_collectivite", label="Collectivité"
    )
    en_poste = django_filters.BooleanFilter(method="filter_in_office", label="En poste", widget=OUI_NON)

    class Meta:
        model = Agent
        fields: list[str] = []

    def filter_connexion(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        if value == "ferme":
            return queryset.filter(is_active=False)
        return queryset.filter(is_active=True, email__isnull=value == "sans-adresse")

    def filter_collectivite(self, queryset: models.QuerySet, name: str, value: Collectivite) -> models.QuerySet:
        return queryset.filter(pk__in=Poste.objects.in_force().filter(collectivite=value).values("agent"))

    def filter_in_office(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        in_office = Poste.objects.in_force().values("agent")
        return queryset.filter(pk__in=in_office) if value else queryset.exclude(pk__in=in_office)


class CompteListeView(ListeView):
    def get_base_queryset(self) -> models.QuerySet:
        # Read once here, asked for each row.
        models.prefetch_related_objects([self.request.user], "groups")
        factors = Authenticator.objects.filter(user=models.OuterRef("pk"), type__in=FACTEURS)
        return super().get_base_queryset().filter(efface_le=None).annotate(avec_second_facteur=models.Exists(factors))

    @cached_property
    def columns(self) -> list[Column]:
        """A full name is no column of the database: it sorts by the family name."""
        columns = super().columns
        columns[0].label, columns[0].sort_key = "Nom", "nom"
        return columns

    def get_edit_url(self, instance: Agent) -> str | None:
        return super().get_edit_url(instance) if can_edit_account(self.request.user, instance) else None


class CompteAjoutView(AjoutView):
    """After the person, their poste: without one they read nothing."""

    def get_success_url(self) -> str:
        return reverse("admin_postes:add") + f"?agent={self.object.pk}"


class CompteModificationView(ModificationView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.object.efface_le or not can_edit_account(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def save_instance(self) -> Agent:
        agent = super().save_instance()
        changed = self.form.changed_data
        if "email" in changed:
            place = self.request.poste.collectivite if self.request.poste else None
            follow_address(agent, self.form.initial["email"], by=self.request.user, collectivite=place)
        if "is_active" in changed:
            note(self.request, "rouvert" if agent.is_active else "ferme", agent, noun="compte")
            if not agent.is_active:
                close_sessions(agent)
        if "groups" in changed or "is_superuser" in changed:
            names = sorted(agent.groups.values_list("name", flat=True))
            note(
                self.request,
                "droits_changes",
                agent,
                noun="compte",
                avant=self.form.groups_before,
                apres=names,
                superadministration=agent.is_superuser,
            )
            # The rights of a session are read anew at each request; its idle limit is not.
            close_sessions(agent)
        return agent


class CompteView(FicheView):
    """What the service knows of a person, without anything secret."""

    def get_postes_display_value(self) -> str:
        postes = self.object.postes.select_related("collectivite", "fonction").order_by("-date_debut")
        return " ; ".join(f"{p.libelle} {p.collectivite.de_nom} ({period(p)})" for p in postes) or "–"

    def get_adhesions_display_value(self) -> str:
        return ", ".join(str(a.reseau) for a in self.object.adhesions.in_force().select_related("reseau")) or "–"

    def get_groups_display_value(self) -> str:
        return groups_of(self.object) or "–"

    def get_second_facteur_display_value(self) -> str:
        kinds = Authenticator.objects.filter(user=self.object, type__in=FACTEURS).values_list("type", flat=True)
        words = {"totp": "application de codes", "webauthn": "clé d’accès"}
        return ", ".join(sorted({words[kind] for kind in kinds})) or "aucun"

    def get_field_label(self, field_name: str, field: models.Field | None) -> str:
        labels = {
            "connexion": "Connexion",
            "second_facteur": "Second facteur",
            "postes": "Postes",
            "adhesions": "Réseaux",
        }
        return labels.get(field_name) or super().get_field_label(field_name, field)

    @property
    def header_more_buttons(self) -> list[Button]:
        agent, actor = self.object, self.request.user
        buttons = []
        if self.get_edit_url() and can_edit_account(actor, agent):
            buttons.append(Button("Modifier", url=self.get_edit_url(), icon_name="edit", priority=10))
        if actor.has_perm("collectivites.add_poste") and agent != actor:
            url = reverse("admin_postes:add") + f"?agent={agent.pk}"
            buttons.append(Button("Ajouter un poste", url=url, icon_name="plus", priority=20))
        if can_reset_second_factor(actor, agent):
            url = reverse("wagtailusers_users:second_facteur", args=[agent.pk])
            buttons.append(Button("Remettre à zéro le second facteur", url=url, icon_name="key", priority=30))
        return buttons


def period(poste: Poste) -> str:
    start = f"depuis le {poste.date_debut:%d/%m/%Y}"
    return start if poste.date_fin is None else f"du {poste.date_debut:%d/%m/%Y} au {poste.date_fin:%d/%m/%Y}"


class SecondFacteurView(FicheView):
    """Asks before resetting the second factor of someone who lost theirs."""

    template_name = "collectivites/admin/second_facteur.html"
    permission_required = "change"
    page_title = "Remettre à zéro le second facteur"
    fields = ["nom_complet"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_reset_second_factor(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        collectivite = request.poste.collectivite if request.poste else None
        reset_second_factor(self.object, by=request.user, collectivite=collectivite)
        messages.success(
            request, f"{self.object} n’a plus de second facteur : un nouveau lui sera demandé à sa connexion."
        )
        return redirect("wagtailusers_users:inspect", self.object.pk)


class CompteViewSet(ListeViewSet):
    """Named in `collectivites.apps.UtilisateursConfig`: Wagtail registers it in place of its own screens."""

    model = Agent
    icon = "user"
    menu_label = "Agents"
    add_to_reference_index = False
    routes = frozenset({"index", "add", "edit", "history", "inspect", "second_facteur"})
    index_view_class = CompteListeView
    add_view_class = CompteAjoutView
    edit_view_class = CompteModificationView
    inspect_view_class = CompteView
    # Named one by one: the default would show the hash of the password.
    inspect_view_fields = [
        "prenom",
        "nom",
        "email",
        "postes",
        "adhesions",
        "groups",
        "connexion",
        "second_facteur",
        "last_login",
        "notice_vue_le",
        "created_at",
    ]
    list_display = [
        "nom_complet",
        "email",
        Column("collectivites", label="Collectivités", accessor=places_of),
        Column("responsabilites", label="Responsabilités", accessor=groups_of),
        Column("connexion", label="Connexion", sort_key="email"),
        BooleanColumn("avec_second_facteur", label="Second facteur"),
        DateColumn("last_login", label="Dernière connexion", sort_key="last_login"),
    ]
    list_prefetch = ("groups", "postes__collectivite")
    filterset_class = CompteFilterSet
    search_fields = ["prenom", "nom", "email"]
    export = {
        "Prénom": "prenom",
        "Nom": "nom",
        "Courriel": "email",
        "Connexion": "connexion",
        "Dernière connexion": "last_login",
    }
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("prenom"), FieldPanel("nom")]), FieldPanel("email")], heading="La personne"
            ),
            MultiFieldPanel([FieldPanel("is_active")], heading="Le compte"),
            MultiFieldPanel(
                [FieldPanel("groups", widget=forms.CheckboxSelectMultiple), FieldPanel("is_superuser")],
                heading="Ce dont cette personne répond à l’intercommunalité",
            ),
        ],
        base_form_class=CompteForm,
    )

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **{**kwargs, "url_prefix": "agents"})

    @property
    def url_namespace(self) -> str:
        """The one that Wagtail links to."""
        return self.name

    @property
    def export_filename(self) -> str:
        return "agents"

    def get_urlpatterns(self) -> list[URLPattern]:
        view = self.construct_view(SecondFacteurView)
        return [*super().get_urlpatterns(), path("second-facteur/<int:pk>/", view, name="second_facteur")]
