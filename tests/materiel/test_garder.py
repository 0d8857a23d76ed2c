"""Days that an owner keeps for itself: who may, what it does to the ledger, what is refused."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent, EntreeJournal
from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Occupation
from materiel.prets.gardes import give_back, keep
from materiel.refus import PretRefuse
from materiel.registre import extend, horizon_index
from tests.distribution import Distribution
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

LUNDI = monday()


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.gestionnaire_a)


@pytest.fixture
def balayeuse(distribution: Distribution) -> Materiel:
    return make_materiel("Balayeuse", collectivite=distribution.a)


def with_key(client: Client, given: dict[str, object]) -> dict[str, object]:
    """What the browser sends of a form opened by this visitor."""
    return given | {"cle_unique": key_for(Agent.objects.get(pk=client.session["_auth_user_id"]))}


def words(**changes: object) -> dict[str, object]:
    given = {
        "nature": Nature.USAGE.value,
        "du": str(LUNDI),
        "moment_du": "matin",
        "au": str(LUNDI + timedelta(days=1)),
        "moment_au": "apres_midi",
        "quantite": 1,
        "motif": "Fête de la musique",
    }
    return {name: value for name, value in (given | changes).items() if value is not None}


def send(client: Client, materiel: Materiel, **changes: object) -> object:
    url = f"/materiel/{materiel.pk}/garder/"
    return client.post(url, with_key(client, words(**changes)))


def test_what_is_kept_is_on_the_ledger_and_in_the_journal(client: Client, balayeuse: Materiel) -> None:
    assert send(client, balayeuse).status_code == 302
    kept = Engagement.objects.get()
    assert (kept.nature, kept.motif, kept.tenu) == (Nature.USAGE, "Fête de la musique", True)
    assert Occupation.objects.filter(materiel=balayeuse, pris=1).count() == 4
    assert EntreeJournal.objects.filter(acte="materiel.garde", objet_id=str(balayeuse.pk)).count() == 1
    assert "Fête de la musique" in client.get(f"/materiel/{balayeuse.pk}/garder/").content.decode()


def test_what_was_promised_is_not_taken_back(client: Client, balayeuse: Materiel) -> None:
    pret = PretFactory(materiel=balayeuse)
    EngagementFactory(materiel=balayeuse, nature=Nature.PRET, pret=pret, debut=half(LUNDI), fin=half(LUNDI))
    answer = send(client, balayeuse)
    page = answer.content.decode()
    assert "n’est pas libre" in page
    assert "Fête de la musique" in page
    assert Engagement.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"au": str(LUNDI - timedelta(days=1))}, "Le retour vient avant le départ"),
        ({"du": "2020-01-01"}, "Cette date est passée"),
        ({"au": ""}, "Dites jusqu’à quel jour"),
        ({"au": "2999-01-01"}, "On réserve jusqu’au"),
        ({"du": ""}, "Dites à partir de quel jour."),
        ({"quantite": "4"}, "Il n’y en a que 1."),
        ({"quantite": "x"}, "Un nombre entier"),
        ({"nature": "pret"}, ""),
        ({"nature": None}, "Dites pourquoi"),
        ({"motif": "M" * 201}, "il y en a 201. Raccourcissez votre texte."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    client: Client, balayeuse: Materiel, changes: dict, said: str
) -> None:
    page = send(client, balayeuse, **changes).content.decode()
    assert said in page
    assert "à corriger" in page
    assert not Engagement.objects.exists()


def test_until_further_notice_goes_to_the_end_of_what_is_written(client: Client, balayeuse: Materiel) -> None:
    send(client, balayeuse, nature=Nature.HORS_SERVICE.value, au="", sans_fin="on")
    kept = Engagement.objects.get()
    assert (kept.sans_fin, kept.fin) == (True, horizon_index())
    Engagement.objects.update(fin=kept.fin - 4)
    Occupation.objects.filter(creneau__gt=kept.fin - 4).delete()
    extend()
    assert Engagement.objects.get().fin == horizon_index()
    assert Occupation.objects.filter(creneau=horizon_index(), pris=1).exists()


def test_a_double_click_keeps_once(client: Client, balayeuse: Materiel) -> None:
    url = f"/materiel/{balayeuse.pk}/garder/"
    form = with_key(client, words())
    client.post(url, form)
    client.post(url, form)
    assert Engagement.objects.count() == 1


def test_days_are_given_back(client: Client, balayeuse: Materiel) -> None:
    send(client, balayeuse)
    kept, url = Engagement.objects.get(), f"/materiel/{balayeuse.pk}/garder/"
    answer = client.post(f"/materiel/engagements/{kept.pk}/rendre/", with_key(client, {}))
    assert answer["Location"] == url
    kept.refresh_from_db()
    assert not kept.tenu
    assert not Occupation.objects.exists()
    assert EntreeJournal.objects.filter(acte="materiel.dates_rendues").count() == 1
    client.post(f"/materiel/engagements/{kept.pk}/rendre/", with_key(client, {}))
    assert EntreeJournal.objects.filter(acte="materiel.dates_rendues").count() == 1


def test_a_loan_is_not_given_back_that_way(client: Client, balayeuse: Materiel, distribution: Distribution) -> None:
    pret = PretFactory(materiel=balayeuse)
    held = EngagementFactory(materiel=balayeuse, nature=Nature.PRET, pret=pret)
    with pytest.raises(PretRefuse):
        give_back(held, distribution.gestionnaire_a)
    client.post(f"/materiel/engagements/{held.pk}/rendre/", with_key(client, {}))
    held.refresh_from_db()
    assert held.tenu


def test_only_those_who_look_after_it_may(distribution: Distribution, balayeuse: Materiel) -> None:
    kept = keep(
        balayeuse,
        distribution.gestionnaire_a,
        Nature.USAGE,
        *(EngagementFactory.build(materiel=balayeuse).premiere, EngagementFactory.build(materiel=balayeuse).derniere),
    )
    for name, status in [("agent_a", 403), ("secretaire_b", 403), ("sans_poste", 404), ("responsable", 200)]:
        client = open_session(getattr(distribution, name))
        assert client.get(f"/materiel/{balayeuse.pk}/garder/").status_code == status, name
    other = open_session(distribution.secretaire_b)
    assert other.post(f"/materiel/engagements/{kept.pk}/rendre/", with_key(other, {})).status_code == 403
    kept.refresh_from_db()
    assert kept.tenu


def test_a_day_begun_is_kept_from_now(distribution: Distribution, balayeuse: Materiel) -> None:
    today = timezone.localdate()
    engagement = EngagementFactory.build(materiel=balayeuse, debut=half(today), fin=half(today) + 1)
    kept = keep(balayeuse, distribution.gestionnaire_a, Nature.USAGE, engagement.premiere, engagement.derniere)
    assert kept.fin == half(today) + 1
