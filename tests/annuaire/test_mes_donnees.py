"""« Mes données »: everything, in words, for oneself alone."""

import io
import json

import pypdfium2 as pdfium
import pytest

from annuaire.fiche import mes_donnees
from annuaire.fiche.actes_dits import said
from annuaire.photos import depot
from collectivites.journal import record
from collectivites.models import Expertise, Poste, Presence
from tests.annuaire.portraits import file, portrait
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PAGE = "/annuaire/ma-fiche/mes-donnees/"


@pytest.fixture
def known(distribution: Distribution) -> Distribution:
    depot.deposit(distribution.agent_a, file(portrait()), distribution.agent_a)
    Expertise.objects.create(agent=distribution.agent_a, libelle="Pelle mécanique")
    return distribution


def test_the_page_says_it_in_french(known: Distribution) -> None:
    poste = known.agent_a.postes.get()
    Poste.objects.filter(pk=poste.pk).update(heures_hebdo=17.5)
    Presence.objects.create(poste=poste, jour=1, moment="matin", heure_debut="08:30", heure_fin="12:00")
    response = open_session(known.agent_a).get(PAGE)
    page = response.content.decode().replace("\u00a0", " ")
    for words in (
        "Identité",
        "alain-aval@essai.example",
        "Pelle mécanique",
        "J’accepte que ma photo",
        "Fiche créée le",
        "lundi matin, de 8 h 30 à 12 h",
        "durée par semaine : 17 h 30",
    ):
        assert words in page, words
    assert "created_at" not in page
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("acte", "words"),
    [
        ("absence.declaree", "absence déclarée"),
        ("pret.demande", "prêt demandé"),
        ("besoin.clos", "besoin clos"),
        ("notice.lue", "notice lue"),
        ("convention.copie_deposee", "convention, copie déposée"),
        ("second_facteur.remis_a_zero", "second facteur remis à zéro"),
        ("ressource.sortie_d_archive", "ressource sortie d’archive"),
    ],
)
def test_an_act_of_the_journal_in_words(acte: str, words: str) -> None:
    assert said(acte) == words


def test_the_page_has_no_code_of_an_act(known: Distribution) -> None:
    record("absence.declaree", known.agent_a, agent=known.agent_a)
    page = open_session(known.agent_a).get("/annuaire/ma-fiche/mes-donnees/").content.decode()
    assert "absence déclarée, Alain Aval" in page
    assert "absence.declaree" not in page


def test_the_json_holds_what_every_area_gives(known: Distribution) -> None:
    response = open_session(known.agent_a).get(f"{PAGE}json/")
    held = json.loads(response.content)
    assert held == json.loads(json.dumps(mes_donnees.gather(known.agent_a)))
    assert {"identite", "postes", "notifications", "consentements", "prets_demandes", "favoris", "pages"} <= set(held)
    assert held["consentements"][0]["version"] == "photo-v1"
    assert "attachment" in response["Content-Disposition"]


def test_the_paper_is_readable_and_tagged(known: Distribution) -> None:
    response = open_session(known.agent_a).get(f"{PAGE}pdf/")
    assert response["Content-Type"] == "application/pdf"
    document = pdfium.PdfDocument(io.BytesIO(response.content))
    words = "".join(page.get_textpage().get_text_bounded() for page in document).replace("\u00a0", " ")
    for one in ("Mes données", "Alain Aval", "Pelle mécanique", "Identité"):
        assert one in words, one
    assert b"pdfuaid" in response.content
    document.close()


def test_ones_own_alone(known: Distribution) -> None:
    for name in ("responsable", "administrateur", "gestionnaire_a"):
        client = open_session(getattr(known, name))
        for end in ("", "json/"):
            assert "Pelle mécanique" not in client.get(f"{PAGE}{end}").content.decode(), name
        assert client.get(f"/annuaire/agents/{known.agent_a.slug}/mes-donnees/").status_code == 404


def test_no_section_has_two_owners(known: Distribution) -> None:
    """Two apps under the same name would hide one another."""
    told = [set(tell(known.agent_a)) for tell in mes_donnees.contributions("donnees_personnelles")]
    assert sum(map(len, told)) == len(set().union(*told))
