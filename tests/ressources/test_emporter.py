"""« Emporter »: what is chosen, prepared, and written while it is sent; the table of the list."""

import io
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Agent, EntreeJournal, Poste, Theme
from extranet.lib.archive import safe_names
from ressources import copies, menage
from ressources.emporter import choix, lots
from ressources.enums import Examen, StatutVersion
from ressources.models import Favori, Fichier, Lot, PieceLot, RessourcePage, Telechargement, VersionFichier
from ressources.models.emport import PATIENCE, VIE
from ressources.tasks import preparer_lot
from ressources.versions import publish_version, withdraw_version
from tests.distribution import Distribution
from tests.formations.formulaires import post, said
from tests.ressources.deposes import bytes_of
from tests.ressources.factories import fetch, make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PAGE = "/ressources/emporter/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def version_of(page: RessourcePage) -> VersionFichier:
    return VersionFichier.objects.select_related("fichier__page").get(fichier__page=page)


def make_lot(agent: Agent, *pages: RessourcePage) -> Lot:
    """Prepared, as the veille does it."""
    lot = lots.create(agent, "Documents choisis", [version_of(page) for page in pages])
    preparer_lot.func(str(lot.pk))
    lot.refresh_from_db()
    return lot


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {one.filename: found.read(one) for one in found.infolist()}


def taken(client: Client, lot: Lot) -> dict[str, bytes]:
    """The archive, whose length is the one that was promised."""
    response = fetch(client, f"{PAGE}{lot.pk}/archive.zip")
    assert response.status_code == 200
    assert int(response["Content-Length"]) == len(response.data)
    return opened(response.data)


def words(found: dict[str, bytes]) -> str:
    return found["contenu.txt"].decode("utf-8-sig")


def test_ticked_documents_are_prepared_then_taken(client: Client, distribution: Distribution) -> None:
    one, two = make_ressource("Bail rural"), make_ressource("Arrêté : voirie 12/26")
    left = make_ressource("Laissé")
    html = client.get(PAGE).content.decode()
    assert all(page.title in html.replace("&#x27;", "'") for page in (one, two, left))
    answer = post(client, PAGE, fiche=[one.pk, two.pk])
    lot = Lot.objects.get()
    assert answer["Location"] == f"{PAGE}{lot.pk}/"
    shown = client.get(answer["Location"])
    assert "L’archive se prépare" in said(shown)
    assert "0 fichier relu sur 2" in said(shown)
    assert 'hx-trigger="every 2s"' in shown.content.decode()
    assert client.get(f"{PAGE}{lot.pk}/archive.zip").status_code == 302
    assert preparer_lot.func(str(lot.pk)) == 2
    assert "L’archive est prête" in said(client.get(answer["Location"]))
    found = taken(client, lot)
    assert list(found) == ["Arrêté - voirie 12-26.pdf", "Bail rural.pdf", "contenu.txt"]
    assert found["Bail rural.pdf"] == bytes_of(version_of(one).file)


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


def test_what_was_asked_and_may_not_be_seen_is_never_in_a_lot(client: Client, distribution: Distribution) -> None:
    hidden = make_ressource("Caché", diffusion=[code_collectivite(distribution.b.pk)])
    shown = make_ressource("Vu")
    assert post(client, f"{PAGE}?fiche={hidden.pk}&fiche={shown.pk}", fiche=[hidden.pk, shown.pk]).status_code == 302
    assert [piece.version for piece in PieceLot.objects.all()] == [version_of(shown)]
    html = client.get(f"{PAGE}?fiche={hidden.pk}&fiche={shown.pk}").content.decode()
    assert "Caché" not in html
    assert "1 fichier," in html
    counted = client.get(f"{PAGE}compte/?fiche={hidden.pk}").content.decode()
    assert "Aucun fichier coché" in counted


def test_a_lot_is_its_askers_alone_for_a_day(client: Client, distribution: Distribution) -> None:
    lot = make_lot(distribution.agent_a, make_ressource("Un"))
    other = open_session(distribution.responsable)
    for address in (f"{PAGE}{lot.pk}/", f"{PAGE}{lot.pk}/archive.zip"):
        assert other.get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert fetch(client, address).status_code == 200
    Lot.objects.update(created_at=timezone.now() - VIE - timedelta(minutes=1))
    assert client.get(f"{PAGE}{lot.pk}/archive.zip").status_code == 404
    menage.tidy()
    assert not Lot.objects.exists()
    assert not PieceLot.objects.exists()


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


def test_preparing_goes_on_where_it_was_left(distribution: Distribution) -> None:
    pages = [make_ressource() for _ in range(3)]
    lot = lots.create(distribution.agent_a, "Trois", [version_of(page) for page in pages])
    done = lot.pieces.first()
    PieceLot.objects.filter(pk=done.pk).update(lue=True, crc=7)
    assert lots.prepare(lot) == 3
    assert PieceLot.objects.get(pk=done.pk).crc == 7
    before = Lot.objects.get().pret_le
    assert preparer_lot.func(str(lot.pk)) == 0
    assert Lot.objects.get().pret_le == before


def test_one_that_never_gets_ready_says_so(client: Client, distribution: Distribution) -> None:
    lot = lots.create(distribution.agent_a, "Un", [version_of(make_ressource())])
    Lot.objects.update(created_at=timezone.now() - PATIENCE - timedelta(minutes=1))
    shown = client.get(f"{PAGE}{lot.pk}/")
    assert "n’a pas abouti" in said(shown)
    assert "hx-trigger" not in shown.content.decode()[shown.content.decode().index('id="lot"') :][:300]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"MAX_FICHIERS": 1}, "Une archive compte 1 fichiers au plus, il y en a 2"),
        ({"MAX_POIDS": 100}, "Une archive pèse"),
    ],
)
def test_limits_are_told_before_and_nothing_ticked_is_lost(
    limits: dict, sentence: str, client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [make_ressource("Un"), make_ressource("Deux"), make_ressource("Trois")]
    for name, value in limits.items():
        monkeypatch.setattr(choix, name, value)
    answer = post(client, PAGE, fiche=[page.pk for page in pages[:2]])
    assert answer.status_code == 422
    assert sentence in said(answer)
    html = answer.content.decode()
    assert [f'value="{page.pk}" checked' in html for page in pages] == [True, True, False]
    assert not Lot.objects.exists()
    assert "Aucun fichier n’est choisi" in said(post(client, PAGE))


def test_a_list_longer_than_an_archive_says_so(
    client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_ressource()
    monkeypatch.setattr("ressources.views.emporter.MAX_FICHIERS", 2)
    assert "3 documents répondent. Voici les 2 premiers" in said(client.get(PAGE))


def test_favourites_a_theme_and_words_are_taken(client: Client, distribution: Distribution) -> None:
    theme = Theme.objects.last()
    kept, themed, named = make_ressource("Gardé"), make_ressource("Rangé", theme=theme), make_ressource("Girouette")
    Favori.objects.create(page=kept, agent=distribution.agent_a)
    for address, shown in {
        f"{PAGE}?favoris=1": kept,
        f"{PAGE}?theme={theme.slug}": themed,
        f"{PAGE}?q=girouette": named,
        f"{PAGE}?fiche={named.pk}&fiche=abc&fiche=99999999": named,
    }.items():
        html = client.get(address).content.decode()
        assert [page.title in html for page in (kept, themed, named)] == [
            page == shown for page in (kept, themed, named)
        ]
    assert "Aucun favori à emporter" in said(open_session(distribution.secretaire_b).get(f"{PAGE}?favoris=1"))
    assert "Aucun document à emporter" in said(client.get(f"{PAGE}?q=introuvablissime"))


def test_names_of_one_sheet_and_twins_are_told_apart(distribution: Distribution) -> None:
    page = make_ressource("Bail", fichiers=2)
    twin = make_ressource("Bail")
    versions = list(VersionFichier.objects.filter(fichier__page__in=[page, twin]).order_by("fichier_id"))
    lot = lots.create(distribution.agent_a, "Baux", versions)
    assert list(lot.pieces.values_list("chemin", flat=True)) == ["Bail.pdf", "Bail, Annexe 1.pdf", "Bail (2).pdf"]
    assert safe_names(["contenu.txt", "Contenu.txt"])[1] == "Contenu (2).txt"


def test_the_pages_cost_the_same_whatever_the_number(
    client: Client, distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    counts = {}
    make_ressource()
    client.get(PAGE)
    client.get(f"{PAGE}tableau.xlsx")
    for number in (1, 10):
        while RessourcePage.objects.count() < number:
            make_ressource()
        lot = make_lot(distribution.agent_a, *RessourcePage.objects.all())
        for address in (PAGE, f"{PAGE}{lot.pk}/", f"{PAGE}tableau.xlsx"):
            with django_assert_max_num_queries(40) as queries:
                client.get(address)
            counts.setdefault(address.replace(str(lot.pk), ""), set()).add(len(queries))
    assert all(len(found) == 1 for found in counts.values()), counts


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


def test_the_table_has_the_list_as_it_is_filtered(client: Client, distribution: Distribution) -> None:
    theme = Theme.objects.last()
    make_ressource("=1+1", theme=theme, collectivite=distribution.b, resume="@SUM(A1)", licence="cc-by-4.0")
    make_ressource("Ailleurs")
    make_ressource("Caché", theme=theme, diffusion=[code_collectivite(distribution.b.pk)])
    response = client.get(f"{PAGE}tableau.xlsx?theme={theme.slug}")
    assert response["Content-Disposition"].startswith('attachment; filename="ressources-')
    sheet = load_workbook(io.BytesIO(response.content)).active
    titles, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [one["Titre"] for one in found] == ["'=1+1"]
    assert found[0]["À quoi ça sert"] == "'@SUM(A1)"
    assert (found[0]["Collectivité"], found[0]["Version"], found[0]["Fiabilité"]) == ("Bourg", 1, "à jour")
    assert found[0]["Publié le"].date() == timezone.localdate()
    line = EntreeJournal.objects.get(acte="ressource.emportee")
    assert line.donnees == {"fiches": 1}


def test_an_empty_or_endless_table_is_refused_in_words(
    client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(f"{PAGE}tableau.xlsx?q=rien")["Location"] == f"{PAGE}?q=rien"
    assert "il n’y a rien à emporter" in said(client.get(PAGE))
    make_ressource()
    make_ressource()
    monkeypatch.setattr("ressources.views.emporter.MAX_LIGNES", 1)
    assert client.get(f"{PAGE}tableau.xlsx").status_code == 302
    assert "Le tableau compte 1 lignes au plus, la liste en a 2" in said(client.get(PAGE))


def test_content_of_a_lot_is_not_in_the_storage(distribution: Distribution) -> None:
    """Nothing to sweep: no archive lies anywhere."""
    page = make_ressource(fichiers=0)
    version = make_version(Fichier.objects.create(page=page))
    root = Path(version.file.storage.location)
    before = {path for path in root.rglob("*") if path.is_file()}
    make_lot(distribution.agent_a, page)
    fetch(open_session(distribution.agent_a), f"{PAGE}{Lot.objects.get().pk}/archive.zip")
    assert {path for path in root.rglob("*") if path.is_file()} == before
