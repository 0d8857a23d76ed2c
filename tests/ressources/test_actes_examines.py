"""The act of a commune goes by the antivirus as any file: nobody is given it before, whoever asks."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from collectivites.models import EntreeJournal
from extranet.lib.extraction.signatures import EICAR
from notifications.models import Notification
from ressources import actes
from ressources.analyse import pending_count, quarantined_count
from ressources.enums import Examen
from ressources.models import Reprise, RessourcePage
from ressources.tasks import analyser_versions, request_pending
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.fichiers.clamd import clamd
from tests.ressources.actes import send
from tests.ressources.factories import fetch, make_ressource
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

NOM = "Délibération n° 3.pdf"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    return make_ressource("Règlement", collectivite=distribution.b)


def give(distribution: Distribution, page: RessourcePage, text: str = "= Le conseil adopte") -> Reprise:
    """By the form, as Alain does."""
    client, acte = open_session(distribution.agent_a), SimpleUploadedFile(NOM, documents.pdf(text))
    assert send(client, page.url, f"/ressources/{page.pk}/reprise/", mot="Adopté", acte=acte).status_code == 302
    return Reprise.objects.get()


def seen_by_all(distribution: Distribution, reprise: Reprise) -> list[tuple[int, bool]]:
    """For whoever gave it, a neighbour and a responsable: the answer of its address, and whether the sheet links it."""
    address, found = f"/ressources/actes/{reprise.pk}/", []
    for agent in (distribution.agent_a, distribution.secretaire_b, distribution.responsable):
        client = open_session(agent)
        linked = address in client.get(reprise.page.url).content.decode()
        found.append((fetch(client, address).status_code, linked))
    return found


def test_held_then_given(distribution: Distribution, page: RessourcePage, settings: Settings) -> None:
    with clamd() as (settings.CLAMD_ADDRESS, seen):
        reprise = give(distribution, page)
        assert reprise.examen == Examen.EN_ATTENTE
        assert DBTaskResult.objects.filter(task_path=analyser_versions.module_path).count() == 1
        assert (pending_count(), quarantined_count()) == (1, 1)
        assert seen_by_all(distribution, reprise) == [(404, False)] * 3
        html = open_session(distribution.secretaire_b).get(page.url).content.decode()
        assert "en cours d’examen" in html
        assert analyser_versions.call() == 1
        assert len(seen) == 1
    reprise.refresh_from_db()
    assert reprise.examen == Examen.SAIN
    assert seen_by_all(distribution, reprise) == [(200, True)] * 3
    assert (pending_count(), quarantined_count()) == (0, 0)


def test_a_virus_is_given_to_nobody_and_told(
    distribution: Distribution, page: RessourcePage, settings: Settings
) -> None:
    with clamd() as (settings.CLAMD_ADDRESS, _):
        reprise = give(distribution, page)
        with Path(reprise.acte.path).open("ab") as content:
            content.write(EICAR)
        assert actes.examine(reprise) == Examen.INFECTE
        reprise.refresh_from_db()
        assert actes.examine(reprise) == Examen.INFECTE
    assert seen_by_all(distribution, reprise) == [(404, False)] * 3
    told = Notification.objects.filter(sorte="document_en_quarantaine")
    assert {one.destinataire for one in told} >= {distribution.agent_a, distribution.responsable}
    assert told.filter(destinataire=distribution.agent_a).count() == 1
    assert NOM in told.first().texte
    assert EntreeJournal.objects.filter(acte="acte.infecte").count() == 1


def test_without_an_answer_it_waits(distribution: Distribution, page: RessourcePage, settings: Settings) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    reprise = give(distribution, page)
    assert analyser_versions.call() == 1
    assert seen_by_all(distribution, reprise) == [(404, False)] * 3
    assert list(actes.pending()) == [reprise]


def test_another_act_is_looked_at_anew(distribution: Distribution, page: RessourcePage, settings: Settings) -> None:
    with clamd() as (settings.CLAMD_ADDRESS, _):
        first = give(distribution, page)
        actes.examine(first)
        second = give(distribution, page, "= Le conseil change d’avis")
        assert second.examen == Examen.EN_ATTENTE
        # The first one was still being looked at when the second one came.
        assert actes.examine(first) == Examen.SAIN
        second.refresh_from_db()
    assert second.examen == Examen.EN_ATTENTE


def test_words_alone_keep_what_was_said_of_the_act(
    distribution: Distribution, page: RessourcePage, settings: Settings
) -> None:
    with clamd() as (settings.CLAMD_ADDRESS, _):
        actes.examine(give(distribution, page))
        client = open_session(distribution.agent_a)
        send(client, page.url, f"/ressources/{page.pk}/reprise/", mot="Un autre mot")
    assert Reprise.objects.get().examen == Examen.SAIN


def test_without_an_antivirus_it_is_given_at_once_and_looked_at_later(
    distribution: Distribution, page: RessourcePage, settings: Settings, capsys: pytest.CaptureFixture
) -> None:
    reprise = give(distribution, page)
    assert reprise.examen == Examen.SANS
    assert not request_pending()
    assert seen_by_all(distribution, reprise) == [(200, True)] * 3
    with clamd() as (settings.CLAMD_ADDRESS, _):
        call_command("analyser_documents", "--antivirus")
    assert "1 actes de communes examinés. 1 examiné, rien trouvé." in capsys.readouterr().out
    reprise.refresh_from_db()
    assert reprise.examen == Examen.SAIN
