"""The demo: the same date gives the same rows, nobody in it is real, and it never touches a real territory."""

import re
import time
from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.utils import timezone

from collectivites.comptes.second_facteur import current_code
from collectivites.demo import comptes, execution, grande, peuplement
from collectivites.demo.execution import DemoRefusee, make_demo
from collectivites.demo.monde import Monde
from collectivites.models import (
    Absence,
    Agent,
    Collectivite,
    EntreeJournal,
    Habilitation,
    PlageOuverture,
    Poste,
    Territoire,
)
from tests.collectivites.factories import AgentFactory, CollectiviteFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 8)
# Numbers that Arcep keeps for fiction (décision n° 2018-0881), those of France without overseas.
FICTION = re.compile(r"0(?:1 99 00|2 61 91|3 53 01|4 65 71|5 36 49|6 39 98)(?: \d\d){2}")
TELEPHONE = re.compile(r"\b0\d(?:[ .]?\d\d){4}\b")
# What a run writes of its own moment: it is not of the territory.
MOMENTARY = {"id", "password", "created_at", "objet_id", "cle", "last_login", "data"}


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """The territory, its people and their accounts, without what the other apps bring: `test_the_demo` makes it all."""
    monkeypatch.setattr(execution, "contributions", lambda name: ())


def rows() -> dict[str, list[str]]:
    """Every row of the ground floor, its references told by name."""
    found = {}
    for model in apps.get_app_config("collectivites").get_models(include_auto_created=True):
        fields = [field for field in model._meta.concrete_fields if field.name not in MOMENTARY]
        related = [field.name for field in fields if field.is_relation]
        found[model._meta.label] = sorted(
            " | ".join(str(getattr(row, field.name)) for field in fields)
            for row in model._base_manager.select_related(*related)
        )
    return found


def rows_of_a_demo(day: date) -> dict[str, list[str]]:
    """The rows of a demo that is undone at once."""
    with transaction.atomic():
        make_demo(day)
        found = rows()
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("ground")
def test_the_same_date_gives_the_same_rows_and_another_moves_them() -> None:
    """What counts from the day moves with it; the people stay."""
    first = rows_of_a_demo(DAY)
    assert rows_of_a_demo(DAY) == first
    assert sum(map(len, first.values())) > 1500
    later = rows_of_a_demo(DAY + timedelta(days=28))
    assert first["collectivites.Absence"] != later["collectivites.Absence"]
    assert first["collectivites.Presence"] == later["collectivites.Presence"]
    assert len(first["collectivites.Agent"]) == len(later["collectivites.Agent"])


def test_the_demo() -> None:
    """One demo, looked at from every side. It takes less than a minute of processor."""
    start = time.process_time()
    monde = make_demo(timezone.localdate())
    assert time.process_time() - start < 60
    for check in (the_territory, somebody_to_call, the_story, valid_rows, nobody_is_real, accounts):
        check(monde)


def the_territory(monde: Monde) -> None:
    assert Collectivite.objects.count() == 48
    assert Collectivite.objects.communes().count() == 47
    assert not Collectivite.objects.communes().filter(secteur=None).exists()
    assert set(Collectivite.objects.values_list("pk", flat=True)) == set(
        PlageOuverture.objects.values_list("collectivite", flat=True)
    )
    assert (monde.territoire.nom, monde.territoire.epci) == ("Grand Dole", monde.epci)
    assert all(getattr(monde.territoire, field.name) for field in Territoire._meta.fields if field.name != "logo")


def somebody_to_call(monde: Monde) -> None:
    for place in Collectivite.objects.all():
        postes = Poste.objects.in_force().filter(collectivite=place)
        assert postes.filter(gestionnaire=True, agent__email__isnull=False).exists(), place
        assert postes.filter(signataire="droit").exists(), place


def the_story(monde: Monde) -> None:
    odile = monde.agent("odile-vuillermet")
    assert [str(poste.collectivite) for poste in odile.postes_en_cours] == ["Foucherans", "Gredisans", "Archelange"]
    assert all(odile.manages(poste.collectivite) for poste in odile.postes_en_cours)
    assert monde.poste("odile-vuillermet", "foucherans").is_signataire
    assert monde.agent("karim-belkacem").postes_en_cours[0].libelle == "Responsable du centre technique"
    assert "elus" in monde.agent("anne-lise-marchal").codes_lecture
    assert monde.agent("nathalie-perrot").domaines == {"annuaire", "ressources", "contenu"}
    assert monde.agent("julien-mairot").is_superuser
    assert not monde.agent("gerard-morel").codes_lecture
    assert not monde.agent("lise-bonnot").codes_lecture
    assert 140 <= Agent.objects.in_office().count() <= 175


def valid_rows(monde: Monde) -> None:
    for model in (Agent, Collectivite, Poste, Absence, Habilitation):
        for row in model.objects.all():
            row.full_clean(exclude=["password"])


def nobody_is_real(monde: Monde) -> None:
    """Addresses of the reserved domain, telephone numbers kept for fiction, wherever they are written."""
    for model in apps.get_models():
        if model._meta.app_label in {"wagtailsearch", "modelsearch", "contenttypes"}:
            continue
        texts = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        for row in model._base_manager.values_list(*texts) if texts else ():
            for text in filter(None, map(str, row)):
                assert all(FICTION.fullmatch(number) for number in TELEPHONE.findall(text)), text
                for address in re.findall(r"[\w.-]+@[\w.-]+\w", text):
                    assert address.endswith(".example"), text


def accounts(monde: Monde) -> None:
    agents = {compte.cle: Agent.objects.get(slug=compte.cle) for compte in comptes.COMPTES}
    told = comptes.described(agents)
    for compte in comptes.COMPTES:
        agent = agents[compte.cle]
        assert len(compte.mot_de_passe) >= 15
        validate_password(compte.mot_de_passe, agent)
        assert agent.check_password(compte.mot_de_passe)
        assert f"{agent.email} " in told
        assert (compte.secret in told) is agent.must_have_second_factor
    assert current_code(comptes.COMPTES[-1].secret) in comptes.codes(agents)
    others = Agent.objects.exclude(slug__in=agents)
    assert not any(agent.has_usable_password() for agent in others)


@pytest.mark.usefixtures("ground")
def test_the_command_says_it_again_and_makes_it_once() -> None:
    first, again = StringIO(), StringIO()
    call_command("demo", stdout=first)
    call_command("demo", "--si-vide", stdout=again)
    assert first.getvalue() == again.getvalue()
    assert "o.vuillermet@foucherans.example" in again.getvalue()
    codes = StringIO()
    call_command("demo", "--code", stdout=codes)
    assert re.search(r"j\.mairot@grand-dole\.example +\d{6}\b", codes.getvalue())
    with pytest.raises(CommandError, match="déjà là"):
        call_command("demo")


@pytest.mark.parametrize("make", [AgentFactory, CollectiviteFactory])
def test_a_real_territory_is_never_touched(make: type) -> None:
    make()
    before = rows()
    with pytest.raises(DemoRefusee, match="n’y touche pas"):
        make_demo(DAY)
    for options in ([], ["--si-vide"], ["--code"], ["--taille", "grande"]):
        with pytest.raises(CommandError):
            call_command("demo", *options)
    assert rows() == before


def test_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(monde: Monde) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(peuplement, "make_reseaux", fail)
    with pytest.raises(ZeroDivisionError):
        make_demo(DAY)
    assert not Collectivite.objects.exists()
    assert not EntreeJournal.objects.exists()


@pytest.mark.usefixtures("ground")
def test_the_large_size_in_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same loader, for 400 agents instead of 5 200."""
    monkeypatch.setattr(grande, "TOTAL", 400)
    monde = make_demo(DAY, grande=True)
    assert Agent.objects.count() == len(monde.agents) == 400
    assert Collectivite.objects.communes().count() == 130
    assert len({str(agent) for agent in Agent.objects.all()}) == 400
    assert monde.agent("odile-vuillermet").postes_en_cours
    heads = Poste.objects.filter(signataire="droit", collectivite__type="commune").values_list("collectivite")
    assert len(heads) == len(set(heads)) == 130


def test_chance_is_of_each_app_alone() -> None:
    """What one app draws never moves what another draws."""
    monde, alone = Monde(DAY), Monde(DAY)
    monde.tirage("home").random()
    assert monde.tirage("materiel").random() == alone.tirage("materiel").random()
    assert monde.tirage("home").random() != alone.tirage("materiel").random()


def test_moments_of_the_world() -> None:
    monde = Monde(DAY)
    assert monde.ouvre(2) == date(2026, 10, 12)
    assert monde.mois(10) == date(2025, 12, 1)
    assert timezone.localtime(monde.instant(-1, "14:20")).isoformat() == "2026-10-07T14:20:00+02:00"
