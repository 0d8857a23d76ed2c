"""The resources in the admin: their lists, what is asked for, the versions of the files, what is proposed to follow."""

import django_filters
from django.db import models
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup

from collectivites.viewsets.base import FicheView, ListeView, ListeViewSet
from collectivites.viewsets.tableau import Compte
from extranet.lib.francais import poids
from notifications.viewsets_abonnements import AbonnementProposeViewSet
from ressources.enums import Analyse, Examen
from ressources.models import DemandeDocument, PublicVise, TypeRessource, VersionFichier
from ressources.questions.viewsets import QuestionReponseViewSet


class TypeRessourceViewSet(ListeViewSet):
    model = TypeRessource
    name = "types-document"
    icon = "doc-full"
    menu_label = "Types de document"
    list_display = ["nom", "slug", "ordre"]
    search_fields = ["nom"]
    export = {"Nom": "nom", "Adresse": "slug", "Ordre": "ordre"}
    panels = [FieldPanel("nom"), FieldRowPanel([FieldPanel("slug"), FieldPanel("ordre")])]


class PublicViseViewSet(ListeViewSet):
    model = PublicVise
    name = "metiers"
    icon = "group"
    menu_label = "Métiers concernés"
    list_display = ["nom", "slug", "ordre"]
    search_fields = ["nom"]
    export = {"Nom": "nom", "Adresse": "slug", "Ordre": "ordre"}
    panels = [FieldPanel("nom"), FieldRowPanel([FieldPanel("slug"), FieldPanel("ordre")])]


class DemandeDocumentViewSet(ListeViewSet):
    """What was asked for and what came of it. One answers on the site, where all who asked are told."""

    model = DemandeDocument
    name = "demandes-document"
    icon = "help"
    menu_label = "Documents demandés"
    routes = frozenset({"index", "inspect"})
    form_fields: list[str] = []
    inspect_view_fields = [
        *("objet", "precision", "theme", "auteur", "collectivite", "statut", "page", "reponse"),
        *("created_at", "repondu_le", "repondu_par"),
    ]
    list_display = [
        "objet",
        "collectivite",
        "theme",
        "statut",
        DateColumn("created_at", label="Demandé le", sort_key="created_at"),
    ]
    list_select = ("collectivite", "theme")
    list_filter = ["statut", "theme"]
    ordering = "-created_at"
    search_fields = ["objet", "precision"]
    export = {
        "Demandé le": "created_at",
        "Document": "objet",
        "À quoi il servirait": "precision",
        "Thème": "theme.nom",
        "Pour": "collectivite.nom",
        "État": "statut",
        "Réponse": "page.title",
        "Répondu le": "repondu_le",
    }


class VersionFilterSet(WagtailFilterSet):
    created_at = django_filters.DateFromToRangeFilter(label="Déposée le", widget=DateRangePickerWidget)

    class Meta:
        model = VersionFichier
        fields = ["statut", "analyse", "examen", "type_reel"]


class VersionsView(ListeView):
    def get_base_queryset(self) -> models.QuerySet:
        """Without their texts, which may weigh a megabyte each."""
        return super().get_base_queryset().defer("texte")


class VersionView(FicheView):
    def get_taille_display_value(self) -> str:
        return poids(self.object.taille)


class VersionFichierViewSet(ListeViewSet):
    """Every version of every file, its state and what was read of it. Nothing is changed here."""

    model = VersionFichier
    name = "versions"
    icon = "history"
    menu_label = "Versions des fichiers"
    routes = frozenset({"index", "inspect"})
    form_fields: list[str] = []
    index_view_class, inspect_view_class = VersionsView, VersionView
    inspect_view_fields = [
        *("fichier", "numero", "statut", "nom", "type_reel", "taille", "pages", "changements"),
        *("auteur", "collectivite", "created_at", "publiee_le", "retiree_le", "motif_retrait"),
        *("analyse", "analyse_motif", "examen", "sha256"),
    ]
    list_display = [
        "nom",
        Column("fichier", label="Document", accessor=lambda version: version.fichier.page.title),
        "numero",
        "statut",
        "type_reel",
        "analyse",
        "examen",
        "collectivite",
        DateColumn("created_at", label="Déposée le", sort_key="created_at"),
    ]
    list_select = ("fichier__page", "collectivite")
    filterset_class = VersionFilterSet
    ordering = "-created_at"
    search_fields = ["nom", "fichier__nom", "fichier__page__title", "changements"]
    export = {
        "Document": "fichier.page.title",
        "Fichier": "nom",
        "Version": "numero",
        "État": "statut",
        "Ce qui change": "changements",
        "Pour": "collectivite.nom",
        "Déposée le": "created_at",
        "Publiée le": "publiee_le",
        "Retirée le": "retiree_le",
        "Motif du retrait": "motif_retrait",
        "Texte": "analyse",
        "Antivirus": "examen",
        "Octets": "taille",
        "SHA-256": "sha256",
    }


class RessourcesGroup(ModelViewSetGroup):
    menu_label = "Ressources"
    menu_name = "ressources"
    menu_icon = "folder-open-1"
    menu_order = 210
    items = (
        VersionFichierViewSet,
        DemandeDocumentViewSet,
        QuestionReponseViewSet,
        TypeRessourceViewSet,
        PublicViseViewSet,
        AbonnementProposeViewSet,
    )


class VersionsATraiter(Compte):
    """Those that an eye is wanted for: not read, or held back by the antivirus."""

    order = 40
    droit, icone, liste = "ressources.view_versionfichier", "history", "admin_versions:index"
    singulier, pluriel = "fichier à regarder", "fichiers à regarder"

    def compte(self) -> int:
        held = [Examen.EN_ATTENTE, Examen.INFECTE]
        return VersionFichier.objects.filter(models.Q(analyse=Analyse.NON_LU) | models.Q(examen__in=held)).count()
