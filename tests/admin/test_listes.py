"""The lists of the admin: written, noted in the journal, ended rather than deleted."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from collectivites.journal import record
from collectivites.models import (
    Collectivite,
    EntreeJournal,
    Fonction,
    Habilitation,
    Poste,
    Presence,
    Territoire,
    Theme,
    TypeHabilitation,
)
from extranet.lib.demi_journees import Jour, Moment, Semaine
from tests.admin.formulaires import errors, send
from tests.collectivites.factories import (
    AdhesionFactory,
    AgentFactory,
    CollectiviteFactory,
    FonctionFactory,
    PosteFactory,
)
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def url(liste: str, route: str, *args: object) -> str:
    return reverse(f"admin_{liste}:{route}", args=args)


def last_act() -> tuple[str, dict]:
    entry = EntreeJournal.objects.order_by("pk").last()
    return entry.acte, entry.donnees


def poste_data(distribution: Distribution, **more: object) -> dict[str, object]:
    return {
        "agent": distribution.agent_a.pk,
        "collectivite": distribution.b.pk,
        "fonction": FonctionFactory().pk,
        "date_debut": "01/09/2026",
        **more,
    }


def test_each_write_is_in_both_logs(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    assert errors(send(client, url("themes", "add"), nom="Fontaines", slug="fontaines")) == ""
    theme = Theme.objects.get(slug="fontaines")
    assert last_act() == ("theme.cree", {})
    send(client, url("themes", "edit", theme.pk), description="Fontaines et lavoirs")
    assert last_act() == ("theme.modifie", {"champs": ["description"]})
    client.post(url("themes", "delete", theme.pk))
    assert not Theme.objects.filter(pk=theme.pk).exists()
    assert last_act() == ("theme.supprime", {})
    entry = EntreeJournal.objects.last()
    assert entry.agent == distribution.responsable
    assert set(EntreeJournal.objects.values_list("collectivite", flat=True)) == {distribution.epci.pk}
    wagtail = ModelLogEntry.objects.filter(object_id=theme.pk, label="Fontaines").values_list("action", flat=True)
    assert set(wagtail) == {"wagtail.create", "wagtail.edit", "wagtail.delete"}


def test_saving_without_change_writes_nothing(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    before = EntreeJournal.objects.count()
    assert errors(send(client, url("collectivites", "edit", distribution.a.pk))) == ""
    assert EntreeJournal.objects.count() == before


def test_a_poste_with_its_half_days(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    rows = {
        "lignes-0-jour": Jour.LUNDI,
        "lignes-0-moment": Moment.MATIN,
        "lignes-0-semaine": Semaine.PAIRES,
        "lignes-0-heure_debut": "08:30",
        "lignes-0-heure_fin": "12:00",
        "lignes-1-jour": Jour.JEUDI,
        "lignes-1-moment": Moment.APRES_MIDI,
    }
    response = send(client, url("postes", "add"), **poste_data(distribution, gestionnaire="on"), **rows)
    assert errors(response) == ""
    poste = Poste.objects.get(agent=distribution.agent_a, collectivite=distribution.b)
    assert poste.gestionnaire
    assert poste.date_debut == date(2026, 9, 1)
    found = poste.presences.values_list("jour", "moment", "semaine")
    assert sorted(found) == [(1, "matin", "paires"), (4, "apres_midi", "toutes")]
    assert last_act()[0] == "poste.cree"


def test_a_wrong_half_day_keeps_the_whole_form(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    rows = {
        "lignes-0-jour": 1,
        "lignes-0-moment": "matin",
        "lignes-0-heure_debut": "12:00",
        "lignes-0-heure_fin": "08:00",
    }
    before = Poste.objects.count(), Presence.objects.count()
    response = send(client, url("postes", "add"), **poste_data(distribution, intitule="Rédactrice"), **rows)
    assert "dans l’ordre" in errors(response)
    assert "Rédactrice" in response.content.decode()
    assert (Poste.objects.count(), Presence.objects.count()) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signataire": "delegation"}, "Une délégation de signature a une date"),
        ({"date_fin": "01/01/2026"}, "Le poste finit après avoir commencé"),
        ({"heures_hebdo": "90"}, "48 heures"),
        ({"fonction": ""}, "Champ requis"),
    ],
)
def test_what_a_poste_cannot_be(distribution: Distribution, changes: dict, words: str) -> None:
    client = open_session(distribution.responsable)
    response = send(client, url("postes", "add"), **{**poste_data(distribution), **changes})
    assert words in errors(response)


def test_ending_a_poste_today_closes_its_access_at_once(distribution: Distribution) -> None:
    poste = distribution.agent_a.postes.get()
    theirs = open_session(distribution.agent_a)
    client = open_session(distribution.responsable)
    today = timezone.localdate()
    assert errors(send(client, url("postes", "edit", poste.pk), date_fin=f"{today:%d/%m/%Y}")) == ""
    poste.refresh_from_db()
    assert not poste.is_in_force()
    assert distribution.a not in [p.collectivite for p in theirs.get("/").wsgi_request.user.postes_en_cours]
    assert errors(send(client, url("postes", "edit", poste.pk), date_fin=None)) == ""
    poste.refresh_from_db()
    assert poste.is_in_force()


def test_a_poste_keeps_its_person_and_its_collectivite(distribution: Distribution) -> None:
    poste = distribution.agent_a.postes.get()
    client = open_session(distribution.responsable)
    send(client, url("postes", "edit", poste.pk), agent=distribution.elue_b.pk, collectivite=distribution.b.pk)
    poste.refresh_from_db()
    assert (poste.agent, poste.collectivite) == (distribution.agent_a, distribution.a)


def test_nobody_touches_their_own_poste_nor_that_of_someone_stronger(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    own = distribution.responsable.postes.get()
    assert "votre propre poste" in errors(send(client, url("postes", "edit", own.pk), gestionnaire="on"))
    data = poste_data(distribution, agent=distribution.responsable.pk, gestionnaire="on")
    assert "votre propre poste" in errors(send(client, url("postes", "add"), **data))
    stronger = distribution.administrateur.postes.get()
    assert "a des responsabilités" in errors(send(client, url("postes", "edit", stronger.pk), gestionnaire="on"))
    client.post(url("postes", "delete", stronger.pk))
    assert Poste.objects.filter(pk=stronger.pk).exists()


def test_a_poste_under_which_something_was_done_is_not_deleted(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    poste = distribution.agent_a.postes.get()
    record("essai.fait", poste, agent=distribution.agent_a, collectivite=distribution.a)
    response = client.post(url("postes", "delete", poste.pk), follow=True)
    assert "donnez-lui une date de fin" in response.content.decode()
    assert Poste.objects.filter(pk=poste.pk).exists()


def test_a_poste_made_by_mistake_is_deleted(distribution: Distribution) -> None:
    poste = PosteFactory(collectivite=distribution.a)
    client = open_session(distribution.responsable)
    assert client.get(url("postes", "delete", poste.pk)).status_code == 200
    client.post(url("postes", "delete", poste.pk))
    assert not Poste.objects.filter(pk=poste.pk).exists()


@pytest.mark.parametrize("liste", ["collectivites", "fonctions"])
def test_what_serves_is_not_deleted_and_says_why(distribution: Distribution, liste: str) -> None:
    objet = distribution.a if liste == "collectivites" else Fonction.objects.get(code="essai-maire")
    client = open_session(distribution.responsable)
    response = client.post(url(liste, "delete", objet.pk), follow=True)
    assert response.status_code == 200
    assert "sert encore (postes)" in response.content.decode()
    assert type(objet).objects.filter(pk=objet.pk).exists()


def test_a_collectivite_leaves_the_territory_at_a_date(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    assert errors(send(client, url("collectivites", "edit", distribution.b.pk), date_sortie="01/01/2026")) == ""
    assert distribution.b not in Collectivite.objects.members()
    page = client.get(url("collectivites", "index"), {"sortie": "true"}).content.decode()
    assert "Bourg" in page
    assert "Aval" not in page.split("<table")[1]


def test_opening_hours_are_kept_in_order(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    address = url("collectivites", "edit", distribution.a.pk)
    rows = {"lignes-0-jour": 1, "lignes-0-ouverture": "14:00", "lignes-0-fermeture": "09:00"}
    assert "La fermeture vient après l’ouverture" in errors(send(client, address, **rows))
    rows["lignes-0-fermeture"] = "17:30"
    assert errors(send(client, address, **rows)) == ""
    assert str(distribution.a.plages.get()) == "lundi 14:00–17:30"
    assert last_act() == ("collectivite.modifie", {"champs": ["lignes"]})


@pytest.mark.parametrize(
    ("liste", "filtre", "kept", "left"),
    [
        ("postes", {"en_cours": "true"}, "Alain Aval", "Sans Poste"),
        ("postes", {"en_cours": "false"}, "Sans Poste", "Alain Aval"),
        ("postes", {"gestionnaire": "true"}, "Gisele Aval", "Alain Aval"),
        ("postes", {"q": "ELISE maire"}, "Elise Bourg", "Alain Aval"),
        ("collectivites", {"type": "epci"}, "Grand Val", "Bourg"),
        ("collectivites", {"q": "99002"}, "Bourg", "Aval"),
    ],
)
def test_filters_and_search(distribution: Distribution, liste: str, filtre: dict, kept: str, left: str) -> None:
    client = open_session(distribution.responsable)
    table = client.get(url(liste, "index_results"), filtre).content.decode()
    assert kept in table
    assert left not in table


def test_a_journal_is_read_and_nothing_else(distribution: Distribution) -> None:
    entry = record("essai.fait", distribution.a, agent=distribution.agent_a, collectivite=distribution.a, motif="essai")
    client = open_session(distribution.administrateur)
    page = client.get(f"/admin/journal/inspect/{entry.pk}/").content.decode()
    assert "essai.fait" in page
    assert "motif" in page
    for route in ("new/", f"edit/{entry.pk}/", f"delete/{entry.pk}/", f"copy/{entry.pk}/"):
        assert client.get(f"/admin/journal/{route}").status_code == 404


def test_the_territory_is_set_and_noted(distribution: Distribution) -> None:
    territoire = Territoire.load()
    client = open_session(distribution.administrateur)
    address = reverse("wagtailsettings:edit", args=["collectivites", "territoire", territoire.pk])
    assert errors(send(client, address, nom="Grand Val", telephone="03 53 01 00 00")) == ""
    territoire.refresh_from_db()
    assert territoire.nom == "Grand Val"
    assert last_act()[0] == "territoire.modifie"


MAKERS = {
    "postes": PosteFactory,
    "collectivites": CollectiviteFactory,
    "adhesions": AdhesionFactory,
    "habilitations": lambda: Habilitation.objects.create(
        agent=AgentFactory(), type=TypeHabilitation.objects.first(), obtenue_le=date(2026, 1, 15)
    ),
}


@pytest.mark.parametrize("liste", MAKERS)
def test_a_list_costs_the_same_for_one_and_for_many(distribution: Distribution, liste: str) -> None:
    client = open_session(distribution.responsable)
    MAKERS[liste]()
    client.get(url(liste, "index"))
    with CaptureQueriesContext(connection) as one:
        client.get(url(liste, "index"))
    for _ in range(20):
        MAKERS[liste]()
    with CaptureQueriesContext(connection) as many:
        client.get(url(liste, "index"))
    assert len(many) == len(one) <= 25


def test_a_sheet_tells_in_words(distribution: Distribution) -> None:
    poste = distribution.gestionnaire_a.postes.get()
    page = open_session(distribution.responsable).get(url("postes", "inspect", poste.pk)).content.decode()
    assert re.search(r"<dd>\s*oui\s*</dd>", page)
    assert "None" not in page.split("<dl>")[1]
