"""The header's search, by names and titles: people, collectivités, news and help that the reader may see.

Each word must be found, accents and capitals aside, in what names the thing. Counts are those of `visible_to`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page as Feuille
from django.core.paginator import Paginator
from django.db.models import Case, CharField, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.safestring import SafeString
from wagtail.models import Page

from collectivites.models import Agent, Collectivite, Fonction, Poste
from extranet.lib.francais import milliers
from extranet.lib.pliage import Fold, highlight, words
from home.models import ActualitePage, PageStandard

MAX_CHARS, MAX_WORDS = 200, 8
SHOWN, PER_PAGE = 6, 20
# Words that name nothing: « la secrétaire de mairie du Deschaux ».
EMPTY = {"l", "d", "la", "le", "les", "un", "une", "des", "de", "du", "a", "au", "aux", "en", "et", "ou", "pour"}
EMPTY |= {"mairie", "commune", "ville"}  # « mairie de Tavaux » is Tavaux


@dataclass(frozen=True)
class Resultat:
    """One thing found; `titre` has its words in <mark>. `qui` is the person whose initials stand for the icon.

    A page gives itself rather than its address, which the template computes once for all with the request.
    """

    titre: SafeString
    url: str = ""
    page: Page | None = None
    detail: str = ""
    collectivites: list[Collectivite] = field(default_factory=list)
    icone: str = "file-earmark-text"
    qui: str = ""
    date: datetime | None = None


@dataclass(frozen=True)
class Genre:
    """A kind of thing: how it is found, and what is said of each."""

    cle: str
    titre: str
    area: str
    icone: str
    find: Callable[[Agent, list[str]], QuerySet]
    show: Callable[..., Resultat]


@dataclass
class Groupe:
    """The things of one kind. `resultats` are those shown; `total` counts what the reader may see, and only that."""

    genre: Genre
    query: str
    total: int
    resultats: list[Resultat]
    page: Feuille | None = None

    @property
    def suite(self) -> str:
        """Where all of them are."""
        return "?" + urlencode({"q": self.query, "espace": self.genre.cle})


def clean(query: str) -> str:
    """What is asked, on one line, without control characters, at most 200 characters."""
    printable = "".join(c if c.isprintable() else " " for c in query[: MAX_CHARS * 2])
    return " ".join(printable.split())[:MAX_CHARS]


def asked_words(query: str) -> list[str]:
    """The words to find; those that name nothing count only when there is nothing else."""
    found = words(query, MAX_WORDS)
    return [word for word in found if word not in EMPTY] or found


def search(agent: Agent, query: str) -> list[Groupe]:
    """The first things of each kind; a kind without any is left out."""
    asked = asked_words(query)
    groupes = []
    for kind in KINDS if asked else []:
        found = kind.find(agent, asked)
        # Names are folded once: the keys give the count, and the rows to read.
        if keys := list(found.values_list("pk", flat=True)):
            groupes.append(Groupe(kind, query, len(keys), _shown(kind, found, keys[:SHOWN], asked)))
    return groupes


def search_one(agent: Agent, query: str, cle: str, number: str | None) -> Groupe | None:
    """All the things of one kind, by pages of twenty; None for an unknown kind or without words."""
    kind = next((kind for kind in KINDS if kind.cle == cle), None)
    asked = asked_words(query)
    if kind is None or not asked:
        return None
    found = kind.find(agent, asked)
    page = Paginator(list(found.values_list("pk", flat=True)), PER_PAGE).get_page(number)
    return Groupe(kind, query, page.paginator.count, _shown(kind, found, list(page), asked), page)


def _shown(kind: Genre, found: QuerySet, keys: list[int], asked: list[str]) -> list[Resultat]:
    return [kind.show(one, asked) for one in found.filter(pk__in=keys)]


def _agents(agent: Agent, asked: list[str]) -> QuerySet:
    """By name, and by what the postes in force say: « secrétaire Tavaux »."""
    found = Agent.objects.visible_to(agent).filter(efface_le=None)
    found = found.annotate(
        plie=Fold(Concat("prenom", Value(" "), "nom", output_field=CharField())), plie_nom=Fold("nom")
    )
    for word in asked:
        named = Fonction.objects.annotate(plie=Fold("libelle")).filter(plie__contains=word)
        placed = Collectivite.objects.annotate(plie=Fold("nom")).filter(plie__contains=word)
        postes = Poste.objects.in_force().annotate(plie=Fold("intitule"))
        postes = postes.filter(Q(fonction__in=named) | Q(collectivite__in=placed) | Q(plie__contains=word))
        found = found.filter(Q(plie__contains=word) | Q(pk__in=postes.values("agent")))
    current = Poste.objects.in_force().select_related("collectivite", "fonction").main_first()
    begins = Case(When(plie_nom__startswith=asked[0], then=0), default=1)
    return found.prefetch_related(Prefetch("postes", current, to_attr="en_cours")).order_by(
        begins, "nom", "prenom", "pk"
    )


def _show_agent(agent: Agent, asked: list[str]) -> Resultat:
    postes = agent.en_cours
    return Resultat(
        titre=highlight(agent.nom_complet, asked),
        url=agent.get_absolute_url(),
        detail=", ".join(dict.fromkeys(poste.libelle for poste in postes)),
        collectivites=list(dict.fromkeys(poste.collectivite for poste in postes)),
        qui=agent.nom_complet,
    )


def _collectivites(agent: Agent, asked: list[str]) -> QuerySet:
    found = Collectivite.objects.visible_to(agent).annotate(plie=Fold("nom"))
    for word in asked:
        found = found.filter(plie__contains=word)
    return found.order_by(Case(When(plie__startswith=asked[0], then=0), default=1), "nom")


def _show_collectivite(one: Collectivite, asked: list[str]) -> Resultat:
    inhabitants = f"{milliers(one.population_totale)} habitants" if one.population_totale else ""
    return Resultat(
        titre=highlight(one.nom, asked),
        url=one.get_absolute_url(),
        detail=", ".join(filter(None, [one.get_type_display(), inhabitants])),
        icone="building",
    )


def _pages(found: QuerySet, asked: list[str]) -> QuerySet:
    found = found.defer_streamfields().annotate(
        plie=Fold(Concat("title", Value(" "), "chapeau", output_field=CharField()))
    )
    for word in asked:
        found = found.filter(plie__contains=word)
    return found


def _actualites(agent: Agent, asked: list[str]) -> QuerySet:
    found = _pages(ActualitePage.objects.visible_to(agent).select_related("collectivite"), asked)
    return found.order_by("-first_published_at", "-pk")


def _show_actualite(page: ActualitePage, asked: list[str]) -> Resultat:
    return Resultat(
        titre=highlight(page.title, asked),
        page=page,
        detail=page.chapeau,
        collectivites=[page.collectivite],
        icone="megaphone-fill",
        date=page.first_published_at,
    )


def _aide(agent: Agent, asked: list[str]) -> QuerySet:
    return _pages(PageStandard.objects.visible_to(agent), asked).order_by("title", "pk")


def _show_aide(page: PageStandard, asked: list[str]) -> Resultat:
    return Resultat(titre=highlight(page.title, asked), page=page, detail=page.chapeau, icone="question-circle")


KINDS = (
    Genre("collectivites", "Mairies et organismes", "annuaire", "building-fill", _collectivites, _show_collectivite),
    Genre("personnes", "Personnes", "annuaire", "people-fill", _agents, _show_agent),
    Genre("actualites", "Actualités", "accueil", "megaphone-fill", _actualites, _show_actualite),
    Genre("aide", "Aide et pages", "accueil", "question-circle-fill", _aide, _show_aide),
)
