"""The questions that were answered for all: those that an address asks for, and those that stand beside a sheet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from collectivites.models import Theme
from ressources.enums import GenreEchange, StatutQuestion
from ressources.models import Echange, QuestionReponse
from ressources.permissions import can_review
from search.analyse.requete import clean
from search.chercher import chercher
from search.lecteur import Lecteur
from search.models import SearchEntry

if TYPE_CHECKING:
    from collectivites.models import Agent

PAR_PAGE, A_COTE = 20, 5
# Of the entries that words find: all of them, the theme is chosen among them.
TOUT = 10_000
A_REPRENDRE, A_VERIFIER, RETIREES = "a_reprendre", "a_verifier", "retirees"


@dataclass(frozen=True)
class Choix:
    """What the address asks for. `vue`: one of the lists of the responsables; empty for the list of everybody."""

    q: str = ""
    theme: str = ""
    vue: str = ""
    page: str = "1"

    @classmethod
    def of(cls, params: QueryDict, agent: "Agent") -> "Choix":
        """What means nothing is left out, and the lists of the responsables for others than them."""
        vue = params.get("vue", "")
        mine = vue in (A_REPRENDRE, A_VERIFIER, RETIREES) and can_review(agent)
        slug = params.get("theme", "").replace("\x00", "")[:110]
        return cls(clean(params.get("q", ""))[0], slug, vue if mine else "", params.get("page", "1")[:6])

    def url(self, **changes: str) -> str:
        asked = {"q": self.q, "theme": self.theme, "vue": self.vue} | changes
        kept = {name: value for name, value in asked.items() if value}
        return reverse("ressources:question_list") + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True)
class Compte:
    theme: Theme
    n: int
    url: str
    actif: bool


@dataclass(frozen=True)
class Liste:
    page: Page
    themes: list[Compte]
    total: int


def lister(choix: Choix, agent: "Agent") -> Liste:
    """Six queries at most besides the search, whatever their number."""
    found = QuestionReponse.objects.visible_to(agent)
    if choix.vue:
        found = QuestionReponse.objects.open_to(agent)
        found = found.to_check() if choix.vue == A_VERIFIER else found.filter(statut=StatutQuestion.RETIREE)
    ranks = _ranks(choix.q, agent) if choix.q and not choix.vue else None
    if ranks is not None:
        found = found.filter(pk__in=list(ranks))
    themes = _themes(choix, found)
    if choix.theme:
        found = found.filter(theme__slug=choix.theme)
    found = found.select_related("theme", "page")
    rows = found if ranks is None else sorted(found, key=lambda one: ranks[one.pk])
    paginator = Paginator(rows, PAR_PAGE)
    return Liste(paginator.get_page(choix.page), themes, paginator.count)


def _ranks(words: str, agent: "Agent") -> dict[int, int]:
    """The place of each in what the search answers."""
    found = chercher(words, Lecteur.of(agent), genre=QuestionReponse.genre, limite=TOUT)
    objects = dict(SearchEntry.objects.filter(pk__in=found.rangs).values_list("pk", "objet"))
    return {objects[key]: rank for rank, key in enumerate(found.rangs) if key in objects}


def _themes(choix: Choix, found: QuerySet) -> list[Compte]:
    """Those that hold some of them, in the order of the territory."""
    counts = dict(found.order_by().values_list("theme").annotate(n=Count("pk")))
    return [
        Compte(one, counts.get(one.pk, 0), choix.url(theme="" if on else one.slug), on)
        for one in Theme.objects.all()
        if (on := one.slug == choix.theme) or one.pk in counts
    ]


def awaiting_publication() -> QuerySet[Echange]:
    """Questions whose author said that they were answered, and that are not for all yet, the last first."""
    asked = Echange.objects.filter(genre=GenreEchange.QUESTION, reponse_a=None, question_reponse=None)
    answered = asked.filter(reponses__retenue=True)
    return answered.select_related("page", "theme", "auteur", "collectivite").order_by("-traite_le", "-pk")


def beside(agent: "Agent", **where: object) -> "tuple[list[QuestionReponse], int]":
    """The last ones of a sheet or of a theme, and how many there are. Two queries."""
    found = QuestionReponse.objects.visible_to(agent).filter(**where).select_related("theme")
    shown = list(found[: A_COTE + 1])
    return shown[:A_COTE], found.count() if len(shown) > A_COTE else len(shown)
