"""The catalogue as a list whose searches may be kept: sessions, or trainings when all of them are asked for.

A session is new when it may be asked for; a training, when its sheet is published.
"""

from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils import timezone

from extranet.lib.apports import DemandeLue, Gardable, Trouve
from extranet.lib.francais import date_longue
from formations.adresses import CATALOGUE
from formations.catalogue.choix import DE_LA_FICHE, Choix, Vue
from formations.filters import filters_of
from formations.models import FormationPage, SessionFormation
from search.gardees.listes import canonical

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

SESSION, FICHE = "session", "formation"
PASSEE = "Les dates de cette recherche sont passées\u00a0: rien de nouveau ne peut y arriver."


def gardable() -> Gardable:
    return Gardable(
        "formations", "Formations", "formations", "mortarboard-fill", CATALOGUE, lire, cles, lignes, lieux=("ou",)
    )


def choice(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> Choix:
    return Choix(params, filters_of(params, agent, place))


def lire(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> DemandeLue:
    """All the trainings without a filter are no search."""
    choix = choice(params, agent, place)
    counted = {name: value for name, value in choix.retenus.items() if not choix.vue or name in DE_LA_FICHE}
    until = choix.dits.get("au") if "au" in counted else None
    pairs = [*counted.items(), *([("vue", choix.vue.value)] if choix.vue and counted else [])]
    words = [choix.dits["q"].strip() if name == "q" else choix.said(name) for name in counted]
    return DemandeLue(
        canonical(pairs),
        tuple(words),
        autour=counted.get("ou", "").isdigit(),
        close=PASSEE if until and until < timezone.localdate() else "",
    )


def cles(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> list[str]:
    choix = choice(params, agent, place)
    if choix.vue == Vue.TOUTES:
        pages = choix.filtres.formations(FormationPage.objects.visible_to(agent)).order_by("-first_published_at", "-pk")
        return [f"{FICHE}:{pk}" for pk in dict.fromkeys(pages.values_list("pk", flat=True))]
    sessions = choix.filtres.qs.order_by("-pk").values_list("pk", flat=True)
    return [f"{SESSION}:{pk}" for pk in dict.fromkeys(sessions)]


def lignes(agent: "Agent", keys: list[str]) -> dict[str, Trouve]:
    """Two queries at most. A session that may no longer be asked for is not told."""
    ids: dict[str, list[int]] = {SESSION: [], FICHE: []}
    for key in keys:
        kind, _, pk = key.partition(":")
        ids[kind].append(int(pk))
    sessions = SessionFormation.objects.visible_to(agent).proposed().filter(pk__in=ids[SESSION])
    pages = FormationPage.objects.visible_to(agent).filter(pk__in=ids[FICHE]).defer("corps")
    found = {f"{SESSION}:{one.pk}": _of_session(one) for one in sessions.for_list().defer("formation__corps")}
    return found | {f"{FICHE}:{one.pk}": Trouve(one.title, one.adresse, "Formation") for one in pages}


def _of_session(session: SessionFormation) -> Trouve:
    when = date_longue(session.date_debut) if session.date_debut else "dates à fixer"
    url = f"{session.formation.adresse}?session={session.numero}"
    return Trouve(session.formation.title, url, f"{when}, {session.ou}" if session.ou else when)
