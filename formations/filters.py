"""What the address of the catalogue asks for. The months, the calendar and the list of all the trainings read the same.

q        words, as the search of the site understands them
theme    slug of a theme
public   code of a public: what this public may follow, what is open to all included
ou       « 10 », « 20 »: kilometres at most from the collectivité one acts for; « visio »; or slug of a commune
du, au   days between which the session takes place
places   « on »: a seat is left
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxInput, DateInput, Form, TextInput
from django.utils import timezone

from collectivites.models import Collectivite, Theme
from extranet.lib.francais import NBSP
from extranet.lib.pliage import Fold
from extranet.lib.typographie import space
from formations.models import FormationPage, PublicFormation, SessionFormation
from formations.models.page import GENRE
from search.chercher import chercher
from search.enums import Tri
from search.lecteur import Lecteur
from search.models import SearchEntry

if TYPE_CHECKING:
    from collectivites.models import Agent

KILOMETRES = (10, 20)
VISIO = "visio"
# Of what the words find: all of it, since the other filters come afterwards.
TOUT = 100_000
DATE = {"invalid": "Cette date ne se lit pas. Écrivez-la comme 17/10/2026."}


def _day(label: str) -> django_filters.DateFilter:
    widget = DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(label=label, widget=widget, error_messages=DATE)


class Recherche(Form):
    """Two days in the wrong order leave nothing: it is said, and neither narrows."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        since, until = given.get("du"), given.get("au")
        if since and until and until < since:
            self.add_error("du", space("Ces deux dates sont à l’envers : la première vient après la seconde."))
            del given["au"]
        return given


class CatalogueFilterSet(django_filters.FilterSet):
    """Narrows sessions already seen through `visible_to`. `acting` is the collectivité that distances start from.

    A value that means nothing is an error of the form and narrows nothing.
    """

    q = django_filters.CharFilter(
        label="Quoi", max_length=100, widget=TextInput(attrs={"type": "search", "placeholder": "Secourisme, budget…"})
    )
    theme = django_filters.ModelChoiceFilter(
        queryset=Theme.objects.filter(formations__live=True).distinct(),
        to_field_name="slug",
        label="Thème",
        empty_label="Tous les thèmes",
    )
    public = django_filters.ModelChoiceFilter(
        queryset=PublicFormation.objects.all(), to_field_name="code", label="Pour qui", empty_label="Tout le monde"
    )
    ou = django_filters.ChoiceFilter(choices=(), label="Où", empty_label="Partout")
    du, au = _day("À partir du"), _day("Jusqu’au")
    places = django_filters.BooleanFilter(label="Seulement s’il reste des places", widget=CheckboxInput)

    class Meta:
        model = SessionFormation
        form = Recherche
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, agent: "Agent", acting: Collectivite | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent, self.acting = agent, acting
        self.filters["ou"].extra["choices"] = self.lieux

    @cached_property
    def lieux(self) -> list[tuple[str, Any]]:
        """Distances when one’s commune has a position, online, then the communes where something takes place."""
        near = [(str(km), f"À moins de {km}{NBSP}km") for km in KILOMETRES]
        found = near if self.acting is not None and self.acting.latitude is not None else []
        return [*found, (VISIO, "En visio"), ("Dans une commune", [(one.slug, one.nom) for one in self.hotes])]

    @cached_property
    def hotes(self) -> list[Collectivite]:
        """Where something takes place, by name."""
        sessions = self.queryset.filter(lieu__isnull=False, distanciel=False).order_by()
        hosts = Collectivite.objects.filter(pk__in=sessions.values("lieu")).order_by(Fold("nom"))
        return list(hosts.only("slug", "nom", "latitude", "longitude"))

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asked = self.asked()
        if asked.keys() & {"q", "theme", "public"}:
            pages = self.formations(FormationPage.objects.all())
            queryset = queryset.filter(formation__in=pages.order_by().values("pk"))
        if where := asked.get("ou"):
            queryset = queryset.filter(self._where(where))
        if since := asked.get("du"):
            queryset = queryset.filter(date_fin__gte=since)
        if until := asked.get("au"):
            queryset = queryset.filter(date_debut__lte=until)
        return queryset.with_room() if asked.get("places") else queryset

    def formations(self, pages: QuerySet) -> QuerySet:
        """The trainings that answer what is asked of them: words, theme, public."""
        asked = self.asked()
        if words := asked.get("q"):
            found = chercher(words, Lecteur.of(self.agent), genre=GENRE, tri=Tri.DATE, limite=TOUT).rangs
            entries = SearchEntry.objects.filter(pk__in=found, kind=GENRE).order_by()
            pages = pages.filter(pk__in=entries.values("objet"))
        if theme := asked.get("theme"):
            pages = pages.filter(theme=theme)
        if public := asked.get("public"):
            pages = pages.filter(Q(pk__in=public.formations.values("pk")) | Q(publics=None))
        return pages

    def _where(self, where: str) -> Q:
        if where == VISIO:
            return Q(distanciel=True)
        if not where.isdigit():
            return Q(lieu__slug=where, distanciel=False)
        near = [one.pk for one in self.hotes if one.latitude is not None and self.acting.distance_to(one) <= int(where)]
        return Q(lieu__in=[self.acting.pk, *near], distanciel=False)

    def asked(self) -> dict[str, Any]:
        """What narrows the list, once its form was read."""
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", False)}


def filters_of(params: Any, agent: "Agent", acting: Collectivite | None) -> CatalogueFilterSet:
    """Over the sessions that may still be asked for, dated or not."""
    sessions = SessionFormation.objects.visible_to(agent).proposed()
    coming = sessions.filter(Q(date_debut=None) | Q(date_fin__gte=timezone.localdate()))
    return CatalogueFilterSet(params, queryset=coming, agent=agent, acting=acting)
