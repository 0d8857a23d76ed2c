import csv
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from extranet.lib.pliage import fold
from materiel.dessins import MOTS, NEUTRE, drawing_of

ROOT = Path(settings.BASE_DIR)
DONNEES = ROOT / "materiel" / "data"
PAPIERS = {"vgp", "registre_cts", "assurance", "notice", "carte_grise", "controle_technique"}


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


CATEGORIES = lines_of(DONNEES / "categories.csv")
CODES = [line["code"] for line in CATEGORIES]


def words(line: dict[str, str]) -> list[str]:
    return [word.strip() for word in line["mots"].split(",")]


def test_the_six_choices_of_the_form_come_first():
    assert [
        *("fetes", "voirie", "espaces-verts", "batiment", "securite", "salles"),
        *("terrassement", "levage", "vehicules", "urgence", "mesure"),
    ] == CODES


@pytest.mark.parametrize("line", CATEGORIES, ids=CODES)
def test_each_category_points_to_what_exists(line: dict[str, str]):
    drawn = set(re.findall(r'id="([\w-]+)"', (ROOT / "static/img/materiel.svg").read_text(encoding="utf-8")))
    titles = {row["code"] for row in lines_of(ROOT / "collectivites/data/habilitations.csv")}
    assert line["dessin"] in drawn
    assert line["habilitation"] in titles | {""}
    assert {paper.removesuffix("!") for paper in line["papiers"].split(",") if paper} <= PAPIERS
    assert bool(line["vgp_mois"]) == ("vgp" in line["papiers"])
    assert line["conducteur"] in {"sans", "possible", "obligatoire"}
    assert line["transport"] in {"retrait", "livraison", "livre"}


@pytest.mark.parametrize("line", CATEGORIES, ids=CODES)
def test_each_category_answers_with_plausible_figures(line: dict[str, str]):
    assert 0 <= int(line["preavis_jours"]) <= 30
    assert 1 <= int(line["duree_max_jours"]) <= 15
    assert 0 <= int(line["tampon_avant"]) <= int(line["tampon_apres"]) + 1 <= 3
    assert 1 <= int(line["part_max"]) <= 100
    assert 1 <= len(line["elements"].split(";")) <= 3
    assert len(line["papiers"]) <= 200
    assert line["conseil"].endswith(".")


def test_a_word_proposes_one_category_only():
    owners: dict[str, str] = {}
    for line in CATEGORIES:
        for word in words(line):
            assert word == word.lower()
            assert owners.setdefault(fold(word), line["code"]) == line["code"], word
    assert len(owners) > 150


def test_lifting_is_checked_twice_a_year_and_blocks():
    lifting = next(line for line in CATEGORIES if line["code"] == "levage")
    assert (lifting["vgp_mois"], "vgp!" in lifting["papiers"]) == ("6", True)


def test_rules_of_the_loans_are_short():
    points = tomllib.loads((DONNEES / "reglement.toml").read_text(encoding="utf-8"))["points"]
    assert 14 <= len(points) <= 18
    assert all(point["texte"].endswith(".") and len(point["texte"].split()) <= 45 for point in points)
    assert len({point["titre"] for point in points}) == len(points)


@pytest.mark.parametrize(
    ("nom", "dessin"),
    [
        ("Podium démontable 6 m", "pic-podium"),
        ("Podium en praticables 2 × 1 m", "pic-podium"),
        ("Grilles d’exposition", "pic-grille"),
        ("Minibus 9 places", "pic-minibus"),
        ("Tonne à eau 1 000 litres", "pic-tonne"),
        ("Sonomètre de classe 2", "pic-mesure"),
        ("Nacelle sur remorque, 12 m", "pic-nacelle"),
        ("Barnums 3 × 3 m", "pic-barnum"),
        ("Mini-pelle 2,5 t", "pic-mini-pelle"),
        ("Tables et bancs de barnum", "pic-tables-chaises"),
        ("Sonorisation portable", "pic-sonorisation"),
        ("Fourgon benne", NEUTRE),
        ("Rouleau de 2 tonnes", NEUTRE),
        ("Gobelets réutilisables", NEUTRE),
        ("", NEUTRE),
    ],
)
def test_a_thing_is_drawn_by_its_name_and_never_as_another(nom, dessin):
    assert drawing_of(nom) == dessin


def test_every_drawing_exists():
    drawn = set(re.findall(r'id="([\w-]+)"', (ROOT / "static/img/materiel.svg").read_text(encoding="utf-8")))
    assert {NEUTRE, *MOTS} <= drawn
