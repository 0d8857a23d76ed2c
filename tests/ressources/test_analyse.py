"""Reading versions behind the page: texts, scans, the antivirus; what fails leaves the document usable."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from collectivites.diffusion import code_collectivite
from extranet.lib.extraction.lecture import COUPE
from extranet.lib.uploads.archives import EICAR
from notifications.models import Notification
from ressources import analyse as module
from ressources import depots
from ressources.analyse import analyse, pending
from ressources.enums import Analyse, EtatDepot, Examen, StatutVersion
from ressources.models import Depot, Fichier, RessourcePage, VersionFichier
from ressources.permissions import can_read_version
from ressources.soumission import contents
from ressources.tasks import analyser_versions, request_pending
from ressources.versions import Contenu, add_version, publish_version
from search.models import SearchEntry
from tests.distribution import Distribution
from tests.fichiers.bureau import docx, paragraph
from tests.fichiers.clamd import clamd
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

WORDS = "Les concessions quinquennales du columbarium"


@pytest.fixture
def fichier() -> Fichier:
    return make_ressource("Règlement", fichiers=0).fichiers.create()


def waiting(fichier: Fichier, contenu: bytes = b"", nom: str = "modele.docx", **fields: object) -> VersionFichier:
    fields.setdefault("analyse", Analyse.EN_ATTENTE)
    version = make_version(fichier, contenu=contenu or docx(paragraph(WORDS)), nom=nom)
    VersionFichier.objects.filter(pk=version.pk).update(**fields)
    version.refresh_from_db()
    return version


def texte_of(version: VersionFichier) -> str:
    return SearchEntry.objects.get(kind="ressource", objet=version.fichier.page_id).texte


def test_read_and_found(fichier: Fichier):
    version = waiting(fichier)
    assert "quinquennales" not in texte_of(version)
    analyse(version)
    version.refresh_from_db()
    assert version.analyse == Analyse.LU
    assert WORDS in version.texte
    assert "quinquennales" in texte_of(version)


def test_a_reading_that_fails_leaves_the_document_usable(fichier: Fichier, distribution: Distribution):
    version = waiting(fichier, b"PK\x03\x04 ce n'est pas un document" * 9)
    analyse(version)
    version.refresh_from_db()
    assert version.analyse == Analyse.NON_LU
    assert version.analyse_motif
    assert can_read_version(distribution.agent_a, version)
    assert not pending().exists()


def test_a_second_reading_that_fails_takes_nothing_away(fichier: Fichier, monkeypatch: pytest.MonkeyPatch):
    version = waiting(fichier)
    analyse(version)
    version.refresh_from_db()
    monkeypatch.setattr(module, "read_text", lambda *a, **k: module.Lecture("non_lu", motif="Trop long."))
    analyse(version)
    version.refresh_from_db()
    assert version.analyse == Analyse.LU
    assert WORDS in version.texte


def test_what_was_cut_short_in_front_of_its_sender_is_read_to_its_end(
    fichier: Fichier, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In part at once, which proposes and is sent; in whole behind the page; a second failure leaves the part."""
    cut = module.Lecture("partiel", "Les concessions du début", 900, motif=COUPE)
    monkeypatch.setattr(depots, "read_text", lambda *a, **k: cut)
    depot = Depot.objects.create(auteur=distribution.responsable, collectivite=distribution.a)
    line = depots.receive_file(depot, ContentFile(docx(paragraph(WORDS)), "long.docx"))
    assert (line.etat, line.analyse) == (EtatDepot.PRET, Analyse.EN_ATTENTE)
    with line.file.open("rb") as content:
        version = add_version(fichier, contents(line, content), auteur=depot.auteur, collectivite=depot.collectivite)
    assert (version.texte, list(pending())) == ("Les concessions du début", [version])
    monkeypatch.setattr(module, "read_text", lambda *a, **k: module.Lecture("non_lu", motif="Trop long."))
    analyse(version)
    version.refresh_from_db()
    assert (version.analyse, version.texte) == (Analyse.PARTIEL, "Les concessions du début")
    monkeypatch.undo()
    VersionFichier.objects.update(analyse=Analyse.EN_ATTENTE)
    version.refresh_from_db()
    analyse(version)
    version.refresh_from_db()
    assert version.analyse == Analyse.LU
    assert WORDS in version.texte


def test_a_file_that_has_disappeared_is_told(fichier: Fichier):
    version = waiting(fichier)
    version.file.storage.delete(version.file.name)
    analyse(version)
    version.refresh_from_db()
    assert version.analyse == Analyse.NON_LU
    assert "n’est plus dans le stockage" in version.analyse_motif


def test_a_scan_is_recognised_when_the_machine_can(fichier: Fichier, monkeypatch: pytest.MonkeyPatch):
    version = waiting(fichier, nom="scan.pdf", contenu=b"%PDF-1.7 " + bytes(99))
    scanned = module.Lecture("numerise", pages=2, motif="Numérisé.")
    monkeypatch.setattr(module, "read_text", lambda *a, **k: scanned)
    monkeypatch.setattr(module, "is_recognition_ready", lambda: False)
    assert analyse(version).analyse == Analyse.NUMERISE
    monkeypatch.setattr(module, "is_recognition_ready", lambda: True)
    monkeypatch.setattr(module, "recognise", lambda path: module.Lecture("ok", "Délibération du conseil", 2))
    assert analyse(version).analyse == Analyse.RECONNU
    assert "Délibération du conseil" in texte_of(version)
    monkeypatch.setattr(module, "recognise", lambda path: module.Lecture("non_lu"))
    version.refresh_from_db()
    assert analyse(version).analyse == Analyse.NUMERISE


def new_version(fichier: Fichier, cast: Distribution, contenu: bytes, nom: str = "a.docx") -> VersionFichier:
    sha = module.VersionFichier._meta.get_field("sha256").max_length * "a"
    content = Contenu(ContentFile(contenu, nom), nom, sha, len(contenu), nom.rpartition(".")[2])
    version = add_version(fichier, content, auteur=cast.agent_a, collectivite=cast.a)
    return publish_version(version, par=cast.responsable)


class TestAntivirus:
    def test_off_nothing_waits(self, fichier: Fichier, distribution: Distribution):
        version = new_version(fichier, distribution, docx(paragraph(WORDS)))
        assert version.examen == Examen.SANS
        assert can_read_version(distribution.agent_a, version)

    def test_on_a_new_file_waits_until_it_is_clean(
        self, fichier: Fichier, distribution: Distribution, settings: Settings
    ):
        older = make_version(fichier)
        with clamd() as (settings.CLAMD_ADDRESS, _):
            version = new_version(fichier, distribution, docx(paragraph(WORDS)))
            assert version.examen == Examen.EN_ATTENTE
            assert not can_read_version(distribution.responsable, version)
            assert can_read_version(distribution.agent_a, older)
            assert VersionFichier.objects.current().get() == older
            analyse(version)
        version = VersionFichier.objects.current().get()
        assert version.examen == Examen.SAIN
        assert can_read_version(distribution.agent_a, version)
        assert "quinquennales" in texte_of(version)

    def test_away_it_waits_and_its_text_is_read(self, fichier: Fichier, distribution: Distribution, settings: Settings):
        settings.CLAMD_ADDRESS = "127.0.0.1:9"
        version = new_version(fichier, distribution, docx(paragraph(WORDS)))
        analyse(version)
        version.refresh_from_db()
        assert (version.examen, version.analyse) == (Examen.EN_ATTENTE, Analyse.LU)
        assert "quinquennales" not in texte_of(version)
        assert list(pending()) == [version]

    def test_infected_is_given_to_nobody_and_told_once(
        self, fichier: Fichier, distribution: Distribution, settings: Settings
    ):
        with clamd() as (settings.CLAMD_ADDRESS, _):
            version = new_version(fichier, distribution, EICAR, "a.txt")
            for _ in range(2):
                analyse(version)
                version.refresh_from_db()
        assert version.examen == Examen.INFECTE
        for agent in (distribution.agent_a, distribution.responsable, distribution.administrateur):
            assert not can_read_version(agent, version)
        told = Notification.objects.filter(sorte="document_en_quarantaine")
        assert set(told.values_list("destinataire__slug", flat=True)) == {"alain-aval", "rachel-agglo"}
        assert told.count() == 2
        assert not pending().exists()

    def test_whoever_took_an_infected_file_is_told_once(
        self, fichier: Fichier, distribution: Distribution, settings: Settings
    ):
        """Found later, by fresher signatures; of readers who lost the sheet since, by the file that they have."""
        version = waiting(fichier, EICAR, nom="a.txt", statut=StatutVersion.PUBLIEE)
        for agent in (distribution.elue_b, distribution.responsable, distribution.sans_poste):
            version.telechargements.create(agent=agent, collectivite=distribution.b)
        RessourcePage.objects.update(diffusion=[code_collectivite(distribution.a.pk)], title="Un nouveau titre")
        with clamd() as (settings.CLAMD_ADDRESS, _):
            for _ in range(2):
                analyse(version)
                version.refresh_from_db()
        told = Notification.objects.filter(titre__startswith="Un virus est dans votre copie").get()
        assert told.destinataire == distribution.elue_b
        assert told.titre.endswith("«\u00a0a.txt\u00a0»")
        assert "Un nouveau titre" not in f"{told.titre} {told.texte} {told.url}"

    def test_a_signature_that_the_reader_meets_is_enough(self, fichier: Fichier, monkeypatch: pytest.MonkeyPatch):
        seen = module.Lecture("refuse", motif="Un virus.", dangers=("virus",))
        monkeypatch.setattr(module, "read_text", lambda *a, **k: seen)
        version = waiting(fichier)
        assert analyse(version).examen == Examen.INFECTE
        assert not VersionFichier.objects.current().exists()


class TestBehindThePage:
    def test_asked_once(self, fichier: Fichier):
        assert not request_pending()
        waiting(fichier)
        assert request_pending()
        assert not request_pending()
        assert DBTaskResult.objects.count() == 1

    def test_the_task_reads_what_waits(self, fichier: Fichier):
        waiting(fichier)
        waiting(fichier, analyse=Analyse.NON_LU)
        assert analyser_versions.call() == 1
        assert sorted(VersionFichier.objects.values_list("analyse", flat=True)) == [Analyse.LU, Analyse.NON_LU]

    @pytest.mark.parametrize(
        ("options", "number"), [([], 1), (["--non-lus"], 2), (["--numerises"], 2), (["--tout"], 4)]
    )
    def test_the_command(self, options: list[str], number: int, fichier: Fichier, capsys: pytest.CaptureFixture):
        for state in (Analyse.EN_ATTENTE, Analyse.NON_LU, Analyse.NUMERISE, Analyse.LU):
            waiting(fichier, docx(paragraph(f"{WORDS} {state}")), analyse=state, statut=StatutVersion.PUBLIEE)
        out = io.StringIO()
        call_command("analyser_documents", *options, stdout=out, stderr=io.StringIO())
        assert out.getvalue().startswith(f"{number} documents lus. {number} texte lu.")

    def test_the_command_names_what_could_not_be_read(self, fichier: Fichier, tmp_path: Path):
        waiting(fichier, b"PK\x03\x04 rien de bon" * 9, nom="casse.docx")
        out = io.StringIO()
        call_command("analyser_documents", stdout=out)
        assert "(casse.docx) : texte non lu" in out.getvalue().replace("\u00a0", " ")


def test_asked_again_by_who_may_change_the_sheet(fichier: Fichier, distribution: Distribution):
    version = waiting(fichier, analyse=Analyse.NON_LU, analyse_motif="Trop long.")
    url = f"/ressources/versions/{version.pk}/relire/"
    assert (
        open_session(distribution.agent_a).post(url, {"cle_unique": key_for(distribution.agent_a)}).status_code == 404
    )
    page = open_session(distribution.responsable).get(fichier.page.url).content.decode()
    assert "Lire à nouveau" in page
    sent = {"cle_unique": key_for(distribution.responsable)}
    assert open_session(distribution.responsable).post(url, sent).status_code == 302
    # Opening the sheet asks for its pictures too, where LibreOffice stands.
    assert DBTaskResult.objects.filter(task_path=analyser_versions.module_path).count() == 1
    analyser_versions.call()
    version.refresh_from_db()
    assert version.analyse == Analyse.LU
