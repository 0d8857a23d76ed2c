"""Sheets, sessions and people of the tests. Sessions are made by the acts themselves."""

from datetime import date, time, timedelta

from django.utils import timezone

from collectivites.diffusion import TOUTES
from collectivites.models import Agent, Collectivite, Fonction, Theme
from extranet.lib.demi_journees import DemiJournee, Moment
from formations.enums import Visa
from formations.models import FormationPage, FormationsPage, Inscription, SessionFormation
from formations.places import dates, reserver, sessions
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.collectivites.indexation import indexed_at_once


def monday(weeks: int = 6) -> date:
    """A Monday far enough for seats to be given without asking."""
    today = timezone.localdate()
    return today + timedelta(days=7 * weeks - today.weekday())


def make_formation(
    titre: str = "Gestes et postures", *, diffusion: list[str] | None = None, publie: bool = True, **fields: object
) -> FormationPage:
    """A published sheet, open to all publics unless asked."""
    publics, titres = fields.pop("publics", ()), fields.pop("titres_requis", ())
    fields = {"duree_heures": 7, "theme": Theme.objects.order_by("ordre").first(), **fields}
    page = FormationPage(title=titre, diffusion=diffusion or [TOUTES], live=publie, **fields)
    if publie:
        page.first_published_at = page.last_published_at = timezone.now()
    FormationsPage.objects.get().add_child(instance=page)
    page.publics, page.titres_requis = publics, titres
    page.save()
    return page


def day(on: date, *moments: Moment) -> list[dates.Horaire]:
    """The half-days of a day, 9 h to 12 h and 13 h 30 to 16 h 30; both without `moments`."""
    hours = {Moment.MATIN: (time(9), time(12)), Moment.APRES_MIDI: (time(13, 30), time(16, 30))}
    return [dates.Horaire(DemiJournee(on, moment), *hours[moment]) for moment in moments or Moment]


def make_session(
    formation: FormationPage | None = None,
    *,
    on: date | None = None,
    horaires: list[dates.Horaire] | None = None,
    datee: bool = True,
    ouverte: bool = True,
    **fields: object,
) -> SessionFormation:
    """A session of a whole day, in six weeks, 12 seats, open; closed since then with a `cloture` that is past."""
    ends = fields.pop("cloture", None)
    session = sessions.creer(formation or make_formation(), None, **fields)
    if datee:
        dates.fixer(session.pk, horaires or day(on or monday()), None)
    if ouverte:
        sessions.ouvrir(session.pk, None)
    SessionFormation.objects.filter(pk=session.pk).update(cloture=ends)
    return fresh(session)


def fresh(session: SessionFormation) -> SessionFormation:
    return SessionFormation.objects.select_related("formation").get(pk=session.pk)


def worker(place: Collectivite | None = None, **fields: object) -> Agent:
    """Somebody in office there."""
    fonction = fields.pop("fonction", None) or Fonction.objects.get(code="agent-technique")
    with indexed_at_once():
        agent = AgentFactory(notice_vue_le=timezone.now())
        PosteFactory(agent=agent, collectivite=place or CollectiviteFactory(), fonction=fonction, **fields)
    return agent


def book(
    session: SessionFormation,
    agent: Agent,
    place: Collectivite | None = None,
    visa: Visa = Visa.NON_REQUIS,
    *,
    hors_delai: bool = False,
) -> Inscription:
    """One seat, or one rank; `hors_delai` as a responsable does it."""
    place = place or agent.postes_en_cours[0].collectivite
    answer = reserver.reserver(session.pk, [reserver.Demande(agent, place, visa)], None, hors_delai=hors_delai)
    assert not answer.refus, answer.refus
    return answer.inscriptions[0]


def reread(inscription: Inscription) -> Inscription:
    return Inscription.objects.select_related("session", "agent", "collectivite").get(pk=inscription.pk)
