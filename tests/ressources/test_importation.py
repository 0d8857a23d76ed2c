"""Bulk import: a report by file, nothing written before it is asked, and what was announced is there."""

import hashlib
import io
from itertools import count
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from collectivites.diffusion import ELUS, TOUTES, code_collectivite
from ressources import importation
from ressources.enums import StatutVersion
from ressources.models import Depot, Photo, RessourcePage, VersionFichier
from ressources.models.photo import ACCORD_REQUIS
from tests.distribution import Distribution
from tests.fichiers import documents, mauvais
from tests.ressources.deposes import bytes_of, files_on_disk, reglement
from tests.ressources.factories import picture
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

TITLES = ["Fichier", "Titre", "Thème", "Type", "Commune", "Visible par", "À vérifier avant le"]


PHOTO_TITLES = ["Fichier", "Type", "Titre", "Thème", "Description", "Personnes", "Accord", "Accord jusqu’au", "Lieu"]
PHOTO_TITLES += ["Prise le", "À vérifier avant le"]


def table(*rows: list[str], titles: list[str] = TITLES) -> bytes:
    book = Workbook()
    for row in [titles, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ROWS = [
    ["reglement.pdf", "Règlement de la salle", "", "Guide", "Bourg", "Élus; Aval", "31/12/2027"],
    ["secret.pdf", "Offres", "Élections", "Guide"],
    ["absent.pdf", "Absent", "Élections", "Guide"],
]
PHOTOS = {"lavoir": (80, 60), "fete": (81, 60), "muette": (82, 60), "sans-accord": (83, 60)}
PHOTOS |= {"finie": (84, 60), "vide": (85, 60), "longue": (86, 60), "antique": (87, 60), "lointaine": (88, 60)}
FILES = {
    "lot/reglement.pdf": reglement(),
    "secret.pdf": documents.changed("mot de passe"),
    "sans-ligne.txt": b"Note",
}


def send(distribution: Distribution, *, button: str, rows: list | None = None, role: str = "responsable") -> object:
    sent = {
        "archive": SimpleUploadedFile("lot.zip", mauvais.archive(**FILES)),
        "tableau": SimpleUploadedFile("lot.xlsx", table(*(ROWS if rows is None else rows))),
        button: "1",
    }
    return open_session(getattr(distribution, role)).post(reverse("ressources:importer"), sent)


def found(response: object) -> dict[str, str]:
    return {one.fichier: str(one.etat) for one in response.context["resultats"]}


def test_looking_writes_nothing(distribution: Distribution, django_capture_on_commit_callbacks: object) -> None:
    before = files_on_disk()
    with django_capture_on_commit_callbacks(execute=True):
        response = send(distribution, button="verifier")
    assert found(response) == {
        "reglement.pdf": "prêt",
        "secret.pdf": "refusé",
        "sans-ligne.txt": "refusé",
        "absent.pdf": "refusé",
    }
    html = response.content.decode()
    assert "protégé par un mot de passe" in html
    assert "Aucune ligne du tableau ne le décrit" in html
    assert "n’est pas dans l’archive" in html
    assert (RessourcePage.objects.count(), Depot.objects.count()) == (0, 0)
    assert files_on_disk() == before


def test_what_is_taken_is_published_as_the_table_says(distribution: Distribution) -> None:
    assert found(send(distribution, button="importer"))["reglement.pdf"] == "importé"
    page = RessourcePage.objects.get()
    assert (page.live, page.title, page.collectivite) == (True, "Règlement de la salle", distribution.b)
    assert page.diffusion == [ELUS, code_collectivite(distribution.a.pk)]
    assert (page.theme.slug, page.type.slug) == ("vie-associative", "guide")
    assert page.a_verifier_avant.year == 2027
    version = VersionFichier.objects.get()
    assert version.statut == StatutVersion.PUBLIEE
    assert hashlib.sha256(bytes_of(version.file)).hexdigest() == version.sha256


def test_again_takes_nothing_twice(distribution: Distribution, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send(distribution, button="importer")
    before = files_on_disk()
    with django_capture_on_commit_callbacks(execute=True):
        assert found(send(distribution, button="importer"))["reglement.pdf"] == "déjà là"
    assert VersionFichier.objects.count() == 1
    assert files_on_disk() == before


def test_a_name_that_does_not_exist_is_told_with_its_line(distribution: Distribution) -> None:
    response = send(distribution, button="importer", rows=[["reglement.pdf", "Règlement", "Licornes", "Guide"]])
    html = response.content.decode().replace("\u00a0", " ")
    assert "Ligne 2 : « Licornes » n’est pas un thème de ce territoire" in html
    assert not RessourcePage.objects.exists()


def test_each_file_is_told_what_its_own_line_needs(distribution: Distribution) -> None:
    rows = [["LOT/reglement.pdf", "Règlement", "Licornes", "Guide"], ["secret.pdf", "Secret", "Licornes", "Guide"]]
    response = send(distribution, button="verifier", rows=rows)
    said = {one.fichier: one.phrase for one in response.context["resultats"]}
    assert said == {
        "reglement.pdf": "Sa ligne du tableau est à corriger. Corrigez-la, puis recommencez.",
        "secret.pdf": "Sa ligne du tableau est à corriger. Corrigez-la, puis recommencez.",
        "sans-ligne.txt": "Aucune ligne du tableau ne le décrit. Complétez le tableau, puis recommencez.",
    }


def test_a_photo_says_who_is_on_it(distribution: Distribution) -> None:
    """As from a deposit: nothing is published of people who were not asked."""
    named = {f"{name}.jpg": picture("teal", size, "JPEG") for name, size in PHOTOS.items()}
    begin = ["Photo", "Le lavoir", "Vie associative"]
    rows = [
        ["lavoir.jpg", *begin, "Le lavoir sous la neige", "Personne", "", "", "Place de l’Église"],
        ["fete.jpg", *begin, "La fête", "adultes d'accord", "Les six agents, par courriel", "31/12/9999"],
        ["muette.jpg", *begin, "Un banc", ""],
        ["sans-accord.jpg", *begin, "Deux agents", "Adultes d’accord"],
        ["finie.jpg", *begin, "Deux agents", "Adultes d’accord", "Les agents", "31/12/2020"],
        ["vide.jpg", *begin, "", "foule"],
        ["longue.jpg", *begin, "Le lavoir", "foule", "", "", "x" * 121],
        ["antique.jpg", *begin, "Le lavoir", "foule", "", "", "", "01/01/1800"],
        ["lointaine.jpg", *begin, "Le lavoir", "foule", "", "", "", "", "31/12/9999"],
    ]
    sent = {
        "archive": SimpleUploadedFile("lot.zip", mauvais.archive(**named)),
        "tableau": SimpleUploadedFile("lot.xlsx", table(*rows, titles=PHOTO_TITLES)),
        "importer": "1",
    }
    response = open_session(distribution.responsable).post(reverse("ressources:importer"), sent)
    said = {one.fichier: (str(one.etat), one.phrase) for one in response.context["resultats"]}
    assert {name: state for name, (state, _) in said.items() if state == "importé"}.keys() == {"lavoir.jpg", "fete.jpg"}
    assert said["muette.jpg"][1] == "Dites qui s’y reconnaît\u00a0: complétez sa ligne du tableau."
    assert said["sans-accord.jpg"][1] == ACCORD_REQUIS
    assert "déjà fini" in said["finie.jpg"][1]
    assert "Dites ce qu’on y voit" in said["vide.jpg"][1]
    assert said["longue.jpg"][1].startswith("Lieu\u00a0: 120 caractères au plus")
    assert said["antique.jpg"][1].startswith("Prise le\u00a0: la photographie date de 1826")
    assert said["lointaine.jpg"][1].startswith("À vérifier avant le\u00a0: cette date est dans plus de dix ans")
    kept = {one.description: one for one in Photo.objects.all()}
    assert {(one.personnes, one.lieu) for one in kept.values()} == {("aucune", "Place de l’Église"), ("accord", "")}
    assert kept["La fête"].accord_fin.year == 9999
    assert {page.credit for page in RessourcePage.objects.all()} == {distribution.epci.nom}


def test_an_unknown_answer_is_told_with_its_line(distribution: Distribution) -> None:
    rows = [["lavoir.jpg", "Photo", "Le lavoir", "Vie associative", "Le lavoir", "des gens"]]
    read = importation.read_table(io.BytesIO(table(*rows, titles=PHOTO_TITLES)))
    assert "«\u00a0mineurs, parents d’accord\u00a0»" in str(read.erreurs[0])


def test_two_lines_for_one_file_are_refused(distribution: Distribution) -> None:
    response = send(distribution, button="verifier", rows=[ROWS[0], ["LOT/Reglement.pdf", "Un autre"]])
    assert "figure deux fois" in response.content.decode()


@pytest.mark.parametrize("role", ["agent_a", "gestionnaire_a", "sans_poste"])
def test_it_is_for_the_responsables(distribution: Distribution, role: str) -> None:
    assert send(distribution, button="importer", role=role).status_code == 403
    assert not RessourcePage.objects.exists()


class TestCommand:
    @pytest.fixture
    def paths(self, tmp_path: Path) -> list[str]:
        (tmp_path / "lot.zip").write_bytes(mauvais.archive(**{"reglement.pdf": reglement()}))
        (tmp_path / "lot.xlsx").write_bytes(table(["reglement.pdf", "", "", "Guide"]))
        return [str(tmp_path / "lot.zip"), str(tmp_path / "lot.xlsx")]

    def test_it_looks_then_takes(
        self, distribution: Distribution, paths: list[str], capsys: pytest.CaptureFixture
    ) -> None:
        who = {"au_nom_de": distribution.responsable.email}
        call_command("importer_documents", *paths, **who)
        assert "Rien n’est encore écrit" in capsys.readouterr().out
        assert not RessourcePage.objects.exists()
        call_command("importer_documents", *paths, **who, appliquer=True)
        assert RessourcePage.objects.get().title == "Règlement de la salle des fêtes"
        assert RessourcePage.objects.get().diffusion == [TOUTES]
        assert hashlib.sha256(reglement()).hexdigest() in capsys.readouterr().out

    def test_it_is_for_the_responsables(self, distribution: Distribution, paths: list[str]) -> None:
        with pytest.raises(CommandError, match="responsable des ressources"):
            call_command("importer_documents", *paths, au_nom_de=distribution.agent_a.email)

    def test_a_missing_file_is_told(self, distribution: Distribution, paths: list[str]) -> None:
        with pytest.raises(CommandError, match="il n’existe pas à cet endroit"):
            call_command("importer_documents", paths[0], "/absent.xlsx", au_nom_de=distribution.responsable.email)

    @pytest.mark.parametrize("written", [True, False], ids=["après l’écriture", "avant"])
    def test_killed_in_the_middle_it_is_finished_without_doubles(
        self,
        written: bool,
        distribution: Distribution,
        tmp_path: Path,
        capsys: pytest.CaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Nothing is tidied, as by kill -9: the third file is written and not announced, or its deposit is left."""
        contents = {f"note-{n}.txt": f"Note {n} du conseil.".encode() for n in range(4)}
        (tmp_path / "lot.zip").write_bytes(mauvais.archive(**contents))
        (tmp_path / "lot.xlsx").write_bytes(table(*([nom, nom[:-4], "Élections", "Guide"] for nom in contents)))
        paths = str(tmp_path / "lot.zip"), str(tmp_path / "lot.xlsx")
        options = {"au_nom_de": distribution.responsable.email, "appliquer": True}
        ranks, send_one = count(1), importation.send

        def dies_at_the_third(*args: object) -> object:
            if (rank := next(ranks)) < 3:
                return send_one(*args)
            if written and rank == 3:
                send_one(*args)
            raise SystemExit(9)

        with monkeypatch.context() as patched:
            patched.setattr(importation, "send", dies_at_the_third)
            patched.setattr(importation, "_forget", lambda depot: None)
            with pytest.raises(SystemExit):
                call_command("importer_documents", *paths, **options)
        announced = [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()]
        assert len(announced) == 2
        assert all(is_kept(sha256) for sha256 in announced)
        call_command("importer_documents", *paths, **options)
        said = capsys.readouterr().out
        assert said.count("déjà là") == (3 if written else 2)
        assert VersionFichier.objects.count() == RessourcePage.objects.count() == len(contents)
        assert all(is_kept(hashlib.sha256(content).hexdigest()) for content in contents.values())


def is_kept(sha256: str) -> bool:
    return hashlib.sha256(bytes_of(VersionFichier.objects.get(sha256=sha256).file)).hexdigest() == sha256
