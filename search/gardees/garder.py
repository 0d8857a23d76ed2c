"""Keeping a search, changing it, stopping its alert.

An alert begins with what is there when it is asked for: none of it is news. Stopped then asked for again, it begins
again, and what came meanwhile is not told.
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.apports import DemandeLue, Gardable
from extranet.lib.typographie import Montrable
from search.engines.base import MoteurInjoignable
from search.enums import ALERTES, FrequenceAlerte
from search.gardees.listes import ListeMuette, keys_of, words_of
from search.models import RechercheGardee
from search.models.gardee import PARAMETRES

if TYPE_CHECKING:
    from django.db.models import QuerySet

# For one person: more is a mail that nobody reads.
AU_PLUS = 50


class GardeRefusee(Montrable):
    """The search is not kept; the text says why, and may be shown."""


class DejaGardee(GardeRefusee):
    """Under `recherche`, which is the person’s own."""

    def __init__(self, recherche: RechercheGardee) -> None:
        super().__init__(f"Vous gardez déjà cette recherche, sous le nom « {recherche.nom} ».")
        self.recherche = recherche


@transaction.atomic
def keep(agent: Agent, liste: Gardable, demande: DemandeLue, *, nom: str, frequence: str) -> RechercheGardee:
    """Raises GardeRefusee past AU_PLUS, without any filter or with too many, and DejaGardee."""
    if not demande.parametres:
        raise GardeRefusee("Choisissez d’abord un filtre ou des mots : toute la liste ne se garde pas.")
    if len(demande.parametres) > PARAMETRES:
        raise GardeRefusee("Cette recherche a trop de critères pour être gardée. Retirez-en quelques-uns.")
    Agent.objects.select_for_update().get(pk=agent.pk)
    if (known := kept_already(agent, liste, demande)) is not None:
        raise DejaGardee(known)
    if RechercheGardee.objects.filter(agent=agent).count() >= AU_PLUS:
        raise GardeRefusee(
            f"Vous gardez déjà {AU_PLUS} recherches, c’est le plus possible. Supprimez-en une qui ne sert plus, "
            "puis gardez celle-ci."
        )
    recherche = RechercheGardee(
        agent=agent,
        nom=nom,
        liste=liste.cle,
        parametres=demande.parametres,
        criteres=words_of(demande),
        frequence=frequence,
    )
    if recherche.has_alert:
        _begin(recherche, agent)
    recherche.save(force_insert=True)
    return recherche


def kept_already(agent: Agent, liste: Gardable, demande: DemandeLue) -> RechercheGardee | None:
    same = RechercheGardee.objects.filter(agent=agent, liste=liste.cle, parametres=demande.parametres)
    return same.defer("depart").first()


@transaction.atomic
def change(recherche: RechercheGardee, agent: Agent, *, nom: str, frequence: str) -> RechercheGardee:
    """Renames it and sets how often it tells. Raises DoesNotExist when it was deleted meanwhile."""
    kept = RechercheGardee.objects.select_for_update().get(pk=recherche.pk, agent=agent)
    begins = not kept.has_alert and frequence in ALERTES
    kept.nom, kept.frequence = nom, frequence
    if begins:
        _begin(kept, agent)
    kept.save()
    return kept


def _begin(recherche: RechercheGardee, agent: Agent) -> None:
    """What was known stays known, and what is there now is added to it."""
    known, recherche.depart, recherche.verifiee_le = recherche.depart or [], None, timezone.now()
    try:
        found = keys_of(recherche.liste, recherche.parametres, agent)
    except ListeMuette as silence:
        recherche.empechement = str(silence)
    except MoteurInjoignable as away:
        raise GardeRefusee("La recherche ne répond pas en ce moment. Réessayez dans quelques minutes.") from away
    else:
        recherche.depart, recherche.empechement = sorted({*known, *found}), ""


def stop(recherches: "QuerySet[RechercheGardee]") -> int:
    """Their alerts stop; the searches stay kept. Twice is as once."""
    return recherches.alerting().update(frequence=FrequenceAlerte.JAMAIS)
