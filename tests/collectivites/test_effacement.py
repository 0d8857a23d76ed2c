"""Erasing a person: nothing names them any more, anywhere in the database, and what they did stays counted."""

import json
import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

from annuaire.invitations import invite
from collectivites.apports import donnees_personnelles, echeances
from collectivites.comptes.second_facteur import set_demo_totp
from collectivites.demo.comptes import COMPTES
from collectivites.effacement import NOM, EffacementRefuse, erase, erase_departed
from collectivites.enums import Domaine
from collectivites.journal import record
from collectivites.models import (
    Absence,
    Agent,
    EntreeJournal,
    Expertise,
    Habilitation,
    Poste,
    Presence,
    RoleTransversal,
    Territoire,
    TypeHabilitation,
)
from extranet.lib.demi_journees import Jour, Moment
from home.annonces import SORTE as ACTUALITE
from notifications.envoi import notify
from search.apports import refresh
from tests.collectivites.factories import AdhesionFactory, AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution
from tests.home.factories import make_actualite
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PRENOM, NOM_PROPRE, ADRESSE = "Zéphyrine", "Quillfeldt", "z.quillfeldt@essai.example"
# Each is found nowhere else: what is left of one is a leak.
TRACES = [PRENOM, NOM_PROPRE, "quillfeldt", "zephyrine", "98 77 77", "01 77 77", "Cheffe d’orchestre", "CACES-777"]


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    """Somebody who left yesterday, and who has left traces everywhere the product writes."""
    agent = AgentFactory(prenom=PRENOM, nom=NOM_PROPRE, slug="zephyrine-quillfeldt", email=ADRESSE)
    agent.notice_vue_le = timezone.now()
    agent.set_password("un mot de passe de quinze lettres")
    agent.save()
    agent.groups.add(Group.objects.get(name=Domaine.RESSOURCES.label))
    poste = PosteFactory(
        agent=agent,
        collectivite=distribution.a,
        intitule="Cheffe d’orchestre",
        telephone="03 53 01 77 77",
        mobile="06 39 98 77 77",
        courriel="orchestre.quillfeldt@essai.example",
        heures_hebdo=28,
    )
    poste.roles.add(RoleTransversal.objects.first())
    Presence.objects.create(poste=poste, jour=Jour.LUNDI, moment=Moment.MATIN)
    Absence.objects.create(agent=agent, date_debut=date(2026, 1, 5), date_fin=date(2026, 1, 6))
    Absence.objects.create(
        agent=distribution.agent_a, date_debut=date(2026, 1, 5), date_fin=date(2026, 1, 6), remplacant=agent
    )
    Habilitation.objects.create(
        agent=agent, type=TypeHabilitation.objects.first(), numero="CACES-777", obtenue_le=date(2026, 1, 1)
    )
    Expertise.objects.create(agent=agent, libelle=f"Demandez {NOM_PROPRE}")
    AdhesionFactory(agent=agent)
    UserProfile.get_for_user(agent)
    EmailAddress.objects.create(user=agent, email=ADRESSE, verified=True, primary=True)
    set_demo_totp(agent, COMPTES[0].secret)
    open_session(agent).get("/annuaire/")
    leave_words(agent, poste, distribution)
    poste.end(timezone.localdate() - timedelta(days=1))
    return agent


def leave_words(agent: Agent, poste: Poste, cast: Distribution) -> None:
    """In the journal, the admin's log, the inboxes, the outbox and an invitation."""
    record("poste.cree", poste, agent=cast.gestionnaire_a, collectivite=cast.a, note=f"pour {PRENOM}")
    record("absence.creee", cast.agent_a.absences.get(), agent=agent, qui=[{"repond": f"{PRENOM} {NOM_PROPRE}"}])
    record("reunion.tenue", cast.a, agent=None, libelle=f"Présents : {PRENOM} {NOM_PROPRE}, {cast.agent_a}")
    for thing in (agent, poste, agent.habilitations.get()):
        log(thing, "wagtail.edit", user=cast.administrateur, data={"nom": str(thing)})
    notify([agent], ACTUALITE, "Une lettre pour vous", texte=f"Bonjour {PRENOM}", urgente=True)
    notify([cast.agent_a], ACTUALITE, f"{PRENOM} {NOM_PROPRE} vous écrit", auteur=agent, objet=agent)
    invite(cast.gestionnaire_a, cast.b, email=ADRESSE, fonction=FonctionFactory(), agent=agent)
    make_actualite(cast.a, "Une page", owner=agent)


def leaks() -> list[str]:
    """Every cell of the database that holds a trace, its table and column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [
                    f"{table}.{column}: {cell}"
                    for column, cell in zip(columns, row, strict=True)
                    if any(trace in str(cell) or json.dumps(trace)[1:-1] in str(cell) for trace in TRACES)
                ]
    return found


def test_nothing_names_them_any_more(agent: Agent, distribution: Distribution) -> None:
    before = {leak.split(":")[0] for leak in leaks()}
    for place in (
        "collectivites_agent.nom",
        "collectivites_poste.telephone",
        "collectivites_expertise.libelle",
        "collectivites_entreejournal.libelle",
        "collectivites_entreejournal.donnees",
        "wagtailcore_modellogentry.label",
        "account_emailaddress.email",
        "notifications_notification.titre",
        "notifications_courriel.adresse",
        "annuaire_invitation.email",
    ):
        assert place in before, "the leak would not have been seen there"
    erase(agent, distribution.responsable)
    # FTS5 keeps the words of a row it removed, out of reach of its own queries, until it merges its pages.
    assert [leak for leak in leaks() if not re.match(r"search_(tout|titre)_data", leak)] == []
    refresh()
    assert leaks() == []


def test_what_stays(agent: Agent, distribution: Distribution) -> None:
    """The row, the poste with its fonction and its dates, and who acted in the journal."""
    poste = agent.postes.get()
    acts = EntreeJournal.objects.filter(agent=agent).count()
    erase(agent, distribution.responsable)
    agent.refresh_from_db()
    kept = agent.postes.get()
    assert (kept.fonction, kept.collectivite, kept.date_debut) == (poste.fonction, distribution.a, poste.date_debut)
    assert EntreeJournal.objects.filter(agent=agent).count() == acts > 0
    assert (str(agent), agent.slug, agent.email) == (NOM, f"efface-{agent.pk}", None)
    assert (agent.is_active, agent.has_usable_password(), agent.groups.exists()) == (False, False, False)
    assert agent.efface_le is not None
    entry = EntreeJournal.objects.get(acte="agent.efface")
    assert (entry.agent, entry.libelle) == (distribution.responsable, NOM)


def test_others_keep_their_words(agent: Agent, distribution: Distribution) -> None:
    erase(agent, None)
    meeting = EntreeJournal.objects.get(acte="reunion.tenue")
    assert meeting.libelle == f"Présents : {NOM}, Alain Aval"
    assert EntreeJournal.objects.get(acte="absence.creee").donnees == {"qui": [{"repond": NOM}]}
    assert distribution.agent_a.absences.get().remplacant is None


def test_a_namesake_keeps_their_lines(agent: Agent) -> None:
    namesake = PosteFactory(agent__prenom=PRENOM, agent__nom=NOM_PROPRE)
    line = record("poste.cree", namesake, agent=None)
    erase(agent, None)
    line.refresh_from_db()
    assert line.libelle == str(namesake)


def test_the_sessions_close(agent: Agent, distribution: Distribution) -> None:
    client = open_session(agent)
    client.get("/annuaire/")
    assert Session.objects.exists()
    erase(agent, None)
    assert client.get("/annuaire/").status_code == 302
    assert not EmailAddress.objects.filter(user=agent).exists()


def test_twice_is_as_once(agent: Agent) -> None:
    erase(agent, None)
    first = Agent.objects.get(pk=agent.pk).efface_le
    erase(agent, None)
    assert Agent.objects.get(pk=agent.pk).efface_le == first
    assert EntreeJournal.objects.filter(acte="agent.efface").count() == 1


@pytest.mark.parametrize("start", [-30, 30])
def test_someone_in_office_or_about_to_be_is_refused(start: int) -> None:
    poste = PosteFactory(date_debut=timezone.localdate() + timedelta(days=start))
    with pytest.raises(EffacementRefuse, match="encore en poste"):
        erase(poste.agent, None)
    assert Agent.objects.get(pk=poste.agent_id).efface_le is None


def test_all_or_nothing(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("collectivites.effacement._blank_row", fail)
    before = leaks()
    with pytest.raises(ZeroDivisionError):
        erase(agent, None)
    assert leaks() == before


def departed(days: int, **fields: object) -> Agent:
    """Someone whose last day was that many days ago, told in advance or closed early."""
    last = timezone.localdate() - timedelta(days=days)
    return PosteFactory(**{"date_fin": last, **fields}).agent


def test_departures_are_erased_after_the_delay_of_the_territory() -> None:
    territoire = Territoire.load()
    territoire.jours_effacement = 60
    territoire.save()
    kept = [
        departed(59),
        departed(60),
        departed(-1),
        departed(300, agent__is_superuser=True),
        AgentFactory(),
        PosteFactory(agent=departed(300), date_debut=timezone.localdate() + timedelta(days=9)).agent,
        PosteFactory(agent=departed(300)).agent,
    ]
    gone = [departed(61), departed(300), departed(-90, ferme_le=timezone.now() - timedelta(days=70))]
    assert erase_departed() == 3
    assert set(Agent.objects.filter(efface_le=None)) == set(kept)
    assert set(Agent.objects.exclude(efface_le=None)) == set(gone)
    assert erase_departed() == 0


def test_one_that_fails_keeps_no_other(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    first, second = departed(100), departed(100)

    def fail_first(agent: Agent, by: Agent | None) -> None:
        if agent == first:
            raise ZeroDivisionError
        erase(agent, by)

    monkeypatch.setattr("collectivites.effacement.erase", fail_first)
    assert erase_departed() == 1
    assert Agent.objects.get(efface_le=None) == first
    assert Agent.objects.exclude(efface_le=None).get() == second
    assert "n’a pas pu être effacé" in caplog.text


def test_veille_runs_it_every_night() -> None:
    assert {one.nom: one.heure for one in echeances()}["departs-a-effacer"] == "3:00"


def test_everything_held_about_a_person(agent: Agent) -> None:
    """Ready for JSON, whole, and without secrets."""
    data = donnees_personnelles(agent)
    text = json.dumps(data, ensure_ascii=False)
    for trace in (PRENOM, NOM_PROPRE, ADRESSE, "06 39 98 77 77", "Cheffe d’orchestre", "CACES-777", "lundi matin"):
        assert trace in text
    assert data["identite"]["mot_de_passe"] is True
    assert data["seconds_facteurs"] == ["totp"]
    assert {line["acte"] for line in data["journal"]} >= {"poste.cree", "absence.creee"}
    for secret in (agent.password, COMPTES[0].secret):
        assert secret not in text
