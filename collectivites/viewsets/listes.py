"""The lists that a territory edits: sectors, fonctions, roles, themes, kinds of habilitation."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel

from collectivites.models import Fonction, RoleTransversal, Secteur, Theme, TypeHabilitation
from collectivites.viewsets.base import ListeViewSet


class SecteurViewSet(ListeViewSet):
    model = Secteur
    name = "secteurs"
    icon = "globe"
    menu_label = "Secteurs"
    list_display = ["nom", "ordre"]
    search_fields = ["nom"]
    export = {"Nom": "nom", "Ordre": "ordre"}
    panels = [FieldPanel("nom"), FieldPanel("ordre")]


class FonctionViewSet(ListeViewSet):
    model = Fonction
    name = "fonctions"
    icon = "clipboard-list"
    menu_label = "Fonctions"
    list_display = ["libelle", "famille", "code", "ordre"]
    list_filter = ["famille"]
    search_fields = ["libelle", "code"]
    export = {"Libellé": "libelle", "Famille": "famille", "Code": "code", "Ordre": "ordre"}
    panels = [FieldPanel("libelle"), FieldPanel("famille"), FieldRowPanel([FieldPanel("code"), FieldPanel("ordre")])]


class RoleTransversalViewSet(ListeViewSet):
    model = RoleTransversal
    name = "roles-transversaux"
    icon = "tag"
    menu_label = "Rôles transversaux"
    list_display = ["libelle", "code", "ordre"]
    search_fields = ["libelle", "code"]
    export = {"Libellé": "libelle", "Code": "code", "Ordre": "ordre"}
    panels = [FieldPanel("libelle"), FieldRowPanel([FieldPanel("code"), FieldPanel("ordre")])]


class ThemeViewSet(ListeViewSet):
    model = Theme
    name = "themes"
    icon = "folder-open-1"
    menu_label = "Thèmes"
    list_display = ["nom", "description", "ordre"]
    search_fields = ["nom", "description"]
    export = {"Nom": "nom", "Description": "description", "Adresse": "slug", "Ordre": "ordre"}
    panels = [
        FieldPanel("nom"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("slug", heading="Adresse de la page"), FieldPanel("ordre")]),
    ]


class TypeHabilitationViewSet(ListeViewSet):
    model = TypeHabilitation
    name = "types-habilitation"
    icon = "key"
    menu_label = "Types d’habilitation"
    list_display = ["libelle", "duree_mois", "source", "ordre"]
    search_fields = ["libelle", "code", "source"]
    export = {
        "Libellé": "libelle",
        "Validité en mois": "duree_mois",
        "Source": "source",
        "Code": "code",
        "Ordre": "ordre",
    }
    panels = [
        FieldPanel("libelle"),
        FieldRowPanel([FieldPanel("duree_mois"), FieldPanel("source")]),
        FieldRowPanel([FieldPanel("code"), FieldPanel("ordre")]),
    ]
