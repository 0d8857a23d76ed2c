"""The register of treatments in the admin, for those who answer for the administration."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel

from collectivites.viewsets.base import ListeViewSet
from home.models import FicheTraitement


class FicheTraitementViewSet(ListeViewSet):
    """Changed and withdrawn, neither added nor deleted: an area brings its own sheet with `installer`."""

    model = FicheTraitement
    name = "registre-traitements"
    icon = "lock"
    menu_label = "Registre des données"
    menu_order = 850
    add_to_admin_menu = True
    routes = frozenset({"index", "edit", "history", "inspect"})
    list_display = ["intitule", "base_legale", "actif", "ordre"]
    list_filter = ["actif"]
    search_fields = ["intitule", "finalite", "donnees"]
    export = {
        "Intitulé": "intitule",
        "À quoi cela sert": "finalite",
        "Base légale": "base_legale",
        "Personnes": "personnes",
        "Données": "donnees",
        "Origine": "source",
        "Qui les voit": "destinataires",
        "Durée": "conservation",
        "En vigueur": "actif",
    }
    panels = [
        FieldPanel("intitule"),
        FieldPanel("finalite"),
        FieldPanel("base_legale"),
        FieldPanel("personnes"),
        FieldPanel("donnees"),
        FieldPanel("source"),
        FieldPanel("destinataires"),
        FieldPanel("conservation"),
        FieldRowPanel([FieldPanel("ordre"), FieldPanel("actif")]),
    ]
