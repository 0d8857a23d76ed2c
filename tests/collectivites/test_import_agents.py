"""Importing agents: read whole, checked whole, written whole or not at all; a person appears once."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from collectivites.importation.refus import ImportRefuse
from collectivites.models import Agent, Collectivite, EntreeJournal, Fonction, Poste
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.collectivites.fichiers import TITLES, make_places, read, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    make_places()


def three_hundred(*, wrong: bool) -> Iterator[str]:
    """300 lines, as the drawing of the screen has them: seven are at fault, each in its own way."""
    faults = {
        14: "Morel;Gérard;Gevry;Agent technique;g.morel@;;",
        58: "Bonnot;Lise;Foucheran;Accueil;;;",
        91: ";Anne;Tavaux;ATSEM;;;",
        130: "Petitjean;Joël;Tavaux;Accueil;;;lundi, fourdi",
        187: "Clerc;Nadège;Jouhe;Accueil;p40@essai.example;;",
        222: "Vuillemin;Paul;Rainans;Accueil;;=03 53;",
        268: "Marçal;Sonia;Gevry;Chef;;;",
    }
    for number in range(2, 302):
        if wrong and number in faults:
            yield faults[number]
        else:
            yield f"Nom{number - 2};Prénom{number - 2};Tavaux;Agent technique;p{number - 2}@essai.example;;lundi"


def test_seven_errors_in_300_lines_write_nothing_and_are_named() -> None:
    lines = list(three_hundred(wrong=True))
    rapport = read(*lines)
    assert rapport.total == 300
    assert rapport.lignes_fausses == [14, 58, 91, 130, 187, 222, 268]
    said = {erreur.numero: str(erreur).replace("\u00a0", " ") for erreur in rapport.erreurs}
    for numero, words in {
        14: "« g.morel@ » n’est pas une adresse",
        58: "« Foucheran » n’est pas une collectivité d’ici. Écrivez par exemple « Foucherans »",
        91: "« Nom » est vide",
        130: "« fourdi » ne dit pas quels jours",
        187: "même courriel que Prénom40 Nom40, dans la ligne 42",
        222: "« Téléphone » commence par « = »",
        268: "« Chef » ne dit pas quelle fonction. Écrivez une de celles que l’annuaire propose",
    }.items():
        assert words in said[numero]
    with pytest.raises(ImportRefuse, match="7 lignes sont à corriger sur 300"):
        write(*lines)
    assert not Agent.objects.exists()
    assert not EntreeJournal.objects.exists()


def test_300_good_lines_make_300_people() -> None:
    rapport = write(*three_hundred(wrong=False))
    assert len(rapport.ajouts) == Agent.objects.count() == Poste.objects.count() == 300
    assert rapport.ecrit
    assert EntreeJournal.objects.get(acte="agents.importes").donnees == {"lignes": 300, "ajouts": 300, "changements": 0}


def test_dry_by_default() -> None:
    assert len(read("Guyon;Pascale;Tavaux;Secrétaire de mairie;;;").ajouts) == 1
    assert not Agent.objects.exists()


SHARED = [
    # The same address.
    (
        "Lambey;Martine;Jouhe;Secrétaire de mairie;m@jouhe.example;;",
        "Lambey;Martine;Rainans;Adjointe;m@jouhe.example;;",
    ),
    # The same, an accent, capitals and a hyphen apart.
    ("Thévenin;Jean-Marc;Jouhe;Accueil;JM@gevry.example;;", "THEVENIN;jean marc;Rainans;Accueil;jm@gevry.example;;"),
    # No address, the same telephone.
    ("Lambey;Martine;Jouhe;Secrétaire de mairie;;06 39 98 01 12;", "Lambey;Martine;Rainans;ATSEM;;06.39.98.01.12;"),
    # No address on one line, the same fonction.
    ("Lambey;Martine;Jouhe;Secrétaire de mairie;m@jouhe.example;;", "Lambey;Martine;Rainans;Secrétaire de mairie;;;"),
]


@pytest.mark.parametrize("lines", SHARED)
@pytest.mark.parametrize("at_once", [True, False])
def test_someone_of_two_communes_appears_once(lines: tuple[str, str], at_once: bool) -> None:
    if at_once:
        write(*lines)
    else:
        for line in lines:
            write(line)
    agent = Agent.objects.get()
    assert {poste.collectivite.nom for poste in agent.postes.all()} == {"Jouhe", "Rainans"}


APART = [
    # Different addresses, different places.
    (
        "Lambey;Martine;Jouhe;Secrétaire de mairie;m@jouhe.example;;",
        "Lambey;Martine;Rainans;Secrétaire de mairie;m@x.example;;",
    ),
    # No address, nothing in common but the name.
    ("Clerc;Sandrine;Jouhe;Accueil;;;", "Clerc;Sandrine;Tavaux;ATSEM;;;"),
]


@pytest.mark.parametrize("lines", APART)
def test_namesakes_are_told_and_kept_apart_until_a_human_says(lines: tuple[str, str]) -> None:
    rapport = read(*lines)
    assert [(doublon.ligne, str(doublon.lieu)) for doublon in rapport.doublons] == [(3, lines[1].split(";")[2])]
    assert len(rapport.ajouts) == 2
    joined = write(*lines, same=[3])
    assert len(joined.ajouts) == Agent.objects.count() == 1
    assert Poste.objects.count() == 2


def test_two_namesakes_are_never_guessed_between() -> None:
    for place in ("Jouhe", "Tavaux"):
        PosteFactory(
            agent__prenom="Sandrine",
            agent__nom="Clerc",
            collectivite=Collectivite.objects.get(nom=place),
            fonction=Fonction.objects.get(code="accueil"),
        )
    rapport = read("Clerc;Sandrine;Rainans;Accueil;;;")
    assert len(rapport.doublons[0].connues) == 2
    assert len(rapport.ajouts) == 1


def test_an_address_is_of_one_person() -> None:
    AgentFactory(prenom="Karim", nom="Belkacem", email="centre@tavaux.example")
    rapport = read("Chapuis;Yann;Tavaux;Agent technique;centre@tavaux.example;;")
    assert "même courriel que Karim Belkacem, dans l’annuaire" in str(rapport.erreurs[0])


def test_an_address_given_on_a_later_line_is_known_to_the_next() -> None:
    lines = ("Lambey;Martine;Jouhe;Accueil;;;", "Lambey;Martine;Jouhe;ATSEM;m@jouhe.example;;")
    rapport = read(*lines, "Autre;Nom;Jouhe;ATSEM;m@jouhe.example;;")
    assert [erreur.numero for erreur in rapport.erreurs] == [4]
    write(*lines)
    assert Agent.objects.get().email == "m@jouhe.example"


@pytest.fixture
def guyon() -> Poste:
    return PosteFactory(
        agent__prenom="Pascale",
        agent__nom="Guyon",
        agent__email="p.guyon@tavaux.example",
        collectivite=Collectivite.objects.get(nom="Tavaux"),
        fonction=Fonction.objects.get(code="secretaire-general"),
        telephone="03 53 01 00 41",
    )


def test_what_is_up_to_date_is_counted_and_left(guyon: Poste) -> None:
    line = "GUYON;Pascale;Mairie de Tavaux;secrétaire de mairie;P.Guyon@Tavaux.example;0353010041;"
    rapport = write(line)
    assert (rapport.inchangees, rapport.changements, rapport.ajouts) == (1, [], [])
    assert not EntreeJournal.objects.filter(acte="poste.modifie").exists()


def test_what_changes_is_told_before_and_after(guyon: Poste) -> None:
    line = "Guyon;Pascale;Tavaux;Secrétaire de mairie;;03 53 01 00 99;lundi à jeudi"
    rapport = read(line)
    assert [(c.libelle, c.avant, c.apres) for c in rapport.changements] == [
        ("Téléphone", "03 53 01 00 41", "03 53 01 00 99"),
        ("Présence", "vide", "lun. à jeu."),
    ]
    write(line)
    guyon.refresh_from_db()
    assert guyon.telephone == "03 53 01 00 99"
    assert guyon.presences.count() == 8
    assert EntreeJournal.objects.get(acte="poste.modifie").donnees["champs"] == ["presence", "telephone"]


def test_an_empty_cell_erases_nothing(guyon: Poste) -> None:
    write("Guyon;Pascale;Tavaux;Secrétaire de mairie;;;")
    guyon.refresh_from_db()
    assert guyon.telephone == "03 53 01 00 41"


def test_the_address_one_logs_in_with_never_changes(guyon: Poste) -> None:
    """Otherwise a file would open somebody else's account; the mail of the poste is another thing."""
    write("Guyon;Pascale;Tavaux;Secrétaire de mairie;pirate@ailleurs.example;;")
    guyon.refresh_from_db()
    assert guyon.agent.email == "p.guyon@tavaux.example"
    assert guyon.courriel == "pirate@ailleurs.example"


def test_a_first_address_is_given(guyon: Poste) -> None:
    Agent.objects.update(email=None)
    write("Guyon;Pascale;Tavaux;Secrétaire de mairie;p.guyon@tavaux.example;;")
    assert Agent.objects.get().email == "p.guyon@tavaux.example"
    assert EntreeJournal.objects.filter(acte="agent.modifie").exists()


def test_a_change_of_fonction(guyon: Poste) -> None:
    write("Guyon;Pascale;Tavaux;DGS;;;")
    guyon.refresh_from_db()
    assert guyon.fonction.code == "dgs"
    assert Poste.objects.count() == 1


def test_two_lines_for_one_place_are_two_postes(guyon: Poste) -> None:
    write("Guyon;Pascale;Tavaux;Secrétaire de mairie;;;", "Guyon;Pascale;Tavaux;Maire;;;")
    assert {poste.fonction.code for poste in guyon.agent.postes.all()} == {"secretaire-general", "maire"}


def test_a_mayor_signs_by_law_and_no_longer_once_they_are_not() -> None:
    write("Marchal;Anne-Lise;Tavaux;Maire;;;")
    assert Poste.objects.get().signataire == "droit"
    write("Marchal;Anne-Lise;Tavaux;Conseillère municipale;;;")
    assert Poste.objects.get().signataire == ""


def test_someone_who_left_and_comes_back(guyon: Poste) -> None:
    guyon.end(guyon.date_debut)
    write("Guyon;Pascale;Gevry;Secrétaire de mairie;p.guyon@tavaux.example;;")
    assert guyon.agent.postes.count() == 2
    assert Agent.objects.in_office().get() == guyon.agent


def test_an_erased_person_is_nobody(guyon: Poste) -> None:
    Agent.objects.update(efface_le="2026-01-01T00:00Z", email=None)
    assert len(read("Guyon;Pascale;Tavaux;Secrétaire de mairie;;;").ajouts) == 1


def test_a_departure_closes_at_once(guyon: Poste) -> None:
    write("Guyon;Pascale;Tavaux;Secrétaire de mairie;31/12/2024", titles="Nom;Prénom;Commune;Fonction;Départ")
    guyon.refresh_from_db()
    assert not guyon.is_in_force()
    assert guyon.ferme_le is not None


def test_the_same_line_twice() -> None:
    line = "Guyon;Pascale;Tavaux;Secrétaire de mairie;;;"
    assert "même personne et même fonction que la ligne 2" in str(read(line, line).erreurs[0])


def test_queries_do_not_grow_with_what_is_already_there(django_assert_max_num_queries: object) -> None:
    write(*three_hundred(wrong=False))
    with django_assert_max_num_queries(12):
        assert read(*three_hundred(wrong=False)).inchangees == 300


def test_the_command(tmp_path: Path) -> None:
    good, bad = tmp_path / "bon.csv", tmp_path / "mauvais.csv"
    good.write_text(f"{TITLES}\nGuyon;Pascale;Tavaux;SGM;;;\n", encoding="utf-8")
    bad.write_text(f"{TITLES}\nGuyon;Pascale;Tavau;SGM;;;\n", encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("importer_agents", str(good), stdout=out)
    assert "Rien n’est encore écrit" in out.getvalue()
    assert not Agent.objects.exists()
    for applied in (False, True):
        with pytest.raises(CommandError, match="Rien n’a été écrit"):
            call_command("importer_agents", str(bad), appliquer=applied, stdout=out, stderr=err)
    assert err.getvalue().count("Ligne 2") == 2
    call_command("importer_agents", str(good), appliquer=True, stdout=out)
    assert "C’est écrit" in out.getvalue()
    assert Agent.objects.count() == 1
