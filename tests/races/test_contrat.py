"""The same état des lieux sent by a device that doubts, two returns at once, two signatures at once: one each."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections

from collectivites.enums import Signature as Pouvoir
from materiel.constats.passation import hand_over, take_back
from materiel.contrats.conventions import prepare
from materiel.contrats.signatures import sign
from materiel.enums import Cote
from materiel.models import Constat, Convention, Pret, Signature
from materiel.refus import PretRefuse
from tests.distribution import Distribution
from tests.materiel.contrats import give, give_roles, granted, out, seen, signed
from tests.materiel.factories import make_materiel

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(distribution: Distribution) -> Distribution:
    give_roles(distribution)
    return distribution


def together(acts: list[Callable]) -> list[str]:
    """All released at the same moment; « fait », or why not."""
    start = threading.Barrier(len(acts))

    def run(act: Callable) -> str:
        start.wait()
        try:
            act()
            return "fait"
        except PretRefuse as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_key_is_one_etat_des_lieux(cast: Distribution) -> None:
    pret = granted(make_materiel(collectivite=cast.a), cast.b)
    signed(pret, cast.elue_b)
    cle = uuid4()
    found = together([lambda: hand_over(pret, cast.agent_a, seen(cle=cle)) for _ in range(8)])
    assert found == ["fait"] * 8
    assert Constat.objects.count() == 1


def test_two_hand_overs_are_one(cast: Distribution) -> None:
    pret = granted(make_materiel(collectivite=cast.a), cast.b)
    signed(pret, cast.elue_b)
    found = together([lambda: hand_over(pret, cast.agent_a, seen()) for _ in range(6)])
    assert sorted(found) == ["Ce prêt est déjà remis."] * 5 + ["fait"]


def test_no_more_comes_back_than_went(cast: Distribution) -> None:
    pret = out(make_materiel("Barrières", collectivite=cast.a, stock=80), cast.b, cast.agent_a, quantite=40)
    found = together([lambda: take_back(pret, cast.agent_a, seen(25)) for _ in range(6)])
    assert found.count("fait") == 1
    assert Pret.objects.get(pk=pret.pk).reste == 15


def test_a_loan_has_one_convention_and_a_party_one_signature(cast: Distribution) -> None:
    pret = granted(make_materiel(collectivite=cast.a), cast.b)
    found = together([lambda: prepare(pret, cast.gestionnaire_a) for _ in range(4)])
    assert found == ["fait"] * 4
    convention = Convention.objects.get()
    give(cast.gestionnaire_a, cast.a, signataire=Pouvoir.DE_DROIT)
    signers = [cast.secretaire_a, cast.gestionnaire_a] * 3
    found = together([lambda agent=agent: sign(convention, agent, Cote.PRETEUR) for agent in signers])
    assert found.count("fait") == 1
    assert Signature.objects.count() == 1
