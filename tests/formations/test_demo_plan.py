"""The plan of the demo: a census made into sessions, another under way, wishes as they are drawn."""

import pytest
from django.utils import timezone

from collectivites.demo.monde import Monde
from collectivites.models import TypeHabilitation
from formations.demo import plan
from formations.enums import StatutCampagne, StatutLigne, StatutSouhait
from formations.models import Campagne, Souhait
from formations.plan.lignes import propose_groups
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import make_formation, worker

pytestmark = pytest.mark.django_db


def test_loaded_after_the_catalogue(distribution: Distribution):
    cast = distribution
    third = CollectiviteFactory(nom="Champvans")
    worker(third, gestionnaire=True)
    for _ in range(8):
        worker(cast.b)
    make_formation("CACES R482 A", titre_delivre=TypeHabilitation.objects.get(code="caces-r482-a"))
    monde = Monde(date=timezone.localdate())
    monde.collectivites = {"foucherans": cast.a, "tavaux": cast.b, "champvans": third}
    monde.agents = {
        "nathalie-perrot": cast.responsable,
        "odile-vuillermet": cast.gestionnaire_a,
        "mickael-prost": cast.agent_a,
        "karim-belkacem": cast.secretaire_b,
    }
    plan.load(monde)
    former, now = Campagne.objects.order_by("annee")
    assert (former.statut, now.statut) == (StatutCampagne.CLOSE, StatutCampagne.OUVERTE)
    states = {line.intitule: (line.statut, line.session_id is not None) for line in former.lignes.all()}
    assert set(states.values()) == {
        (StatutLigne.RETENUE, True),
        (StatutLigne.RETENUE, False),
        (StatutLigne.ECARTEE, False),
    }
    session = former.lignes.exclude(session=None).get().session
    assert [one.agent for one in session.inscriptions.order_by("rang")] == [cast.agent_a, cast.secretaire_b]
    assert propose_groups(now)[0].agents == 12
    assert now.reponses.get().collectivite == cast.b
    wished = Souhait.objects.filter(statut=StatutSouhait.OUVERT).order_by("created_at")
    assert [one.interets.count() for one in wished] == [9, 6, 4]
