"""Who may read a diffusion: the other way round of `collectivites.diffusion.codes_of`."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from collectivites.diffusion import ELUS, EPCI, TOUTES, ids_of
from collectivites.enums import FamilleFonction, TypeCollectivite
from collectivites.models import Adhesion, Agent, Poste


def readers_of(codes: Iterable[str]) -> QuerySet[Agent]:
    """The agents in office whom at least one code names. Nobody for no code. One query, when evaluated."""
    codes = list(codes)
    in_office = Agent.objects.in_office()
    if TOUTES in codes:
        return in_office
    postes = Poste.objects.in_force().filter(agent=OuterRef("pk"))
    named = Q(Exists(postes.filter(collectivite__in=ids_of(codes, "c"))))
    if ELUS in codes:
        named |= Q(Exists(postes.filter(fonction__famille=FamilleFonction.ELUS)))
    if EPCI in codes:
        named |= Q(Exists(postes.filter(collectivite__type=TypeCollectivite.EPCI)))
    adhesions = Adhesion.objects.in_force().filter(agent=OuterRef("pk"), reseau__in=ids_of(codes, "r"))
    return in_office.filter(named | Q(Exists(adhesions)))
