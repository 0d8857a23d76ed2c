"""The collectivités: their services, their numbers for the night and who writes them, the map, who answers."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from annuaire.models import AnnuairePage, Astreinte
from collectivites.models import Absence, Agent, Collectivite, EntreeJournal, Presence
from extranet.lib.demi_journees import Jour, Moment
from tests.annuaire.invites import key_of
from tests.annuaire.test_fiches import text
from tests.collectivites.factories import PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
FORM = "/annuaire/collectivites/aval/astreintes/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


def astreinte(place: Collectivite, libelle: str = "Élu d’astreinte", **fields: str) -> Astreinte:
    return Astreinte.objects.create(collectivite=place, libelle=libelle, telephone="06 39 98 01 99", **fields)


def lines(client: Client, *rows: dict[str, object], existing: int = 0) -> dict[str, str]:
    """The form as a browser sends it."""
    sent = {"astreintes-TOTAL_FORMS": str(len(rows)), "astreintes-INITIAL_FORMS": str(existing)}
    for rank, row in enumerate(rows):
        sent |= {f"astreintes-{rank}-{name}": str(value) for name, value in row.items()}
    return sent | {"cle_unique": key_of(client, FORM)}


def test_the_services_of_a_commune(client: Client, distribution: Distribution) -> None:
    distribution.agent_a.postes.update(telephone="03 53 01 00 45")
    page = text(client, distribution.a.get_absolute_url())
    for words in ("Services techniques", "2 personnes", "03 53 01 00 45", "collectivite=aval&amp;fonction=famille%3A"):
        assert words in page
    assert "Écoles, social et sécurité" not in page


def test_the_numbers_for_the_night(client: Client, distribution: Distribution) -> None:
    astreinte(distribution.a, horaires="nuits et week-ends")
    astreinte(distribution.b, "Services techniques")
    page = text(client, "/annuaire/numeros/")
    for words in ("À Bourg", "Les autres collectivités", "Élu d’astreinte", "Nuits et week-ends", "06 39 98 01 99"):
        assert words in page
    assert page.index("Services techniques") < page.index("Élu d’astreinte"), "one’s own first"
    assert "Nuits et week-ends" in text(client, distribution.a.get_absolute_url())


def test_the_services_outside(client: Client) -> None:
    page = AnnuairePage.objects.get()
    page.services = [
        ("service", {"nom": "Trésorerie", "telephone": "03 53 01 90 10", "horaires": "le matin", "pour": "les mandats"})
    ]
    page.save()
    shown = text(client, "/annuaire/numeros/")
    for words in ("Hors du territoire", "Trésorerie", "03 53 01 90 10", "Le matin", "les mandats"):
        assert words in shown


def test_without_a_poste_no_number(distribution: Distribution) -> None:
    astreinte(distribution.a)
    page = text(open_session(distribution.sans_poste), "/annuaire/numeros/")
    assert "06 39 98 01 99" not in page
    assert "à qui a un poste en cours" in page


def test_a_commune_that_left_has_no_number(client: Client, distribution: Distribution) -> None:
    astreinte(distribution.a)
    Collectivite.objects.filter(pk=distribution.a.pk).update(date_sortie=timezone.localdate())
    assert "06 39 98 01 99" not in text(client, "/annuaire/numeros/")


def test_the_gestionnaire_writes_them(distribution: Distribution) -> None:
    client = open_session(distribution.gestionnaire_a)
    sent = lines(
        client, {"libelle": "Élu d’astreinte", "telephone": "0639980199", "horaires": "nuits"}, {"libelle": ""}
    )
    response = client.post(FORM, sent)
    assert response["Location"] == "/annuaire/collectivites/aval/#astreintes"
    one = Astreinte.objects.get()
    assert (one.collectivite, one.telephone, one.horaires) == (distribution.a, "06 39 98 01 99", "nuits")
    entry = EntreeJournal.objects.get(acte="astreintes.changees")
    assert (entry.agent, entry.donnees["apres"]) == (
        distribution.gestionnaire_a,
        ["Élu d’astreinte, 06 39 98 01 99, nuits"],
    )
    same = {"id": one.pk, "libelle": one.libelle, "telephone": one.telephone, "horaires": one.horaires}
    client.post(FORM, lines(client, same, existing=1))
    assert EntreeJournal.objects.filter(acte="astreintes.changees").count() == 1, "nothing has changed"
    client.post(FORM, lines(client, same | {"DELETE": "on"}, existing=1))
    assert not Astreinte.objects.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"libelle": "Élu", "telephone": "12"}], "n’est pas un numéro de téléphone"),
        ([{"libelle": "", "telephone": "06 39 98 01 99"}], "Dites qui répond"),
        ([{"libelle": "Élu", "telephone": ""}], "Donnez le numéro"),
        ([{"libelle": "Élu", "telephone": "06 39 98 01 99"}] * 2, "Deux lignes portent le même nom"),
        ([{"libelle": f"Élu {n}", "telephone": "06 39 98 01 99"} for n in range(13)], "au plus 12 numéros"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    distribution: Distribution, rows: list[dict[str, object]], words: str
) -> None:
    client = open_session(distribution.gestionnaire_a)
    response = client.post(FORM, lines(client, *rows))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert 'value="06 39 98 01 99"' in response.content.decode() or rows[0]["telephone"] in ("12", "")
    assert not Astreinte.objects.exists()


@pytest.mark.parametrize("role", ["secretaire_a", "secretaire_b", "elue_b", "partage_ab"])
def test_nobody_else_does(distribution: Distribution, role: str) -> None:
    one = astreinte(distribution.a)
    client = open_session(getattr(distribution, role))
    refused = client.get(FORM)
    assert refused.status_code == 403
    assert "gestionnaires d’Aval" in refused.content.decode()
    assert "Modifier les numéros" not in text(client, distribution.a.get_absolute_url())
    sent = {"astreintes-TOTAL_FORMS": "1", "astreintes-INITIAL_FORMS": "1", "astreintes-0-id": str(one.pk)}
    other = key_of(client, "/annuaire/collectivites/bourg/astreintes/") if role == "secretaire_b" else ""
    client.post(FORM, sent | {"astreintes-0-DELETE": "on", "cle_unique": other})
    assert Astreinte.objects.filter(pk=one.pk).exists()


def test_a_line_of_another_collectivite_is_not_taken(distribution: Distribution) -> None:
    other = astreinte(distribution.b)
    client = open_session(distribution.gestionnaire_a)
    row = {"id": other.pk, "libelle": "Détournée", "telephone": "06 39 98 01 11"}
    client.post(FORM, lines(client, row, existing=1))
    other.refresh_from_db()
    assert (other.libelle, other.telephone) == ("Élu d’astreinte", "06 39 98 01 99")


def test_the_map_counts_people_where_they_answer(client: Client, distribution: Distribution) -> None:
    for place, latitude in ((distribution.a, 47.09), (distribution.b, 47.04)):
        Collectivite.objects.filter(pk=place.pk).update(latitude=latitude, longitude=5.49)
    response = client.get("/annuaire/carte/?fonction=famille:technique")
    found = {place.nom: (repere.nombre, repere.url) for place, repere, _ in response.context["lieux"]}
    assert found["Aval"] == (2, "/annuaire/?fonction=famille%3Atechnique&collectivite=aval")
    assert found["Bourg"][0] == 1
    assert "Grand Val" not in found
    page = response.content.decode()
    assert page.count('aria-label="Aval, 2 personnes"') == 2, "on the wide drawing and on the narrow one"
    assert "2 personnes aux services techniques" in page
    Agent.objects.filter(pk=distribution.agent_a.pk).update(oppose_le=timezone.now())
    hidden = client.get("/annuaire/carte/?fonction=famille:technique")
    assert {place.nom: repere.nombre for place, repere, _ in hidden.context["lieux"]} == {"Aval": 1, "Bourg": 1}


def test_a_map_without_anybody_or_any_position(client: Client, distribution: Distribution) -> None:
    assert "Aucune position n’est connue" in text(client, "/annuaire/carte/")
    assert "Personne ne répond à ce que vous cherchez" in text(client, "/annuaire/carte/?q=zzz")
    assert "à qui a un poste en cours" in text(open_session(distribution.sans_poste), "/annuaire/carte/")


def test_today_in_words(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    mardi = datetime(2026, 11, 24, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(timezone, "now", lambda: mardi)
    client = open_session(distribution.secretaire_b)
    in_a, in_b = distribution.partage_ab.postes.order_by("-heures_hebdo")
    hours = {"heure_debut": time(9), "heure_fin": time(12)}
    Presence.objects.create(poste=in_a, jour=Jour.MARDI, moment=Moment.MATIN, **hours)
    Presence.objects.create(poste=in_b, jour=Jour.MARDI, moment=Moment.APRES_MIDI)
    url = distribution.partage_ab.get_absolute_url()
    assert "Aujourd’hui : Aval 9 h–12 h, Bourg après-midi" in text(client, url)
    Absence.objects.create(
        agent=distribution.partage_ab, date_debut=mardi.date(), date_fin=mardi.date(), moment_debut=Moment.APRES_MIDI
    )
    page = text(client, url)
    assert "Bourg après-midi" not in page
    assert "Absence mardi 24 novembre, après-midi" in page


def test_a_card_that_nobody_has_read_for_a_year(client: Client, distribution: Distribution) -> None:
    agent, mark = distribution.agent_a, "Pas relue depuis plus d’un an"
    assert mark not in text(client, agent.get_absolute_url())
    Agent.objects.filter(pk=agent.pk).update(created_at=timezone.now() - timedelta(days=366))
    assert mark in text(client, agent.get_absolute_url())
    Agent.objects.filter(pk=agent.pk).update(confirmee_le=timezone.now() - timedelta(days=300))
    assert mark not in text(client, agent.get_absolute_url())


def test_whoever_hid_their_card_is_not_named_as_the_one_who_answers(client: Client, distribution: Distribution) -> None:
    today, substitute = timezone.localdate(), distribution.secretaire_a
    Absence.objects.create(agent=distribution.agent_a, date_debut=today, date_fin=today, remplacant=substitute)
    pages = (distribution.agent_a.get_absolute_url(), distribution.a.get_absolute_url())
    for url in pages:
        assert "Sylvie Aval" in text(client, url)
    Agent.objects.filter(pk=substitute.pk).update(oppose_le=timezone.now())
    for url in pages:
        page = text(client, url)
        assert "Sylvie Aval" not in page
        assert "Personne n’est encore désigné" in page


def test_whoever_left_is_not_named_as_the_one_who_answers(client: Client, distribution: Distribution) -> None:
    today, substitute = timezone.localdate(), distribution.secretaire_a
    Absence.objects.create(agent=distribution.agent_a, date_debut=today, date_fin=today, remplacant=substitute)
    substitute.postes.get().end(today)
    for url in (distribution.agent_a.get_absolute_url(), distribution.a.get_absolute_url()):
        page = text(client, url)
        assert "Sylvie Aval" not in page
        assert "Personne n’est encore désigné" in page


def test_who_answers_for_an_elue(client: Client, distribution: Distribution) -> None:
    today = timezone.localdate()
    Absence.objects.create(
        agent=distribution.elue_b, date_debut=today, date_fin=today, remplacant=distribution.secretaire_b
    )
    _, _, away = text(client, distribution.b.get_absolute_url()).partition("Absences à venir")
    assert "Elise Bourg" in away.partition("</section>")[0]


def test_several_postes_in_one_commune_make_one_person(client: Client, distribution: Distribution) -> None:
    for _ in range(2):
        PosteFactory(agent=distribution.agent_a, collectivite=distribution.a, fonction__code=f"essai-autre-{_}")
    assert "4 agents" in text(client, distribution.a.get_absolute_url())
