"""The lists that a territory edits: sectors, fonctions, roles, themes, kinds of habilitation."""

from typing import Any

from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

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


FAMILLE_FIXEE = (
    "Des postes ont cette fonction\u00a0: sa famille ne change plus. Si elle est fausse, créez-en une autre."
)


class FonctionForm(WagtailAdminModelForm):
    """The family opens what is for élus alone: once a poste has the fonction, it is that of the fonction for good."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.postes.exists():
            self.fields["famille"].disabled = True
            self.fields["famille"].help_text = FAMILLE_FIXEE


class FonctionViewSet(ListeViewSet):
    model = Fonction
    name = "fonctions"
    icon = "clipboard-list"
    menu_label = "Fonctions"
    list_display = ["libelle", "famille", "code", "ordre"]
    list_filter = ["famille"]
    search_fields = ["libelle", "code"]
    export = {"Libellé": "libelle", "Famille": "famille", "Code": "code", "Ordre": "ordre"}
    edit_handler = ObjectList(
        [FieldPanel("libelle"), FieldPanel("famille"), FieldRowPanel([FieldPanel("code"), FieldPanel("ordre")])],
        base_form_class=FonctionForm,
    )


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
        "Recyclage possible après la fin, en mois": "tolerance_mois",
        "Source": "source",
        "Code": "code",
        "Ordre": "ordre",
    }
    panels = [
        FieldPanel("libelle"),
        FieldRowPanel([FieldPanel("duree_mois"), FieldPanel("tolerance_mois")]),
        FieldPanel("source"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("ordre")]),
    ]
