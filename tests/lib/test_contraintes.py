"""On the engine of the run: the same assertions hold on SQLite and on PostgreSQL."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from collectivites.models import Absence, Agent, EntreeJournal, Expertise
from extranet.lib.contraintes import refusal_of, refuse_on
from extranet.lib.demi_journees import Moment

pytestmark = pytest.mark.django_db


class ActeRefuse(Exception):
    """The refusal of an app."""


@pytest.fixture
def agent() -> Agent:
    return Agent.objects.create_user("odile@foucherans.example", prenom="Odile", nom="Vuillermet")


UNIQUE = {"expertise_unique": "Cette expertise est déjà sur la fiche.", "autre": "Autre."}
CHECK = {"absence_dates_dans_l_ordre": "L’absence finit après avoir commencé."}
TRIGGER = {"journal_en_ajout_seul": "Le journal ne se corrige pas."}


def write_twice(agent: Agent) -> None:
    Expertise.objects.create(agent=agent, libelle="marchés publics")
    Expertise.objects.create(agent=agent, libelle="marchés publics")


def write_backwards(agent: Agent) -> None:
    Absence.objects.create(
        agent=agent,
        date_debut=date(2026, 10, 12),
        moment_debut=Moment.APRES_MIDI,
        date_fin=date(2026, 10, 12),
        moment_fin=Moment.MATIN,
    )


def rewrite_the_journal(agent: Agent) -> None:
    entree = EntreeJournal.objects.create(acte="poste.cree", agent=agent, objet="x", objet_id="1")
    EntreeJournal.objects.filter(pk=entree.pk).update(acte="poste.clos")


CASES = [(write_twice, UNIQUE), (write_backwards, CHECK), (rewrite_the_journal, TRIGGER)]


@pytest.mark.parametrize(("act", "mapping"), CASES)
def test_named_constraint_becomes_the_refusal(act, mapping: dict[str, str], agent: Agent):
    with pytest.raises(ActeRefuse, match=next(iter(mapping.values()))), refuse_on(mapping, ActeRefuse):
        act(agent)


@pytest.mark.parametrize(("act", "mapping"), CASES)
def test_constraint_that_is_not_named_is_left_to_crash(act, mapping: dict[str, str], agent: Agent):
    others = {name: sentence for _, other in CASES for name, sentence in other.items() if name not in mapping}
    with pytest.raises(IntegrityError), refuse_on(others, ActeRefuse):
        act(agent)


def test_what_was_written_is_undone_and_the_transaction_goes_on(agent: Agent):
    with transaction.atomic():
        with pytest.raises(ActeRefuse), refuse_on(UNIQUE, ActeRefuse):
            write_twice(agent)
        assert Expertise.objects.count() == 0
        Expertise.objects.create(agent=agent, libelle="élections")
    assert Expertise.objects.get().libelle == "élections"


def test_refusal_keeps_its_cause(agent: Agent):
    with pytest.raises(ActeRefuse) as refusal, refuse_on(CHECK, ActeRefuse):
        write_backwards(agent)
    assert isinstance(refusal.value.__cause__, IntegrityError)


def test_nothing_broken_changes_nothing(agent: Agent):
    with refuse_on(UNIQUE, ActeRefuse):
        Expertise.objects.create(agent=agent, libelle="marchés publics")
    assert Expertise.objects.count() == 1


def test_another_exception_passes_through(agent: Agent):
    with pytest.raises(KeyError), refuse_on(UNIQUE, ActeRefuse):
        raise KeyError


def break_by_sql(*statements: str) -> IntegrityError:
    *before, last = statements
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            cursor.execute(last)
    return caught.value


def test_unique_index_on_an_expression_is_named():
    error = break_by_sql(
        "CREATE TEMPORARY TABLE essai (nom text)",
        "CREATE UNIQUE INDEX essai_nom_sans_casse ON essai (lower(nom))",
        "INSERT INTO essai VALUES ('Dole')",
        "INSERT INTO essai VALUES ('DOLE')",
    )
    assert refusal_of(error, {"essai_nom_sans_casse": "Ce nom existe déjà."}) == "Ce nom existe déjà."


def test_missing_value_has_no_name():
    error = break_by_sql(
        "CREATE TEMPORARY TABLE essai (nom text NOT NULL)",
        "INSERT INTO essai VALUES (NULL)",
    )
    assert refusal_of(error, UNIQUE | CHECK | TRIGGER) is None


def test_two_constraints_on_the_same_columns_never_give_the_wrong_sentence(
    monkeypatch: pytest.MonkeyPatch, agent: Agent
):
    """SQLite cannot tell them apart: no sentence rather than a wrong one. PostgreSQL can."""
    constraint = Expertise._meta.constraints[0].clone()
    constraint.name = "jumelle"
    monkeypatch.setattr(Expertise._meta, "constraints", [*Expertise._meta.constraints, constraint])
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write_twice(agent)
    expected = UNIQUE["expertise_unique"] if connection.vendor == "postgresql" else None
    assert refusal_of(caught.value, UNIQUE | {"jumelle": "Autre phrase."}) == expected
    assert refusal_of(caught.value, {"expertise_unique": "Même.", "jumelle": "Même."}) == "Même."
