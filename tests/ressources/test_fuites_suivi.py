"""What is told after publication is told to readers alone: copies, new sheets, readings, whatever one follows."""

from collections.abc import Callable

import pytest
from django.db.models import Q
from django.utils import timezone

from collectivites.models import Agent
from notifications.abonnements import code_of
from notifications.models import Abonnement, Notification
from ressources.annonces import announce_pending, ask_readings
from ressources.copies import tell_holders
from ressources.models import RessourcePage, Telechargement
from ressources.versions import withdraw_version
from tests.distribution import Distribution
from tests.ressources.factories import make_version
from tests.ressources.test_fuites import CACHEES, EDITEURS, MOT, Cachee

pytestmark = pytest.mark.django_db


def held_and_followed_by_all(cast: Distribution, hidden: Cachee) -> None:
    """Everybody took it when they could, and follows its theme and its type; its reading is followed."""
    now = timezone.now()
    RessourcePage.objects.filter(pk=hidden.page.pk).update(lecture_suivie=True, first_published_at=now)
    for agent in filter(None, cast.roles().values()):
        Telechargement.objects.create(version=hidden.version, agent=agent, collectivite=cast.a)
        for objet in (hidden.page.theme, hidden.page.type):
            Abonnement.objects.create(agent=agent, objet=code_of(objet))


def told(agent: Agent) -> set[str]:
    lines = Notification.objects.filter(Q(titre__contains=MOT) | Q(texte__contains=MOT), destinataire=agent)
    return set(lines.values_list("sorte", flat=True))


@pytest.mark.parametrize("withdrawn", [False, True], ids=["replaced", "withdrawn"])
@pytest.mark.parametrize("make", CACHEES)
def test_only_readers_are_told(
    make: Callable[[Distribution], Cachee], withdrawn: bool, distribution: Distribution
) -> None:
    hidden = make(distribution)
    held_and_followed_by_all(distribution, hidden)
    if withdrawn:
        withdraw_version(hidden.version, par=distribution.responsable, motif=f"Motif {MOT}")
    else:
        make_version(hidden.version.fichier, changements=f"Changement {MOT}")
    for act in (announce_pending, tell_holders, ask_readings):
        act()
    cast = {role: agent for role, agent in distribution.roles().items() if agent and role not in EDITEURS}
    assert {role for role, agent in cast.items() if told(agent)} == hidden.lecteurs
    wanted = {"ressource", "copie_perimee"} | (set() if withdrawn else {"ressource_a_lire"})
    assert all(told(cast[role]) == wanted for role in hidden.lecteurs)
