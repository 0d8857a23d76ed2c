"""The index, its outbox, and what responsables keep beside it."""

from search.models.entree import SearchAudience, SearchEntry
from search.models.envoi import SearchOutbox
from search.models.epingle import Epingle
from search.models.frequence import EmpreinteRecherche, RechercheDuMois
from search.models.gardee import Nouveaute, RechercheGardee
from search.models.question import QuestionRecherche
from search.models.synonyme import Synonyme, SynonymeLivre
from search.models.terme import SearchTerm

__all__ = [
    "EmpreinteRecherche",
    "Epingle",
    "Nouveaute",
    "QuestionRecherche",
    "RechercheDuMois",
    "RechercheGardee",
    "SearchAudience",
    "SearchEntry",
    "SearchOutbox",
    "SearchTerm",
    "Synonyme",
    "SynonymeLivre",
]
