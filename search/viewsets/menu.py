"""« Recherche » in the menu of the admin."""

from wagtail.admin.viewsets.base import ViewSetGroup

from search.viewsets.epingles import EpingleViewSet
from search.viewsets.etat import EtatViewSet
from search.viewsets.expliquer import ExpliquerViewSet
from search.viewsets.questions import QuestionViewSet
from search.viewsets.statistiques import StatistiquesViewSet
from search.viewsets.synonymes import SynonymeViewSet


class RechercheGroup(ViewSetGroup):
    menu_label = "Recherche"
    menu_name = "recherche"
    menu_icon = "search"
    menu_order = 700
    items = (
        QuestionViewSet,
        SynonymeViewSet,
        EpingleViewSet,
        StatistiquesViewSet,
        ExpliquerViewSet,
        EtatViewSet,
    )
