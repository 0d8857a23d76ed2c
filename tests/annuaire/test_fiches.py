"""Cards of people and of collectivités: who sees what, and the same number of queries for one row and for a hundred."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annuaire.consulter import encarts, lieux
from collectivites.models import (
    Absence,
    Agent,
    Collectivite,
    Expertise,
    Habilitation,
    PlageOuverture,
    Poste,
    Presence,
    Secteur,
    TypeHabilitation,
)
from extranet.lib.apports import Encart
from extranet.lib.demi_journees import Jour, Moment
from tests.collectivites.factories import AdhesionFactory, AgentFactory, CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def furnish(agent: Agent) -> None:
    """One of everything that a card may show."""
    poste = agent.postes.first()
    for moment in Moment:
        Presence.objects.create(poste=poste, jour=Jour.LUNDI, moment=moment, heure_debut=None)
    Absence.objects.create(
        agent=agent, date_debut=timezone.localdate(), date_fin=timezone.localdate() + timedelta(days=3)
    )
    Expertise.objects.create(agent=agent, libelle="Choix d’engins")
    Habilitation.objects.create(agent=agent, type=TypeHabilitation.objects.first(), obtenue_le=date(2026, 1, 1))
    AdhesionFactory(agent=agent, reseau__nom=f"Zéro phyto {agent.pk}")


def test_a_full_card(client: Client, distribution: Distribution) -> None:
    agent = distribution.agent_a
    furnish(agent)
    agent.postes.update(intitule="Responsable du centre technique", mobile="06 39 98 01 12", constats=True)
    page = text(client, agent.get_absolute_url())
    for words in (
        "Alain Aval",
        "Responsable du centre technique",
        "tel:+33639980112",
        "06 39 98 01 12",
        "alain-aval<wbr>@essai.example",
        "Choix d’engins",
        "Zéro phyto",
        "Personne n’est encore désigné",
        "Fait les états des lieux",
        "Dites-le à",
        "Gisele Aval",
    ):
        assert words in page


def test_habilitations_are_for_those_who_may(distribution: Distribution) -> None:
    furnish(distribution.agent_a)
    kind = TypeHabilitation.objects.first().libelle
    url = distribution.agent_a.get_absolute_url()
    for name in ("agent_a", "gestionnaire_a", "responsable", "administrateur"):
        assert kind in text(open_session(getattr(distribution, name)), url), name
    for name in ("secretaire_a", "secretaire_b", "elue_b", "partage_ab"):
        assert kind not in text(open_session(getattr(distribution, name)), url), name


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, "Périmée"), (0, "À renouveler"), (90, "À renouveler"), (91, "À jour"), (None, "sans limite")],
)
def test_states_of_an_habilitation(distribution: Distribution, days: int | None, state: str) -> None:
    end = None if days is None else timezone.localdate() + timedelta(days=days)
    Habilitation.objects.create(
        agent=distribution.agent_a, type=TypeHabilitation.objects.first(), obtenue_le="2020-01-01", valable_jusqu_au=end
    )
    assert state in text(open_session(distribution.agent_a), distribution.agent_a.get_absolute_url())


def test_someone_of_two_communes(client: Client, distribution: Distribution) -> None:
    page = text(client, distribution.partage_ab.get_absolute_url())
    assert "À Aval" in page
    assert "À Bourg" in page
    assert page.count("paul-deux<wbr>@essai.example") == 1


def test_who_answers_meanwhile(client: Client, distribution: Distribution) -> None:
    today = timezone.localdate()
    distribution.gestionnaire_a.postes.update(telephone="03 53 01 00 41")
    Absence.objects.create(
        agent=distribution.agent_a, date_debut=today, date_fin=today, remplacant=distribution.gestionnaire_a
    )
    page = text(client, distribution.agent_a.get_absolute_url())
    assert "En son absence" in page
    head, _, below = page.partition("Son poste")
    assert "03 53 01 00 41" in head, "before the number of whoever is away is called in vain"
    assert "03 53 01 00 41" in below
    # Somebody who answers and has left since is named still, without a number that would ring in vain.
    distribution.gestionnaire_a.postes.get().end(today)
    assert "03 53 01 00 41" not in text(client, distribution.agent_a.get_absolute_url())


def test_a_card_that_says_little(client: Client, distribution: Distribution) -> None:
    Agent.objects.filter(pk=distribution.agent_a.pk).update(email=None)
    page = text(client, distribution.agent_a.get_absolute_url())
    assert "Les jours de présence ne sont pas encore renseignés." in page
    assert "coordonnées non renseignées" in page
    assert "mailto:" not in page.split("<main")[1].split("</main>")[0]


def test_a_name_that_is_long_or_strange(client: Client, distribution: Distribution) -> None:
    agent = AgentFactory(prenom="<b>Anne-Charlotte</b>", nom="d’Aboville de La Tour-Saint-Quentin" * 2, slug="longue")
    PosteFactory(agent=agent, collectivite=distribution.a, intitule="&" * 120)
    page = text(client, agent.get_absolute_url())
    assert "<b>Anne" not in page
    assert "&lt;b&gt;Anne-Charlotte" in page


def test_the_leaver_sees_their_own_card_alone(distribution: Distribution) -> None:
    client = open_session(distribution.sans_poste)
    assert "Vous n’avez pas de poste en cours" in text(client, distribution.sans_poste.get_absolute_url())
    assert "Vous n’avez pas de poste en cours" in text(client, "/annuaire/")
    assert "Les mairies se montrent" in text(client, "/annuaire/collectivites/")
    for thing in (distribution.agent_a, distribution.a):
        assert client.get(thing.get_absolute_url()).status_code == 404


def test_a_leaver_and_an_erased_person_are_unknown(client: Client, distribution: Distribution) -> None:
    assert client.get(distribution.sans_poste.get_absolute_url()).status_code == 404
    Agent.objects.filter(pk=distribution.agent_a.pk).update(efface_le=timezone.now())
    assert client.get(distribution.agent_a.get_absolute_url()).status_code == 404


def test_a_commune(client: Client, distribution: Distribution) -> None:
    secteur = Secteur.objects.create(nom="Secteur de la plaine")
    Collectivite.objects.filter(pk=distribution.a.pk).update(
        secteur=secteur,
        population_municipale=3888,
        population_totale=3939,
        population_annee=2026,
        latitude=47.03759,
        longitude=5.40290,
        telephone="03 53 01 00 40",
        adresse="Place Charles-de-Gaulle",
        code_postal="39500",
        ville="Aval",
    )
    Collectivite.objects.filter(pk=distribution.b.pk).update(latitude=47.08560, longitude=5.44447)
    PlageOuverture.objects.create(
        collectivite=distribution.a, jour=Jour.LUNDI, ouverture=time(8, 30), fermeture=time(12)
    )
    furnish(distribution.agent_a)
    page = text(client, distribution.a.get_absolute_url())
    for words in (
        "Commune de 3\u202f888 habitants, à 6 km de Bourg",
        "4 agents, 0 élu<",
        "Secteur de la plaine",
        "Place Charles-de-Gaulle",
        "8 h 30 à 12 h",
        "Alain Aval",
        "absence jusqu’au",
        "jours non renseignés",
        "Aucun élu n’est encore dans l’annuaire.",
        'aria-label="Position d’Aval, à 6 km de Bourg"',
        "Sans Poste",
    ):
        assert (words in page) is (words != "Sans Poste"), words


def test_elus_and_who_signs(client: Client, distribution: Distribution) -> None:
    elue = distribution.elue_b.postes.get()
    elue.signataire, elue.delegation_date, elue.delegation_reference = "delegation", date(2026, 4, 3), "arrêté n° 31"
    elue.save()
    page = text(client, distribution.b.get_absolute_url())
    assert "2 agents, 1 élu<" in page
    assert "Signe par délégation." in page


def test_an_empty_commune(client: Client) -> None:
    page = text(client, CollectiviteFactory(nom="Vide", slug="vide").get_absolute_url())
    for words in ("Aucun agent dans l’annuaire", "Les horaires ne sont pas encore renseignés", "0 agent, 0 élu"):
        assert words in page
    assert "ec-map" not in page


def test_a_commune_that_left(client: Client, distribution: Distribution) -> None:
    Collectivite.objects.filter(pk=distribution.a.pk).update(date_sortie=date(2026, 1, 1))
    assert client.get(distribution.a.get_absolute_url()).status_code == 404


def test_the_list_of_mairies(client: Client, distribution: Distribution) -> None:
    page = text(client, "/annuaire/collectivites/")
    for words in ("Aval", "Bourg", "Grand Val", "la vôtre", "horaires non renseignés", "Licence Ouverte"):
        assert words in page
    assert page.index(">Grand Val<") < page.index(">Aval<", page.index("<table"))


def test_other_areas_bring_their_blocks(client: Client, distribution: Distribution, monkeypatch: object) -> None:
    seen = []

    def collect(name: str, thing: object, reader: Agent) -> list[Encart]:
        seen.append((name, thing, reader))
        return [
            Encart("Second", "annuaire/_remplacant.html", {}, ordre=60),
            Encart("Premier", "annuaire/_remplacant.html", {}, ordre=10, colonne="cote"),
        ]

    monkeypatch.setattr(encarts, "collect", collect)
    for name, thing in (("encarts_agent", distribution.agent_a), ("encarts_collectivite", distribution.a)):
        found = encarts.encarts(name, thing, distribution.secretaire_b)
        assert [encart.titre for encart in found["encarts"]] == ["Second"]
        assert [encart.titre for encart in found["encarts_cote"]] == ["Premier"]
        assert seen[-1] == (name, thing, distribution.secretaire_b)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    written = [q["sql"] for q in captured if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not written, written
    return len(captured)


def crowd(place: Collectivite, number: int) -> None:
    for rank in range(number):
        agent = AgentFactory(prenom="Foule")
        poste = PosteFactory(agent=agent, collectivite=place)
        Presence.objects.create(poste=poste, jour=1 + rank % 5, moment=Moment.MATIN)
        Absence.objects.create(
            agent=agent, date_debut=timezone.localdate(), date_fin=timezone.localdate(), remplacant=AgentFactory()
        )


@pytest.mark.parametrize("page", ["commune", "agent", "recherche", "annuaire", "mairies"])
def test_the_same_number_of_queries_for_one_and_for_a_hundred(distribution: Distribution, page: str) -> None:
    client = open_session(distribution.secretaire_a)
    url = {
        "commune": distribution.a.get_absolute_url(),
        "agent": distribution.agent_a.get_absolute_url(),
        "recherche": "/annuaire/?q=foule",
        "annuaire": "/annuaire/",
        "mairies": "/annuaire/collectivites/",
    }[page]
    crowd(distribution.a, 2)
    furnish(distribution.agent_a)
    client.get(url)
    few = queries(client, url)
    crowd(distribution.a, 60)
    for rank in range(30):
        place = CollectiviteFactory(latitude=47 + rank / 100, longitude=5 + rank / 100)
        PlageOuverture.objects.create(collectivite=place, jour=1, ouverture=time(9), fermeture=time(12))
        Expertise.objects.create(agent=distribution.agent_a, libelle=f"Sujet {rank}")
        AdhesionFactory(agent=distribution.agent_a)
    assert queries(client, url) == few
    assert few <= 25


def test_a_crowd_is_folded(client: Client, distribution: Distribution) -> None:
    crowd(distribution.a, 40)
    response = client.get(distribution.a.get_absolute_url())
    shown, folded = response.context["agents"], response.context["autres_agents"]
    assert len(shown) == lieux.SHOWN
    assert len(shown) + len(folded) == Poste.objects.in_force().filter(collectivite=distribution.a).count()
    assert f"Voir les {len(folded)} autres" in response.content.decode()
