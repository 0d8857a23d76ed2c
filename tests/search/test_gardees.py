"""Keeping a search: what is kept, how much, under which name, and the pages that do it."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.cles import make
from collectivites.models import Agent, Poste, Theme
from notifications.models import Courriel
from search.gardees import garder
from search.gardees.alertes import write_alerts
from search.gardees.listes import address_of, keys_of, listes, read
from search.models import Nouveaute, RechercheGardee
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.search.gardees import JAMAIS, JOUR, SEMAINE, fresh, kept, morning, words
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

GARDEES = "/recherche/gardees/"


def post(client: Client, url: str, agent: Agent, **fields: object):
    """As its form sends it, with a fresh key."""
    poste = fresh(agent).postes_en_cours
    request = type("Ouvert", (), {"user": agent, "poste": poste[0] if poste else None})
    return client.post(url, {"cle_unique": make(request), **fields})


def counted() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def form_url(liste: str, demande: str) -> str:
    return f"{GARDEES}garder/?{urlencode({'liste': liste, 'demande': demande})}"


class TestKeeping:
    def test_what_is_kept_is_written_in_one_way(self, distribution: Distribution):
        agent, theme = distribution.agent_a, Theme.objects.first().slug
        one = kept(agent, f"theme={theme}&q=plu&page=3&tri=utilite&inconnu=1&theme={theme}")
        assert one.parametres == f"q=plu&theme={theme}"
        assert address_of(one) == f"/ressources/?q=plu&theme={theme}"
        with pytest.raises(garder.DejaGardee, match="Mon thème"):
            kept(agent, f"q=plu&theme={theme}", nom="La même")
        kept(distribution.secretaire_b, f"q=plu&theme={theme}")

    def test_the_same_twice_is_refused_by_the_database_too(self, distribution: Distribution):
        one = kept(distribution.agent_a)
        with pytest.raises(IntegrityError), transaction.atomic():
            RechercheGardee.objects.create(
                agent=one.agent, liste=one.liste, parametres=one.parametres, nom="Encore", depart=[]
            )
        Nouveaute.objects.create(recherche=one, cle="1")
        with pytest.raises(IntegrityError), transaction.atomic():
            Nouveaute.objects.create(recherche=one, cle="1")

    def test_without_filter_or_with_too_many_it_is_refused(self, distribution: Distribution):
        with pytest.raises(garder.GardeRefusee, match="d’abord un filtre"):
            kept(distribution.agent_a, "page=2")
        with pytest.raises(garder.GardeRefusee, match="trop de critères"):
            kept(
                distribution.agent_a, urlencode([("commune", "é" * 100 + str(n)) for n in range(9)]), liste="recherche"
            )

    def test_there_is_a_limit_for_each_person(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(garder, "AU_PLUS", 2)
        for word in ("un", "deux"):
            kept(distribution.agent_a, f"q={word}")
        with pytest.raises(garder.GardeRefusee, match="Vous gardez déjà 2 recherches"):
            kept(distribution.agent_a, "q=trois")
        kept(distribution.secretaire_b, "q=trois")

    def test_what_is_there_is_known_of_alerts_alone(self, distribution: Distribution):
        page = make_ressource()
        assert kept(distribution.agent_a).depart == [str(page.pk)]
        assert kept(distribution.secretaire_b, frequence=JAMAIS).depart is None

    def test_every_list_is_there(self):
        assert set(listes()) == {"recherche", "ressources", "annuaire", "materiel", "formations"}

    def test_the_search_of_everything_is_kept_with_its_tab_and_its_facets(self, distribution: Distribution):
        page = make_ressource("Zibeline du lavoir")
        make_ressource("Zibeline de la mare", theme=Theme.objects.last())
        agent = fresh(distribution.agent_a)
        asked = f"q=zibeline&genre=documents&theme={Theme.objects.first().nom}&tri=date&page=2"
        demande = read(listes()["recherche"], asked, agent, None)
        assert "tri" not in demande.parametres
        assert "page" not in demande.parametres
        assert demande.mots[0] == "zibeline"
        assert demande.mots[-1] == Theme.objects.first().nom
        found = keys_of("recherche", "q=zibeline", agent)
        assert f"ressource:{page.pk}" in found
        assert len(found) == 2
        (line,) = listes()["recherche"].lignes(agent, [f"ressource:{page.pk}"]).values()
        assert (line.titre, line.url) == ("Zibeline du lavoir", page.adresse)

    def test_an_alert_waits_for_all_the_words(self, distribution: Distribution):
        """Where the page offers another spelling, or most of the words."""
        make_ressource("Zibeline du lavoir")
        agent = fresh(distribution.agent_a)
        assert keys_of("recherche", urlencode({"q": "zibelyne"}), agent) == []
        assert keys_of("recherche", urlencode({"q": "zibeline cathédrale"}), agent) == []


class TestPages:
    def test_a_search_is_kept_from_its_list(self, distribution: Distribution):
        agent, theme = distribution.agent_a, Theme.objects.first()
        client = open_session(agent)
        page = words(client.get(f"/ressources/?theme={theme.slug}&tri=utilite"))
        assert "Garder cette recherche" in page
        url = form_url("ressources", f"theme={theme.slug}")
        page = words(client.get(url))
        assert f'value="{theme.nom}"' in page
        response = post(client, url, agent, nom="Mon suivi", frequence=SEMAINE)
        assert response.url == GARDEES
        page = words(client.get(GARDEES))
        assert "« Mon suivi » est gardée." in page
        assert "Alerte chaque semaine, rien de nouveau" in page
        assert f'href="/ressources/?theme={theme.slug}"' in page
        assert client.get(url).url == f"{GARDEES}{RechercheGardee.objects.get().pk}/"

    @pytest.mark.parametrize("path", ["/ressources/", "/annuaire/", "/materiel/", "/formations/", "/recherche/"])
    def test_a_whole_list_is_not_a_search(self, distribution: Distribution, path: str):
        assert "Garder cette recherche" not in words(open_session(distribution.agent_a).get(path))

    @pytest.mark.parametrize(
        "path",
        [
            "/annuaire/?q=aval",
            "/materiel/?quoi=barnum",
            "/formations/?q=secourisme",
            "/recherche/?genre=documents&q=plu",
        ],
    )
    def test_each_list_offers_to_keep_what_it_shows(self, distribution: Distribution, path: str):
        client = open_session(distribution.agent_a)
        page = words(client.get(path))
        (url,) = {part.split('"')[0] for part in page.split('href="') if part.startswith(f"{GARDEES}garder/")}
        response = post(client, url, distribution.agent_a, nom="Gardée", frequence=JOUR)
        assert response.url == GARDEES
        one = RechercheGardee.objects.get()
        assert address_of(one) == path
        assert client.get(address_of(one)).status_code == 200

    def test_what_is_typed_comes_back_with_a_sentence(self, distribution: Distribution):
        agent = distribution.agent_a
        client, url = open_session(agent), form_url("ressources", "q=plu")
        response = post(client, url, agent, nom="", frequence=JOUR)
        assert response.status_code == 422
        assert "Donnez-lui un nom" in words(response)
        response = post(client, url, agent, nom="n" * 121, frequence="souvent")
        assert "Cent vingt caractères au plus : il y en a 121." in words(response)
        assert not RechercheGardee.objects.exists()

    def test_a_list_that_does_not_exist_or_nothing_asked_leads_back(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        assert client.get(form_url("licorne", "q=plu")).url == GARDEES
        assert client.get(form_url("ressources", "page=2")).url == "/ressources/"
        assert "Choisissez d’abord des mots" in words(client.get("/ressources/"))

    def test_renamed_changed_stopped_deleted(self, distribution: Distribution):
        agent = distribution.agent_a
        one, client = kept(agent), open_session(agent)
        assert post(client, f"{GARDEES}{one.pk}/", agent, nom="Autre nom", frequence=SEMAINE).url == GARDEES
        one.refresh_from_db()
        assert (one.nom, one.frequence) == ("Autre nom", SEMAINE)
        client.post(f"{GARDEES}{one.pk}/arreter/")
        one.refresh_from_db()
        assert one.frequence == JAMAIS
        assert "Sans alerte" in words(client.get(GARDEES))
        client.post(f"{GARDEES}{one.pk}/supprimer/")
        assert not RechercheGardee.objects.exists()
        assert "Aucune recherche gardée" in words(client.get(GARDEES))

    def test_nobody_touches_those_of_others(self, distribution: Distribution):
        one, client = kept(distribution.agent_a), open_session(distribution.secretaire_a)
        assert client.get(f"{GARDEES}{one.pk}/").status_code == 404
        for act in ("arreter", "supprimer"):
            assert client.post(f"{GARDEES}{one.pk}/{act}/").status_code == 404
        assert "Mon thème" not in words(client.get(GARDEES))

    def test_two_searches_of_one_name_are_told_apart(self, distribution: Distribution):
        agent = distribution.agent_a
        first, second = kept(agent, "q=un"), kept(agent, "q=deux", nom="Deux")
        kept(distribution.elue_b, "q=un", nom="Deux")
        client = open_session(agent)
        refused = post(client, f"{GARDEES}{second.pk}/", agent, nom=first.nom, frequence=JOUR)
        assert "Vous gardez déjà une recherche sous ce nom" in words(refused)
        assert post(client, f"{GARDEES}{first.pk}/", agent, nom=first.nom, frequence=JOUR).url == GARDEES

    def test_a_long_name_and_a_trouble_are_shown(self, distribution: Distribution):
        kept(distribution.agent_a, nom="Interminable" * 10)
        RechercheGardee.objects.update(empechement="Un de ses critères n’est plus proposé.")
        page = words(open_session(distribution.agent_a).get(GARDEES))
        assert "Interminable" * 10 in page
        assert "Un de ses critères n’est plus proposé." in page
        RechercheGardee.objects.update(liste="disparue")
        assert "La liste où elle cherchait n’existe plus." in words(open_session(distribution.agent_a).get(GARDEES))

    def test_the_page_asks_as_much_for_one_as_for_ten(self, distribution: Distribution):
        agent = distribution.agent_a
        kept(agent)
        client = open_session(agent)
        client.get(GARDEES)
        with counted() as one:
            client.get(GARDEES)
        for number in range(9):
            kept(agent, f"q=mot{number}")
        with counted() as ten:
            client.get(GARDEES)
        assert len(ten) == len(one)

    def test_they_are_offered_where_one_begins_to_search(self, distribution: Distribution):
        kept(distribution.agent_a, nom="Mon suivi")
        assert "Mon suivi" in words(open_session(distribution.agent_a).get("/recherche/"))
        assert "Mon suivi" not in words(open_session(distribution.secretaire_a).get("/recherche/"))

    def test_without_poste_one_keeps_nothing_and_still_finds_ones_own(self, distribution: Distribution):
        kept(distribution.agent_a)
        Poste.objects.filter(agent=distribution.agent_a).update(date_fin=timezone.localdate() - timedelta(days=1))
        client = open_session(distribution.agent_a)
        assert client.get(form_url("ressources", "q=plu")).status_code == 403
        assert "aucune alerte ne part" in words(client.get(GARDEES))


def test_a_mail_is_written_for_who_reads_mails(distribution: Distribution):
    """Nothing is handed over by the pass itself."""
    kept(distribution.agent_a)
    make_ressource()
    write_alerts(morning())
    assert mail.outbox == []
    assert Courriel.objects.get().exige_poste
