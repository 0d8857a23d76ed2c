"""Days that an owner keeps for itself, or during which its thing is away: on the same ledger as the loans."""

from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.journal import record
from extranet.lib.demi_journees import DemiJournee
from materiel.enums import Nature
from materiel.models import Engagement, Materiel
from materiel.prets import attente
from materiel.refus import PretRefuse
from materiel.registre import hold, now_index, release, take

if TYPE_CHECKING:
    from collectivites.models import Agent

NATURES = (Nature.USAGE, Nature.ENTRETIEN, Nature.HORS_SERVICE)


@transaction.atomic
def keep(
    materiel: Materiel,
    agent: "Agent",
    nature: Nature,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int = 1,
    *,
    motif: str = "",
    sans_fin: bool = False,
) -> Engagement:
    """Takes these half-days for the owner. Raises PlusAssez: a loan already granted is not taken back that way."""
    if quantite < 1:
        raise PretRefuse("Gardez-en un au moins.")
    if fin.index < max(debut.index, now_index()):
        raise PretRefuse("La fin vient avant le début, ou elle est passée. Vérifiez les deux dates.")
    kept = take(
        Engagement(
            materiel=materiel,
            nature=nature,
            quantite=quantite,
            debut=max(debut.index, now_index()),
            fin=fin.index,
            motif=motif,
            sans_fin=sans_fin,
            auteur=agent,
        )
    )
    record(
        "materiel.garde",
        materiel,
        agent=agent,
        collectivite=materiel.collectivite,
        nature=nature.value,
        periode=kept.periode,
        quantite=quantite,
    )
    return kept


@transaction.atomic
def give_back(engagement: Engagement, agent: "Agent") -> None:
    """What is left of it may be lent again, from now, first to those who wait for it.

    Raises PretRefuse for what is not the owner's to give back.
    """
    hold(engagement)
    if engagement.nature not in NATURES:
        raise PretRefuse("Ces dates tiennent à un prêt ou à un papier : elles se libèrent avec lui.")
    if not engagement.tenu:
        return
    periode, first, last = engagement.periode, max(engagement.debut, now_index()), engagement.fin
    release(engagement)
    attente.wake(engagement.materiel, first, last)
    record(
        "materiel.dates_rendues",
        engagement.materiel,
        agent=agent,
        collectivite=engagement.materiel.collectivite,
        nature=engagement.nature,
        periode=periode,
        quantite=engagement.quantite,
    )


def kept_of(materiel: Materiel) -> list[Engagement]:
    """Those in force or to come, the next one first."""
    held = Engagement.objects.held().filter(materiel=materiel, nature__in=NATURES, fin__gte=now_index())
    return list(held.select_related("auteur").order_by("debut", "pk"))
