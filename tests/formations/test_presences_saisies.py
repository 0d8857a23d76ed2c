"""What a page of presences has shown, typed wrong, or sends too late."""

from datetime import timedelta

import pytest
from django.urls import reverse

from collectivites.models import Habilitation, TypeHabilitation
from formations.enums import Acte, StatutSession
from formations.models import Emargement
from formations.organiser import journal
from formations.refus import InscriptionRefusee, SessionChangee
from formations.seances import cloture, porte, presences
from tests.formations.factories import book, fresh, make_formation, worker
from tests.formations.formulaires import hidden, post, said
from tests.formations.seances import ABSENT, EXCUSE, attend, half_days, held, there
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
TAP = {"HX-Request": "1"}


@pytest.fixture
def begun(clock, distribution):
    """A session whose first half-day has just ended."""
    session, seats = held(3)
    clock(half_days(session)[0].fin)
    return session, seats


def address(session, name="session_presences"):
    path = reverse(f"formations:{name}", args=[session.numero])
    return f"{path}?demi={half_days(session)[0].demi_journee}"


def test_a_half_day_is_closed_from_its_end_on(boss):
    session, (one, other) = held()
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: there(), other.pk: ABSENT}, boss, now=first.debut - timedelta(minutes=25))
    with pytest.raises(InscriptionRefusee, match="à partir de 11 h 30".replace(" h ", "\xa0h\xa0")):
        presences.clore(first.pk, boss, now=first.fin - timedelta(minutes=31))
    assert half_days(session)[0].clos_le is None
    presences.clore(first.pk, boss, now=first.fin - timedelta(minutes=30))


def test_a_session_ends_with_its_last_half_day(boss):
    session, (one,) = held(1)
    attend(session, boss, {one: [there(), there()]})
    last = half_days(session)[-1]
    with pytest.raises(InscriptionRefusee, match="se termine à partir"):
        cloture.clore(session.pk, boss, now=last.fin - timedelta(minutes=31))
    cloture.clore(session.pk, boss, now=last.fin - timedelta(minutes=30))


def test_the_page_says_from_when_it_closes(boss, clock):
    session, (one,) = held(1)
    clock(half_days(session)[0].debut)
    client = open_session(boss)
    assert "à partir de 11 h 30" in said(client.get(address(session)))
    refused = client.post(address(session), {"clore": "1", f"p-{one.pk}": "present"})
    assert refused.status_code == 422
    assert not Emargement.objects.exists()
    assert f'name="p-{one.pk}" value="present" checked' in refused.content.decode()


def test_an_old_list_closes_nothing_over_what_was_entered_since(boss, begun):
    session, (one, other, third) = begun
    first = half_days(session)[0]
    client = open_session(boss)
    old = hidden(client.get(address(session)))
    presences.noter(first.pk, {one.pk: ABSENT}, boss)
    typed = {f"p-{seat.pk}": "present" for seat in (one, other, third)} | {"clore": "1"}
    refused = client.post(address(session), typed | old)
    assert refused.status_code == 422
    assert one.agent.nom_complet in said(refused).partition("Rien n’est enregistré")[0]
    assert Emargement.objects.get().presence == "absent"
    assert half_days(session)[0].clos_le is None
    assert refused.content.decode().count('value="present" checked') == 3, "what was typed stays"
    assert client.post(address(session), typed | hidden(refused)).status_code == 302
    assert set(Emargement.objects.values_list("presence", flat=True)) == {"present"}


def test_what_says_the_same_is_not_refused(boss, begun):
    session, (one, other, third) = begun
    client = open_session(boss)
    old = hidden(client.get(address(session)))
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: there()}, boss)
    typed = {f"p-{seat.pk}": "present" for seat in (one, other, third)} | {"clore": "1"}
    assert client.post(address(session), typed | old).status_code == 302


def test_a_tap_carries_what_it_saw_and_takes_the_new(boss, begun):
    session, (one, _, _) = begun
    client = open_session(boss)
    old = hidden(client.get(address(session)))
    name = f"vu-{one.pk}"

    def tap(word, seen):
        return client.post(address(session), {f"p-{one.pk}": word, name: seen}, headers=TAP)

    answer = tap("present", old[name])
    assert list(hidden(answer)) == [name], "that of the person alone"
    assert tap("absent", hidden(answer)[name]).status_code == 200
    late = tap("excuse", old[name])
    assert (late.status_code, late["HX-Redirect"]) == (422, address(session))
    assert Emargement.objects.get().presence == "absent"


def test_a_presence_that_changes_is_in_the_journal(boss, begun):
    session, (one, other, _) = begun
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: there(), other.pk: ABSENT}, boss)
    lines = session.mouvements.filter(acte=Acte.PRECISEE)
    assert not lines.exists()
    presences.noter(first.pk, {one.pk: ABSENT, other.pk: ABSENT}, boss)
    line = lines.get()
    assert (line.inscription, line.auteur, line.collectivite) == (one, boss, one.collectivite)
    assert "présence, puis absence" in line.motif
    assert line.annonce_le is not None


def test_the_door_changes_nothing_entered_meanwhile(boss, begun, monkeypatch):
    """Between what the door has read and its turn, the organiser has said that they are not there."""
    session, (one, _, _) = begun
    first = half_days(session)[0]

    def late(*given, **options):
        presences.noter(first.pk, {one.pk: ABSENT}, boss)
        return presences.noter(*given, **options)

    monkeypatch.setattr(porte, "noter", late)
    with pytest.raises(SessionChangee):
        porte.arriver(first, one.agent)
    assert Emargement.objects.get().presence == "absent"


def test_the_journal_says_what_was_opened_again(boss):
    session, (one,) = held(1)
    attend(session, boss, {one: [there(), there()]})
    presences.rouvrir(half_days(session)[0].pk, boss)
    line = journal.lines(journal.lines_of(session))[0]
    assert (line.acte, line.detail) == ("Demi-journée rouverte", str(half_days(session)[0]))


def test_nobody_is_booked_beside_a_list_that_is_closed(boss, clock):
    """Their hours would be nobody’s to say."""
    session, _ = held(1)
    clock(presences.closing(half_days(session)[0]))
    with pytest.raises(InscriptionRefusee, match="a commencé"):
        book(session, worker())


def test_states_are_told_of_a_person_in_neutral_words(boss, clock):
    session, (one, other) = held()
    attend(session, boss, {one: [there(), there()], other: [EXCUSE, EXCUSE]})
    clock(half_days(session)[-1].fin)
    client, path = open_session(boss), reverse("formations:session_clore", args=[session.numero])
    page = said(client.get(path))
    assert "Présence, 6 h" in page
    assert "Absence excusée" in page
    post(client, path, **hidden(client.get(path)))
    assert "Absence excusée" in said(open_session(other.agent).get(reverse("formations:parcours")))


def test_details_typed_wrong_stay_with_their_sentence(boss, begun):
    session, (one, other, _) = begun
    client = open_session(boss)
    sent = hidden(client.get(address(session))) | {
        f"p-{one.pk}": "present",
        f"m-{one.pk}": "9999",
        f"n-{one.pk}": "Partie pour une astreinte",
        f"p-{other.pk}": "absent",
        "preciser": str(one.pk),
    }
    answer = client.post(address(session), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="9999"' in page
    assert 'value="Partie pour une astreinte"' in page
    assert page.count('ec-details" open') == 1
    assert f'id="m-{one.pk}_error"' in page
    assert f'name="p-{other.pk}" value="absent" checked' in page
    assert f"{one.agent.nom_complet} : cette demi-journée dure 3 h" in said(answer)
    assert not Emargement.objects.exists()
    mine = client.post(address(session), {**sent, f"m-{one.pk}": "une heure"})
    assert f"{one.agent.nom_complet} : écrivez la durée en minutes" in said(mine)
    none = client.post(address(session), {key: value for key, value in sent.items() if key != f"p-{one.pk}"})
    assert 'value="Partie pour une astreinte"' in none.content.decode()


def test_an_old_page_of_the_end_takes_no_title_away(boss, clock):
    """Who was corrected from absent to present was never shown to the one who ticks."""
    sst = TypeHabilitation.objects.get(code="sst")
    session, (one, other) = held(formation=make_formation("SST", titre_delivre=sst))
    attend(session, boss, {one: [there(), there()], other: [there(), ABSENT]})
    last = half_days(session)[-1]
    clock(last.fin)
    path = reverse("formations:session_clore", args=[session.numero])
    client = open_session(boss)
    old = hidden(client.get(path))
    presences.rouvrir(last.pk, boss)
    presences.noter(last.pk, {other.pk: there()}, boss)
    presences.clore(last.pk, boss)
    refused = post(client, path, **old)
    assert refused.status_code == 422
    assert other.agent.nom_complet in said(refused).partition("Rien n’est enregistré")[0]
    page = refused.content.decode()
    assert fresh(session).statut != StatutSession.CLOSE
    assert f'value="{other.pk}" checked' in page
    assert f'value="{one.pk}" checked' not in page, "what was typed stays"
    assert post(client, path, titre=[str(other.pk)], **hidden(refused)).status_code == 302
    assert Habilitation.objects.get().agent == other.agent


def test_a_half_day_that_is_past_and_open_is_to_be_closed(boss, begun):
    session, seats = begun
    client = open_session(boss)
    assert "à saisir" in said(client.get(address(session)))
    assert "en cours" not in said(client.get(address(session)))
    presences.noter(half_days(session)[0].pk, {seats[0].pk: there()}, boss)
    assert "1 présence, à clore" in said(client.get(address(session)))
