"""Stopping an alert from its mail; what is held about a person, and what becomes of it."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from collectivites.communes_nouvelles import merge_places, unmerge_places
from collectivites.models import Collectivite, Poste
from search.apports import effacer
from search.gardees import jetons
from search.gardees.alertes import write_alerts
from search.gardees.conservation import held_about, merge
from search.gardees.jetons import Arret
from search.models import Nouveaute, RechercheGardee
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.search.gardees import JAMAIS, JOUR, SEMAINE, kept, leave, morning, words

pytestmark = pytest.mark.django_db


class TestStopping:
    """The address of a mail: right, wrong, expired, revoked, poste ended."""

    def address(self, **what: int) -> str:
        return f"/recherche/alertes/{Arret(**what).sign()}/"

    def test_one_button_stops_it_without_login_and_a_visit_writes_nothing(self, distribution: Distribution):
        one = kept(distribution.agent_a, nom="Urbanisme")
        make_ressource()
        write_alerts(morning())
        (message,) = leave()
        path = "/recherche/alertes/" + message.body.split("/recherche/alertes/")[1].split(")")[0].split("\n")[0]
        client = Client()
        page = words(client.get(path))
        assert "« Urbanisme »" in page
        assert page.count("<button") >= 1
        one.refresh_from_db()
        assert one.frequence == JOUR
        assert client.post(path).url == path
        one.refresh_from_db()
        assert one.frequence == JAMAIS
        assert "L’alerte est arrêtée" in words(client.get(path))
        assert client.post(path).status_code == 302

    def test_the_header_of_the_mail_stops_all_of_them(self, distribution: Distribution):
        kept(distribution.agent_a, "q=un")
        kept(distribution.agent_a, "q=deux", SEMAINE)
        other = kept(distribution.secretaire_a)
        make_ressource("Un")
        write_alerts(morning())
        header = next(one for one in leave() if one.to == [distribution.agent_a.email]).extra_headers[
            "List-Unsubscribe"
        ]
        path = "/recherche/alertes/" + header.split("/recherche/alertes/")[1].split(">")[0]
        assert "Arrêter toutes mes alertes" in words(Client().get(path))
        said = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
        assert said.status_code == 200, "a mail program has no cookie, and follows nothing"
        assert list(RechercheGardee.objects.alerting()) == [other]

    def test_a_false_address_is_nowhere(self, distribution: Distribution):
        kept(distribution.agent_a)
        good = self.address(recherche=RechercheGardee.objects.get().pk)
        for path in (good[:-3] + "xx/", "/recherche/alertes/x/", good.replace(":", "")):
            assert Client().get(path).status_code == 404
            assert Client().post(path).status_code == 404
        other = signing.dumps([RechercheGardee.objects.get().pk, None], salt="autre")
        assert Client().get(f"/recherche/alertes/{other}/").status_code == 404

    def test_one_that_is_too_old_says_where_to_go(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        path = self.address(recherche=kept(distribution.agent_a).pk)
        monkeypatch.setattr(jetons, "DUREE", timedelta(seconds=-1))
        response = Client().post(path)
        assert response.status_code == 410
        assert "Ce lien est trop ancien" in words(response)
        assert RechercheGardee.objects.alerting().exists()

    def test_one_whose_search_is_gone_says_so(self, distribution: Distribution):
        path = self.address(recherche=kept(distribution.agent_a).pk)
        RechercheGardee.objects.all().delete()
        assert "n’est plus gardée" in words(Client().get(path))
        assert Client().post(path).status_code == 302

    def test_whoever_left_may_still_stop_it(self, distribution: Distribution):
        path = self.address(recherche=kept(distribution.agent_a).pk)
        Poste.objects.filter(agent=distribution.agent_a).update(date_fin=timezone.localdate() - timedelta(days=1))
        Client().post(path)
        assert not RechercheGardee.objects.alerting().exists()


class TestPersons:
    def test_what_is_held_is_given_and_erased(self, distribution: Distribution):
        agent = distribution.agent_a
        kept(agent, nom="Urbanisme")
        (told,) = held_about(agent)["recherches_gardees"]
        assert (told["nom"], told["liste"], told["frequence"]) == ("Urbanisme", "Ressources", "Chaque jour")
        effacer(agent)
        assert not RechercheGardee.objects.exists()

    def test_two_communes_made_one_and_parted_are_asked_by_their_name(self, distribution: Distribution):
        a, b, agent = distribution.a, distribution.b, distribution.elue_b
        make_ressource("Règlement d’avant", collectivite=b)
        make_ressource("Règlement d’ici", collectivite=a)
        theirs = {
            liste: kept(agent, f"{name}={a.nom if liste == 'recherche' else a.slug}", liste=liste, nom=liste)
            for liste, name in {"recherche": "q=reglement&commune", "annuaire": "collectivite"}.items()
        }
        for place in (a, b):
            Collectivite.objects.filter(pk=place.pk).update(latitude=47.0, longitude=5.0)
        near = kept(agent, "km=10", liste="annuaire", nom="autour", place=Collectivite.objects.get(pk=a.pk))
        mine, same = kept(agent, f"commune={a.slug}", nom="La commune"), kept(agent, f"commune={b.slug}", nom="Et ici")
        word = kept(agent, f"q={a.slug}", nom="Un mot")
        asked = RechercheGardee.objects.order_by("pk").values_list("pk", "parametres", "criteres")
        before = list(asked)
        changes = merge_places(b, a, distribution.administrateur)
        now = {one.pk: one for one in RechercheGardee.objects.all()}
        assert now[theirs["recherche"].pk].parametres == "commune=Bourg&q=reglement"
        assert now[theirs["annuaire"].pk].parametres == f"collectivite={b.slug}"
        assert now[near.pk].parametres == f"autour={b.slug}&km=10"
        assert now[word.pk].parametres == f"q={a.slug}"
        assert mine.pk not in now
        assert now[same.pk].parametres == f"commune={b.slug}"
        write_alerts(morning())
        assert not Nouveaute.objects.exists(), "what was there is no news"
        unmerge_places(b, a, distribution.administrateur, changes)
        assert list(asked.all()) == before

    def test_two_cards_made_one_keep_each_search_once(self, distribution: Distribution):
        garde, retire = distribution.agent_a, distribution.secretaire_a
        same, other = kept(garde, nom="La mienne"), kept(retire, nom="La sienne", frequence=SEMAINE)
        alone = kept(retire, "q=plu", nom="Seule")
        Nouveaute.objects.create(recherche=same, cle="1")
        for cle in ("1", "2"):
            Nouveaute.objects.create(recherche=other, cle=cle)
        RechercheGardee.objects.filter(pk=other.pk).update(depart=["7"])
        merge(garde, retire)
        assert set(RechercheGardee.objects.values_list("agent", "nom")) == {
            (garde.pk, "La mienne"),
            (garde.pk, "Seule"),
        }
        same.refresh_from_db()
        assert same.depart == ["7"]
        assert sorted(same.nouveautes.values_list("cle", flat=True)) == ["1", "2"]
        alone.refresh_from_db()
        assert alone.agent == garde
