"""The lending in the admin: the categories and what they answer in advance, and the things in a list."""

from django import forms
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from collectivites.viewsets.base import ListeViewSet
from materiel.models import Categorie, Materiel

DESSINS = [
    ("pic-barnum", "barnum"),
    ("pic-balayeuse", "balayeuse"),
    ("pic-barrieres", "barrières"),
    ("pic-broyeur", "broyeur"),
    ("pic-mini-pelle", "mini-pelle"),
    ("pic-nacelle", "nacelle"),
    ("pic-sonorisation", "sonorisation"),
    ("pic-tables-chaises", "tables et chaises"),
]


class CategorieViewSet(ListeViewSet):
    """Their conditions are those of the things posted from now on: those that are there keep theirs."""

    model = Categorie
    name = "categories-materiel"
    icon = "tag"
    menu_label = "Catégories de matériel"
    list_display = ["libelle", "preavis_jours", "duree_max_jours", "papiers", "ordre"]
    list_select = ("habilitation",)
    search_fields = ["libelle", "code", "mots"]
    export = {
        "Catégorie": "libelle",
        "Adresse": "code",
        "Préavis, en jours ouvrés": "preavis_jours",
        "Jours au plus": "duree_max_jours",
        "Part d’un lot, en %": "part_max",
        "Conducteur": "conducteur",
        "Transport": "transport",
        "Carburant": "carburant",
        "Habilitation": "habilitation.libelle",
        "Papiers": "papiers",
        "Vérification tous les, en mois": "vgp_mois",
        "Ordre": "ordre",
    }
    panels = [
        FieldRowPanel([FieldPanel("libelle"), FieldPanel("code"), FieldPanel("ordre")]),
        FieldPanel("dessin", widget=forms.Select(choices=DESSINS)),
        FieldPanel("mots"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("preavis_jours"), FieldPanel("duree_max_jours"), FieldPanel("part_max")]),
                FieldRowPanel([FieldPanel("tampon_avant"), FieldPanel("tampon_apres")]),
                FieldRowPanel([FieldPanel("conducteur"), FieldPanel("transport"), FieldPanel("carburant")]),
                FieldPanel("habilitation"),
            ],
            heading="Ce qu’elle règle d’avance",
        ),
        MultiFieldPanel(
            [FieldPanel("papiers"), FieldPanel("vgp_mois"), FieldPanel("elements"), FieldPanel("conseil")],
            heading="Papiers et état des lieux",
        ),
    ]


class MaterielViewSet(ListeViewSet):
    """Everything that is lent, drafts and archives included. A thing is changed on its sheet."""

    model = Materiel
    name = "materiels"
    icon = "list-ul"
    menu_label = "Matériels"
    routes = frozenset({"index", "inspect"})
    form_fields: list[str] = []
    inspect_view_fields = [
        *("page", "collectivite", "categorie", "statut", "mode", "stock", "unite", "inventaire", "lieu", "contact"),
        *("preavis_jours", "duree_max_jours", "tampon_avant", "tampon_apres", "part_max", "conducteur", "transport"),
        *("carburant", "tarif_jour", "cout_jour", "valeur_remplacement", "caution", "created_at"),
    ]
    list_display = [
        Column("page", label="Matériel", accessor=lambda thing: thing.page.draft_title),
        *("collectivite", "categorie", "stock", "statut", "inventaire"),
    ]
    list_select = ("page", "collectivite", "categorie")
    list_filter = ["statut", "categorie", "mode"]
    search_fields = ["page__title", "page__draft_title", "inventaire", "collectivite__nom"]
    export = {
        "Matériel": "page.draft_title",
        "Propriétaire": "collectivite.nom",
        "Catégorie": "categorie.libelle",
        "Combien": "stock",
        "État": "statut",
        "Numéro d’inventaire": "inventaire",
        "Où": "lieu",
        "Valeur de remplacement": "valeur_remplacement",
        "Prix par jour": "tarif_jour",
        "Proposé le": "created_at",
    }


class MaterielGroup(ModelViewSetGroup):
    menu_label = "Matériel"
    menu_name = "materiel"
    menu_icon = "cogs"
    menu_order = 220
    items = (MaterielViewSet, CategorieViewSet)
