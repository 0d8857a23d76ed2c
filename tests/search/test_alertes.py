"""The alerts of kept searches: what is new, once, to who may see it, in one mail, when it is wanted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Poste, Theme
from notifications.enums import HeureResume
from notifications.models import Courriel, Rythme
from search.engines.base import MoteurInjoignable
from search.gardees import alertes
from search.gardees.alertes import SUJET, write_alerts
from search.gardees.courriel import NOMMEES
from search.models import Nouveaute, RechercheGardee
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.search.gardees import JAMAIS, JOUR, SEMAINE, diffuse, kept, leave, morning, next_monday

pytestmark = pytest.mark.django_db


class TestNews:
    def test_what_is_new_is_told_once(self, distribution: Distribution):
        make_ressource("Déjà là")
        kept(distribution.agent_a, nom="Urbanisme")
        page = make_ressource("Plan local")
        make_ressource("D’un autre thème", theme=Theme.objects.last())
        assert write_alerts(morning()) == 1
        (message,) = leave()
        assert message.subject == "Une nouveauté dans «\u00a0Urbanisme\u00a0»"
        assert message.to == [distribution.agent_a.email]
        assert "Plan local" in message.body
        assert page.adresse in message.body
        assert "Déjà là" not in message.body
        assert "autre thème" not in message.body
        assert write_alerts(morning(2)) == 0
        assert leave() == []

    def test_nothing_new_sends_nothing(self, distribution: Distribution):
        make_ressource("Déjà là")
        one = kept(distribution.agent_a)
        assert write_alerts(morning()) == 0
        assert not Courriel.objects.exists()
        one.refresh_from_db()
        assert one.verifiee_le == morning()
        assert one.alertee_le is None

    def test_run_before_the_hour_on_a_day_off_or_again_it_does_nothing(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource()
        monday = next_monday()
        assert write_alerts(monday - timedelta(days=1)) == 0
        assert write_alerts(monday.replace(hour=7)) == 0
        assert write_alerts(monday) == 1
        make_ressource()
        assert write_alerts(monday + timedelta(hours=3)) == 0
        assert write_alerts(morning(12)) == 1
        assert len(leave()) == 2

    def test_a_wider_diffusion_is_new_that_day_and_what_comes_back_is_not(self, distribution: Distribution):
        kept(distribution.agent_a)
        page = make_ressource("Convention", diffusion=[code_collectivite(distribution.b.pk)])
        assert write_alerts(morning()) == 0
        diffuse(page, TOUTES)
        assert write_alerts(morning(2)) == 1
        assert "Convention" in leave()[0].body
        diffuse(page, code_collectivite(distribution.b.pk))
        assert write_alerts(morning(3)) == 0
        diffuse(page, TOUTES)
        assert write_alerts(morning(4)) == 0

    def test_a_poste_gained_opens_what_was_there(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource("De Bourg", diffusion=[code_collectivite(distribution.b.pk)])
        assert write_alerts(morning()) == 0
        fonction = distribution.agent_a.postes.first().fonction
        Poste.objects.create(
            agent=distribution.agent_a, collectivite=distribution.b, fonction=fonction, date_debut=timezone.localdate()
        )
        assert write_alerts(morning(2)) == 1
        assert "De Bourg" in leave()[0].body

    def test_of_a_crowd_the_first_are_named_and_the_others_counted(self, distribution: Distribution):
        kept(distribution.agent_a)
        for number in range(NOMMEES + 2):
            make_ressource(f"Numéro {number}", fichiers=0, collectivite=distribution.a, owner=distribution.agent_a)
        write_alerts(morning())
        (message,) = leave()
        assert message.subject.startswith("52 nouveautés")
        assert "Et 2 autres." in message.body
        assert write_alerts(morning(2)) == 0


class TestOneMail:
    def test_all_the_searches_of_a_person_are_in_one_mail(self, distribution: Distribution):
        kept(distribution.agent_a, frequence=JOUR, nom="Chaque jour")
        kept(distribution.agent_a, "q=zibeline", SEMAINE, liste="recherche", nom="Zibeline")
        kept(distribution.agent_a, "q=jamais", JAMAIS, liste="recherche", nom="Muette")
        make_ressource("Zibeline", theme=Theme.objects.last())
        make_ressource("Budget")
        assert write_alerts(next_monday()) == 1
        (message,) = leave()
        assert message.subject == "Deux nouveautés dans vos recherches gardées"
        assert message.body.index("Chaque jour") < message.body.index("Budget") < message.body.index("Zibeline")
        assert "Muette" not in message.body
        assert message.body.count("Arrêter cette alerte") == 2

    def test_what_answers_two_searches_is_named_once(self, distribution: Distribution):
        kept(distribution.agent_a, nom="A")
        kept(distribution.agent_a, "q=zibeline", liste="recherche", nom="B")
        make_ressource("Zibeline")
        make_ressource("Zibeline bis", theme=Theme.objects.last())
        write_alerts(morning())
        (message,) = leave()
        assert message.subject.startswith("Deux nouveautés")
        assert (
            "Une autre nouveauté répond aussi à cette recherche : elle est nommée plus haut."
            in message.body.replace("\u00a0", " ")
        )

    def test_that_of_the_week_waits_for_its_day(self, distribution: Distribution):
        kept(distribution.agent_a, frequence=SEMAINE)
        RechercheGardee.objects.update(verifiee_le=next_monday())
        make_ressource()
        tuesday = next_monday() + timedelta(days=1)
        assert write_alerts(tuesday) == 0
        assert write_alerts(next_monday() + timedelta(days=9)) == 1, "a veille that was away on Monday catches up"

    def test_it_leaves_at_the_hour_chosen_for_the_digests(self, distribution: Distribution):
        Rythme.objects.create(agent=distribution.agent_a, heure=HeureResume.SOIR)
        kept(distribution.agent_a)
        make_ressource()
        assert write_alerts(morning()) == 0
        assert write_alerts(morning().replace(hour=17, minute=5)) == 1

    def test_the_outbox_says_nothing_of_what_is_looked_for(self, distribution: Distribution):
        kept(distribution.agent_a, nom="Licenciement")
        make_ressource("Rupture")
        write_alerts(morning())
        courriel = Courriel.objects.get()
        assert (courriel.sujet, courriel.texte, courriel.html) == (SUJET, "", "")


class TestTrouble:
    def test_a_criterion_that_is_gone_is_said_and_the_alert_goes_on_when_it_is_back(self, distribution: Distribution):
        theme = Theme.objects.create(nom="Éphémère", slug="ephemere", ordre=99)
        one = kept(distribution.agent_a, "theme=ephemere")
        Theme.objects.filter(pk=theme.pk).update(slug="autre")
        assert write_alerts(morning()) == 0
        one.refresh_from_db()
        assert one.empechement.startswith("Un de ses critères")
        Theme.objects.filter(pk=theme.pk).update(slug="ephemere")
        make_ressource("De retour", theme=theme)
        assert write_alerts(morning(2)) == 1
        one.refresh_from_db()
        assert one.empechement == ""

    def test_a_list_that_is_gone_is_said(self, distribution: Distribution):
        one = kept(distribution.agent_a)
        RechercheGardee.objects.update(liste="disparue")
        assert write_alerts(morning()) == 0
        one.refresh_from_db()
        assert one.empechement == "La liste où elle cherchait n’existe plus."

    def test_an_engine_that_is_away_is_asked_again(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        kept(distribution.agent_a)
        make_ressource()

        def away(*args):
            raise MoteurInjoignable("panne")

        with monkeypatch.context() as patch:
            patch.setattr(alertes, "keys_of", away)
            assert write_alerts(morning()) == 0
        assert write_alerts(morning() + timedelta(minutes=10)) == 1

    def test_one_failure_stops_nobody_else_and_is_told(
        self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
    ):
        for agent in (distribution.agent_a, distribution.secretaire_b):
            kept(agent)
        make_ressource()
        really, first = alertes.keys_of, min(distribution.agent_a.pk, distribution.secretaire_b.pk)

        def failing(liste, parametres, agent):
            if agent.pk == first:
                raise ZeroDivisionError
            return really(liste, parametres, agent)

        monkeypatch.setattr(alertes, "keys_of", failing)
        with pytest.raises(ZeroDivisionError):
            write_alerts(morning())
        assert Courriel.objects.count() == 1

    def test_two_passes_at_once_tell_once(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        """Between what the first reads and what it writes, the second does all of its own."""
        kept(distribution.agent_a)
        make_ressource()
        really, inside = alertes._look, []

        def slow(agent, recherches):
            found = really(agent, recherches)
            if not inside:
                inside.append(True)
                assert write_alerts(morning()) == 1
            return found

        monkeypatch.setattr(alertes, "_look", slow)
        assert write_alerts(morning()) == 0
        assert Courriel.objects.count() == Nouveaute.objects.count() == 1


def count(django_assert_max_num_queries, at_most: int, day: int) -> int:
    with django_assert_max_num_queries(at_most) as counted:
        write_alerts(morning(day))
    return len(counted)


def test_what_a_pass_asks_does_not_grow_with_what_it_finds(distribution: Distribution, django_assert_max_num_queries):
    """And one more search of the same person costs what its list costs."""
    kept(distribution.agent_a)
    make_ressource()
    one = count(django_assert_max_num_queries, 30, 1)
    for _ in range(10):
        make_ressource()
    assert count(django_assert_max_num_queries, 30, 2) == one
    kept(distribution.agent_a, "q=budget")
    kept(distribution.agent_a, "modele=1")
    leave()
    make_ressource("Budget")
    assert count(django_assert_max_num_queries, 60, 3) <= one + 2 * 8
