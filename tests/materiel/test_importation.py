"""An inventory in a spreadsheet, looked at first; and the labels of what was posted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from materiel.enums import Mode
from materiel.models import Materiel, MaterielPage
from tests.distribution import Distribution
from tests.materiel.factories import make_materiel
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
TITLES = ["Nom", "Catégorie", "Combien", "Commune", "Numéro d’inventaire", "Accessoires", "Valeur de remplacement"]
ROWS = [
    ["Mini-pelle Kubota", "", "", "", "AV-001", "3 godets (450 €); Remorque", "38 000 €"],
    ["Barrières Vauban", "Sécurité", 80, "Aval", "", "", 45.5],
    ["Truc bleu", "", "", "", "", "", ""],
    ["Barnum", "Licorne", "", "", "", "", ""],
    ["Sono", "Fêtes et cérémonies", 0, "", "", "", ""],
    ["Chaises", "Salles", 50, "Bourg", "", "", ""],
    ["barrières vauban", "Sécurité", 10, "", "", "", ""],
]


def table(*rows: list) -> bytes:
    book = Workbook()
    for row in [TITLES, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(agent, *, button: str = "importer", rows: list | None = None, **more: str):
    sent = SimpleUploadedFile("inventaire.xlsx", table(*(ROWS if rows is None else rows)))
    return open_session(agent).post("/materiel/importer/", {"tableau": sent, button: "1", **more})


def found(response) -> dict[int, str]:
    return {one.numero: str(one.etat) for one in response.context["resultats"]}


def errors(response) -> dict[int, str]:
    return {one.numero: one.phrase.replace("\u00a0", " ") for one in response.context["erreurs"]}


def test_nothing_is_written_before_it_is_asked(distribution: Distribution):
    response = send(distribution.gestionnaire_a, button="verifier")
    assert found(response) == {2: "à créer", 3: "à créer", 4: "refusé", 8: "refusé"}
    assert set(errors(response)) == {5, 6, 7}
    assert "n’est pas une catégorie" in errors(response)[5]
    assert "nombre entre 1 et" in errors(response)[6]
    assert "« Bourg » n’est pas une collectivité dont vous gérez" in errors(response)[7]
    assert not MaterielPage.objects.exists()


def test_each_line_is_posted_with_what_its_category_answers(distribution: Distribution):
    response = send(distribution.gestionnaire_a)
    assert found(response)[2] == "importé"
    digger = Materiel.objects.get(inventaire="AV-001")
    assert (digger.categorie.code, digger.preavis_jours, digger.valeur_remplacement) == ("terrassement", 3, 38000)
    assert [(one.nombre, one.nom, one.valeur) for one in digger.accessoires.all()] == [
        (3, "godets", 450),
        (1, "Remorque", None),
    ]
    assert digger.habilitations.exists()
    lot = Materiel.objects.get(page__title="Barrières Vauban")
    assert (lot.stock, lot.mode, lot.collectivite, lot.page.live) == (80, Mode.LOT, distribution.a, True)
    again = send(distribution.gestionnaire_a)
    assert (found(again)[2], found(again)[3]) == ("déjà là", "déjà là")
    assert Materiel.objects.count() == 2


def test_a_responsable_imports_for_every_commune_and_may_keep_drafts(distribution: Distribution):
    send(distribution.responsable, rows=[["Chaises", "Salles", 50, "Bourg"]], brouillons="on")
    thing = Materiel.objects.get()
    assert (thing.collectivite, thing.page.live, thing.contact) == (distribution.b, False, None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 rien", b"Colonne;Autre\n1;2\n"])
def test_a_file_that_is_no_table_has_its_sentence(distribution: Distribution, content: bytes):
    sent = SimpleUploadedFile("inventaire.csv", content)
    response = open_session(distribution.gestionnaire_a).post("/materiel/importer/", {"tableau": sent, "importer": "1"})
    assert response.context["form"].errors["tableau"]
    assert response.status_code == 200


def test_the_model_has_the_columns_that_are_read(distribution: Distribution):
    response = open_session(distribution.gestionnaire_a).get("/materiel/importer/?modele=1")
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    sent = SimpleUploadedFile("modele.xlsx", response.content)
    assert rows[0][0] == "Nom"
    done = open_session(distribution.gestionnaire_a).post("/materiel/importer/", {"tableau": sent, "importer": "1"})
    assert (found(done), done.context["erreurs"], done.context["ignorees"]) == ({2: "importé"}, [], [])


def test_the_command_says_then_writes(distribution: Distribution, tmp_path, capsys):
    path = tmp_path / "inventaire.xlsx"
    path.write_bytes(table(*ROWS[:2]))
    asked = ["importer_materiels", str(path), "--au-nom-de", distribution.gestionnaire_a.email]
    call_command(*asked)
    assert not Materiel.objects.exists()
    assert "relancez avec --appliquer" in capsys.readouterr().out
    call_command(*asked, "--appliquer")
    assert Materiel.objects.count() == 2
    with pytest.raises(CommandError, match="gère du matériel"):
        call_command("importer_materiels", str(path), "--au-nom-de", distribution.agent_a.email)
    path.write_bytes(table(*ROWS))
    with pytest.raises(CommandError, match="2 ligne"):
        call_command(*asked)


def test_who_manages_nothing_imports_nothing(distribution: Distribution):
    assert send(distribution.agent_a).status_code == 403
    assert not Materiel.objects.exists()


def test_labels_lead_to_the_form_of_each_thing(distribution: Distribution):
    one = make_materiel("Nacelle 12 m", collectivite=distribution.a, inventaire="GD 002")
    fleet = make_materiel("Sono", collectivite=distribution.a, stock=2, mode=Mode.PARC)
    for numero in ("A", "B"):
        fleet.numeros.create(numero=numero)
    theirs = make_materiel("Barnum", collectivite=distribution.b)
    client = open_session(distribution.gestionnaire_a)
    page = client.get("/materiel/etiquettes/")
    assert [thing.pk for thing in page.context["materiels"]] == [one.pk, fleet.pk]
    asked = {"materiel": [one.pk, fleet.pk, theirs.pk], "imprimer": "1"}
    response = client.get("/materiel/etiquettes/", asked)
    assert response["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    for words in ("Nacelle", "Aval", "GD", f"{fleet.pk}-A", f"{fleet.pk}-B"):
        assert words in text
    assert "Barnum" not in text
    assert client.get("/materiel/etiquettes/", {"imprimer": "1"}).status_code == 302
