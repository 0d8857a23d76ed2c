"""Subscriptions by default: given once to whoever holds the fonction, and left to each one afterwards."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from collectivites.models import Agent, Poste
from notifications.abonnements import genres
from notifications.models import Abonnement, AbonnementPropose, PropositionFaite


def give_all() -> int:
    """Gives each proposition to those who hold its fonction and never had it. Returns how many were given.

    One query by proposition, two more for those that find somebody.
    """
    return sum(give(one) for one in AbonnementPropose.objects.all())


@transaction.atomic
def give(proposition: AbonnementPropose) -> int:
    """Those who follow it already are only noted, so that leaving it is for good."""
    had = PropositionFaite.objects.filter(agent=OuterRef("pk"), objet=proposition.objet)
    holding = Poste.objects.in_force().filter(agent=OuterRef("pk"), fonction=proposition.fonction_id)
    agents = list(Agent.objects.in_office().filter(Exists(holding), ~Exists(had)).values_list("pk", flat=True))
    if agents:
        rows = [PropositionFaite(agent_id=pk, objet=proposition.objet) for pk in agents]
        PropositionFaite.objects.bulk_create(rows, ignore_conflicts=True)
        followed = [Abonnement(agent_id=pk, objet=proposition.objet) for pk in agents]
        Abonnement.objects.bulk_create(followed, ignore_conflicts=True)
    return len(agents)


def to_propose() -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be proposed, kind by kind, for a form: what everybody may see. One query a kind."""
    open_to_all = [one for one in genres().values() if not hasattr(one.modele._default_manager, "visible_to")]
    return [
        (one.libelle.capitalize(), [(f"{one.genre}:{objet.pk}", str(objet)) for objet in one.modele.objects.all()])
        for one in open_to_all
    ]
