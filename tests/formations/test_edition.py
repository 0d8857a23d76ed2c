"""Sessions made, changed, dated, cancelled from the site: what is right, what is refused, nothing typed lost."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.jours_ouvres import is_working_day, working_day_before
from formations.enums import Acte, StatutInscription, StatutSession
from formations.models import Inscription, Mouvement, ReglagesFormation, SessionFormation
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import book, fresh, make_formation, make_session, monday, reread, worker
from tests.formations.formulaires import manage, post, said, write
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription
NOUVELLE = "/formations/organiser/nouvelle/"


@pytest.fixture
def client(boss: Agent) -> Client:
    return open_session(boss)


def day_row(number: int, on: date, *, afternoon: bool = True) -> dict[str, str]:
    row = {f"j{number}-jour": on.isoformat(), f"j{number}-matin_de": "08:30", f"j{number}-matin_a": "12:00"}
    if afternoon:
        row |= {f"j{number}-apres_midi_de": "13:30", f"j{number}-apres_midi_a": "17:00"}
    return row


def words(formation: object, /, **changes: object) -> dict[str, object]:
    given = {
        "formation": formation.pk,
        "capacite": 12,
        "minimum": 0,
        "repas": "aucun",
        "nb_jours": 3,
        "r-jours": 1,
        "r-rythme": "suite",
        **day_row(0, monday()),
    }
    return given | changes


def test_several_half_days_in_one_line(client: Client) -> None:
    answer = post(client, NOUVELLE, **words(make_formation(), **{"r-jours": 3}), action="ouvrir")
    session = SessionFormation.objects.get()
    assert answer["Location"] == manage(session)
    assert (session.statut, session.creneaux.count()) == (StatutSession.OUVERTE, 6)
    days = sorted({one.date for one in session.creneaux.all()})
    assert len(days) == 3
    assert days[0] == monday()
    assert all(is_working_day(one) for one in days)
    jours = ReglagesFormation.load().desistement_jours
    assert session.limite_desistement == working_day_before(monday(), jours)


def test_every_week_and_other_days(client: Client) -> None:
    rows = words(make_formation(), **{"r-jours": 2, "r-rythme": "semaine"}, **day_row(1, monday(9), afternoon=False))
    post(client, NOUVELLE, **rows, action="projet")
    session = SessionFormation.objects.get()
    assert session.statut == StatutSession.PROJET
    days = sorted({one.date for one in session.creneaux.all()})
    assert (days[0], days[-1], session.creneaux.count()) == (monday(), monday(9), 5)


def test_without_dates_it_gathers_the_interested(client: Client) -> None:
    post(client, NOUVELLE, **words(make_formation(), **{"j0-jour": ""}), action="ouvrir")
    session = SessionFormation.objects.get()
    assert (session.is_dated, session.statut) == (False, StatutSession.OUVERTE)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"j0-jour": "2020-01-06"}, "est passé : choisissez une date à venir."),
        ({"j0-matin_a": "08:00"}, "La demi-journée finit après avoir commencé."),
        ({"j0-matin_a": ""}, "Donnez les deux heures, ou aucune."),
        ({"j0-matin_a": "16:00"}, "finit après 14 h : écrivez la suite dans l’après-midi."),
        ({"j0-apres_midi_de": "11:00"}, "commence avant 12 h : écrivez ce début dans le matin."),
        ({"j0-matin_a": "13:45"}, "commence avant la fin du matin"),
        (
            {"j0-matin_de": "", "j0-matin_a": "", "j0-apres_midi_de": "", "j0-apres_midi_a": ""},
            "Donnez les heures du matin, de l’après-midi, ou des deux.",
        ),
        ({**day_row(1, monday())}, "est écrit deux fois."),
        ({"j0-jour": "pas une date"}, "Écrivez une date"),
        ({"capacite": "0"}, "Donnez un nombre de places, de 1 à 500."),
        ({"capacite": "501"}, "Donnez un nombre de places, de 1 à 500."),
        ({"capacite": ""}, "Donnez un nombre de places, de 1 à 500."),
        ({"minimum": "-1"}, "Donnez un nombre d’inscrits"),
        ({"quota_commune": "0"}, "Donnez un nombre de places par commune"),
        ({"distanciel": "on", "lien": "ma visio"}, "Collez l’adresse entière de la visio"),
        ({"cout": "-50"}, "Un coût est un montant en euros"),
        ({"minimum": "13"}, "Le minimum ne dépasse pas le nombre de places."),
        ({"quota_leve_le": "2031-01-01T08:00"}, "Une date de levée va avec un quota"),
        ({"formation": ""}, "Choisissez la fiche de la formation."),
        ({"lien": "https://visio.exemple.fr/a"}, "cochez « en visio »"),
        ({"r-jours": "900"}, "Vingt jours au plus."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, changes: dict[str, str], sentence: str
) -> None:
    given = words(make_formation(), **{"lieu_nom": "Salle Doubs", "acces": "Par la cour", **changes})
    answer = post(client, NOUVELLE, **given, action="ouvrir")
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert b"Salle Doubs" in answer.content
    assert b"Par la cour" in answer.content
    assert b'value="17:00"' in answer.content or "j0-apres_midi_a" in changes
    assert not SessionFormation.objects.exists()


def test_the_same_key_twice_makes_one_session(client: Client, boss: Agent) -> None:
    given = {"cle_unique": key_for(boss), **words(make_formation())}
    assert client.post(NOUVELLE, given).status_code == 302
    assert client.post(NOUVELLE, given).status_code == 302
    assert SessionFormation.objects.count() == 1


def test_a_copy_takes_all_but_the_dates(client: Client) -> None:
    session = make_session(capacite=7, minimum=4, lieu_nom="Salle Doubs", formateur="Alain Courvoisier")
    answer = client.get(f"{NOUVELLE}?copie={session.numero}")
    form = answer.context["form"]
    assert (form["capacite"].value(), form["minimum"].value(), form["lieu_nom"].value()) == (7, 4, "Salle Doubs")
    assert answer.context["horaires"].jours[0]["jour"].value() is None
    assert answer.context["formation_form"]["formation"].value() == session.formation_id


def test_the_capacity_under_the_seats_held_is_refused_with_their_number(client: Client) -> None:
    session = make_session(capacite=3)
    book(session, worker()), book(session, worker())
    answer = write(client, manage(session, "modifier/"), capacite=1, minimum=0, repas="aucun", lieu_nom="Ici")
    assert answer.status_code == 422
    assert "2 places sont déjà prises" in said(answer)
    assert b"Ici" in answer.content
    assert fresh(session).capacite == 3
    assert write(client, manage(session, "modifier/"), capacite=2, minimum=0, repas="aucun").status_code == 302
    assert (fresh(session).capacite, fresh(session).limite_desistement) == (2, _limit(session))


def _limit(session: SessionFormation) -> date:
    return working_day_before(session.date_debut, ReglagesFormation.load().desistement_jours)


def test_a_greater_capacity_promotes(client: Client) -> None:
    session = make_session(capacite=1)
    book(session, worker())
    waiting = book(session, worker())
    write(client, manage(session, "modifier/"), capacite=2, minimum=0, repas="aucun")
    assert reread(waiting).statut == S.CONFIRMEE


def test_dating_places_the_interested_and_names_the_conflicts(client: Client) -> None:
    session = make_session(datee=False, capacite=1)
    busy, free = worker(), worker()
    book(session, busy), book(session, free)
    book(make_session(make_formation("Ailleurs")), busy)
    answer = write(client, manage(session, "dates/"), nb_jours=3, **{"r-jours": 1}, **day_row(0, monday()))
    assert answer.status_code == 302
    told = said(client.get(manage(session)))
    assert f"Prises ailleurs à ces dates : {busy.nom_complet}" in told
    assert "Une personne a une place." in told
    assert fresh(session).limite_desistement == _limit(fresh(session))


def test_dates_are_tried_before_they_are_fixed(client: Client) -> None:
    """What is shown first is what happens: seats, quota and other trainings included."""
    session = make_session(datee=False, capacite=2, quota_commune=1)
    place = CollectiviteFactory()
    busy, first, same, second, last = worker(), worker(place), worker(place), worker(), worker()
    for one in (busy, first, same, second, last):
        book(session, one)
    book(make_session(make_formation("Ailleurs")), busy)
    rows = {"nb_jours": 3, "r-jours": 1, **day_row(0, monday())}
    answer = write(client, manage(session, "dates/"), **rows, action="apercu")
    seen = answer.context["apercu"]
    assert [one.agent for one in seen.placees] == [first, second]
    assert [one.agent for one in seen.attendent] == [same, last]
    assert [(one.inscription.agent, one.titre) for one in seen.ailleurs] == [(busy, "Ailleurs")]
    assert not fresh(session).is_dated
    write(client, manage(session, "dates/"), **rows, action="fixer")
    placed = session.inscriptions.filter(statut=S.CONFIRMEE).order_by("rang")
    assert [one.agent for one in placed] == [first, second]
    moved = {"nb_jours": 3, "r-jours": 1, **day_row(0, monday(8))}
    book(make_session(make_formation("Encore"), on=monday(8)), first)
    answer = write(client, manage(session, "dates/"), **moved, action="apercu")
    assert [one.inscription.agent for one in answer.context["apercu"].bloquent] == [first]


def test_postponing_on_somebody_who_is_taken_is_refused(client: Client) -> None:
    one = worker()
    session = make_session()
    book(session, one)
    book(make_session(make_formation("Ailleurs"), on=monday(8)), one)
    answer = write(client, manage(session, "dates/"), nb_jours=3, **{"r-jours": 1}, **day_row(0, monday(8)))
    assert answer.status_code == 422
    assert f"{one.nom_complet} suit une autre formation" in said(answer)
    assert fresh(session).date_debut == monday()


def test_a_room_and_a_trainer_of_the_day(client: Client) -> None:
    session = make_session(formateur="Paul Rey")
    seat = book(session, worker())
    days = {**day_row(0, monday()), **day_row(1, monday() + timedelta(days=1)), "r-jours": 1, "nb_jours": 3}
    rooms = {"j0-salle": "Salle Doubs", "j1-salle": "Atelier", "j1-formateur": "Léa Roy"}
    write(client, manage(session, "dates/"), **days, **rooms)
    page = said(client.get(manage(session)))
    assert f"Salle Doubs le {monday().day}" in page
    assert "Formation par Paul Rey et Léa Roy" in page
    mine = open_session(seat.agent).get(reread(seat).get_absolute_url())
    assert f"Atelier le {(monday() + timedelta(days=1)).day}" in said(mine)
    html = client.get(manage(session, "dates/")).content.decode()
    assert 'value="Atelier"' in html
    assert 'value="Léa Roy"' in html


def test_another_room_on_the_same_days_is_no_postponement(client: Client) -> None:
    session = make_session()
    days = {**day_row(0, monday()), "r-jours": 1, "nb_jours": 3}
    write(client, manage(session, "dates/"), **days)
    seat = book(session, worker())
    SessionFormation.objects.filter(pk=session.pk).update(convoquee_le=timezone.now())
    write(client, manage(session, "dates/"), **days, **{"j0-salle": "Salle Doubs"})
    line = Mouvement.objects.filter(session=session, inscription=None).latest("pk")
    assert (line.acte, line.donnees) == (Acte.SESSION_MODIFIEE, {"champs": ["lieu"]})
    assert fresh(session).convoquee_le
    assert reread(seat).sequence == seat.sequence + 1


def test_opened_kept_and_an_old_tab(client: Client) -> None:
    session = make_session(ouverte=False)
    post(client, manage(session, "ouvrir/"))
    post(client, manage(session, "maintenir/"))
    assert fresh(session).statut == StatutSession.MAINTENUE
    post(client, manage(session, "ouvrir/"))
    assert "Cette session est maintenue : ceci ne s’y applique plus." in said(client.get(manage(session)))


def test_cancelled_then_the_next_one_first(client: Client) -> None:
    formation = make_formation()
    session, other = make_session(formation, capacite=1), make_session(formation, capacite=1, on=monday(8))
    first, second = book(session, worker()), book(session, worker())
    assert post(client, manage(session, "annuler/"), motif="").status_code == 422
    assert fresh(session).statut == StatutSession.OUVERTE
    answer = post(client, manage(session, "annuler/"), motif="Formateur absent")
    assert answer["Location"] == manage(session, "suivante/")
    page = client.get(manage(session, "suivante/"))
    assert [one.inscription.pk for one in page.context["suite"].a_placer] == [first.pk, second.pk]
    post(client, manage(session, "suivante/"), session=other.numero)
    found = list(Inscription.objects.filter(session=other).order_by("pk").values_list("agent", "statut"))
    assert found == [(first.agent_id, S.CONFIRMEE), (second.agent_id, S.ATTENTE)]
    assert "Plus personne à replacer" in said(client.get(manage(session, "suivante/")))
