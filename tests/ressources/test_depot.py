"""Depositing: a verdict a file, nothing left of what is refused, proposals, twins, and the documents made."""

import errno
import re
from unittest.mock import patch

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collectivites.diffusion import TOUTES
from extranet.lib.extraction import Lecture
from ressources import depots
from ressources.enums import Analyse, EtatDepot, StatutVersion
from ressources.models import Depot, FichierDepose, RessourcePage, VersionFichier
from ressources.tasks import lire_depose
from tests.distribution import Distribution
from tests.fichiers import bureau, documents, mauvais
from tests.ressources.deposes import Deposant, bytes_of, files_on_disk, reglement
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def alain(distribution: Distribution) -> Deposant:
    return Deposant(open_session(distribution.agent_a))


def plain(html: bytes) -> str:
    return html.decode().replace("\u00a0", " ")


def test_one_document_is_sent_with_one_file_and_one_click(distribution: Distribution, alain: Deposant) -> None:
    """Title, theme and type come from its words: nothing is left to fill."""
    assert alain.drop("reglement.pdf", reglement()).status_code == 200
    line = alain.lines[0]
    assert (line.etat, line.titre_propose, line.pages) == ("pret", "Règlement de la salle des fêtes", 1)
    assert line.theme_propose.slug == "vie-associative"
    asked = alain.answers()
    asked[f"f{line.pk}-type"] = asked[f"f{line.pk}-type"] or line.type_propose or "1"
    response = alain.client.post(alain.page, asked)
    assert response.status_code == 302, response.context["fautes"]
    page = RessourcePage.objects.get(title="Règlement de la salle des fêtes")
    version = VersionFichier.objects.get(fichier__page=page)
    assert (page.live, page.workflow_in_progress, page.owner) == (False, True, distribution.agent_a)
    assert page.slug == "reglement-de-la-salle-des-fetes"
    assert page.diffusion == [TOUTES]
    assert (version.statut, version.analyse) == (StatutVersion.A_RELIRE, Analyse.LU)
    assert bytes_of(version.file) == reglement()
    assert page.a_verifier_avant > timezone.localdate()


def test_it_is_read_again_within_ten_years(alain: Deposant) -> None:
    alain.drop("reglement.pdf", reglement())
    refused = alain.send(a_verifier_avant="9999-12-31")
    assert "Cette date est dans plus de dix ans." in plain(refused.content)
    assert not RessourcePage.objects.exists()


def test_what_is_sent_leaves_nothing_in_the_deposit(alain: Deposant) -> None:
    before = files_on_disk()
    alain.drop("reglement.pdf", reglement())
    with patch("django.db.transaction.on_commit", lambda act, **_: act()):
        assert alain.send(**{f"f{alain.lines[0].pk}-type": "1"}).status_code == 302
    assert [name.split("/")[0] for name in files_on_disk() - before] == ["ressources"]
    assert not FichierDepose.objects.exists()


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [(one.nom, one.contenu, one.phrase) for one in mauvais.BAD if one.numero not in {2, 10, 17, 18, 19}],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_a_refused_file_says_why_and_leaves_nothing(alain: Deposant, nom: str, contenu: object, phrase: str) -> None:
    before = files_on_disk()
    html = plain(alain.drop(nom if nom.strip(" .") else "x" + nom, contenu()).content)
    if nom.strip(" ."):
        assert phrase.split(".")[0] in html or "dans « word" in html
    assert "Refusé" in html
    assert files_on_disk() == before
    line = alain.lines[0]
    assert (line.etat, bool(line.motif), line.file.name) == ("refuse", True, "")


def test_an_upload_cut_on_its_way_leaves_nothing(alain: Deposant) -> None:
    before = files_on_disk()
    html = plain(alain.drop("reglement.pdf", reglement(), whole=False).content)
    assert "s’est interrompu : rien n’en a été gardé" in html
    assert files_on_disk() == before


def test_a_full_disk_says_so_and_writes_nothing_half(alain: Deposant) -> None:
    """The disk takes the beginning, then refuses."""

    def half(storage: FileSystemStorage, name: str, content: object) -> str:
        path = FileSystemStorage.path(storage, name)
        with open(path, "wb") as half_written:
            half_written.write(b"%PDF")
        raise OSError(errno.ENOSPC, "No space left on device")

    Deposant(alain.client).drop("premier.pdf", reglement())
    before = files_on_disk()
    with patch.object(FileSystemStorage, "_save", half):
        html = plain(alain.drop("reglement.pdf", reglement(" ")).content)
    assert "Le disque du serveur est plein : « reglement.pdf » n’a pas été enregistré" in html
    assert files_on_disk() == before


def test_a_full_disk_while_the_file_arrives_says_so(alain: Deposant) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with patch("django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", full):
        html = plain(alain.drop("gros.pdf", reglement().ljust(3_000_000)).content)
    assert "Le disque du serveur est plein" in html


def test_a_request_too_heavy_is_thrown_away(alain: Deposant) -> None:
    before = files_on_disk()
    with patch("extranet.lib.uploads.reception.MAX_REQUEST", 2_900_000):
        html = plain(alain.drop("gros.pdf", reglement().ljust(3_000_000)).content)
    assert "Cet envoi dépasse 250 Mo" in html
    assert files_on_disk() == before


def test_an_archive_gives_a_line_a_file(alain: Deposant) -> None:
    packed = mauvais.archive(**{"a/Règlement.pdf": reglement(), "outil.exe": b"MZ", "note.txt": b"Note de service"})
    html = plain(alain.drop("tout.zip", packed).content)
    assert [(line.nom, line.etat) for line in alain.lines] == [
        ("Règlement.pdf", "pret"),
        ("outil.exe", "refuse"),
        ("note.txt", "pret"),
    ]
    assert "3 fichiers déposés" in html
    assert "2 prêts, 1 refusé" in html


def test_a_photo_is_encoded_again(alain: Deposant) -> None:
    alain.drop("IMG_2041.jpg", documents.phone_photo())
    line = alain.lines[0]
    assert (line.etat, line.analyse, line.titre_propose) == ("pret", Analyse.SANS_TEXTE, "")
    assert line.type_propose.slug == "photo"
    assert b"GPS" not in bytes_of(line.file)
    assert "titre et le thème" not in line.motif


def test_the_same_file_twice_is_one_line(alain: Deposant) -> None:
    alain.drop("reglement.pdf", reglement())
    html = plain(alain.drop("copie.pdf", reglement()).content)
    assert "« copie.pdf » est déjà dans ce dépôt, sous le nom « reglement.pdf »" in html
    assert [line.etat for line in alain.lines] == [EtatDepot.PRET, EtatDepot.REFUSE]


def test_without_script_the_page_comes_back(alain: Deposant) -> None:
    response = alain.drop("reglement.pdf", reglement(), script=False)
    assert response.status_code == 302
    assert "reglement.pdf" in alain.client.get(response["Location"]).content.decode()


def test_a_file_long_to_read_is_read_behind_the_page(alain: Deposant) -> None:
    """The page asks again; the task reads; what was read is proposed."""
    with patch.object(depots, "read_text", return_value=Lecture("non_lu", motif="Trop long.")):
        html = alain.drop("reglement.pdf", reglement()).content.decode()
    line = alain.lines[0]
    again = reverse("ressources:fichier_detail", args=[alain.key, line.pk])
    assert line.etat == EtatDepot.LECTURE
    assert f'hx-get="{again}"' in html
    assert alain.client.get(again, headers={"HX-Request": "true"}).status_code == 204
    refused = alain.client.post(alain.page, alain.answers())
    assert "La lecture d’un fichier n’est pas finie" in refused.content.decode()
    assert lire_depose.func(line.pk) == EtatDepot.PRET
    answer = alain.client.get(again, headers={"HX-Request": "true"}).content.decode()
    assert "Règlement de la salle des fêtes" in answer
    assert f'id="pli-{line.pk}"' in answer


def test_a_danger_found_behind_the_page_takes_the_file_away(
    alain: Deposant, django_capture_on_commit_callbacks: object
) -> None:
    before = files_on_disk()
    with patch.object(depots, "read_text", return_value=Lecture("non_lu")):
        alain.drop("a.pdf", documents.changed("javascript"))
    with django_capture_on_commit_callbacks(execute=True):
        lire_depose.func(alain.lines[0].pk)
    assert alain.lines[0].etat == EtatDepot.REFUSE
    assert "JavaScript" in alain.lines[0].motif
    assert files_on_disk() == before


def test_nobody_waits_for_ever(alain: Deposant) -> None:
    """When nothing reads behind the page, the document is taken without its text."""
    with patch.object(depots, "read_text", return_value=Lecture("non_lu")):
        alain.drop("reglement.pdf", reglement())
    Depot.objects.update(created_at=timezone.now() - timezone.timedelta(minutes=11))
    html = alain.client.get(alain.page).content.decode()
    assert "Prêt, mais non lu" in html
    assert alain.lines[0].analyse == Analyse.NON_LU


def test_a_removed_file_is_gone(alain: Deposant, django_capture_on_commit_callbacks: object) -> None:
    before = files_on_disk()
    alain.drop("reglement.pdf", reglement())
    url = reverse("ressources:fichier_remove", args=[alain.key, alain.lines[0].pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert alain.client.post(url, headers={"HX-Request": "true"}).status_code == 200
    assert not alain.lines
    assert files_on_disk() == before
    assert alain.client.post(url).status_code == 302


def test_a_refused_file_leaves_without_a_fold_that_the_page_never_had(alain: Deposant) -> None:
    alain.drop("virus.exe", b"MZ\x90\x00" * 200)
    alain.drop("reglement.pdf", reglement())
    refused, good = alain.lines
    assert refused.etat == EtatDepot.REFUSE
    for line, told in ((refused, False), (good, True)):
        url = reverse("ressources:fichier_remove", args=[alain.key, line.pk])
        html = alain.client.post(url, headers={"HX-Request": "true"}).content.decode()
        assert (f'id="pli-{line.pk}"' in html) == told


class TestOthers:
    def test_the_deposit_of_somebody_else_does_not_exist(self, distribution: Distribution, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        line = alain.lines[0]
        thief = Deposant(open_session(distribution.secretaire_a), alain.key)
        assert thief.client.get(thief.page).status_code == 404
        assert thief.drop("a.pdf", reglement()).status_code == 404
        for name, post in (("fichier_detail", False), ("fichier_remove", True)):
            url = reverse(f"ressources:{name}", args=[alain.key, line.pk])
            assert (thief.client.post(url) if post else thief.client.get(url)).status_code == 404
        assert alain.lines == [line]

    def test_without_a_poste_nobody_deposits(self, distribution: Distribution) -> None:
        gone = Deposant(open_session(distribution.sans_poste))
        assert gone.client.get(reverse("ressources:deposer")).status_code == 403
        assert gone.drop("a.pdf", reglement()).status_code == 403
        assert not Depot.objects.exists()

    def test_an_anonymous_visitor_is_sent_to_the_door(self, db: None) -> None:
        assert Deposant(Client()).drop("a.pdf", reglement()).status_code == 200  # told where to go by a header
        assert not Depot.objects.exists()

    def test_what_was_begun_comes_back(self, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        assert alain.client.get(reverse("ressources:deposer"))["Location"] == alain.page


def test_a_docx_proposes_too(alain: Deposant) -> None:
    body = bureau.paragraph("Arrêté portant fermeture du cimetière la nuit", "Titre1") + bureau.paragraph(
        "Le maire arrête : les concessions funéraires et le cimetière sont fermés à la tombée de la nuit."
    )
    alain.drop("arrete-fermeture-cimetiere.docx", bureau.docx(body))
    line = alain.lines[0]
    assert (line.etat, line.theme_propose.slug) == ("pret", "funeraire")
    assert re.match("Arrêté portant fermeture", line.titre_propose)
