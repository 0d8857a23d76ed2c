"""The files of a sheet: how they are sent, to whom, and the log of who took them."""

import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from ressources.enums import Examen
from ressources.models import Fichier, Reprise, Telechargement, VersionFichier
from tests.distribution import Distribution
from tests.ressources.factories import PDF, fetch, make_ressource, make_version
from tests.sessions import open_session


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def test_a_file_is_sent_under_its_name_and_logged_once_a_day(client: Client, distribution: Distribution) -> None:
    page = make_ressource()
    version = VersionFichier.objects.get(fichier__page=page)
    for _ in range(3):
        response = fetch(client, version.get_absolute_url())
    assert response.data.startswith(b"%PDF")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "modele.pdf" in response["Content-Disposition"]
    assert response["ETag"] == f'"{version.sha256}"'
    row = Telechargement.objects.get()
    assert (row.version, row.agent, row.collectivite) == (version, distribution.agent_a, distribution.a)
    Telechargement.objects.update(jour=timezone.localdate() - timedelta(days=1))
    fetch(client, version.get_absolute_url())
    assert Telechargement.objects.count() == 2


@pytest.mark.parametrize(
    ("headers", "status", "copies"),
    [
        ({"Range": "bytes=100-"}, 206, 0),
        ({"Range": "bytes=-50"}, 206, 0),
        ({"Range": "bytes=0-50"}, 206, 1),
        ({"Range": "bytes=99999999-"}, 416, 0),
        ({}, 200, 1),
    ],
)
def test_only_the_beginning_of_a_file_is_a_copy(
    headers: dict, status: int, copies: int, client: Client, distribution: Distribution
) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    assert fetch(client, version.get_absolute_url(), headers=headers).status_code == status
    assert Telechargement.objects.count() == copies


def test_what_is_known_or_only_asked_about_is_no_copy(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    assert client.head(version.get_absolute_url()).status_code == 200
    known = fetch(client, version.get_absolute_url(), headers={"If-None-Match": f'"{version.sha256}"'})
    assert known.status_code == 304
    assert Telechargement.objects.count() == 0


def test_a_copy_is_for_the_commune_for_which_one_acts(distribution: Distribution) -> None:
    client = open_session(distribution.partage_ab)
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    fetch(client, version.get_absolute_url())
    poste = next(p for p in distribution.partage_ab.postes_en_cours if p.collectivite == distribution.b)
    session = client.session
    session["poste"] = poste.pk
    session.save()
    fetch(client, version.get_absolute_url())
    assert {row.collectivite for row in Telechargement.objects.all()} == {distribution.a, distribution.b}


def test_an_old_name_leads_to_the_present_one(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    response = client.get(f"/ressources/fichiers/{version.pk}/ancien.pdf")
    assert response["Location"] == version.get_absolute_url()


def test_what_the_antivirus_has_not_cleared_is_given_to_nobody(distribution: Distribution) -> None:
    page = make_ressource(fichiers=0, owner=distribution.agent_a)
    held = make_version(Fichier.objects.create(page=page), examen=Examen.EN_ATTENTE)
    for agent in (distribution.agent_a, distribution.responsable, distribution.administrateur):
        assert open_session(agent).get(held.get_absolute_url()).status_code == 404


def test_a_lost_file_is_not_found(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    Path(version.file.path).unlink()
    assert client.get(version.get_absolute_url()).status_code == 404


def test_the_log_tells_communes_and_nobody(distribution: Distribution) -> None:
    page = make_ressource(collectivite=distribution.a, owner=distribution.agent_a)
    version = VersionFichier.objects.get(fichier__page=page)
    fetch(open_session(distribution.secretaire_b), version.get_absolute_url())
    html = open_session(distribution.agent_a).get(f"/ressources/{page.pk}/telechargements/").content.decode()
    main = html[html.index("<main") :]
    assert "Bourg" in main
    assert "Simone" not in main
    assert open_session(distribution.secretaire_b).get(f"/ressources/{page.pk}/telechargements/").status_code == 403
    page.live = False
    page.save()
    assert open_session(distribution.secretaire_b).get(f"/ressources/{page.pk}/telechargements/").status_code == 404


def test_the_log_tells_the_last_version_of_each(distribution: Distribution) -> None:
    page = make_ressource(owner=distribution.agent_a)
    fichier = page.fichiers.get()
    reader = open_session(distribution.secretaire_b)
    fetch(reader, fichier.versions.get().get_absolute_url())
    client = open_session(distribution.agent_a)
    assert "actuelle" in client.get(f"/ressources/{page.pk}/telechargements/").content.decode()
    make_version(fichier)
    assert "dépassée" in client.get(f"/ressources/{page.pk}/telechargements/").content.decode()


def test_an_act_is_for_the_readers_of_the_sheet(distribution: Distribution) -> None:
    page = make_ressource(diffusion=[code_collectivite(distribution.a.pk)], collectivite=distribution.a)
    reprise = Reprise.objects.create(
        page=page,
        collectivite=distribution.a,
        agent=distribution.agent_a,
        acte=ContentFile(PDF, "x.pdf"),
        acte_nom="Délibération.pdf",
    )
    url = f"/ressources/actes/{reprise.pk}/"
    assert fetch(open_session(distribution.agent_a), url).data == PDF
    assert open_session(distribution.secretaire_b).get(url).status_code == 404


def test_a_large_file_is_never_whole_in_memory(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    with Path(version.file.path).open("r+b") as large:
        large.truncate(30_000_000)
    fetch(client, version.get_absolute_url())
    tracemalloc.start()
    try:
        response = client.get(version.get_absolute_url())
        received = sum(map(len, response.streaming_content))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert received == 30_000_000
    assert most < 3_000_000
