"""Synonyms: delivered once, changed by the territory, in force at the next search."""

import csv
import re

import pytest
from django.core.exceptions import ValidationError

from search.analyse.mots import DATA, SIGLES, VIDES, mots, racine
from search.analyse.requete import lire
from search.chercher import chercher
from search.models import Synonyme, SynonymeLivre
from search.synonymes import deliver, in_force
from tests.distribution import Distribution
from tests.search.factories import give, reader, titles

pytestmark = pytest.mark.django_db


def lines() -> list[list[str]]:
    with (DATA / "synonymes.csv").open(encoding="utf-8", newline="") as file:
        return [re.split(r", ", row["expressions"]) for row in csv.DictReader(file)]


def found(text: str, distribution: Distribution) -> set[str]:
    return set(titles(chercher(text, reader(distribution.agent_a), exact=True).rangs))


def test_the_installer_delivers_every_line() -> None:
    assert Synonyme.objects.count() == SynonymeLivre.objects.count() == len(lines()) > 150
    assert deliver() == 0


def test_delivered_sigles_are_known_as_sigles() -> None:
    """Else « DICT » would be the root of « dicter »."""
    written = {expression for line in lines() for expression in line if re.fullmatch(r"[A-Z0-9]{3,}[ie]?", expression)}
    assert len(written) > 80
    assert {sigle for sigle in written if sigle.lower() not in SIGLES | VIDES} == {"CAP"}


def test_no_delivered_line_says_the_same_thing_twice() -> None:
    for line in lines():
        roots = [tuple(map(racine, mots(expression))) for expression in line]
        assert len(set(roots)) == len(roots), line


def test_what_a_territory_removed_or_changed_does_not_come_back() -> None:
    Synonyme.objects.filter(expressions__startswith="ALSH").delete()
    changed = Synonyme.objects.get(expressions__startswith="EPCI")
    changed.expressions = "EPCI, interco"
    changed.save()
    assert deliver() == 0
    assert not Synonyme.objects.filter(expressions__startswith="ALSH").exists()
    assert Synonyme.objects.get(expressions__startswith="EPCI").expressions == "EPCI, interco"


def test_a_line_of_a_later_release_is_added() -> None:
    SynonymeLivre.objects.get(cle="alsh").delete()
    Synonyme.objects.filter(expressions__startswith="ALSH").delete()
    assert deliver() == 1


def test_a_line_written_by_hand_before_is_left_as_it_is() -> None:
    SynonymeLivre.objects.get(cle="wifi").delete()
    assert deliver() == 0
    assert Synonyme.objects.filter(expressions__startswith="wifi").count() == 1


def test_a_change_counts_at_the_next_search(distribution: Distribution) -> None:
    give("Règlement de la patinoire")
    assert found("bobsleigh", distribution) == set()
    synonyme = Synonyme(expressions="bobsleigh, patinoire")
    synonyme.full_clean()
    synonyme.save()
    assert found("bobsleigh", distribution) == {"Règlement de la patinoire"}
    synonyme.expressions = "bobsleigh, luge"
    synonyme.save()
    assert found("bobsleigh", distribution) == set()
    Synonyme.objects.filter(pk=synonyme.pk).delete()
    assert found("luge", distribution) == set()


def test_a_sigle_finds_its_words_and_its_words_find_it(distribution: Distribution) -> None:
    give("Réunion de la CLECT")
    give("Rapport", "La commission locale d’évaluation des charges transférées s’est réunie.")
    give("Commission locale de l’eau")
    both = {"Réunion de la CLECT", "Rapport"}
    assert found("clect", distribution) == found("CLECT", distribution) == both
    assert found("commission locale d'évaluation des charges transférées", distribution) == both


def test_one_way_only(distribution: Distribution) -> None:
    give("Nettoyer un PC portable")
    give("Instruire un permis de construire")
    assert "Nettoyer un PC portable" not in found("permis de construire", distribution)
    assert found("PC", distribution) == {"Nettoyer un PC portable", "Instruire un permis de construire"}


def test_sigles_that_are_words_of_grammar_are_read_in_capitals_only(distribution: Distribution) -> None:
    give("Compte épargne-temps")
    give("À qui s’adresse cet imprimé", "Comment ça marche")
    assert found("CET", distribution) == {"Compte épargne-temps"}
    assert found("cet imprimé", distribution) == {"À qui s’adresse cet imprimé"}
    assert lire("ça marche", in_force()).cle == "march"


@pytest.mark.parametrize(
    ("expressions", "said"),
    [
        ("PLU, plu", "de la même façon"),
        ("règlement, Règlements", "de la même façon"),
        ("de, la", "« de » ne nomme rien"),
        ("de la, patinoire", "« de la » ne nomme rien"),
        ("patinoire, a", "« a » ne nomme rien"),
        ("seule", "de 2 à 12"),
        ("une, ’’’", "ni lettre ni chiffre"),
        (", ".join(f"mot{n}" for n in range(13)), "2 à 12"),
    ],
)
def test_what_makes_no_line_is_refused_in_words(expressions: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Synonyme(expressions=expressions).full_clean()
    assert said in " ".join(refused.value.messages).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("held", "added", "refused"),
    [
        ("zzaa, zzbb", "zzbb, zzaa", True),
        ("zzaa, zzbb", "ZZBB, zzâa", True),
        ("zzaa, zzbb, zzcc", "zzcc, zzaa", True),
        ("zzaa, zzbb", "zzaa, zzbb, zzcc", False),
        ("zzaa, zzbb", "zzaa, zzcc", False),
        ("> zzaa, zzbb", "zzbb, zzaa", False),
        ("> zzaa, zzbb", "> zzbb, zzaa", False),
        ("> zzaa, zzbb", "> zzaa, zzbb", True),
        ("> zzaa, zzbb", "> zzâa, zzbb", True),
        ("zzaa, zzbb", "> zzbb, zzaa", True),
    ],
)
def test_a_line_that_adds_nothing_to_another_is_refused(held: str, added: str, refused: bool) -> None:
    """« > » stands for « one way »."""
    first, second = (
        Synonyme(expressions=one.removeprefix("> "), sens_unique=one.startswith(">")) for one in (held, added)
    )
    first.save()
    if refused:
        with pytest.raises(ValidationError, match="déjà dans la liste"):
            second.full_clean()
    else:
        second.full_clean()
    first.full_clean()


def test_no_delivered_line_would_be_refused() -> None:
    for one in Synonyme.objects.all():
        one.full_clean()
