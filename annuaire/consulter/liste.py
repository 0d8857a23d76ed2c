"""The people of the list: in what order, and what each line says of them."""

from collections.abc import Iterable
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import F, Prefetch, QuerySet
from django.utils.text import Truncator

from annuaire.enums import Vue
from collectivites.models import Agent, Collectivite, Expertise, Poste
from collectivites.presence import Situation, situations
from extranet.lib.noms import place_sort_key
from extranet.lib.pliage import Fold, words

PAR_PAGE = {Vue.PORTRAITS: 24, Vue.LISTE: 50}
TEINTES = ("annuaire", "formations", "agenda", "ressources", "materiel", "accueil")
COMPETENCES = 70  # letters of what somebody knows, on a portrait


def by_name(people: QuerySet[Agent]) -> QuerySet[Agent]:
    """By family name as one reads it: accents and capitals aside."""
    return people.order_by(Fold(F("nom")), Fold(F("prenom")), "pk")


def page_of(people: QuerySet[Agent], vue: Vue, number: object, distances: dict[int, float] | None = None) -> Page:
    """One page of them, whatever number is asked, each furnished with what is shown; the nearest first when
    `distances` tells how far they are.

    Their ids first, all of them: what narrows the list is asked once, for the count and for the page.
    """
    pks = list(by_name(people).values_list("pk", flat=True))
    if distances:
        pks.sort(key=lambda pk: distances.get(pk, float("inf")))
    page = Paginator(pks, PAR_PAGE[vue]).get_page(number)
    page.object_list = furnished(list(page.object_list))
    return page


def furnished(pks: list[int]) -> list[Agent]:
    """In that order, with their postes in force, where they are today, what they know and their photo."""
    postes = Poste.objects.in_force().select_related("collectivite", "fonction").main_first()
    known = Expertise.objects.montrees().order_by("libelle")
    told = Agent.objects.select_related("photo").prefetch_related(
        Prefetch("postes", postes, to_attr="en_cours"), Prefetch("expertises", known, to_attr="montrees")
    )
    by_pk = told.in_bulk(pks)
    found = [by_pk[pk] for pk in pks if pk in by_pk]
    here = situations(poste for agent in found for poste in agent.en_cours)
    for agent in found:
        _tell(agent, here)
    return found


def _tell(agent: Agent, here: dict[int, Situation]) -> None:
    for poste in agent.en_cours:
        poste.situation = here.get(poste.pk)
    main = agent.en_cours[0] if agent.en_cours else None
    agent.fonction = main.libelle if main else ""
    agent.numero = next((poste.numero for poste in agent.en_cours if poste.numero), "")
    agent.adresse = (main.courriel if main else "") or agent.email or ""
    agent.teinte = TEINTES[agent.pk % len(TEINTES)]
    agent.competences = Truncator(", ".join(one.libelle for one in agent.montrees)).chars(COMPETENCES)
    photo = getattr(agent, "photo", None)
    agent.portrait = photo.url_vignette if photo else ""
    agent.ou = whereabouts(agent.en_cours)
    agent.plusieurs = len({poste.collectivite_id for poste in agent.en_cours}) > 1


def whereabouts(postes: list[Poste]) -> tuple[Poste, Situation] | None:
    """Where they are to be met today, else where they are back first; None when nothing is known."""
    told = [(poste, poste.situation) for poste in postes if poste.situation]
    return next((one for one in told if one[1].ici), None) or next(
        (one for one in told if one[1].la), told[0] if told else None
    )


def named(places: QuerySet[Collectivite], asked: str) -> list[Collectivite]:
    """The collectivités whose name holds every word."""
    places = places.annotate(plie=Fold(F("nom")))
    for word in words(asked):
        places = places.filter(plie__contains=word)
    return sorted(places.select_related("secteur"), key=lambda one: place_sort_key(one.nom))


def by_secteur(collectivites: Iterable[Collectivite]) -> list[tuple[str, list[Collectivite]]]:
    """The intercommunalité first, then the secteurs in their order, then what belongs to none."""

    def rank(one: Collectivite) -> tuple:
        secteur = one.secteur
        return (not one.is_epci, secteur is None, secteur.ordre if secteur else 0, secteur.nom if secteur else "")

    ordered = sorted(collectivites, key=lambda c: (rank(c), place_sort_key(c.nom)))
    groups = [(key, list(group)) for key, group in groupby(ordered, rank)]
    return [("L’intercommunalité" if not key[0] else key[3] or "Communes et organismes", ones) for key, ones in groups]
