"""Convocations: once each, with letter and date; again when the session moves; taken back when the seat goes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from collectivites.cles import CHAMP
from collectivites.models import Agent, Territoire
from extranet.lib.demi_journees import Moment
from formations.enums import Visa
from formations.models import Inscription, Mouvement, ReglagesFormation
from formations.places import annulation, dates, retraits, sessions
from formations.prevenir.mouvements import Annonceur
from formations.refus import InscriptionRefusee
from formations.seances import convocations, rappels, rendez_vous
from formations.seances.organisme import organisme
from notifications.composition import compose
from notifications.models import Courriel, Notification
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, day, fresh, make_session, monday, reread, worker
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(distribution: Distribution) -> Agent:
    Territoire.objects.filter(pk=Territoire.load().pk).update(courriel="equipe@essai.example", nom="Essai")
    return distribution.responsable


def mails(sujet: str = "") -> list[Courriel]:
    return list(Courriel.objects.filter(sorte="formation_convocation", sujet__contains=sujet).order_by("pk"))


def event(mail: Courriel) -> tuple[str, object]:
    """The method and the first event of what the mail carries, as it leaves."""
    part = next(one for one in compose(mail).message().walk() if one.get_content_type() == "text/calendar")
    agenda = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == agenda["method"]
    return str(agenda["method"]), agenda.walk("vevent")[0]


def test_a_mail_carries_the_letter_and_the_date(boss):
    session = make_session(lieu_nom="Salle Doubs")
    one = book(session, worker())
    sent = convocations.convoquer(session.pk, boss)
    assert sent.convoquees == [one]
    (mail,) = mails()
    assert mail.adresse == one.agent.email
    parts = {part.get_content_type(): part for part in compose(mail).message().walk()}
    assert parts["application/pdf"].get_payload(decode=True).startswith(b"%PDF-")
    assert parts["application/pdf"].get_filename() == f"convocation-{session.numero}.pdf"
    method, date = event(mail)
    assert (method, str(date["uid"]), int(date["sequence"])) == ("REQUEST", str(one.uid), reread(one).sequence)
    assert str(date["attendee"]) == f"mailto:{one.agent.email}"
    assert str(date["organizer"]) == "mailto:equipe@essai.example"
    assert "Salle Doubs" in str(date["location"])
    mail.sent()
    assert not mail.pieces.exists()


@pytest.mark.parametrize("distanciel", [True, False])
def test_a_letter_is_shown_at_a_door_only(boss, distanciel):
    session = make_session(distanciel=distanciel)
    book(session, worker())
    convocations.convoquer(session.pk, boss)
    (mail,) = mails()
    assert ("se présente à l’accueil" in mail.texte) is not distanciel
    assert "rendez-vous joint entre dans votre agenda" in mail.texte


def test_only_confirmed_seats_and_only_once(boss):
    session = make_session(capacite=2)
    one, held, waiting = book(session, worker()), book(session, worker(), visa=Visa.ATTENDU), book(session, worker())
    assert convocations.convoquer(session.pk, boss).convoquees == [one]
    assert convocations.convoquer(session.pk, boss).convoquees == []
    assert len(mails()) == 1
    assert convocations.convoquer(session.pk, boss, tous=True).convoquees == [one]
    assert {reread(seat).convoquee_le for seat in (held, waiting)} == {None}


@pytest.mark.parametrize("ready", ["sans date", "annulée"])
def test_a_session_without_dates_or_cancelled_convenes_nobody(boss, ready):
    session = make_session(datee=ready == "annulée")
    if ready == "annulée":
        annulation.annuler(session.pk, boss, "Formateur absent")
    with pytest.raises(InscriptionRefusee, match="Fixez d’abord|ne convoque personne"):
        convocations.convoquer(session.pk, boss)


def test_a_person_without_mail_is_reached_through_the_mairie(boss, distribution):
    agent = worker(distribution.a)
    Agent.objects.filter(pk=agent.pk).update(email=None)
    alone = worker(CollectiviteFactory())
    Agent.objects.filter(pk=alone.pk).update(email=None)
    session = make_session()
    book(session, Agent.objects.get(pk=agent.pk)), book(session, Agent.objects.get(pk=alone.pk))
    sent = convocations.convoquer(session.pk, boss)
    assert [one.agent for one in sent.convoquees] == [agent]
    assert [one.agent for one in sent.sans_adresse] == [alone]
    (mail,) = mails()
    assert mail.adresse == distribution.gestionnaire_a.email
    assert agent.nom_complet in mail.texte
    assert {part.get_content_type() for part in compose(mail).message().walk()} >= {"application/pdf"}


def test_a_session_that_moves_convenes_again_under_the_same_uid(boss):
    session = make_session()
    one = book(session, worker())
    convocations.convoquer(session.pk, boss)
    assert convocations.update_due() == 0
    dates.fixer(session.pk, day(monday(8)), boss)
    assert convocations.update_due() == 1
    assert convocations.update_due() == 0
    first, second = mails()
    assert second.sujet.startswith("Nouvelle convocation")
    (_, before), (method, after) = event(first), event(second)
    assert (method, before["uid"]) == ("REQUEST", after["uid"])
    assert int(after["sequence"]) > int(before["sequence"])
    assert timezone.localdate(after["dtstart"].dt) == monday(8)
    sessions.modifier(session.pk, boss, lieu_nom="Ailleurs")
    assert convocations.update_due() == 1
    sessions.modifier(session.pk, boss, capacite=9)
    assert convocations.update_due() == 0
    assert reread(one).sequence_envoyee == reread(one).sequence


def test_the_date_leaves_the_agenda_of_whoever_loses_their_seat(boss):
    session = make_session()
    one, never, kept = book(session, worker()), worker(), book(session, worker())
    convocations.convoquer(session.pk, boss)
    retraits.desister(one, one.agent, "Malade")
    late = book(session, never)
    retraits.desister(late, never, "Pris ailleurs")
    assert convocations.update_due() == 1
    method, gone = event(mails("retiré")[0])
    assert (method, str(gone["status"]), str(gone["uid"])) == ("CANCEL", "CANCELLED", str(one.uid))
    annulation.annuler(session.pk, boss, "Formateur absent")
    assert convocations.update_due() == 1
    assert str(event(mails("Session annulée")[0])[1]["uid"]) == str(kept.uid)
    assert convocations.update_due() == 0


@pytest.mark.parametrize("act", ["moved", "place", "cancelled", "taken off"])
def test_what_changes_is_told_once_by_the_convocation_to_whoever_has_one(boss, act):
    """The others, who have a seat or a rank but no convocation yet, are told by the notice."""
    session = make_session(capacite=2)
    convened = book(session, worker())
    convocations.convoquer(session.pk, boss)
    seated, waiting = book(session, worker()), book(session, worker())
    Mouvement.objects.update(annonce_le=timezone.now())
    before = Courriel.objects.count()
    acts = {
        "moved": lambda: dates.fixer(session.pk, day(monday(8)), boss),
        "place": lambda: sessions.modifier(session.pk, boss, lieu_nom="Salle Doubs"),
        "cancelled": lambda: annulation.annuler(session.pk, boss, "Formateur absent"),
        "taken off": lambda: [retraits.desister(one, boss, "Erreur") for one in (waiting, convened, seated)],
    }
    acts[act]()
    Annonceur().tell_due()
    convocations.update_due()
    told = list(Courriel.objects.order_by("pk").values_list("adresse", "sorte"))[before:]
    kinds = {one.agent.email: [sorte for mail, sorte in told if mail == one.agent.email] for one in (convened, seated)}
    assert kinds[convened.agent.email] == ["formation_convocation"]
    notice = "formation_place" if act == "taken off" else "formation_session"
    assert Notification.objects.filter(destinataire=seated.agent, sorte=notice).count() == 1
    assert "formation_convocation" not in kinds[seated.agent.email]
    if act in ("moved", "cancelled"):
        assert Notification.objects.filter(destinataire=waiting.agent, sorte=notice).count() == 1


def test_a_meal_is_not_in_the_convocation_and_is_told_to_all(boss):
    session = make_session()
    one = book(session, worker())
    convocations.convoquer(session.pk, boss)
    sessions.modifier(session.pk, boss, repas="offert")
    Annonceur().tell_due()
    assert convocations.update_due() == 0
    assert Notification.objects.filter(destinataire=one.agent, sorte="formation_session").count() == 1


def test_they_leave_by_themselves_near_the_date_unless_under_the_minimum(boss):
    near = monday(2)
    session, threatened = make_session(on=near, minimum=0), make_session(on=near, minimum=4)
    far = make_session(on=monday(9))
    one = book(session, worker())
    book(threatened, worker()), book(far, worker())
    assert convocations.send_due() == 1
    assert convocations.send_due() == 0
    late = book(fresh(session), worker())
    assert convocations.send_due() == 1
    sessions.maintenir(threatened.pk, boss)
    assert convocations.send_due() == 1
    assert {mail.adresse for mail in mails()} >= {one.agent.email, late.agent.email}


def test_several_days_are_one_appointment(boss):
    first = monday()
    apart = first + timedelta(days=8)
    session = make_session(horaires=[*day(first, Moment.MATIN), *day(first + timedelta(days=1)), *day(apart)])
    one = book(session, worker())
    content = rendez_vous.agenda(one, list(session.creneaux.all()), organisme())
    main, *others = Calendar.from_ical(content).walk("vevent")
    assert main["rrule"]["count"] == [9]
    gone = {timezone.localdate(moment.dt) for moment in main["exdate"].dts}
    assert gone == {first + timedelta(days=n) for n in range(2, 8)}
    assert {str(event["uid"]) for event in others} == {str(one.uid)}
    assert [timezone.localdate(event["dtstart"].dt) for event in others] == [first + timedelta(days=1), apart]
    assert all(event["recurrence-id"] for event in others)


def test_a_reminder_some_days_before_once(boss):
    soon = timezone.localdate() + timedelta(days=ReglagesFormation.load().rappel_jours)
    session = make_session(on=soon)
    one = book(session, worker())
    book(make_session(on=monday(4)), worker())
    assert rappels.remind() == 1
    assert rappels.remind() == 0
    line = Notification.objects.get(sorte="formation_rappel")
    assert (line.destinataire, line.url) == (one.agent, one.get_absolute_url())
    assert session.mouvements.filter(acte="rappelee").count() == 1


def test_the_page_sends_to_those_who_have_none_or_to_all(boss, distribution):
    session = make_session()
    for _ in range(2):
        book(session, worker())
    address = reverse("formations:session_convocations", args=[session.numero])
    client = open_session(boss)
    assert "Envoyer à qui ne l’a pas (2)" in client.get(address).content.decode()
    answer = client.post(address, {CHAMP: key_for(boss), "a": "sans"}, follow=True).content.decode()
    assert "2 convocations envoyées" in answer
    assert "Envoyer à qui ne l’a pas" not in answer
    client.post(address, {CHAMP: key_for(boss), "a": "tous"})
    assert len(mails()) == 4
    assert open_session(distribution.gestionnaire_a).get(address).status_code == 403


def test_one_prints_one_s_own_letter_and_takes_the_date(boss, distribution):
    session = make_session()
    one = book(session, distribution.agent_a, distribution.a)
    for name in ("convocation_pdf", "inscription_ics"):
        address = reverse(f"formations:{name}", args=[one.pk])
        for agent, status in ((distribution.agent_a, 200), (distribution.gestionnaire_a, 200), (boss, 200)):
            assert open_session(agent).get(address).status_code == status
        assert open_session(distribution.secretaire_b).get(address).status_code == 404
    retraits.desister(one, one.agent, "Malade")
    assert open_session(boss).get(reverse("formations:convocation_pdf", args=[one.pk])).status_code == 404


def test_as_many_queries_on_the_page_for_one_as_for_ten(boss, django_assert_max_num_queries):
    client, counts = open_session(boss), []
    for count in (1, 10):
        session = make_session()
        for _ in range(count):
            book(session, worker())
        address = reverse("formations:session_convocations", args=[session.numero])
        client.get(address)
        with django_assert_max_num_queries(40) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert Inscription.objects.count() == 11
