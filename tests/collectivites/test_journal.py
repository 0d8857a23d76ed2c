"""The journal: one line per act, that nobody rewrites."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collectivites import journal
from collectivites.models import EntreeJournal
from extranet.lib.declencheurs import create_all, drop_all
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> EntreeJournal:
    poste = PosteFactory()
    return journal.record("poste.cree", poste, agent=poste.agent, collectivite=poste.collectivite, origine="essai")


def test_a_line_says_who_did_what_for_whom(entry: EntreeJournal) -> None:
    poste = entry.agent.postes.get()
    assert (entry.objet, entry.objet_id) == ("collectivites.poste", str(poste.pk))
    assert entry.libelle == str(poste)
    assert entry.donnees == {"origine": "essai"}
    assert entry.collectivite == poste.collectivite


def test_a_label_too_long_is_cut() -> None:
    assert len(journal.record("essai.fait", AgentFactory(), agent=None, libelle="x" * 500).libelle) == 200


@pytest.mark.parametrize("column", ["created_at", "acte", "agent", "collectivite", "objet", "objet_id"])
def test_who_did_what_and_when_never_changes(entry: EntreeJournal, column: str) -> None:
    other = {
        "created_at": timezone.now() - timedelta(days=2),
        "agent": AgentFactory(),
        "collectivite": CollectiviteFactory(),
    }.get(column, "autre")
    with pytest.raises(DatabaseError, match="journal_en_ajout_seul"), transaction.atomic():
        EntreeJournal.objects.filter(pk=entry.pk).update(**{column: other})


@pytest.mark.parametrize("column", ["agent", "collectivite"])
def test_nor_is_it_blanked(entry: EntreeJournal, column: str) -> None:
    with pytest.raises(DatabaseError, match="journal_en_ajout_seul"), transaction.atomic():
        EntreeJournal.objects.filter(pk=entry.pk).update(**{column: None})


def test_plain_sql_is_refused_too(entry: EntreeJournal) -> None:
    for statement in (
        "UPDATE collectivites_entreejournal SET acte = 'rien'",
        "DELETE FROM collectivites_entreejournal",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert EntreeJournal.objects.get().acte == "poste.cree"


def test_the_words_may_be_blanked(entry: EntreeJournal) -> None:
    """For the erasure of a person."""
    EntreeJournal.objects.filter(pk=entry.pk).update(libelle="Personne effacée", donnees={})
    assert EntreeJournal.objects.get(pk=entry.pk).libelle == "Personne effacée"


def aged(days: int) -> EntreeJournal:
    """A line of that age: only without the trigger can it be made."""
    entry = journal.record("essai.fait", AgentFactory(), agent=None)
    drop_all(connection)
    EntreeJournal.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(days=days))
    create_all(connection)
    return entry


@pytest.mark.parametrize(("days", "kept"), [(0, True), (364, True), (367, False)])
def test_a_line_lives_a_year(days: int, kept: bool) -> None:
    entry = aged(days)
    assert journal.purge() == (not kept)
    assert EntreeJournal.objects.filter(pk=entry.pk).exists() is kept


def test_a_line_of_less_than_a_year_cannot_be_deleted() -> None:
    with pytest.raises(DatabaseError, match="journal_en_ajout_seul"), transaction.atomic():
        aged(364).delete()


@transaction.atomic
def fail_after_writing() -> None:
    journal.record("essai.fait", AgentFactory(), agent=None)
    raise ZeroDivisionError


def test_a_line_goes_with_the_act_that_failed() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_writing()
    assert not EntreeJournal.objects.exists()
