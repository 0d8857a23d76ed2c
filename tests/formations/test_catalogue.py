"""The catalogue: months, filters, states of the reader, sessions without dates, all the trainings, cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import Fonction, Theme
from extranet.lib.cherchable import reindex
from formations.catalogue.liste import MOIS
from formations.enums import Visa
from formations.models import FormationPage, PublicFormation, SessionFormation
from formations.places import annulation, sessions
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, day, make_formation, make_session, monday, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "catalogue"}


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.gestionnaire_a)


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/formations/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def listed(client: Client, query: str = "") -> set[str]:
    shown = client.get(f"/formations/{query}").context["catalogue"]
    lines = [line for month in shown.mois for line in month.lignes] + shown.sans_date
    return {line.session.formation.title for line in lines}


class TestMonths:
    def test_sessions_stand_under_their_month_in_order(self, client: Client) -> None:
        later = make_session(make_formation("Tard"), on=monday(6) + timedelta(days=2))
        make_session(make_formation("Tôt"), on=monday(6))
        (month,) = client.get("/formations/").context["catalogue"].mois[:1]
        assert [line.session.formation.title for line in month.lignes][:2] == ["Tôt", "Tard"]
        assert month.cle == f"{later.date_debut:%Y-%m}"

    def test_two_months_then_the_following_ones(self, client: Client) -> None:
        for n in range(4):
            make_session(make_formation(f"Mois {n}"), on=monday(6 + 5 * n))
        first = client.get("/formations/").context["catalogue"]
        assert (len(first.mois), first.total) == (MOIS, 4)
        assert listed(client) == {"Mois 0", "Mois 1"}
        html = page(client)
        assert f"Voir {first.suite.titre.lower()} et la suite" in html
        more = client.get(first.url_suite.partition("#")[0]).context["catalogue"]
        assert [len(month.lignes) for month in more.mois] == [1, 1, 1, 1]
        assert more.suite is None
        assert first.url_suite.partition("#")[2] in client.get(first.url_suite.partition("#")[0]).content.decode()

    def test_what_is_over_cancelled_or_in_preparation_is_not_there(
        self, client: Client, distribution: Distribution
    ) -> None:
        gone = make_session(make_formation("Annulée"))
        annulation.annuler(gone.pk, distribution.responsable, "Le formateur est malade")
        make_session(make_formation("En projet"), ouverte=False)
        past = make_session(make_formation("Passée"))
        yesterday = timezone.localdate() - timedelta(days=1)
        SessionFormation.objects.filter(pk=past.pk).update(date_debut=yesterday, date_fin=yesterday)
        make_session(make_formation("Ouverte"))
        assert listed(client) == {"Ouverte"}

    def test_a_sheet_for_others_is_not_there(self, client: Client, distribution: Distribution) -> None:
        make_session(make_formation("Pour B", diffusion=[code_collectivite(distribution.b.pk)]))
        make_session(make_formation("Pour A", diffusion=[code_collectivite(distribution.a.pk)]))
        assert listed(client) == {"Pour A"}

    def test_those_without_dates_stand_apart(self, client: Client) -> None:
        session = make_session(make_formation("CACES R482"), datee=False)
        book(session, worker())
        html = page(client)
        assert client.get("/formations/").context["catalogue"].mois == []
        assert "1 intéressé" in html
        assert "Ça m’intéresse" in html
        assert "rassemblent les intéressés" in html


class TestReader:
    def test_each_state_has_its_words(self, client: Client, distribution: Distribution) -> None:
        own, place = distribution.gestionnaire_a, distribution.a
        free, full = (
            make_session(make_formation("Libre")),
            make_session(make_formation("Pleine"), on=monday(7), capacite=1),
        )
        book(full, worker())
        html = page(client)
        assert f"{free.formation.adresse}?session={free.numero}" in html
        assert "Inscrire<span" in html
        assert "Liste d’attente<span" in html
        assert "Complet</strong> : 1 place prise" in html
        book(free, own, place)
        book(full, own, place)
        html = page(client)
        assert "Vous êtes inscrit·e" in html
        assert "Inscrire<span" not in html
        assert "Complet</strong> : 1 place prise, 1 en liste d’attente" in html

    def test_a_seat_held_awaits_its_visa_and_is_drawn_so(self, client: Client, distribution: Distribution) -> None:
        session = make_session(capacite=3)
        book(session, distribution.gestionnaire_a, distribution.a, Visa.ATTENDU)
        html = page(client)
        assert "Visa attendu" in html
        assert html.count('class="is-held"') == 1
        assert 'class="is-taken"' not in html
        assert "2 places restantes</strong> sur 3" in html

    def test_a_big_session_has_a_bar(self, client: Client) -> None:
        make_session(capacite=40)
        assert '<meter class="ec-meter" min="0" max="40" value="0"' in page(client)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"ouverture": timedelta(days=2)}, "Bientôt ouverte"),
            ({"cloture": timedelta(minutes=-1)}, "Inscriptions closes"),
        ],
    )
    def test_outside_its_dates_nobody_is_invited(self, client: Client, fields: dict, words: str) -> None:
        session = make_session()
        moments = {name: timezone.now() + delta for name, delta in fields.items()}
        SessionFormation.objects.filter(pk=session.pk).update(**moments)
        html = page(client)
        assert words in html
        assert "Inscrire<span" not in html

    def test_what_it_lacks_is_told_when_it_is_near(self, client: Client) -> None:
        soon = timezone.localdate() + timedelta(days=6)
        make_session(on=soon, minimum=4)
        assert "Encore 4 inscriptions pour la maintenir" in page(client)

    def test_without_a_poste_nothing_is_shown(self, distribution: Distribution) -> None:
        make_session()
        html = page(open_session(distribution.sans_poste))
        assert "Vous n’avez pas de poste en cours" in html
        assert "Gestes et postures" not in html


class TestFilters:
    def test_theme_public_and_seats(self, client: Client) -> None:
        first, second = Theme.objects.order_by("ordre")[:2]
        techniques, elus = (PublicFormation.objects.get(code=code) for code in ("techniques", "elus"))
        make_session(make_formation("Techniques", theme=first, publics=[techniques]))
        make_session(make_formation("Élus", theme=second, publics=[elus]))
        full = make_session(make_formation("Tous", theme=second), capacite=1)
        book(full, worker())
        assert listed(client, f"?theme={second.slug}") == {"Élus", "Tous"}
        assert listed(client, "?public=techniques") == {"Techniques", "Tous"}
        assert listed(client, "?places=on") == {"Techniques", "Élus"}
        assert listed(client, f"?public=elus&theme={second.slug}&places=on") == {"Élus"}

    def test_place_distance_and_online(self, client: Client, distribution: Distribution) -> None:
        own, near, far = distribution.a, CollectiviteFactory(nom="Gevry"), CollectiviteFactory(nom="Loin")
        for place, at in [(own, (47.09, 5.49)), (near, (47.04, 5.43)), (far, (46.9, 5.3))]:
            place.latitude, place.longitude = at
            place.save()
        make_session(make_formation("Ici"), lieu=own)
        make_session(make_formation("Près"), lieu=near)
        make_session(make_formation("Loin"), lieu=far)
        make_session(make_formation("Ailleurs"), lieu=None)
        make_session(make_formation("Visio"), distanciel=True)
        assert listed(client, "?ou=10") == {"Ici", "Près"}
        assert listed(client, "?ou=visio") == {"Visio"}
        assert listed(client, f"?ou={far.slug}") == {"Loin"}
        html = page(client)
        assert "À moins de 10 km" in html
        assert f'<option value="{far.slug}">Loin</option>' in html

    def test_without_a_position_no_distance_is_proposed(self, client: Client) -> None:
        make_session()
        assert "À moins de 10 km" not in page(client)
        assert "Un critère n’a pas été compris" in page(client, "?ou=10")

    def test_period(self, client: Client) -> None:
        make_session(make_formation("Deux jours"), horaires=[*day(monday(6)), *day(monday(6) + timedelta(days=7))])
        make_session(make_formation("Plus tard"), on=monday(8))
        assert listed(client, f"?du={monday(6) + timedelta(days=1)}&au={monday(7)}") == {"Deux jours"}
        assert listed(client, f"?du={monday(8)}") == {"Plus tard"}

    def test_words_are_those_of_the_search(self, client: Client) -> None:
        make_session(make_formation("Gestes et postures", objectifs="Porter sans se blesser"))
        make_session(make_formation("Budget"))
        reindex(FormationPage.to_index())
        assert listed(client, "?q=porter") == {"Gestes et postures"}
        assert listed(client, "?q=introuvable") == set()

    def test_chips_take_a_filter_away(self, client: Client) -> None:
        make_session()
        html = page(client, "?places=on&public=elus")
        assert 'href="/formations/?public=elus"' in html
        assert 'href="/formations/?places=on"' in html
        assert "Tout effacer" in html

    def test_a_wrong_value_is_told_and_left_aside(self, client: Client) -> None:
        make_session()
        for query in ("?theme=nulle-part&du=demain", f"?du={monday(9)}&au={monday(8)}"):
            html = page(client, query)
            assert "Un critère n’a pas été compris" in html
            assert "Gestes et postures" in html

    def test_nothing_left_says_what_to_do(self, client: Client) -> None:
        make_session()
        html = page(client, "?public=elus&ou=visio")
        assert "Vos filtres ne laissent rien passer" in html
        assert "Chercher dans toutes les formations" in html

    def test_htmx_has_the_list_alone_and_its_address(self, client: Client) -> None:
        make_session()
        answer = client.get("/formations/?places=on&theme=", headers=HTMX)
        html = answer.content.decode()
        assert "<html" not in html
        assert "Gestes et postures" in html
        assert answer["HX-Push-Url"] == "/formations/?places=on"


class TestAllTrainings:
    def test_with_or_without_a_session(self, client: Client) -> None:
        make_formation("Sans session")
        session = make_session(make_formation("Avec session"))
        make_session(make_formation("À venir"), datee=False)
        html = page(client, "?vue=toutes")
        for words in ("Sans session", "Aucune session ouverte", "Avec session", "Prochaine session le"):
            assert words in html
        assert "Sans date, rassemble les intéressés" in html
        sessions.maintenir(session.pk, None)
        assert "Prochaine session le" in page(client, "?vue=toutes")

    def test_drafts_archives_and_those_for_others_are_not_there(
        self, client: Client, distribution: Distribution
    ) -> None:
        make_formation("Brouillon", publie=False)
        gone = make_formation("Archivée")
        FormationPage.objects.filter(pk=gone.pk).update(archivee_le=timezone.now())
        make_formation("Pour B", diffusion=[code_collectivite(distribution.b.pk)])
        html = page(client, "?vue=toutes")
        assert "Le catalogue est encore vide" in html


@pytest.mark.parametrize("query", ["", "?places=on", "?vue=toutes", "calendrier/"])
def test_fifty_sessions_cost_as_one(client: Client, distribution: Distribution, query: str) -> None:
    """Months, states of the reader, seats, publics: never a query a row."""
    technique = Fonction.objects.get(code="agent-technique")
    publics = list(PublicFormation.objects.all()[:3])
    address = f"/formations/{query}" + (f"?mois={monday():%Y-%m}" if query == "calendrier/" else "")

    def fill(n: int) -> None:
        for k in range(n):
            session = make_session(make_formation(f"Formation {k}", publics=publics), capacite=2)
            book(session, worker(distribution.a, fonction=technique))
            book(session, worker(distribution.a, fonction=technique), visa=Visa.ATTENDU)
            book(session, worker(distribution.a, fonction=technique))

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    fill(1)
    one = cost()
    fill(9)
    assert cost() == one <= 25


def test_the_responsables_are_led_to_their_sessions(client: Client, distribution: Distribution) -> None:
    own = "/formations/organiser/"
    assert f'href="{own}"' not in page(client)
    assert f'href="{own}"' in page(open_session(distribution.responsable))
