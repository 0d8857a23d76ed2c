"""The page of the import: read line by line, nothing is written before it is asked, and the file is soon forgotten."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from annuaire.models import ImportAgents
from annuaire.tenir import importation
from collectivites.importation.agents import import_agents
from collectivites.models import Agent, EntreeJournal, Poste
from tests.annuaire.invites import key_of
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
URL = reverse("annuaire:import_create")
TITLES = "Nom;Prénom;Commune;Fonction;Courriel;Téléphone;Gestionnaire"
JOB = "Essai secretaire"


def sheet(*lines: str, titles: str = TITLES, encoding: str = "utf-8", name: str = "agents.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([titles, *lines]).encode(encoding))


def send(client: Client, file: SimpleUploadedFile, url: str = URL):
    return client.post(url, {"fichier": file, "cle_unique": key_of(client, url)})


def deposit(client: Client, *lines: str) -> ImportAgents:
    response = send(client, sheet(*lines))
    assert response.status_code == 302, response.context["form"].errors
    return ImportAgents.objects.latest("pk")


def page(kept: ImportAgents) -> str:
    return reverse("annuaire:import_detail", args=[kept.pk])


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def press_import(client: Client, kept: ImportAgents, **more: str):
    shown = client.get(page(kept)).context["apercu"].empreinte
    fields = {"importer": "1", "empreinte": shown, "cle_unique": key_of(client, page(kept)), **more}
    return client.post(page(kept), fields, follow=True)


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def test_seen_line_by_line_then_written_and_forgotten(
    client: Client, distribution: Distribution, django_capture_on_commit_callbacks
):
    kept = deposit(client, f"Neuve;Nora;Aval;{JOB};nora@aval.example;;", f"Aval;Sylvie;Aval;{JOB};;0384000001;")
    held = Path(kept.fichier.path)
    shown = words(client.get(page(kept)))
    assert "Rien n’est encore écrit." in shown
    assert "Nora Neuve" in shown
    assert "03 84 00 00 01" in shown
    assert not Agent.objects.filter(nom="Neuve").exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = press_import(client, kept)
    assert "C’est importé : 1 personne ajoutée, 1 fiche mise à jour." in words(response)
    assert Agent.objects.get(nom="Neuve").postes.get().collectivite == distribution.a
    assert EntreeJournal.objects.get(acte="agents.importes").agent == distribution.responsable
    assert not ImportAgents.objects.exists()
    assert not held.exists()


def test_lines_at_fault_are_named_and_given_back(client: Client):
    kept = deposit(
        client,
        f"Bonnot;Lise;Avall;{JOB};;;",
        f"=HYPERLINK(1);Anne;Aval;{JOB};;;",
        f"Bon;Luc;Aval;{JOB};g.morel@;;",
        f"Juste;Jean;Aval;{JOB};;;",
    )
    shown = words(client.get(page(kept)))
    for cause in ("« Avall » n’est pas une collectivité d’ici", "commence par « = »", "« g.morel@ » n’est pas une"):
        assert cause in shown
    assert "Trois lignes à corriger" in shown
    assert 'name="importer"' not in shown
    book = client.get(reverse("annuaire:import_errors", args=[kept.pk]))
    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert [row[0] for row in rows[1:]] == [2, 3, 4]
    assert rows[1][1] == "Lise Bonnot"
    assert "Écrivez par exemple « Aval »" in rows[1][3].replace("\u00a0", " ")
    forced = client.post(page(kept), {"importer": "1", "empreinte": "", "cle_unique": key_of(client, page(kept))})
    assert forced.status_code == 302
    assert not Agent.objects.filter(nom="Juste").exists()
    assert ImportAgents.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (sheet("a;b;c;d", titles="Truc;Machin;Chose;Bidule"), "Nom"),
        (sheet(f"Thévenin;Éric;Aval;{JOB}", titles="Nom;Prénom;Commune;Fonction", encoding="mac-roman"), "accents"),
        (sheet(*[f"N{n};P;Aval;{JOB};;;" for n in range(200_000)]), "20 000 lignes"),
        (SimpleUploadedFile("agents.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600), ".xls"),
        (SimpleUploadedFile("agents.csv", b""), "vide"),
        (SimpleUploadedFile("agents.csv", b"Nom;" + b"x" * (10 * 1024 * 1024)), "10 Mo"),
    ],
    ids=["titres", "accents", "200000", "ancien", "vide", "lourd"],
)
def test_files_that_cannot_be_read_are_refused_and_not_kept(client: Client, file: SimpleUploadedFile, said: str):
    file.seek(0)
    before = Agent.objects.count()
    response = send(client, file)
    assert response.status_code == 200
    (error,) = response.context["form"].errors["fichier"]
    assert said in error.replace("\u00a0", " ").replace("\u202f", " ")
    assert not ImportAgents.objects.exists()
    assert Agent.objects.count() == before


def test_a_namesake_is_decided_by_a_human_and_the_choice_outlives_the_correction(
    client: Client, distribution: Distribution, fonction
):
    PosteFactory(agent=AgentFactory(prenom="Martine", nom="Lambey"), collectivite=distribution.b, fonction=fonction)
    twin = "Lambey;Martine;Aval;Accueil;;;"
    kept = deposit(client, twin)
    assert "Ligne 2 : même nom" in words(client.get(page(kept)))
    fields = {"meme-2": "1", "choisir": "1", "cle_unique": key_of(client, page(kept))}
    client.post(page(kept), fields)
    url = f"{URL}?suite={kept.pk}"
    response = send(client, sheet(f"Autre;Une;Aval;{JOB};;;", twin), url)
    assert response.status_code == 302
    again = ImportAgents.objects.get()
    apercu = client.get(page(again)).context["apercu"]
    assert [(one.doublon.ligne, one.meme) for one in apercu.jumeaux] == [(3, True)]
    press_import(client, again, **{"meme-3": "1"})
    assert Agent.objects.get(nom="Lambey").postes.count() == 2


def test_without_a_choice_namesakes_are_two(client: Client, distribution: Distribution, fonction):
    PosteFactory(agent=AgentFactory(prenom="Martine", nom="Lambey"), collectivite=distribution.b, fonction=fonction)
    press_import(client, deposit(client, "Lambey;Martine;Aval;Accueil;;;"))
    assert Agent.objects.filter(nom="Lambey").count() == 2


def test_what_was_read_is_what_is_written(client: Client, distribution: Distribution):
    kept = deposit(client, f"Aval;Sylvie;Aval;{JOB};;0384000001;")
    shown = client.get(page(kept)).context["apercu"].empreinte
    Poste.objects.filter(agent=distribution.secretaire_a).update(telephone="03 84 99 99 99")
    key = key_of(client, page(kept))
    response = client.post(page(kept), {"importer": "1", "empreinte": shown, "cle_unique": key}, follow=True)
    assert "L’annuaire a changé depuis votre relecture" in words(response)
    assert Poste.objects.get(agent=distribution.secretaire_a).telephone == "03 84 99 99 99"


def test_the_admin_leads_there(distribution: Distribution):
    assert URL in words(open_session(distribution.responsable).get("/admin/"))


def test_the_file_is_for_whoever_sent_it(client: Client, distribution: Distribution):
    kept = deposit(client, f"Neuve;Nora;Aval;{JOB};;;")
    other = open_session(distribution.administrateur)
    assert other.get(page(kept)).status_code == 404
    assert other.get(reverse("annuaire:import_errors", args=[kept.pk])).status_code == 404
    assert other.post(reverse("annuaire:import_forget", args=[kept.pk])).status_code == 404
    refused = open_session(distribution.gestionnaire_a).get(URL)
    assert refused.status_code == 403
    assert "aux responsables de l’annuaire" in words(refused)


def test_a_file_that_is_lost_is_told(client: Client):
    """Swept while its page was open."""
    kept = deposit(client, f"Neuve;Nora;Aval;{JOB};;;")
    shown = client.get(page(kept)).context["apercu"].empreinte
    fields = {"importer": "1", "empreinte": shown, "cle_unique": key_of(client, page(kept))}
    kept.fichier.storage.delete(kept.fichier.name)
    assert "Ce fichier n’est plus là." in words(client.post(page(kept), fields, follow=True))
    assert not Agent.objects.filter(nom="Neuve").exists()


def test_left_alone_a_day_it_is_forgotten(client: Client, django_capture_on_commit_callbacks):
    kept = deposit(client, f"Neuve;Nora;Aval;{JOB};;;")
    assert importation.forget_stale() == 0
    ImportAgents.objects.update(depose_le=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert importation.forget_stale() == 1
    assert not Path(kept.fichier.path).exists()


def test_nobody_raises_their_own_rights_nor_those_of_a_mailbox_of_theirs(distribution: Distribution):
    boss, elue = distribution.responsable, distribution.elue_b
    Agent.objects.filter(pk=elue.pk).update(email=None)
    lines = [
        f"Agglo;Rachel;Grand Val;{JOB};;;oui",
        f"Agglo;Armand;Grand Val;{JOB};;0384000000;",
        f"Bourg;Elise;Bourg;{elue.postes.get().fonction.libelle};mine@essai.example;;",
    ]
    rapport = import_agents(io.BytesIO("\n".join([TITLES, *lines]).encode()), by=boss)
    assert rapport.lignes_fausses == [2, 3, 4]
    assert "votre propre poste" in rapport.erreurs[0].phrase
    assert "responsabilités" in rapport.erreurs[1].phrase
    assert "un mandat" in rapport.erreurs[2].phrase
    assert import_agents(io.BytesIO("\n".join([TITLES, *lines]).encode())).erreurs == []


def test_a_model_to_fill(client: Client, distribution: Distribution):
    book = client.get(f"{URL}?modele=1").content
    rapport = import_agents(io.BytesIO(book))
    assert rapport.total == 1
    assert rapport.ignorees == []
