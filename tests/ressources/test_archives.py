"""An archive is written while it is sent: what may not be seen at that moment is not in it."""

import threading
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Agent, EntreeJournal, Poste
from ressources import copies
from ressources.emporter import lots
from ressources.enums import Examen, StatutVersion
from ressources.models import Fichier, Lot, RessourcePage, Telechargement, VersionFichier
from ressources.versions import publish_version, withdraw_version
from tests.distribution import Distribution
from tests.formations.formulaires import said
from tests.ressources.deposes import bytes_of
from tests.ressources.factories import fetch, make_ressource, make_version
from tests.ressources.lots import PAGE, make_lot, opened, taken, version_of, words
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def test_its_contents_say_what_each_file_is(client: Client, distribution: Distribution) -> None:
    page = make_ressource("Bail rural", collectivite=distribution.b)
    told = words(taken(client, make_lot(distribution.agent_a, page)))
    day = f"{timezone.localdate():%d/%m/%Y}"
    assert "Bail rural.pdf\r\n  Bail rural (Bourg)" in told
    assert f"Version 1 du {day} - à jour" in told
    assert f"http://localhost:8000{page.adresse}" in told or page.adresse in told
    assert "pas là" not in told


def test_a_copy_is_logged_for_each_file_and_its_holder_is_told_of_the_next(
    client: Client, distribution: Distribution
) -> None:
    page = make_ressource("Bail rural")
    taken(client, make_lot(distribution.agent_a, page))
    row = Telechargement.objects.get()
    assert (row.version, row.agent, row.collectivite) == (version_of(page), distribution.agent_a, distribution.a)
    line = EntreeJournal.objects.get(acte="lot.pris")
    assert line.donnees == {"fichiers": 1, "laisses": 0}
    publish_version(make_version(page.fichiers.get(), statut=StatutVersion.A_RELIRE), par=None)
    assert copies.tell_holders() == 1
    assert Lot.objects.get().pris_le


def close_to_reader(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[code_collectivite(cast.b.pk)])


def archive_it(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False, archivee_le=timezone.now())


def end_it(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))


def withdraw_it(page: RessourcePage, cast: Distribution) -> None:
    withdraw_version(version_of(page), par=cast.responsable, motif="Erreur")


def infect_it(page: RessourcePage, cast: Distribution) -> None:
    VersionFichier.objects.filter(fichier__page=page).update(examen=Examen.INFECTE)


def quarantine_it(page: RessourcePage, cast: Distribution) -> None:
    VersionFichier.objects.filter(fichier__page=page).update(examen=Examen.EN_ATTENTE)


CLOSED = [close_to_reader, archive_it, end_it, withdraw_it, infect_it, quarantine_it]


@pytest.mark.parametrize("close", CLOSED)
def test_what_was_closed_since_it_was_prepared_is_not_there(
    close: object, client: Client, distribution: Distribution
) -> None:
    kept, gone = make_ressource("Reste"), make_ressource("Zibeline secrète")
    lot = make_lot(distribution.agent_a, gone, kept)
    close(gone, distribution)
    response = fetch(client, f"{PAGE}{lot.pk}/archive.zip")
    found = opened(response.data)
    assert list(found) == ["Reste.pdf", "contenu.txt"]
    assert b"Zibeline" not in response.data
    assert bytes_of(version_of(gone).file) not in response.data
    assert "1 fichier demandé n’est pas là" in words(found)
    assert list(Telechargement.objects.values_list("version", flat=True)) == [version_of(kept).pk]


@pytest.mark.parametrize("close", CLOSED)
def test_what_is_closed_while_the_archive_leaves_is_not_there(
    close: object, client: Client, distribution: Distribution
) -> None:
    """After its length was promised, after the first file has gone: the second is a blank, and the third is there."""
    first, gone, last = (make_ressource(title) for title in ("Un", "Zibeline secrète", "Trois"))
    lot = make_lot(distribution.agent_a, first, gone, last)
    response = client.get(f"{PAGE}{lot.pk}/archive.zip")
    stream: Iterator[bytes] = iter(response.streaming_content)
    data = next(stream) + next(stream)
    close(gone, distribution)
    data += b"".join(stream)
    assert len(data) == int(response["Content-Length"])
    found = opened(data)
    assert list(found) == ["Un.pdf", "Trois.pdf", "contenu.txt"]
    assert b"Zibeline" not in data
    assert bytes_of(version_of(gone).file) not in data
    assert "1 fichier demandé n’est pas là" in words(found)
    assert Telechargement.objects.filter(version=version_of(gone)).count() == 0
    assert EntreeJournal.objects.get(acte="lot.pris").donnees == {"fichiers": 2, "laisses": 1}


@pytest.mark.parametrize("way", ["left", "closed", "shut"])
def test_who_loses_their_poste_meanwhile_gets_nothing_more(
    way: str, client: Client, distribution: Distribution
) -> None:
    agent = distribution.agent_a
    lot = make_lot(agent, make_ressource("Un"), make_ressource("Deux"))
    response = client.get(f"{PAGE}{lot.pk}/archive.zip")
    stream = iter(response.streaming_content)
    data = next(stream) + next(stream)
    yesterday = timezone.localdate() - timedelta(days=1)
    if way == "left":
        Poste.objects.filter(agent=agent).update(date_debut=yesterday, date_fin=yesterday)
    elif way == "closed":
        Poste.objects.filter(agent=agent).update(ferme_le=timezone.now())
    else:
        Agent.objects.filter(pk=agent.pk).update(is_active=False)
    assert list(opened(data + b"".join(stream))) == ["Un.pdf", "contenu.txt"]


def test_one_opened_meanwhile_to_who_had_asked_for_it_is_there(client: Client, distribution: Distribution) -> None:
    page = make_ressource("Un")
    lot = make_lot(distribution.agent_a, page)
    close_to_reader(page, distribution)
    assert client.get(f"{PAGE}{lot.pk}/archive.zip").status_code == 302
    assert "Plus aucun de ces documents" in said(client.get(f"{PAGE}{lot.pk}/"))
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[TOUTES])
    assert "Un.pdf" in taken(client, lot)


def test_a_version_replaced_since_is_given_and_said_so(client: Client, distribution: Distribution) -> None:
    page = make_ressource("Bail")
    lot = make_lot(distribution.agent_a, page)
    make_version(page.fichiers.get())
    told = words(taken(client, lot))
    assert "DÉPASSÉE : la version 2 est en ligne" in told


@pytest.mark.parametrize("lost", [True, False], ids=["disparu", "altéré"])
def test_a_file_that_cannot_be_read_is_said_and_left_out(
    lost: bool, client: Client, distribution: Distribution
) -> None:
    kept, broken = make_ressource("Bon"), make_ressource("Abîmé")
    path = Path(version_of(broken).file.path)
    path.unlink() if lost else path.write_bytes(b"autre chose")
    lot = make_lot(distribution.agent_a, kept, broken)
    assert "Un fichier n’a pas pu être lu" in said(client.get(f"{PAGE}{lot.pk}/"))
    assert list(taken(client, lot)) == ["Bon.pdf", "contenu.txt"]


def test_a_file_lost_after_it_was_prepared_is_left_out(client: Client, distribution: Distribution) -> None:
    kept, lost = make_ressource("Bon"), make_ressource("Perdu")
    lot = make_lot(distribution.agent_a, lost, kept)
    Path(version_of(lost).file.path).unlink()
    assert list(taken(client, lot)) == ["Bon.pdf", "contenu.txt"]


def test_too_many_archives_at_once_are_asked_to_wait(
    client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = make_lot(distribution.agent_a, make_ressource("Un"))
    monkeypatch.setattr(lots, "PLACES", threading.BoundedSemaphore(1))
    address = f"{PAGE}{lot.pk}/archive.zip"
    under_way = client.get(address)
    assert client.get(address).status_code == 302
    assert "Trop d’archives partent" in said(client.get(f"{PAGE}{lot.pk}/"))
    assert b"".join(under_way.streaming_content)
    assert fetch(client, address).status_code == 200
    cut = lots.Envoi(lot, distribution.agent_a, distribution.a, "")
    assert cut.begin()
    next(iter(cut))
    assert not lots.PLACES.acquire(blocking=False)
    cut.close()
    cut.close()
    assert fetch(client, address).status_code == 200, "a download that was cut gives its place back, once"


def test_nobody_holds_all_the_places(distribution: Distribution) -> None:
    lot = make_lot(distribution.agent_a, make_ressource("Un"))
    under_way = [lots.Envoi(lot, distribution.agent_a, distribution.a, "") for _ in range(lots.PAR_PERSONNE + 1)]
    other = lots.Envoi(lot, distribution.elue_b, distribution.b, "")
    try:
        assert [one.begin() for one in under_way] == [True] * lots.PAR_PERSONNE + [False]
        assert other.begin()
        under_way[0].close()
        assert under_way[-1].begin()
    finally:
        for one in [*under_way, other]:
            one.close()


def test_head_and_ranges(client: Client, distribution: Distribution) -> None:
    lot = make_lot(distribution.agent_a, make_ressource("Un"))
    response = client.head(f"{PAGE}{lot.pk}/archive.zip")
    assert (response.status_code, response["Accept-Ranges"]) == (200, "none")
    assert "private" in response["Cache-Control"]
    assert not Telechargement.objects.exists()
    ranged = fetch(client, f"{PAGE}{lot.pk}/archive.zip", headers={"Range": "bytes=5-"})
    assert (ranged.status_code, len(ranged.data)) == (200, int(response["Content-Length"]))


def test_a_large_archive_is_never_whole_in_memory(client: Client, distribution: Distribution) -> None:
    """A small sibling of `script/epreuve emporter`, which sends 2 GB."""
    page, size = make_ressource(fichiers=0), 8_000_000
    for rank in range(5):
        make_version(Fichier.objects.create(page=page, nom=f"Plan {rank}"), contenu=bytes([rank]) * size)
    versions = list(VersionFichier.objects.select_related("fichier__page"))
    lot = lots.create(distribution.agent_a, "Plans", versions)
    tracemalloc.start()
    try:
        assert lots.prepare(lot) == 5
        response = client.get(f"{PAGE}{lot.pk}/archive.zip")
        received = sum(map(len, response.streaming_content))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert received == int(response["Content-Length"]) > 5 * size
    assert most < 3_000_000


def test_content_of_a_lot_is_not_in_the_storage(distribution: Distribution) -> None:
    """Nothing to sweep: no archive lies anywhere."""
    page = make_ressource(fichiers=0)
    version = make_version(Fichier.objects.create(page=page))
    root = Path(version.file.storage.location)
    before = {path for path in root.rglob("*") if path.is_file()}
    make_lot(distribution.agent_a, page)
    fetch(open_session(distribution.agent_a), f"{PAGE}{Lot.objects.get().pk}/archive.zip")
    assert {path for path in root.rglob("*") if path.is_file()} == before
