"""Files of agents as town halls make them: encodings, workbooks, fonctions and places as people write them, slips."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from collectivites.importation.agents import import_agents
from collectivites.models import Agent, Poste
from extranet.lib.demi_journees import week_summary
from extranet.lib.tableur import TableurRefuse
from tests.collectivites.fichiers import TITLES, make_places, read, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    make_places()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    line = 'Thévenin;Jean-Marc;Gevry;Secrétaire général;jm@gevry.example;03 53 01 02 66;"lundi, mardi matin"'
    titles = TITLES.replace(";", separator)
    write(line.replace(";", separator), titles=titles, encoding=encoding)
    poste = Poste.objects.get()
    assert str(poste.agent) == "Jean-Marc Thévenin"
    assert [str(p.get_jour_display()) for p in poste.presences.all()] == ["lundi", "lundi", "mardi"]


def test_names_are_read_plain() -> None:
    """A person whose name was pasted with an invisible mark is the same person."""
    titles = "Nom;Prénom;Commune;Fonction;Intitulé;Courriel"
    write("Thévenin;Odile;Tavaux;Maire;;o@tavaux.example", titles=titles)
    write("\u202eThe\u0301venin;Odi\u200dle;Tavaux;Maire;Maire\u200f;o@tavaux.example", titles=titles)
    assert str(Agent.objects.get()) == "Odile Thévenin"
    assert Poste.objects.get().intitule == "Maire"


def test_a_workbook() -> None:
    book, buffer = Workbook(), BytesIO()
    sheet = book.active
    sheet.append(["Agents du territoire"])
    sheet.append(["NOM", "prenom", "Mairie", "Fonction", "Portable", "Date d'arrivée", "Heures"])
    sheet.append(["GUYON", "Pascale", "Tavaux", "Secrétaire générale de mairie", 639980112, "01/09/2014", 17.5])
    book.save(buffer)
    with pytest.raises(TableurRefuse, match="Il manque"):
        import_agents(BytesIO(buffer.getvalue()))
    sheet.delete_rows(1)
    buffer = BytesIO()
    book.save(buffer)
    import_agents(BytesIO(buffer.getvalue()), write=True)
    poste = Poste.objects.get()
    assert (str(poste.agent), poste.mobile) == ("Pascale Guyon", "06 39 98 01 12")
    assert (poste.date_debut.isoformat(), float(poste.heures_hebdo)) == ("2014-09-01", 17.5)
    assert poste.fonction.code == "secretaire-general"


@pytest.mark.parametrize(
    ("titles", "line", "words"),
    [
        (
            "Nom;Prénom;Commune;Fonction;Arrivée;Départ",
            "A;B;Tavaux;Maire;02/01/2026;01/01/2026",
            "vient avant l’arrivée",
        ),
        ("Nom;Prénom;Commune;Fonction;Arrivée", "A;B;Tavaux;Maire;31/02/2026", "n’est pas une date"),
        ("Nom;Prénom;Commune;Fonction;Heures", "A;B;Tavaux;Maire;70 %", "n’est pas un nombre d’heures"),
        ("Nom;Prénom;Commune;Fonction;Heures", "A;B;Tavaux;Maire;49", "n’est pas une durée de travail"),
        ("Nom;Prénom;Commune;Fonction;Gestionnaire", "A;B;Tavaux;Maire;peut-être", "Écrivez « oui » ou « non »"),
        ("Nom;Prénom;Commune;Fonction;Mobile", "A;B;Tavaux;Maire;06 39", "n’est pas un numéro"),
        ("Nom;Prénom;Commune;Fonction", f"{'x' * 81};B;Tavaux;Maire", "compte 81 caractères"),
        ("Nom;Prénom;Commune;Fonction", "123;B;Tavaux;Maire", "n’est pas un nom"),
        ("Nom;Prénom;Commune;Fonction", "@SOMME(A1);B;Tavaux;Maire", "commence par « @ »"),
        ("Nom;Prénom;Commune;Fonction;Courriel", f"A;B;Tavaux;Maire;{'a' * 250}@x.example", "adresse"),
    ],
)
def test_cells_that_cannot_be_read(titles: str, line: str, words: str) -> None:
    rapport = read(line, titles=titles)
    assert words in str(rapport.erreurs[0]).replace("\u00a0", " ")
    assert rapport.lignes_fausses == [2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"Nom;Commune\nA;B", "Il manque"),
        (b"Nom;Nom;Pr\xc3\xa9nom;Commune;Fonction\nA;A;B;Tavaux;Maire", "figure 2 fois"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "ancien format .xls"),
        (b"PK\x03\x04" + b"\0" * 100, "lisible"),
        (b"%PDF-1.7\0", "ni un CSV"),
        ("Nom;Prénom;Commune;Fonction".encode(), "que les titres"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, words: str) -> None:
    with pytest.raises(TableurRefuse, match=words):
        import_agents(BytesIO(content))


def test_markup_is_only_text() -> None:
    write("<script>alert(1)</script>;Zoé;Tavaux;Maire;;;")
    assert Agent.objects.get().nom == "<script>alert(1)</script>"
    assert Agent.objects.get().slug == "zoe-scriptalert1script"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("secrétaire de mairie", "secretaire-general"),
        ("Secrétaire générale de mairie", "secretaire-general"),
        ("SECRETAIRE GENERAL(E) DE MAIRIE", "secretaire-general"),
        ("Conseillère municipale déléguée", "conseiller-delegue"),
        ("adjoint technique", "agent-technique"),
        ("Directrice générale des services", "dgs"),
        ("Agente d'accueil", "accueil"),
        ("policière municipale", "police-municipale"),
    ],
)
def test_fonctions_as_people_write_them(written: str, code: str) -> None:
    write(f"A;B;Tavaux;{written};;;")
    assert Poste.objects.get().fonction.code == code


@pytest.mark.parametrize(
    "written", ["le deschaux", "Deschaux", "LE DESCHAUX", "Mairie du Deschaux", "commune du Deschaux"]
)
def test_places_as_people_write_them(written: str) -> None:
    write(f"A;B;{written};Maire;;;")
    assert Poste.objects.get().collectivite.nom == "Le Deschaux"


def test_saint_is_written_in_short() -> None:
    write("A;B;St Aubin;Maire;;;")
    assert Poste.objects.get().collectivite.nom == "Saint-Aubin"


def test_columns_that_are_not_read_are_named() -> None:
    rapport = read("A;B;Tavaux;Maire;1 rue X", titles="Nom;Prénom;Commune;Fonction;Adresse personnelle")
    assert rapport.ignorees == ["Adresse personnelle"]


def test_weeks_in_words() -> None:
    write("A;B;Tavaux;ATSEM;;;lun. au ven., samedi matin")
    cases = {(p.jour, p.moment) for p in Poste.objects.get().presences.all()}
    assert len(cases) == 11
    rapport = read("A;B;Tavaux;ATSEM;;;lundi")
    assert rapport.changements[0].avant == "lun. à ven., sam. matin"
    assert week_summary(rapport.changements[0].valeur) == "lun."
