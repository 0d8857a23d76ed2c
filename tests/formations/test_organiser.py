"""The side of the responsables: what they read of the sessions, and who may not."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from collectivites.models import Agent
from formations.enums import Presence, Visa
from formations.models import FormationPage, Inscription, Mouvement, SessionFormation
from formations.organiser import courriels, inscrits
from formations.organiser.tableau import actions, todo
from formations.places import retraits
from formations.prevenir.mouvements import Annonceur
from formations.prevenir.sortes import NOUVELLE
from formations.seances import cloture, presences
from notifications.envoi import notify
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, day, make_formation, make_session, monday, worker
from tests.materiel.formulaires import text
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(unescape(strip_tags(text(answer))).split())


def manage(session: SessionFormation, rest: str = "gerer/") -> str:
    return f"/formations/sessions/{session.numero}/{rest}"


@pytest.mark.parametrize("rest", ["gerer/", "courriels/", "journal/", "modifier/", "dates/", "annuler/", "ecrire/"])
def test_only_the_responsables_organise(distribution: Distribution, rest: str) -> None:
    session = make_session()
    assert open_session(distribution.gestionnaire_a).get(manage(session, rest)).status_code == 403
    assert open_session(distribution.responsable).get(manage(session, rest)).status_code == 200
    project = make_session(session.formation, ouverte=False)
    assert open_session(distribution.gestionnaire_a).get(manage(project, rest)).status_code == 404


def test_seats_quotas_and_states(client: Client) -> None:
    a, b = CollectiviteFactory(nom="Tavaux"), CollectiviteFactory(nom="Damparis")
    session = make_session(capacite=4, minimum=2, quota_commune=2, lieu_nom="Salle Doubs")
    book(session, worker(a)), book(session, worker(a), visa=Visa.ATTENDU), book(session, worker(b))
    waiting = book(session, worker(a))
    said = page(client, manage(session))
    assert "3 places prises sur 4 : 2 confirmées, 1 tenue jusqu’à une réponse. Minimum de 2 atteint." in said
    assert "Deux places au plus par commune" in said
    assert "2 sur 2, quota atteint" in said
    assert "1 visa attendu" in said
    assert f"Quota {a.de_nom} atteint (2 sur 2)." in said
    assert waiting.agent.nom_complet in said
    assert "Relancer Tavaux : un visa attendu" in said


def test_the_rank_of_whoever_left_is_crossed_out(client: Client) -> None:
    session = make_session(capacite=1)
    book(session, worker())
    gone, stays = book(session, worker()), book(session, worker())
    retraits.desister(gone, gone.agent, "Plus libre")
    answer = client.get(manage(session))
    ranks = answer.context["rangs"]
    assert [(one.inscription.pk, one.parti) for one in ranks] == [(gone.pk, True), (stays.pk, False)]
    assert "Le rang n’est pas redonné." in text(answer)
    assert b"ec-rank--off" in answer.content


def test_a_later_rank_may_pass_and_it_is_said(client: Client) -> None:
    a = CollectiviteFactory()
    session = make_session(capacite=2, quota_commune=1, quota_leve_le=timezone.now() + timedelta(days=9))
    book(session, worker(a)), book(session, worker())
    book(session, worker(a)), book(session, worker())
    said = page(client, manage(session))
    assert "Le rang 2 peut passer avant." in said
    assert "levé le" in said


def test_under_a_day_the_phones_are_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(capacite=1, on=monday(1))
    first, second = book(session, worker()), book(session, worker(mobile="0639980112"))
    start = session.creneaux.first().debut
    monkeypatch.setattr(timezone, "now", lambda: start - timedelta(hours=5))
    retraits.desister(first, None, "Malade")
    assert Inscription.objects.get(pk=second.pk).is_waiting
    said = page(open_session(_responsable()), manage(session))
    assert "À appeler, dans cet ordre" in said
    assert "06 39 98 01 12" in said


def _responsable() -> Agent:
    return Agent.objects.get(prenom="Rachel")


def test_what_is_to_be_done_changes_with_the_session(client: Client) -> None:
    project = make_session(ouverte=False)
    assert "Ouvrir aux inscriptions, quand tout est juste." in page(client, manage(project))
    undated = make_session(project.formation, datee=False)
    book(undated, worker()), book(undated, worker())
    assert "Fixer les dates : deux personnes attendent." in page(client, manage(undated))
    near = make_session(project.formation, on=monday(1), minimum=3)
    book(near, worker())
    said = page(client, manage(near))
    assert "il manque deux places prises pour le minimum" in said
    assert "Envoyer les convocations maintenant" in said
    assert "Préciser le lieu." in said
    assert "Minimum non atteint" in said


def test_the_list_tells_what_each_session_asks(client: Client) -> None:
    formation = make_formation()
    near = make_session(formation, on=monday(1), minimum=3)
    book(near, worker(), visa=Visa.ATTENDU)
    make_session(formation, datee=False), make_session(formation, ouverte=False)
    said = page(client, "/formations/organiser/")
    assert near.numero in said
    assert "Minimum non atteint" in said
    assert "1 visa attendu" in said
    assert "Dates à fixer" in page(client, "/formations/organiser/?vue=sans_date")
    assert "À ouvrir" in page(client, "/formations/organiser/?vue=preparation")
    assert "Aucune session ne correspond" in page(client, "/formations/organiser/?q=introuvable")
    page(client, "/formations/organiser/?vue=nimporte&page=99")


def test_the_list_asks_the_same_number_of_queries_for_ten_sessions(client: Client) -> None:
    formation = make_formation()
    for weeks in range(3, 13):
        session = make_session(formation, on=monday(weeks))
        book(session, worker()), book(session, worker(), visa=Visa.ATTENDU)
        if weeks == 3:
            few = _queries(client, "/formations/organiser/")
    assert _queries(client, "/formations/organiser/") == few
    assert few <= 25


@pytest.mark.parametrize("rest", ["gerer/", "courriels/", "journal/"])
def test_a_session_asks_the_same_number_of_queries_for_ten_people(client: Client, rest: str) -> None:
    session = make_session(capacite=8, quota_commune=2)
    for number in range(14):
        book(session, worker(), visa=Visa.ATTENDU if number % 2 else Visa.NON_REQUIS)
        if number == 8:
            Annonceur().tell_due()
            few = _queries(client, manage(session, rest))
    Annonceur().tell_due()
    assert _queries(client, manage(session, rest)) == few
    assert few <= 40


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_journal_tells_who_for_whom_when_and_why(client: Client) -> None:
    session, place = make_session(), CollectiviteFactory(nom="Tavaux")
    one = book(session, worker(place))
    retraits.desister(one, one.agent, "Congé imprévu")
    said = page(client, manage(session, "journal/"))
    assert "Congé imprévu" in said
    assert f"Désistement : {one.agent.nom_complet}" in said
    assert "d’office" in said
    csv = client.get(manage(session, "journal/?format=csv")).content.decode("utf-8-sig")
    assert len(csv.strip().splitlines()) == Mouvement.objects.filter(session=session).count() + 1
    assert "Congé imprévu" in csv
    assert client.get(manage(session, "journal/?format=xlsx")).content[:2] == b"PK"
    assert client.get(manage(session, "inscrits.xlsx")).content[:2] == b"PK"


def test_mails_tell_what_became_of_them(client: Client) -> None:
    session = make_session()
    book(session, worker())
    Annonceur().tell_due()
    said = page(client, manage(session, "courriels/"))
    assert "Place confirmée, tenue ou retirée" in said
    assert "1 à partir" in said
    assert "Convocation, avec le rendez-vous pour l’agenda" in said
    assert "prévu le" in said


def test_mails_count_people_whatever_their_messages(client: Client) -> None:
    """A mairie is told of each of its agents."""
    session = make_session()
    people = [_responsable(), worker()]
    for rank in range(6):
        notify(people, NOUVELLE, "Ouverte", texte="", objet=session, cle=f"essai-{rank}")
    (mail,) = courriels.sent(session)
    assert mail.a_qui == "2 personnes"
    assert mail.etat.texte in ("2 à partir", "Dans l’extranet pour 2")


def test_half_days_that_do_not_make_the_hours_of_the_sheet_are_told(client: Client) -> None:
    session = make_session(make_formation("SST", duree_heures=7))
    words = "les demi-journées font 6 h, la fiche en annonce 7 h"
    assert words in page(client, manage(session)).replace("\xa0", " ")
    FormationPage.objects.update(duree_heures=6)
    assert "la fiche en annonce" not in page(client, manage(session))


def test_a_session_that_is_over_is_read_still(client: Client) -> None:
    session = make_session(on=timezone.localdate(), horaires=day(timezone.localdate() + timedelta(days=1)))
    book(session, worker())
    assert "Désinscrire, avec un motif" in page(client, manage(session))
    past = timezone.localdate() - timedelta(days=3)
    session.creneaux.update(demi_journee=F("demi_journee") - 8)
    SessionFormation.objects.filter(pk=session.pk).update(date_debut=past, date_fin=past)
    said = page(client, manage(session))
    assert "Clore les présences" in said
    assert "Désinscrire, avec un motif" not in said, "the presences say it now"
    assert session.numero in page(client, "/formations/organiser/?vue=passees")


def test_the_home_page_says_what_awaits_a_responsable(distribution: Distribution) -> None:
    near = make_session(on=monday(1), minimum=3)
    (one,) = todo(distribution.responsable)
    assert one.url == manage(near)
    assert "0 places prises, minimum de 3." in one.detail.replace("\xa0", " ")
    assert todo(distribution.gestionnaire_a) == []
    assert "Organiser les sessions" in [link.libelle for link in actions(distribution.responsable)]
    assert actions(distribution.agent_a) == []


def test_the_home_page_asks_for_presences_then_for_the_end(distribution: Distribution) -> None:
    boss, today = distribution.responsable, timezone.localdate()
    session = make_session(on=today + timedelta(days=1))
    seat = book(session, worker())
    session.creneaux.update(demi_journee=F("demi_journee") - 6)
    before = today - timedelta(days=2)
    SessionFormation.objects.filter(pk=session.pk).update(date_debut=before, date_fin=before)
    (one,) = todo(boss)
    assert (one.url, one.titre[:22]) == (f"/formations/sessions/{session.numero}/presences/", "Saisir les présences d")
    for creneau in session.creneaux.order_by("demi_journee"):
        presences.noter(creneau.pk, {seat.pk: presences.Saisie(Presence.PRESENT)}, boss)
        presences.clore(creneau.pk, boss)
    (one,) = todo(boss)
    assert (one.url, one.titre[:20]) == (f"/formations/sessions/{session.numero}/terminer/", "Terminer la session ")
    cloture.clore(session.pk, boss)
    assert todo(boss) == []


def test_a_mobile_that_its_owner_keeps_is_not_given(db: None) -> None:
    session, one = make_session(), worker(mobile="0639980112", telephone="0384790000")
    book(session, one)
    assert [line.telephone for line in inscrits.seated(session)] == ["0639980112"]
    Agent.objects.filter(pk=one.pk).update(montre_mobile=False)
    assert [line.telephone for line in inscrits.seated(session)] == ["0384790000"]
