"""Nothing hidden leaks: for every way of reading the annuaire, a mobile, subjects, a card, a portrait that went.

What other rooms give (exports, papers) stands on the same two gates, tested here: `visible_to` and the filter set.
"""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from annuaire.filters import AnnuaireFilterSet
from annuaire.models import Photo
from annuaire.photos import depot
from collectivites.models import Absence, Adhesion, Agent, Collectivite, Expertise, Poste, Theme
from extranet.lib.cherchable import reindex
from notifications.models import Notification
from search.models import SearchEntry
from tests.annuaire.portraits import addresses, file, portrait
from tests.collectivites.factories import ReseauFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
MOBILE, SUJET = "06 39 98 01 77", "Girouettes anciennes"


@pytest.fixture
def agent(distribution: Distribution, settings: Settings, tmp_path: Path) -> Agent:
    """Somebody who shows everything, portrait included."""
    settings.MEDIA_ROOT = tmp_path
    one = distribution.agent_a
    Poste.objects.filter(agent=one).update(mobile=MOBILE)
    Expertise.objects.create(agent=one, libelle=SUJET, theme=Theme.objects.first())
    depot.deposit(one, file(portrait()), one)
    reindex([one])
    return one


def pages(client: Client, agent: Agent, place: object) -> dict[str, str]:
    """All the screens on which somebody may appear, without the words that were asked."""
    urls = {
        "liste": "/annuaire/",
        "tableau": "/annuaire/?vue=liste",
        "nom": "/annuaire/?q=alain",
        "sujet": "/annuaire/?q=girouettes",
        "mairie": place.get_absolute_url(),
        "mairies": "/annuaire/collectivites/",
        "fiche": agent.get_absolute_url(),
        "recherche": "/recherche/?q=girouettes",
        "recherche-nom": "/recherche/?q=alain+aval",
        "suggestions": "/recherche/suggestions/?q=alain",
        "accueil": "/",
    }
    found = {}
    for name, url in urls.items():
        page = client.get(url).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
        # Tags apart too: the search marks the words that it found.
        found[name] = page + re.sub(r"<[^>]+>", "", page)
    return found


def asked(reader: Agent, **words: str) -> set[str]:
    found = AnnuaireFilterSet(words, queryset=Agent.objects.visible_to(reader)).qs
    return set(found.values_list("slug", flat=True))


def leaks(seen: dict[str, str], *words: str) -> list[str]:
    return [name for name, page in seen.items() if any(word in page for word in words)]


def test_what_is_shown_is_seen(distribution: Distribution, agent: Agent) -> None:
    """Else the other tests would prove nothing."""
    reader = distribution.secretaire_b
    seen = pages(open_session(reader), agent, distribution.a)
    assert "fiche" in leaks(seen, MOBILE)
    assert {"fiche", "recherche"} <= set(leaks(seen, SUJET)), leaks(seen, SUJET)
    assert {"nom", "mairie", "recherche-nom"} <= set(leaks(seen, agent.get_absolute_url()))
    assert agent.slug in asked(reader, q="girouettes")
    assert agent.slug in asked(reader, expertise=Theme.objects.first().slug)


def test_a_hidden_mobile(distribution: Distribution, agent: Agent) -> None:
    agent.montre_mobile = False
    agent.save()
    seen = pages(open_session(distribution.secretaire_b), agent, distribution.a)
    assert not leaks(seen, MOBILE, MOBILE.replace(" ", ""), "+33639980177")
    entry = SearchEntry.objects.get(kind="agent", objet=agent.pk)
    assert "98 01 77" not in f"{entry.texte} {entry.telephone}".replace("\u00a0", " ")
    assert all(poste.numero != MOBILE for poste in agent.postes.select_related("agent"))


def test_hidden_subjects(distribution: Distribution, agent: Agent) -> None:
    agent.montre_expertises = False
    agent.save()
    reader = distribution.secretaire_b
    assert not leaks(pages(open_session(reader), agent, distribution.a), SUJET)
    assert asked(reader, q="girouettes") == set()
    assert asked(reader, expertise=Theme.objects.first().slug) == set()


def test_a_hidden_card(distribution: Distribution, agent: Agent) -> None:
    reader = distribution.secretaire_b
    before = len(asked(reader, collectivite="aval"))
    agent.oppose_le = timezone.now()
    agent.save()
    for name in ("secretaire_b", "secretaire_a", "elue_b"):
        client = open_session(getattr(distribution, name))
        seen = pages(client, agent, distribution.a)
        assert not leaks(seen, MOBILE, SUJET, agent.get_absolute_url(), "Alain Aval"), name
        assert client.get(agent.get_absolute_url()).status_code == 404
    assert len(asked(reader, collectivite="aval")) == before - 1
    assert asked(reader, q="alain") == set()
    assert not Poste.objects.visible_to(reader).filter(agent=agent).exists()
    assert not Photo.objects.visible_to(reader).exists()
    assert not SearchEntry.objects.filter(kind="agent", objet=agent.pk).exists()


def test_where_one_asks_for_an_access(distribution: Distribution) -> None:
    """The refusal names the gestionnaire: without a hidden mobile, and once the card is hidden by the mairie alone."""
    asked_of = distribution.gestionnaire_a
    asked_of.postes.update(mobile=MOBILE)
    Collectivite.objects.filter(pk=distribution.a.pk).update(telephone="03 84 00 00 01", courriel="a@aval.example")
    client, url = open_session(distribution.secretaire_b), f"/annuaire/agents/{distribution.agent_a.slug}/modifier/"

    def refusal() -> str:
        return client.get(url).content.decode().replace("\u00a0", " ")

    assert MOBILE in refusal()
    Agent.objects.filter(pk=asked_of.pk).update(montre_mobile=False)
    assert MOBILE not in refusal()
    assert asked_of.email in refusal()
    asked_of.postes.update(telephone="03 84 00 00 02")
    assert "03 84 00 00 02" in refusal()
    Agent.objects.filter(pk=asked_of.pk).update(oppose_le=timezone.now())
    page = refusal()
    assert not [word for word in (MOBILE, "03 84 00 00 02", asked_of.email) if word in page]
    assert all(word in page for word in ("Gisele Aval", "03 84 00 00 01", "a@aval.example"))
    card = client.get(distribution.agent_a.get_absolute_url()).content.decode()
    assert "Gisele Aval" in card
    assert asked_of.get_absolute_url() not in card


def test_a_network_counts_whom_the_list_shows(distribution: Distribution) -> None:
    reseau = ReseauFactory()
    for name in ("agent_a", "secretaire_a", "elue_b", "sans_poste"):
        Adhesion.objects.create(reseau=reseau, agent=getattr(distribution, name))
    Agent.objects.filter(pk=distribution.elue_b.pk).update(oppose_le=timezone.now())
    reader = distribution.secretaire_b
    card = open_session(reader).get(distribution.agent_a.get_absolute_url()).content.decode()
    assert len(asked(reader, reseau=reseau.slug)) == 2
    assert "2 membres" in card


def test_a_hidden_card_answers_for_nobody(distribution: Distribution, agent: Agent) -> None:
    today = timezone.localdate()
    Absence.objects.create(agent=distribution.secretaire_a, date_debut=today, date_fin=today, remplacant=agent)
    card = distribution.secretaire_a.get_absolute_url()
    reader = open_session(distribution.secretaire_b)
    assert "Alain Aval" in reader.get(card).content.decode()
    open_session(agent).post("/annuaire/ma-fiche/visibilite/", {"cacher": ""})
    for page in (card, distribution.a.get_absolute_url()):
        assert "Alain Aval" not in reader.get(page).content.decode()
    assert Notification.objects.filter(destinataire=distribution.secretaire_a, sorte="annuaire.absence").exists()


def test_a_hidden_card_keeps_its_portrait_from_its_keepers(distribution: Distribution, agent: Agent) -> None:
    """Whoever keeps the card still reads it in its form, portrait aside: that address is for readers."""
    known = addresses(agent)
    agent.oppose_le = timezone.now()
    agent.save()
    for name in ("secretaire_b", "gestionnaire_a", "responsable"):
        client = open_session(getattr(distribution, name))
        assert [client.get(address).status_code for address in known] == [404, 404], name
    page = open_session(distribution.gestionnaire_a).get(f"/annuaire/agents/{agent.slug}/modifier/").content.decode()
    assert not any(address in page for address in known)


def test_a_withdrawn_portrait(
    distribution: Distribution, agent: Agent, django_capture_on_commit_callbacks: object
) -> None:
    known = addresses(agent)
    with django_capture_on_commit_callbacks(execute=True):
        depot.withdraw(agent, agent)
    for name in ("secretaire_b", "agent_a", "gestionnaire_a", "administrateur"):
        client = open_session(getattr(distribution, name))
        assert not leaks(pages(client, agent, distribution.a), *known), name
        assert [client.get(address).status_code for address in known] == [404, 404], name


def test_a_departure(distribution: Distribution, agent: Agent) -> None:
    known, poste = addresses(agent), agent.postes.get()
    poste.end(timezone.localdate())
    client = open_session(distribution.secretaire_b)
    assert not leaks(pages(client, agent, distribution.a), MOBILE, SUJET, agent.get_absolute_url())
    assert [client.get(address).status_code for address in known] == [404, 404]
    assert asked(distribution.secretaire_b, q="alain") == set()


def test_completeness_and_choices_are_for_the_owner(distribution: Distribution, agent: Agent) -> None:
    seen = pages(open_session(distribution.secretaire_b), agent, distribution.a)
    assert not leaks(seen, "Il manque", "Mes données", "ma-fiche/mes-donnees")
