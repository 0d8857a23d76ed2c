"""What administrators see, and what everybody sees in the bell."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications import veille
from notifications.apports import a_faire, sante
from notifications.enums import StatutCourriel
from notifications.models import Courriel, Passage, Veille
from notifications.tableau import in_words
from tests.distribution import Distribution
from tests.notifications.factories import CourrielFactory
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def test_stopped_and_late_mails_await_administrators_only(distribution: Distribution):
    CourrielFactory(statut=StatutCourriel.REFUSE)
    CourrielFactory()
    assert len(a_faire(distribution.administrateur, None)) == 1
    Courriel.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    stopped, late = a_faire(distribution.administrateur, None)
    assert stopped.titre == "Un courriel arrêté"
    assert late.titre == "Un courriel en attente depuis plus de dix minutes"
    for agent in (distribution.responsable, distribution.agent_a, distribution.sans_poste):
        assert a_faire(agent, None) == []


def test_filed_away_it_no_longer_awaits(distribution: Distribution):
    CourrielFactory(statut=StatutCourriel.REFUSE).file_away()
    assert a_faire(distribution.administrateur, None) == []


def test_figures_of_a_service_in_order():
    assert sante() == {
        "veille_age_s": "",
        "courriels_en_attente": 0,
        "courriel_le_plus_ancien_s": 0,
        "courriels_arretes": 0,
        "taches_en_attente": 0,
        "tache_la_plus_ancienne_s": 0,
        "taches_echouees": 0,
        "echeances_en_echec": "",
    }


def test_figures_of_a_service_in_trouble():
    Veille.objects.create(identifiant="v1", battement_le=timezone.now() - timedelta(minutes=5))
    CourrielFactory.create_batch(2)
    Courriel.objects.update(created_at=timezone.now() - timedelta(hours=1))
    CourrielFactory(statut=StatutCourriel.INCERTAIN)
    Passage.objects.create(nom="resumes", echecs=2)
    figures = sante()
    assert figures["veille_age_s"] == 300
    assert figures["courriels_en_attente"] == 2
    assert 3590 < figures["courriel_le_plus_ancien_s"] < 3610
    assert figures["courriels_arretes"] == 1
    assert figures["echeances_en_echec"] == "resumes"


def test_the_age_of_veille():
    assert veille.age_veille() is None
    Veille.objects.create(identifiant="v1", battement_le=timezone.now() - timedelta(seconds=7))
    assert 6 < veille.age_veille().total_seconds() < 9
    Veille.objects.update(arretee_le=timezone.now())
    assert veille.age_veille() is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0\u00a0seconde"),
        (59, "59\u00a0secondes"),
        (61, "1\u00a0minute"),
        (7300, "2\u00a0heures"),
        (90_000, "1\u00a0jour"),
    ],
)
def test_ages_in_words(seconds: int, words: str):
    assert in_words(timedelta(seconds=seconds)) == words


class TestAdministration:
    """The list of the outbox in the admin."""

    @pytest.fixture
    def admin(self, distribution: Distribution) -> Client:
        return open_session(distribution.administrateur)

    def test_an_administrator_sends_again_what_was_refused(self, admin: Client):
        mail = CourrielFactory(statut=StatutCourriel.REFUSE, derniere_erreur="Boîte pleine")
        assert "Boîte pleine" in admin.get(f"/admin/courriels/renvoyer/{mail.pk}/").content.decode()
        assert admin.post(f"/admin/courriels/renvoyer/{mail.pk}/").status_code == 302
        mail.refresh_from_db()
        assert mail.statut == StatutCourriel.EN_ATTENTE

    def test_what_carried_a_secret_is_never_sent_again(self, admin: Client):
        words = "Invitez de nouveau la personne."
        mail = CourrielFactory(statut=StatutCourriel.REFUSE, refaire=words, texte="", html="")
        page = admin.get(f"/admin/courriels/inspect/{mail.pk}/").content.decode()
        assert words in page
        assert "Envoyer de nouveau" not in page
        for ask in (admin.get, admin.post):
            response = ask(f"/admin/courriels/renvoyer/{mail.pk}/", follow=True)
            assert f"il ne se renvoie pas. {words}" in response.content.decode()
            mail.refresh_from_db()
            assert mail.statut == StatutCourriel.REFUSE
        assert words in admin.get(f"/admin/courriels/classer/{mail.pk}/").content.decode()

    def test_or_files_it_away(self, admin: Client):
        mail = CourrielFactory(statut=StatutCourriel.INCERTAIN)
        admin.post(f"/admin/courriels/classer/{mail.pk}/")
        mail.refresh_from_db()
        assert mail.classe_le is not None

    def test_what_left_meanwhile_is_not_sent_again(self, admin: Client):
        mail = CourrielFactory(statut=StatutCourriel.ENVOYE, envoye_le=timezone.now())
        admin.post(f"/admin/courriels/renvoyer/{mail.pk}/")
        mail.refresh_from_db()
        assert mail.statut == StatutCourriel.ENVOYE

    def test_the_words_of_mails_are_not_shown(self, admin: Client):
        mail = CourrielFactory(texte="un secret", html="<p>un secret</p>")
        for path in ("/admin/courriels/", f"/admin/courriels/inspect/{mail.pk}/"):
            page = admin.get(path)
            assert page.status_code == 200
            assert "un secret" not in page.content.decode()

    def test_the_first_page_warns_when_nothing_leaves(self, admin: Client, distribution: Distribution):
        CourrielFactory()
        veille = Veille.objects.create(identifiant="v1")
        page = admin.get("/admin/").content.decode()
        assert "La veille ne tourne pas" not in page
        assert "courriel en attente" in page
        Veille.objects.filter(pk=veille.pk).update(battement_le=timezone.now() - timedelta(hours=2))
        page = admin.get("/admin/").content.decode()
        assert "La veille ne tourne pas.</strong> Son dernier signe a 2\u00a0heures." in page
        other = open_session(distribution.responsable).get("/admin/").content.decode()
        assert "La veille" not in other
        assert "courriel en attente" not in other

    def test_nobody_else_enters(self, distribution: Distribution):
        mail = CourrielFactory(statut=StatutCourriel.REFUSE)
        for agent in (distribution.responsable, distribution.gestionnaire_a):
            client = open_session(agent)
            for path in ("", f"inspect/{mail.pk}/", f"renvoyer/{mail.pk}/", f"classer/{mail.pk}/"):
                assert client.get(f"/admin/courriels/{path}").status_code in {302, 403}, (agent, path)
            client.post(f"/admin/courriels/renvoyer/{mail.pk}/")
            mail.refresh_from_db()
            assert mail.statut == StatutCourriel.REFUSE
