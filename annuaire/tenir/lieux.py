"""Joining two collectivités, parting them for thirty days, and where the page of the one that left leads."""

from django.db import transaction

from annuaire.enums import GenreFusion
from annuaire.models import Fusion
from annuaire.models.fusion import JOURS_POUR_DEFAIRE
from annuaire.tenir.fusions import DEJA
from collectivites.communes_nouvelles import merge_places, unmerge_places, why_not_merge_places
from collectivites.fusion import FusionRefusee
from collectivites.models import Agent, Collectivite
from collectivites.reprises import Bilan
from extranet.lib.contraintes import refuse_on


@transaction.atomic
def join(garde: Collectivite, retiree: Collectivite, par: Agent) -> Fusion:
    """`garde` takes in `retiree`. Raises FusionRefusee."""
    if reason := why_not_merge_places(par, garde, retiree):
        raise FusionRefusee(reason)
    with refuse_on(DEJA, FusionRefusee):
        fusion = Fusion.objects.create(genre=GenreFusion.COLLECTIVITE, garde_id=garde.pk, retire_id=retiree.pk, par=par)
    fusion.donnees = merge_places(garde, retiree, par)
    fusion.save(update_fields=["donnees"])
    return fusion


@transaction.atomic
def part(fusion: Fusion, par: Agent) -> Bilan:
    """The two again, as they were, but for what has changed since. Raises FusionRefusee."""
    fusion = Fusion.objects.select_for_update().get(pk=fusion.pk)
    if not Fusion.objects.undoable().filter(pk=fusion.pk, genre=GenreFusion.COLLECTIVITE).exists():
        raise FusionRefusee(f"Une réunion se défait pendant {JOURS_POUR_DEFAIRE} jours : celle-ci ne se défait plus.")
    if Fusion.objects.holder_of(GenreFusion.COLLECTIVITE, fusion.garde_id) is not None:
        raise FusionRefusee("Celle qui reste a depuis été réunie à une autre : défaites d’abord cette réunion.")
    places = Collectivite.objects.select_for_update().in_bulk([fusion.garde_id, fusion.retire_id])
    bilan = unmerge_places(places[fusion.garde_id], places[fusion.retire_id], par, fusion.donnees)
    fusion.close(par)
    return bilan


def forget_old() -> int:
    """After thirty days a merge stays: what undoing needed goes. Returns how many."""
    return Fusion.objects.filter(genre=GenreFusion.COLLECTIVITE).over().update(donnees=[])


def kept_of(place: Collectivite) -> Collectivite | None:
    """The one that took `place` in, through several merges if need be; None for one that was not."""
    return Collectivite.objects.filter(pk=Fusion.objects.kept_of(GenreFusion.COLLECTIVITE, place.pk)).first()
