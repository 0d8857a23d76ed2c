"""Each list whose searches may be kept: what it understands of an address, what answers, what a mail says of it."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.enums import FamilleFonction
from collectivites.models import Agent, Collectivite, Theme
from extranet.lib.apports import DemandeLue
from formations.models import FormationPage
from materiel.enums import StatutMateriel
from materiel.models import Materiel
from search.gardees.listes import ListeMuette, keys_of, listes, proposed_name, read
from tests.distribution import Distribution
from tests.formations.factories import make_formation, make_session
from tests.formations.factories import monday as month_later
from tests.materiel.factories import EngagementFactory, make_materiel, monday
from tests.ressources.factories import make_ressource
from tests.search.gardees import fresh

pytestmark = pytest.mark.django_db


def asked(liste: str, query: str, agent: Agent, place: Collectivite | None = None) -> DemandeLue:
    return read(listes()[liste], query, fresh(agent), place)


def name_of(liste: str, demande: DemandeLue) -> str:
    return proposed_name(listes()[liste], demande).replace("\u00a0", " ")


def titles(liste: str, query: str, agent: Agent) -> list[str]:
    """As the mail names what answers."""
    reader = fresh(agent)
    found = keys_of(liste, query, reader)
    shown = listes()[liste].lignes(reader, found)
    return [shown[key].titre for key in found if key in shown]


class TestRessources:
    def test_the_name_is_made_of_words_and_filters(self, distribution: Distribution):
        theme = Theme.objects.first()
        query = urlencode({"theme": theme.slug, "q": "délibération", "strate": "licorne"})
        demande = asked("ressources", query, distribution.agent_a)
        assert name_of("ressources", demande) == f"Délibération, {theme.nom}"
        assert "licorne" not in demande.parametres

    def test_what_answers_is_what_the_list_shows(self, distribution: Distribution):
        theme = Theme.objects.last()
        make_ressource("Plan local", theme=theme)
        make_ressource("Secret", theme=theme, diffusion=[code_collectivite(distribution.b.pk)])
        make_ressource("Brouillon", theme=theme, live=False)
        make_ressource("Ailleurs")
        assert titles("ressources", f"theme={theme.slug}", distribution.agent_a) == ["Plan local"]
        assert titles("ressources", f"q=plan&theme={theme.slug}", distribution.agent_a) == ["Plan local"]
        assert set(titles("ressources", f"theme={theme.slug}", distribution.secretaire_b)) == {"Plan local", "Secret"}
        assert titles("ressources", f"theme={theme.slug}", distribution.sans_poste) == []


class TestAnnuaire:
    def test_who_joins_is_told_there_today_or_not_and_never_oneself(self, distribution: Distribution):
        query = f"fonction=famille%3A{FamilleFonction.TECHNIQUE}&present=1"
        demande = asked("annuaire", query, distribution.agent_a)
        assert "présent ce jour-là ou non" in demande.remarque
        assert name_of("annuaire", demande) == "Services techniques, présents aujourd’hui"
        assert titles("annuaire", demande.parametres, distribution.agent_a) == ["Paul Deux"]

    def test_words_are_cleaned_and_named_without_quotes(self, distribution: Distribution):
        demande = asked("annuaire", "q=+aval+&page=2&vue=liste", distribution.agent_a)
        assert demande.parametres == "q=aval"
        assert name_of("annuaire", demande) == "Aval"

    def test_a_hidden_card_is_not_told(self, distribution: Distribution):
        Agent.objects.filter(pk=distribution.secretaire_a.pk).update(oppose_le=timezone.now())
        assert "Sylvie Aval" not in titles("annuaire", "q=aval", distribution.secretaire_b)

    def test_distances_stay_those_of_where_one_acted(self, distribution: Distribution):
        a, b = distribution.a, distribution.b
        for place, latitude in ((a, 47.0), (b, 47.5)):
            Collectivite.objects.filter(pk=place.pk).update(latitude=latitude, longitude=5.0)
        here = Collectivite.objects.get(pk=a.pk)
        demande = asked("annuaire", "km=10", distribution.partage_ab, here)
        assert dict(parse_qsl(demande.parametres)) == {"autour": "aval", "km": "10"}
        assert name_of("annuaire", demande) == f"À moins de 10 km, autour {here.de_nom}"
        found = titles("annuaire", demande.parametres, distribution.elue_b)
        assert "Alain Aval" in found
        assert "Simone Bourg" not in found

    def test_what_no_keyboard_types_reaches_no_database(self, distribution: Distribution):
        """PostgreSQL refuses U+0000, and an address inside another is not that of the request."""
        with CaptureQueriesContext(connection) as captured:
            asked("annuaire", "km=10&autour=a%00b&q=z%00z", distribution.elue_b, distribution.b)
        assert captured.captured_queries
        assert [one["sql"] for one in captured.captured_queries if "\x00" in one["sql"]] == []


class TestMateriel:
    def test_what_is_lent_is_told_and_what_is_withdrawn_is_not(self, distribution: Distribution):
        make_materiel("Barnum vert")
        gone = make_materiel("Barnum gris")
        Materiel.objects.filter(pk=gone.pk).update(statut=StatutMateriel.RETIRE)
        make_materiel("Barnum secret", diffusion=[code_collectivite(distribution.b.pk)])
        demande = asked("materiel", "quoi=barnum&tri=nom&page=3", distribution.agent_a)
        assert demande.parametres == "quoi=barnum"
        assert titles("materiel", demande.parametres, distribution.agent_a) == ["Barnum vert"]
        Materiel.objects.filter(pk=gone.pk).update(statut=StatutMateriel.EN_SERVICE)
        assert titles("materiel", demande.parametres, distribution.agent_a) == ["Barnum gris", "Barnum vert"]

    def test_free_on_these_dates(self, distribution: Distribution):
        taken = EngagementFactory().materiel
        make_materiel("Libre")
        day = monday()
        demande = asked("materiel", f"du={day}&au={day}&libres=1", distribution.agent_a)
        assert name_of("materiel", demande).startswith("Libre ")
        found = titles("materiel", demande.parametres, distribution.agent_a)
        assert "Libre" in found
        assert taken.page.title not in found

    def test_past_dates_close_it(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        day = monday()
        query = asked("materiel", f"du={day}&au={day}&libres=1", distribution.agent_a).parametres
        later = timezone.now() + timedelta(days=60)
        monkeypatch.setattr(timezone, "now", lambda: later)
        with pytest.raises(ListeMuette, match="dates de cette recherche sont passées"):
            keys_of("materiel", query, fresh(distribution.agent_a))


class TestFormations:
    def test_a_session_is_told_when_it_may_be_asked_for(self, distribution: Distribution):
        theme = Theme.objects.order_by("ordre").first()
        session = make_session(make_formation("Secourisme"), on=month_later())
        make_session(make_formation("Paie", theme=Theme.objects.last()), on=month_later())
        make_session(make_formation("Pas encore"), ouverte=False)
        demande = asked("formations", f"theme={theme.slug}&jusque=2030-01", distribution.agent_a)
        assert demande.parametres == f"theme={theme.slug}"
        assert name_of("formations", demande) == theme.nom
        reader = fresh(distribution.agent_a)
        assert keys_of("formations", demande.parametres, reader) == [f"session:{session.pk}"]
        (line,) = listes()["formations"].lignes(reader, [f"session:{session.pk}"]).values()
        assert line.titre == "Secourisme"
        assert session.numero in line.url
        FormationPage.objects.filter(pk=session.formation_id).update(live=False)
        assert listes()["formations"].lignes(reader, [f"session:{session.pk}"]) == {}

    def test_all_the_trainings_are_sheets(self, distribution: Distribution):
        page = make_formation("Secourisme")
        demande = asked("formations", "vue=toutes&q=secourisme&places=on", distribution.agent_a)
        assert dict(parse_qsl(demande.parametres)) == {"q": "secourisme", "vue": "toutes"}
        assert keys_of("formations", demande.parametres, fresh(distribution.agent_a)) == [f"formation:{page.pk}"]
        assert titles("formations", demande.parametres, distribution.agent_a) == ["Secourisme"]
        assert asked("formations", "vue=toutes", distribution.agent_a).parametres == ""

    def test_past_dates_close_it(self, distribution: Distribution):
        yesterday = timezone.localdate() - timedelta(days=1)
        demande = asked("formations", f"au={yesterday}", distribution.agent_a)
        assert "dates de cette recherche sont passées" in demande.close


@pytest.mark.parametrize(
    ("liste", "query", "make"),
    [
        ("ressources", "q=zibeline", lambda codes: make_ressource("Zibeline", diffusion=codes)),
        ("recherche", "q=zibeline", lambda codes: make_ressource("Zibeline", diffusion=codes)),
        ("materiel", "quoi=zibeline", lambda codes: make_materiel("Zibeline", diffusion=codes)),
        ("formations", "q=zibeline", lambda codes: make_session(make_formation("Zibeline", diffusion=codes))),
        ("formations", "q=zibeline&vue=toutes", lambda codes: make_formation("Zibeline", diffusion=codes)),
    ],
)
def test_each_list_asks_the_gate_twice(distribution: Distribution, liste: str, query: str, make: Callable):
    """What is closed to a reader is neither among the keys, nor said when its key is known from before."""
    make([code_collectivite(distribution.a.pk)])
    theirs = fresh(distribution.agent_a)
    (key,) = keys_of(liste, query, theirs)
    assert listes()[liste].lignes(theirs, [key])[key].titre == "Zibeline"
    for outsider in (distribution.secretaire_b, distribution.elue_b, distribution.sans_poste):
        reader = fresh(outsider)
        assert keys_of(liste, query, reader) == []
        assert listes()[liste].lignes(reader, [key]) == {}


def test_what_is_open_to_all_answers_all(distribution: Distribution):
    make_ressource("Zibeline", diffusion=[TOUTES])
    for reader in (distribution.agent_a, distribution.elue_b, distribution.responsable):
        assert len(keys_of("recherche", "q=zibeline", fresh(reader))) == 1
