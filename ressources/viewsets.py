"""The resources in the admin: their lists, what is asked for, the versions of the files, what is proposed to follow."""

import django_filters
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets.button import Button

from collectivites.viewsets.base import FicheView, ListeView, ListeViewSet
from collectivites.viewsets.tableau import Compte
from extranet.lib.francais import poids
from notifications.viewsets_abonnements import AbonnementProposeViewSet
from ressources.enums import Analyse, Examen
from ressources.models import DemandeDocument, ModeleARemplir, PublicVise, TypeRessource, VersionFichier
from ressources.questions.viewsets import QuestionReponseViewSet
from ressources.remplir.champs import PAR_CODE
from ressources.remplir.formats import FORMATS


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

    @property
    def header_more_buttons(self) -> list[Button]:
        """Where it is looked into, and marked as a model that fills itself in."""
        buttons = list(super().header_more_buttons)
        if self.object.extension in FORMATS:
            url = reverse("ressources:modele", args=[self.object.pk])
            buttons.append(Button("Modèle à remplir", url=url, icon_name="form"))
        return buttons


class ModeleView(FicheView):
    def get_champs_display_value(self) -> str:
        return ", ".join(PAR_CODE[code].libelle for code in self.object.codes)


def _link_to_check(modele: ModeleARemplir) -> SafeString:
    return format_html('<a href="{}">Ouvrir</a>', reverse("ressources:modele", args=[modele.version_id]))


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


class ModeleARemplirViewSet(ListeViewSet):
    """The versions that fill themselves in. They are checked, marked and unmarked on the site, beside their sheet."""

    model = ModeleARemplir
    name = "modeles-a-remplir"
    icon = "form"
    menu_label = "Modèles à remplir"
    routes = frozenset({"index", "inspect"})
    form_fields: list[str] = []
    inspect_view_class = ModeleView
    inspect_view_fields = ["version", "champs", "marque_par", "marque_le"]
    list_display = [
        Column("version", label="Document", accessor=lambda modele: modele.version.fichier.page.title),
        Column("numero", label="Version", accessor=lambda modele: modele.version.numero),
        Column("champs", label="Champs", accessor=lambda modele: len(modele.codes)),
        Column("verifier", label="Le vérifier", accessor=_link_to_check),
        DateColumn("marque_le", label="Marqué le", sort_key="marque_le"),
    ]
    list_select = ("version__fichier__page",)
    ordering = "-marque_le"
    search_fields = ["version__nom", "version__fichier__page__title"]
    export = {
        "Document": "version.fichier.page.title",
        "Fichier": "version.nom",
        "Version": "version.numero",
        "Marqué le": "marque_le",
    }


class RessourcesGroup(ModelViewSetGroup):
    menu_label = "Ressources"
    menu_name = "ressources"
    menu_icon = "folder-open-1"
    menu_order = 210
    items = (
        VersionFichierViewSet,
        ModeleARemplirViewSet,
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
