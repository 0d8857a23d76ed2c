"""Presences: entered by a tap, in their hours, and closed half-day by half-day."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from collectivites.cles import CHAMP
from collectivites.effacement import erase
from collectivites.models import Agent
from formations.enums import Presence, Visa
from formations.forms.presences import precision_of, saisies_of
from formations.models import Emargement, FeuilleSignee
from formations.places import dates, remplacement, retraits
from formations.refus import InscriptionRefusee, SessionChangee
from formations.seances import cloture, porte, presences
from formations.seances.presences import Saisie
from tests.formations.factories import day, monday, worker
from tests.formations.formulaires import hidden
from tests.formations.seances import ABSENT, attend, half_days, held, there
from tests.materiel.envois import jpeg
from tests.ressources.factories import fetch
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(clock, distribution):
    """A session whose first half-day is open now, whatever the hour of the tests."""
    session, seats = held(3)
    clock(half_days(session)[0].debut + timedelta(minutes=5))
    return session, seats


def entry(seat, creneau):
    row = Emargement.objects.get(inscription=seat, creneau=creneau)
    return row.presence, row.minutes, row.note


def test_a_tap_is_kept_and_a_second_one_changes_it(boss):
    session, (one, other) = held()
    first = half_days(session)[0]
    when = first.debut
    assert presences.noter(first.pk, {one.pk: Saisie(Presence.PRESENT), other.pk: ABSENT}, boss, now=when) == 2
    assert entry(one, first) == ("present", 180, "")
    assert presences.noter(first.pk, {one.pk: Saisie(Presence.PRESENT)}, boss, now=when) == 0
    presences.noter(first.pk, {one.pk: Saisie(Presence.EXCUSE)}, boss, now=when)
    assert entry(one, first) == ("excuse", 0, "")


def test_minutes_make_a_part_that_a_tap_does_not_lose(boss):
    session, (one, _) = held()
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: there(60, "Parti à 10 h pour une astreinte")}, boss, now=first.debut)
    presences.noter(first.pk, {one.pk: Saisie(Presence.PRESENT)}, boss, now=first.debut)
    assert entry(one, first) == ("partiel", 60, "Parti à 10 h pour une astreinte")
    with pytest.raises(InscriptionRefusee, match="écrivez de 1 à 180"):
        presences.noter(first.pk, {one.pk: there(200)}, boss, now=first.debut)
    presences.noter(first.pk, {one.pk: there(180)}, boss, now=first.debut)
    assert entry(one, first) == ("present", 180, "")


def test_a_half_day_opens_half_an_hour_before(boss):
    session, (one, _) = held()
    first = half_days(session)[0]
    early = first.debut - timedelta(minutes=31)
    with pytest.raises(SessionChangee, match="n’a pas commencé"):
        presences.noter(first.pk, {one.pk: ABSENT}, boss, now=early)
    presences.noter(first.pk, {one.pk: ABSENT}, boss, now=early + timedelta(minutes=1))


def test_whoever_gave_their_seat_back_is_not_noted(boss):
    session, (one, _) = held()
    first = half_days(session)[0]
    retraits.desister(one, one.agent, "Malade")
    with pytest.raises(SessionChangee, match="n’a plus de place"):
        presences.noter(first.pk, {one.pk: ABSENT}, boss, now=first.debut)
    stranger = held(1)[1][0]
    with pytest.raises(SessionChangee):
        presences.noter(first.pk, {stranger.pk: ABSENT}, boss, now=first.debut)


def test_closing_names_who_is_missing_then_nothing_changes(boss):
    session, (one, other) = held()
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: there()}, boss, now=first.debut)
    with pytest.raises(InscriptionRefusee, match=other.agent.nom_complet):
        presences.clore(first.pk, boss, now=first.fin)
    presences.noter(first.pk, {other.pk: ABSENT}, boss, now=first.debut)
    presences.clore(first.pk, boss, now=first.fin)
    with pytest.raises(SessionChangee, match="est close"):
        presences.noter(first.pk, {one.pk: ABSENT}, boss, now=first.fin)
    presences.rouvrir(first.pk, boss)
    presences.noter(first.pk, {one.pk: ABSENT}, boss, now=first.fin)


def test_those_of_the_morning_are_taken_up(boss):
    session, (one, other, third) = held(3)
    first, second = half_days(session)
    presences.noter(first.pk, {one.pk: there(60), other.pk: there(), third.pk: ABSENT}, boss, now=first.debut)
    presences.noter(second.pk, {other.pk: ABSENT}, boss, now=second.debut)
    assert presences.carry_over(session, second) == {one.pk: Saisie(Presence.PRESENT)}
    assert presences.carry_over(session, first) == {}


def test_the_code_at_the_door_serves_its_half_day_only(boss):
    session, (one, other) = held()
    first, second = half_days(session)
    jeton = porte.address_of(first).rstrip("/").rpartition("/")[2]
    assert porte.opened_by(jeton) == first
    assert porte.opened_by(jeton[:-2] + "aa") is None
    first = porte.opened_by(jeton)
    for wrong in (first.debut - timedelta(minutes=31), first.fin + timedelta(minutes=1)):
        with pytest.raises(InscriptionRefusee, match="ne sert que pendant"):
            porte.arriver(first, one.agent, now=wrong)
    with pytest.raises(InscriptionRefusee, match="pas dans la liste"):
        porte.arriver(first, worker(), now=first.debut)
    row = porte.arriver(first, one.agent, now=first.debut)
    assert (row.presence, row.par_lui_meme, row.saisi_par) == ("present", True, one.agent)
    assert not second.emargements.exists()
    presences.noter(first.pk, {other.pk: ABSENT}, boss, now=first.debut)
    assert porte.arriver(first, other.agent, now=first.debut).presence == "absent"


def url_of(session, name="session_presences"):
    return reverse(f"formations:{name}", args=[session.numero])


def test_the_page_takes_a_tap_alone_and_answers_with_counts(today, boss, clock):
    session, seats = today
    client = open_session(boss)
    index = half_days(session)[0].demi_journee
    page = client.get(url_of(session)).content.decode()
    assert "0 saisie sur 3" in page
    assert seats[0].agent.nom_complet in page
    tapped = client.post(
        f"{url_of(session)}?demi={index}", {f"p-{seats[0].pk}": "present"}, headers={"HX-Request": "1"}
    )
    assert "1 saisie sur 3" in tapped.content.decode()
    assert "<fieldset" not in tapped.content.decode()
    whole = {f"p-{one.pk}": "absent" for one in seats[1:]} | {"enregistrer": "1"}
    assert client.post(f"{url_of(session)}?demi={index}", whole).status_code == 302
    assert Emargement.objects.count() == 3
    clock(half_days(session)[0].fin)
    client.post(f"{url_of(session)}?demi={index}", hidden(client.get(url_of(session))) | {"clore": "1"})
    assert half_days(session)[0].clos_le is not None
    late = client.post(f"{url_of(session)}?demi={index}", {f"p-{seats[0].pk}": "absent"}, headers={"HX-Request": "1"})
    assert late["HX-Redirect"] == f"{url_of(session)}?demi={index}"
    assert "est close" in client.get(late["HX-Redirect"]).content.decode()


def test_details_are_given_one_person_at_a_time(today, boss):
    session, (one, other, _) = today
    first = half_days(session)[0]
    sent = {f"p-{one.pk}": "present", f"m-{one.pk}": "90", f"n-{one.pk}": "Parti tôt", "preciser": str(one.pk)}
    sent |= {f"p-{other.pk}": "absent"}
    response = open_session(boss).post(f"{url_of(session)}?demi={first.demi_journee}", sent)
    assert response["Location"].endswith(f"#p-{one.pk}")
    assert entry(one, first) == ("partiel", 90, "Parti tôt")
    assert not other.emargements.exists()
    wrong = open_session(boss).post(
        f"{url_of(session)}?demi={first.demi_journee}", {**sent, f"m-{one.pk}": "une heure"}, follow=True
    )
    assert "Écrivez la durée en minutes" in wrong.content.decode()


def test_as_many_queries_for_one_person_as_for_ten(boss, django_assert_max_num_queries):
    few, many = held(1)[0], held(10)[0]
    client = open_session(boss)
    for session in (few, many):
        client.get(url_of(session))
    counts = []
    for session in (few, many):
        with django_assert_max_num_queries(40) as seen:
            client.get(url_of(session))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_only_responsables_enter_presences(distribution):
    session, (one, _) = held()
    for agent in (distribution.gestionnaire_a, one.agent):
        assert open_session(agent).get(url_of(session)).status_code == 403
        assert open_session(agent).post(url_of(session), {f"p-{one.pk}": "present"}).status_code == 403
    assert not Emargement.objects.exists()


def test_the_signed_sheet_is_kept_privately(boss, distribution):
    session, _ = held()
    index = half_days(session)[0].demi_journee
    client = open_session(boss)
    address = f"{url_of(session, 'session_feuille')}?demi={index}"
    photo = SimpleUploadedFile("Feuille matin.jpg", jpeg(), content_type="image/jpeg")
    client.post(address, {CHAMP: key_for(boss), "fichier": photo})
    sheet = FeuilleSignee.objects.get()
    with sheet.file.open("rb") as kept:
        assert b"Appareil" not in kept.read()
    place = reverse("formations:feuille_fichier", args=[sheet.pk, sheet.nom])
    assert fetch(client, place).status_code == 200
    assert open_session(distribution.gestionnaire_a).get(place).status_code == 403
    liar = SimpleUploadedFile("feuille.pdf", b"MZ programme", content_type="application/pdf")
    answer = client.post(address, {CHAMP: key_for(boss), "fichier": liar}, follow=True)
    assert "alert-danger" in answer.content.decode()
    assert FeuilleSignee.objects.count() == 1


def test_at_the_door_one_reads_then_says(today, distribution):
    session, (one, _, _) = today
    first = half_days(session)[0]
    address = porte.address_of(first).removeprefix("http://testserver")
    client = open_session(one.agent)
    assert "Je suis là" in client.get(address).content.decode()
    assert not Emargement.objects.exists()
    assert "vous êtes là" in client.post(address, follow=True).content.decode()
    assert Emargement.objects.get().par_lui_meme
    assert "pas dans la liste" in open_session(distribution.agent_a).get(address).content.decode()
    assert open_session(one.agent).get(reverse("formations:porte", args=["faux"])).status_code == 404


def test_a_session_without_dates_has_no_list_yet(boss):
    session = held(0, datee=False)[0]
    assert "Pas encore de date" in open_session(boss).get(url_of(session)).content.decode()
    assert open_session(boss).get(url_of(session, "session_porte")).status_code == 404


def test_the_history_says_who_closed(boss):
    session, seats = held()
    attend(session, boss, {one: [there(), there()] for one in seats})
    assert session.mouvements.filter(acte="creneau_clos", auteur=boss).count() == 2


def test_dates_do_not_move_under_presences(boss):
    session, (one, _) = held()
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: ABSENT}, boss, now=first.debut)
    with pytest.raises(SessionChangee, match="déjà saisies"):
        dates.fixer(session.pk, day(monday(9)), boss)


@pytest.mark.parametrize("key", ["9" * 20, "9" * 5000])
def test_a_number_that_no_row_can_have_says_nothing(today, boss, key):
    """SQLite reads nothing beyond 63 bits, Python no text beyond 4300 figures."""
    session, _ = today
    assert saisies_of(QueryDict(f"p-{key}=present")) == {}
    assert precision_of(QueryDict(f"preciser={key}&p-{key}=present")) == {}
    path = reverse("formations:session_clore", args=[session.numero])
    assert open_session(boss).post(path, {"cle_unique": key_for(boss), "titre": key}).status_code == 422


def test_who_was_there_is_not_taken_off(today, boss):
    """The hours that they attended would be attested to nobody."""
    session, seats = today
    presences.noter(half_days(session)[0].pk, {seats[0].pk: there()}, boss)
    with pytest.raises(SessionChangee, match="noté présent"):
        retraits.desister(seats[0], boss, "Erreur", meme_commencee=True)
    assert retraits.desister(seats[1], boss, "Erreur", meme_commencee=True).statut == "desistee"
    with pytest.raises(SessionChangee, match="noté présent"):
        retraits.desister(seats[0], None, "Effacée", meme_commencee=True)


def test_who_was_there_is_replaced_by_nobody(monkeypatch, boss):
    """Presences open half an hour before the first minute."""
    session, (seat, _) = held()
    first = half_days(session)[0]
    monkeypatch.setattr(timezone, "now", lambda: first.debut - timedelta(minutes=10))
    presences.noter(first.pk, {seat.pk: there()}, boss)
    with pytest.raises(SessionChangee, match="noté présent"):
        remplacement.remplacer(seat, worker(seat.collectivite), boss, Visa.ACCORDE)


def test_who_was_there_stays_there_once_erased(monkeypatch, distribution, boss):
    """Their hours are a proof: the closing counts them, without their name."""
    session, (seen, absent) = held()
    first, last = half_days(session)
    presences.noter(first.pk, {seen.pk: there(), absent.pk: ABSENT}, boss, now=first.debut)
    presences.clore(first.pk, boss, now=first.fin)
    for one in (seen, absent):
        one.agent.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
        erase(Agent.objects.get(pk=one.agent_id), distribution.administrateur)
    assert list(session.inscriptions.order_by("pk").values_list("statut", flat=True)) == ["confirmee", "desistee"]
    presences.noter(last.pk, {seen.pk: ABSENT}, boss, now=last.debut)
    presences.clore(last.pk, boss, now=last.fin)
    (kept,) = cloture.clore(session.pk, boss, now=last.fin).conclues
    assert (kept.pk, kept.statut, kept.minutes) == (seen.pk, "partielle", 180)
