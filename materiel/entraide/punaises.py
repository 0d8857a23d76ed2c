"""A need as it is pinned on the board, for this reader: its distance, its answers, what may be done."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from collectivites.enums import TypeCollectivite
from extranet.lib.francais import en_lettres
from materiel.entraide.besoins import may_close
from materiel.models import Besoin, ReponseBesoin
from materiel.permissions import can_ask
from materiel.vitrine.presentation import counted_days, kilometres

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite
    from materiel.models.besoin import BesoinQuerySet


@dataclass(frozen=True)
class Punaise:
    """`reponses` are those that this reader may read: all of them where it was posted, one's own elsewhere."""

    besoin: Besoin
    quand: str
    km: str
    detail: str
    chez_nous: bool
    peut_aider: bool
    peut_clore: bool
    reponses: list[ReponseBesoin] = field(default_factory=list)


def pins(besoins: list[Besoin], agent: "Agent", place: "Collectivite | None") -> list[Punaise]:
    """One query more, whatever their number."""
    told: dict[int, list[ReponseBesoin]] = {}
    rows = ReponseBesoin.objects.filter(besoin__in=besoins).select_related(
        "collectivite", "auteur", "materiel__page", "pret"
    )
    for one in rows:
        told.setdefault(one.besoin_id, []).append(one)
    mine = {poste.collectivite_id for poste in agent.postes_en_cours}
    return [
        Punaise(
            besoin=one,
            quand=counted_days(one.debut, one.fin),
            km=kilometres(one.collectivite, place),
            detail=_detail(one),
            chez_nous=one.collectivite == place,
            peut_aider=can_ask(agent, place) and one.collectivite != place,
            peut_clore=may_close(one, agent),
            reponses=[r for r in told.get(one.pk, []) if one.collectivite_id in mine or r.collectivite_id in mine],
        )
        for one in besoins
    ]


def who(besoins: "BesoinQuerySet") -> str:
    """« Cinq mairies cherchent », « Cinq collectivités cherchent » when others than communes do.

    `besoins` are those of others.
    """
    others = Count("collectivite", filter=~Q(collectivite__type=TypeCollectivite.COMMUNE))
    told = besoins.order_by().aggregate(places=Count("collectivite", distinct=True), others=others)
    if not told["places"]:
        return "Ce que vous cherchez"
    word, number = "collectivité" if told["others"] else "mairie", told["places"]
    many = number > 1
    return f"{en_lettres(number, 'f').capitalize()} {word}{'s' if many else ''} cherche{'nt' if many else ''}"


def _detail(besoin: Besoin) -> str:
    """The occasion, and how many unless its name says it: « Repas du village. Il en faut 20. »"""
    told = besoin.quantite == 1 or str(besoin.quantite) in besoin.objet
    if told:
        return besoin.occasion
    many = f"Il en faut {besoin.quantite}."
    stop = "" if not besoin.occasion or besoin.occasion[-1] in ".!?…" else "."
    return f"{besoin.occasion}{stop} {many}".strip()
