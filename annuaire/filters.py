"""What the address of the annuaire asks for. The list, the map, the exports and the printed papers read the same one.

    q            words: name, fonction, exact title, place, expertise, each somewhere
    collectivite slug            secteur   id of the secteur
    fonction     code of a fonction, « famille:technique », or « metier:ecoles »
    role         code of a rôle transversal
    expertise    slug of a theme
    reseau       slug of a network
    km           at most so many kilometres from the collectivité one acts for
    present      « 1 »: met today, in a poste that answers the rest

What concerns a poste must hold on one same poste: a secretary here who is an élue there is no élue here.
"""

from collections.abc import Iterable
from functools import cached_property, reduce
from operator import and_
from typing import Any

import django_filters
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.forms import CheckboxInput, TextInput
from django.utils import timezone

from collectivites.enums import FamilleFonction
from collectivites.models import (
    Absence,
    Adhesion,
    Agent,
    Collectivite,
    Expertise,
    Fonction,
    Poste,
    Presence,
    Reseau,
    RoleTransversal,
    Secteur,
    Theme,
)
from extranet.lib.demi_journees import Moment
from extranet.lib.jours_ouvres import holidays
from extranet.lib.pliage import Fold, words
from search.analyse.mots import racine
from search.analyse.synonymes import Synonymes
from search.synonymes import in_force

FAMILLE, METIER = "famille:", "metier:"
KILOMETRES = (5, 10, 15, 20, 30)
SIGLE, LONG = 6, 6  # letters: an acronym at most, a word whose ending may change at least
# What people ask for together, whatever the fonction is called there.
METIERS = {
    "secretaires": ("Secrétaires de mairie", ("secretaire-general", "secretaire-itinerant")),
    "etat-civil": ("État civil", ("etat-civil", "officier-etat-civil")),
    "ecoles": ("Écoles et cantine", ("atsem", "periscolaire", "restauration")),
}


def fonctions() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fonctions under their families, each family also as a choice; first those asked for together."""
    groups = {famille: [(f"{FAMILLE}{famille}", f"Tous\u00a0: {label}")] for famille, label in FamilleFonction.choices}
    for fonction in Fonction.objects.all():
        groups[fonction.famille].append((fonction.code, fonction.libelle))
    together = [(f"{METIER}{key}", label) for key, (label, _) in METIERS.items()]
    by_family = [(FamilleFonction(famille).label.capitalize(), choices) for famille, choices in groups.items()]
    return [("Souvent cherchés", together), *by_family]


def _in_fonction(asked: str) -> Q:
    if asked.startswith(FAMILLE):
        return Q(fonction__famille=asked.removeprefix(FAMILLE))
    if asked.startswith(METIER):
        return Q(fonction__code__in=METIERS[asked.removeprefix(METIER)][1])
    return Q(fonction__code=asked)


class AnnuaireFilterSet(django_filters.FilterSet):
    """Narrows agents already seen through `visible_to`. `acting` is the collectivité that distances start from.

    A value that means nothing is an error of the form and narrows nothing.
    """

    q = django_filters.CharFilter(label="Nom, métier ou compétence", max_length=100, widget=TextInput)
    collectivite = django_filters.ModelChoiceFilter(
        queryset=Collectivite.objects.members(), to_field_name="slug", label="Commune ou service", empty_label="Toutes"
    )
    secteur = django_filters.ModelChoiceFilter(queryset=Secteur.objects.all(), label="Secteur", empty_label="Tous")
    fonction = django_filters.ChoiceFilter(choices=(), label="Fonction", empty_label="Toutes")
    role = django_filters.ModelChoiceFilter(
        queryset=RoleTransversal.objects.all(), to_field_name="code", label="Rôle transversal", empty_label="Tous"
    )
    expertise = django_filters.ModelChoiceFilter(
        queryset=Theme.objects.all(), to_field_name="slug", label="Compétence", empty_label="Toutes"
    )
    reseau = django_filters.ModelChoiceFilter(
        queryset=Reseau.objects.filter(actif=True), to_field_name="slug", label="Réseau", empty_label="Tous"
    )
    km = django_filters.ChoiceFilter(
        choices=[(str(km), f"à moins de {km}\u00a0km") for km in KILOMETRES],
        label="Autour de soi",
        empty_label="Partout",
    )
    present = django_filters.BooleanFilter(label="Présent aujourd’hui", widget=CheckboxInput)

    class Meta:
        model = Agent
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, acting: Collectivite | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        self.filters["fonction"].extra["choices"] = fonctions()  # once, for the choice and for its drawing
        if acting is None or acting.latitude is None:
            del self.filters["km"]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """By sets of ids: an EXISTS for each agent would go through all the postes of a fonction, each time."""
        asked = self.asked()
        people, postes = self._people(queryset, asked), self.postes(asked)
        return people if postes is None else people.filter(pk__in=postes.values("agent"))

    def _people(self, queryset: QuerySet, asked: dict[str, Any]) -> QuerySet:
        """What is asked of the person, whatever their postes."""
        said = words(asked.get("q", ""))
        synonymes = in_force() if any(len(word) <= SIGLE for word in said) else Synonymes()
        for word in said:
            queryset = queryset.filter(_said_or_meant(word, synonymes))
        if theme := asked.get("expertise"):
            queryset = queryset.filter(pk__in=Expertise.objects.montrees().filter(theme=theme).values("agent"))
        if reseau := asked.get("reseau"):
            # Not « exists »: SQLite would read the whole network again for each of its members.
            queryset = queryset.filter(pk__in=Adhesion.objects.in_force().filter(reseau=reseau).values("agent"))
        return queryset

    def counts(self, fonctions: Iterable[str]) -> dict[str, int]:
        """How many would be left with each of these fonctions in place of the one asked. One query."""
        asked = self.asked()
        asked.pop("fonction", None)
        postes = self.postes(asked)
        postes = Poste.objects.in_force() if postes is None else postes
        people = self._people(self.queryset, asked).order_by().values("pk")
        each = {f"n{n}": Count("agent", distinct=True, filter=_in_fonction(one)) for n, one in enumerate(fonctions)}
        return dict(zip(fonctions, postes.filter(agent__in=people).order_by().aggregate(**each).values(), strict=True))

    def asked(self) -> dict[str, Any]:
        """What narrows the list, once its form was read."""
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", False)}

    def distances(self) -> dict[int, float]:
        """When a distance is asked, how far the nearest poste that answers is, by the id of its agent; else nothing."""
        asked = self.asked() if self.form.is_valid() else {}
        if "km" not in asked:
            return {}
        found: dict[int, float] = {}
        for agent, place in self.postes(asked).values_list("agent", "collectivite"):
            found[agent] = min(self._far[place], found.get(agent, self._far[place]))
        return found

    @cached_property
    def _far(self) -> dict[int, float]:
        """Kilometres « à vol d’oiseau » from where one acts to each member whose position is known, read once."""
        placed = Collectivite.objects.members().exclude(latitude=None)
        return {one.pk: self.acting.distance_to(one) for one in placed}

    def postes(self, asked: dict[str, Any]) -> QuerySet | None:
        """The postes in force that answer; None when nothing is asked of them."""
        postes, tests = Poste.objects.in_force(), []
        if place := asked.get("collectivite"):
            tests.append(Q(collectivite=place))
        if secteur := asked.get("secteur"):
            tests.append(Q(collectivite__secteur=secteur))
        if fonction := asked.get("fonction"):
            tests.append(_in_fonction(fonction))
        if role := asked.get("role"):
            tests.append(Exists(Poste.roles.through.objects.filter(poste=OuterRef("pk"), roletransversal=role)))
        if km := asked.get("km"):
            tests.append(Q(collectivite__in=[pk for pk, far in self._far.items() if far <= int(km)]))
        if asked.get("present"):
            tests.append(met_today())
        return postes.filter(*tests) if tests else None


def met_today() -> Q:
    """On a poste: a half-day of today is worked there, its agent not being away then. Nobody is on a public holiday."""
    today = timezone.localdate()
    if today in holidays(today.year):
        return Q(pk__in=[])
    found = Q()
    for moment in Moment:
        worked = Presence.objects.on(today).filter(poste=OuterRef("pk"), moment=moment)
        found |= Q(Exists(worked) & ~Exists(Absence.objects.covering(today, moment).filter(agent=OuterRef("agent"))))
    return found


def _said_or_meant(word: str, synonymes: Synonymes) -> Q:
    """The word itself, or what it stands for when it may be an acronym: « SGM », « DGS »."""
    found = _said_of_them(word)
    if len(word) <= SIGLE:
        for roots in synonymes.of([word]):
            found |= reduce(and_, map(_said_of_them, roots))
    return found


def _said_of_them(word: str) -> Q:
    """A word of the name, of what they do and where, or of what they know.

    What they do is written « général·e », « agent » for both: there the root of a long word is looked for.
    """
    root = racine(word) if len(word) >= LONG else word
    # Folding is what costs: once per row, when the root begins the word.
    written = Q(dit__contains=root) if word.startswith(root) else Q(dit__contains=word) | Q(dit__contains=root)
    name = Fold(Concat(F("prenom"), Value(" "), F("nom"), output_field=CharField()))
    said = (F("intitule"), Value(" "), F("fonction__libelle"), Value(" "), F("collectivite__nom"))
    works = Poste.objects.in_force().annotate(dit=Fold(Concat(*said, output_field=CharField())))
    known = Expertise.objects.montrees().annotate(dit=Fold(F("libelle")), sujet=Fold(F("theme__nom")))
    return (
        Q(pk__in=Agent.objects.annotate(dit=name).filter(dit__contains=word).values("pk"))
        | Q(pk__in=works.filter(written).values("agent"))
        | Q(pk__in=known.filter(Q(dit__contains=word) | Q(sujet__contains=word)).values("agent"))
    )
