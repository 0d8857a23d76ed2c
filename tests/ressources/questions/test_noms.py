"""What names somebody or a commune is found in the words, and neutral words stand in its place."""

import pytest
from django.utils.text import slugify

from collectivites.enums import TypeCollectivite
from collectivites.models import Agent
from ressources.questions import noms
from tests.collectivites.factories import AgentFactory, CollectiviteFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def odile(distribution: Distribution) -> Agent:
    for nom in (
        "Foucherans",
        "Authume",
        "Le Deschaux",
        "Éclans-Nenon",
        "La Rixouse",
        "L’Étoile",
        "Tavaux",
        "Saint-Aubin",
    ):
        CollectiviteFactory(nom=nom, slug=slugify(nom))
    CollectiviteFactory(nom="Syndicat des eaux", slug="eaux", type=TypeCollectivite.SYNDICAT)
    AgentFactory(prenom="Karim", nom="Belkacem")
    AgentFactory(prenom="Anne", nom="Petit")
    return AgentFactory(prenom="Odile", nom="Vuillermet")


def freed(texte: str, *parlants: Agent) -> str:
    return noms.neutral(texte, noms.find(texte, parlants))


@pytest.mark.parametrize(
    ("texte", "neutre"),
    [
        ("Qui le fait à Foucherans ?", "Qui le fait dans une commune ?"),
        ("Le règlement d’Authume vaut-il ?", "Le règlement d’une commune vaut-il ?"),
        ("Le règlement d'Authume vaut-il ?", "Le règlement d’une commune vaut-il ?"),
        ("Le maire du Deschaux signe.", "Le maire d’une commune signe."),
        ("C’est voté au Deschaux.", "C’est voté dans une commune."),
        ("La mairie d’Éclans-Nenon a voté.", "La mairie a voté."),
        ("La mairie d’Eclans Nenon a voté.", "La mairie a voté."),
        ("La commune de La Rixouse délibère.", "La commune délibère."),
        ("Les élus de L’Étoile", "Les élus d’une commune"),
        ("Foucherans le fait.", "Une commune le fait."),
        ("À Foucherans, on vote.", "Dans une commune, on vote."),
        ("FOUCHERANS le fait.", "Une commune le fait."),
        ("Et chez Odile Vuillermet ?", "Et chez une personne ?"),
        ("Demandez à Mme Vuillermet.", "Demandez à une personne."),
        ("Demandez à M. Karim Belkacem.", "Demandez à une personne."),
        ("L’avis de Belkacem Karim compte.", "L’avis d’une personne compte."),
        ("Selon O. Vuillermet, oui.", "Selon une personne, oui."),
        ("Bonjour Karim, et le samedi ?", "Bonjour, et le samedi ?"),
        ("Voyez avec Monsieur Tartempion.", "Voyez avec une personne."),
        ("Écrivez à a.petit@foucherans.fr ou au 03 84 70 12 34.", "Écrivez à [adresse] ou au [numéro]."),
        ("Le 06.12.34.56.78 répond.", "Le [numéro] répond."),
        ("je suis karim belkacem de tavaux", "je suis une personne d’une commune"),
        ("demandez à mme vuillermet.", "demandez à une personne."),
        ("voyez la mairie de foucherans", "voyez la mairie"),
        ("la mairie du deschaux, ou à la rixouse", "la mairie, ou dans une commune"),
        ("le maire d’eclans-nenon signe", "le maire d’une commune signe"),
        ("E\u0301clans-Nenon de\u0301cide.", "Une commune décide."),
        ("Fou\u200bcherans décide.", "Une commune décide."),
        ("À St-Aubin, et à st aubin.", "Dans une commune, et dans une commune."),
        ("Ni Dr Durand, ni M Durand, ni Mme  Durand.", "Ni une personne, ni une personne, ni une personne."),
        ("Le +33 (0)6 12 34 56 78 ou 0033612345678.", "Le [numéro] ou [numéro]."),
        ("Oui, Karim Belkacem : à Foucherans.", "Oui, une personne : dans une commune."),
        ("Merci d’avance.\nOdile Vuillermet, Foucherans", "Merci d’avance."),
    ],
)
def test_names_become_neutral_words(texte: str, neutre: str, odile: Agent) -> None:
    assert freed(texte) == neutre


@pytest.mark.parametrize(
    "texte",
    [
        "Madame la maire signe, puis Monsieur le préfet.",
        "Petit rappel : le samedi est interdit.",
        "Attention : Petit rappel, un petit mot de plus.",
        "On me petit-déjeune au bourg, au centre du bourg et en aval.",
        "Il y a une étoile sur le plan, et le petit bourg du dessus.",
        "Demandez au syndicat des eaux.",
        "Le Grand Val vote la dotation.",
        "L’article L. 2223-17 du code général des collectivités territoriales.",
        "Il faut 1 200 euros avant le 31 12 2026.",
        "Bonjour ! Un an suffit : c’est la loi ; voyez le décret.",
    ],
)
def test_other_words_stay(texte: str, odile: Agent) -> None:
    assert freed(texte) == texte


def test_a_first_name_alone_is_that_of_who_speaks(odile: Agent) -> None:
    texte = "Comme disait Odile, un an suffit."
    assert freed(texte) == texte
    assert freed(texte, odile) == "Comme disait une personne, un an suffit."


def test_the_intercommunalite_is_that_of_everybody(distribution: Distribution) -> None:
    CollectiviteFactory(nom="Val")
    assert freed(f"Les agents du {distribution.epci.nom} et ceux du Val.") == (
        f"Les agents du {distribution.epci.nom} et ceux d’une commune."
    )


def test_the_original_is_shown_with_its_marks_and_safe(odile: Agent) -> None:
    texte = "<b>Odile Vuillermet</b> & Foucherans"
    shown = noms.marked(texte, noms.find(texte))
    assert "<mark>Odile Vuillermet</mark>" in shown
    assert "(remplacé par «\u00a0une personne\u00a0»)" in shown
    assert "&lt;b&gt;" in shown


def test_mentions_never_overlap_and_words_come_from_the_text(odile: Agent) -> None:
    texte = "M. Odile Vuillermet de la mairie de Foucherans, o.vuillermet@foucherans.fr, à Foucherans"
    found = noms.find(texte, [odile])
    assert all(one.fin <= other.debut for one, other in zip(found, found[1:], strict=False))
    assert all(texte[one.debut : one.fin] == one.mots for one in found)


def test_two_queries_whatever_the_text(odile: Agent, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):
        noms.find("Odile Vuillermet, Foucherans. " * 30, [odile])
