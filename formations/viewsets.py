"""The training in the admin: its publics, what each mairie wants of a visa, and the sessions in a list."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from collectivites.viewsets.base import ListeViewSet
from formations.models import PublicFormation, RegleVisa, SessionFormation


class SessionViewSet(ListeViewSet):
    """All of them, cancelled and finished ones included. A session is run on the site, where seats are counted."""

    model = SessionFormation
    name = "sessions-formation"
    icon = "date"
    menu_label = "Sessions"
    routes = frozenset({"index", "inspect"})
    form_fields: list[str] = []
    inspect_view_fields = [
        *("formation", "numero", "statut", "motif", "date_debut", "date_fin", "capacite", "minimum", "occupees"),
        *("quota_commune", "quota_leve_le", "ouverture", "cloture", "limite_desistement", "lieu", "lieu_nom"),
        *("lieu_adresse", "distanciel", "formateur", "cout", "contact", "created_at"),
    ]
    list_display = [
        "numero",
        Column("formation", label="Formation", accessor=lambda session: session.formation.title),
        *("date_debut", "lieu", "occupees", "capacite", "statut"),
    ]
    list_select = ("formation", "lieu")
    list_filter = ["statut", "lieu"]
    search_fields = ["numero", "formation__title", "lieu__nom", "formateur"]
    export = {
        "Numéro": "numero",
        "Formation": "formation.title",
        "Premier jour": "date_debut",
        "Dernier jour": "date_fin",
        "Commune": "lieu.nom",
        "Places": "capacite",
        "Prises": "occupees",
        "État": "statut",
    }


class PublicFormationViewSet(ListeViewSet):
    """Whom the trainings are for, and the fonctions that each public gathers."""

    model = PublicFormation
    name = "publics-formation"
    icon = "group"
    menu_label = "Publics des formations"
    list_display = ["libelle", "code", "ordre"]
    search_fields = ["libelle", "code"]
    export = {"Public": "libelle", "Code": "code", "Ordre": "ordre"}
    panels = [
        FieldRowPanel([FieldPanel("libelle"), FieldPanel("code"), FieldPanel("ordre")]),
        FieldPanel("fonctions"),
    ]


class RegleVisaViewSet(ListeViewSet):
    """Without a row, a gestionnaire agrees when an agent books for themself."""

    model = RegleVisa
    name = "regles-visa"
    icon = "clipboard-list"
    menu_label = "Règles de visa"
    list_display = ["collectivite", "politique", "viseur", "suppleant"]
    list_select = ("collectivite", "viseur", "suppleant")
    list_filter = ["politique"]
    search_fields = ["collectivite__nom", "viseur__nom", "suppleant__nom"]
    export = {
        "Collectivité": "collectivite.nom",
        "Visa": "politique",
        "À qui le demander": "viseur",
        "En son absence": "suppleant",
    }
    panels = [
        FieldPanel("collectivite"),
        FieldPanel("politique"),
        FieldRowPanel([FieldPanel("viseur"), FieldPanel("suppleant")]),
    ]


class FormationsGroup(ModelViewSetGroup):
    menu_label = "Formations"
    menu_name = "formations"
    menu_icon = "date"
    menu_order = 225
    items = (SessionViewSet, PublicFormationViewSet, RegleVisaViewSet)
