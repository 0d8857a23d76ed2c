"""Two at once: the same title from two people, the same file twice, a double click, two reviewers."""

import threading

import pytest
from django.test import Client

from ressources import depots, relecture
from ressources.enums import EtatDepot, StatutVersion
from ressources.models import Depot, Photo, RessourcePage, VersionFichier
from ressources.phototheque import accords
from ressources.versions import RessourceRefusee
from tests.distribution import Distribution, make_distribution
from tests.races.ensemble import together
from tests.ressources.deposes import Deposant, files_on_disk, reglement
from tests.ressources.factories import make_ressource
from tests.sessions import open_session

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


@pytest.fixture
def cast(db: None) -> Distribution:
    return make_distribution()


def ready(client: Client, change: str = "") -> tuple[Deposant, dict[str, object]]:
    one = Deposant(client)
    one.drop("reglement.pdf", reglement(change))
    key = f"f{one.lines[0].pk}"
    return one, one.answers(**{f"{key}-type": "1", f"{key}-jumeau": "autre"})


def test_the_same_title_at_once_makes_two_documents(cast: Distribution) -> None:
    people = [cast.agent_a, cast.secretaire_a, cast.secretaire_b, cast.elue_b, cast.partage_ab, cast.gestionnaire_a]
    sent = [ready(open_session(agent), f"Article {rank}") for rank, agent in enumerate(people)]
    answers = together(
        [lambda one=one, asked=asked: one.client.post(one.page, asked) for one, asked in sent], RessourceRefusee
    )
    assert [answer.status_code for answer in answers] == [302] * len(people)
    slugs = sorted(RessourcePage.objects.values_list("slug", flat=True))
    assert slugs == ["reglement-de-la-salle-des-fetes", *(f"reglement-de-la-salle-des-fetes-{n}" for n in range(2, 7))]
    assert RessourcePage.objects.first().get_parent().numchild == len(people)
    assert VersionFichier.objects.count() == relecture.awaiting().count() == len(people)


def test_a_photo_described_at_once_is_described_once(cast: Distribution) -> None:
    """A sheet that says nothing of its photo has no row to wait for."""
    page = make_ressource(owner=cast.agent_a)
    said = {"description": "Le lavoir", "personnes": "aucune"}
    together([lambda: accords.describe(page, cast.agent_a, said)] * AT_ONCE)
    assert Photo.objects.get().description == "Le lavoir"


def test_a_double_click_sends_once(cast: Distribution) -> None:
    one, asked = ready(open_session(cast.agent_a))
    clients = [Client(raise_request_exception=False) for _ in range(AT_ONCE)]
    for client in clients:
        client.cookies = one.client.cookies
    together([lambda client=client: client.post(one.page, asked) for client in clients], RessourceRefusee)
    assert (RessourcePage.objects.count(), VersionFichier.objects.count()) == (1, 1)


def test_two_tabs_send_once(cast: Distribution) -> None:
    """Each with its own key."""
    one, asked = ready(open_session(cast.agent_a))
    tabs = [one.answers(**{key: value for key, value in asked.items() if key.startswith("f")}) for _ in range(3)]
    clients = [Client(raise_request_exception=False) for _ in tabs]
    for client in clients:
        client.cookies = one.client.cookies
    together(
        [lambda client=client, tab=tab: client.post(one.page, tab) for client, tab in zip(clients, tabs, strict=True)],
        RessourceRefusee,
    )
    assert (RessourcePage.objects.count(), VersionFichier.objects.count()) == (1, 1)


def test_files_sent_at_once_all_arrive(cast: Distribution) -> None:
    """The first two make the deposit together."""
    one = Deposant(open_session(cast.agent_a))
    clients = [Client() for _ in range(AT_ONCE)]
    for client in clients:
        client.cookies = one.client.cookies
    together(
        [
            lambda client=client, rank=rank: Deposant(client, one.key).drop(f"{rank}.txt", b"Note %d" % rank)
            for rank, client in enumerate(clients)
        ],
        RessourceRefusee,
    )
    assert Depot.objects.count() == 1
    assert sorted(line.nom for line in one.lines) == [f"{rank}.txt" for rank in range(AT_ONCE)]


def test_the_same_file_at_once_is_taken_once(cast: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    """All have looked for a twin and seen none before the first of them writes."""
    looked, store = threading.Barrier(AT_ONCE), depots.store

    def store_together(*args: object) -> None:
        store(*args)
        looked.wait(timeout=60)

    monkeypatch.setattr(depots, "store", store_together)
    one = Deposant(open_session(cast.agent_a))
    clients = [Client() for _ in range(AT_ONCE)]
    for client in clients:
        client.cookies = one.client.cookies
    before = files_on_disk()
    together(
        [lambda client=client: Deposant(client, one.key).drop("note.txt", b"Une note") for client in clients],
        RessourceRefusee,
    )
    ready = [line for line in one.lines if line.etat == EtatDepot.PRET]
    refused = [line for line in one.lines if line.etat == EtatDepot.REFUSE]
    assert (len(ready), len(refused)) == (1, AT_ONCE - 1)
    assert all("est déjà dans ce dépôt" in line.motif for line in refused)
    assert len(files_on_disk() - before) == 1


def test_two_reviewers_decide_once(cast: Distribution) -> None:
    one, asked = ready(open_session(cast.agent_a))
    one.client.post(one.page, asked)
    page = RessourcePage.objects.get()
    found = together(
        [
            lambda: relecture.publish(page, cast.responsable),
            lambda: relecture.send_back(page, cast.administrateur, "Non", ""),
        ],
        RessourceRefusee,
    )
    assert sorted(answer is None for answer in found) == [False, True]
    assert RessourcePage.objects.get().live == (found[0] is None)
    assert (VersionFichier.objects.get().statut == StatutVersion.PUBLIEE) == (found[0] is None)
