"""« À vérifier avant le »: who looks after a resource is reminded, some days before the date and on it.

A date that has come is due until its mark is written: a veille that was stopped says it late, and once.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Domaine, TypeCollectivite
from collectivites.models import Agent, Poste
from extranet.lib.cherchable import reindex
from extranet.lib.francais import NBSP, jour
from notifications.envoi import notify
from ressources.enums import EtapeRappel
from ressources.models import Rappel, ReglagesRessources, RessourcePage

if TYPE_CHECKING:
    from collectivites.models import Collectivite

SORTE = "ressource_a_verifier"
# How far back the entries are written again: a veille may have been stopped for a week.
RATTRAPAGE = timedelta(days=8)


def to_check(today: date | None = None) -> QuerySet[RessourcePage]:
    """Published resources whose review date is past or will be within the days of the first reminder.

    What was replaced, archived, or said outdated is no longer looked after.
    """
    today = today or timezone.localdate()
    limit = today + timedelta(days=ReglagesRessources.load().jours_rappel)
    alive = RessourcePage.objects.online().filter(archivee_le=None, remplacee_par=None, a_verifier_avant__lte=limit)
    return alive.filter(Q(perime_le=None) | Q(perime_le__gt=today))


def remind(today: date | None = None) -> int:
    """Sends what is due; returns how many people were told. Two dates due at once make one message."""
    today = today or timezone.localdate()
    said = Rappel.objects.filter(page=OuterRef("pk"), echeance=OuterRef("a_verifier_avant"))
    come = Q(a_verifier_avant__lte=today)
    waiting = to_check(today).filter(
        ~Exists(said.filter(etape=EtapeRappel.JOUR)) & come | ~Exists(said) & ~come  # the day alone says both
    )
    pages = waiting.select_related("collectivite", "referent").defer_streamfields().order_by("a_verifier_avant", "pk")
    return sum(_remind(page, today) for page in pages)


@transaction.atomic
def _remind(page: RessourcePage, today: date) -> int:
    come = page.a_verifier_avant <= today
    agents, place = keepers_of(page)
    when = jour(page.a_verifier_avant)
    told = notify(
        agents,
        SORTE,
        f"«{NBSP}{page.title}{NBSP}» est à vérifier" if come else f"«{NBSP}{page.title}{NBSP}» sera à vérifier",
        texte=f"La date de vérification était le {when}. Toujours valable{NBSP}? Un clic suffit."
        if come
        else f"Avant le {when}. Toujours valable{NBSP}? Un clic suffit.",
        url=f"{reverse('ressources:verification_list')}#ressource-{page.pk}",
        action="Vérifier",
        icone="calendar-check",
        collectivite=place,
        cle=f"verifier:{page.pk}:{page.a_verifier_avant:%Y%m%d}:{EtapeRappel.JOUR if come else EtapeRappel.AVANT}",
    )
    steps = [EtapeRappel.AVANT, EtapeRappel.JOUR] if come else [EtapeRappel.AVANT]
    rows = [Rappel(page=page, echeance=page.a_verifier_avant, etape=step) for step in steps]
    Rappel.objects.bulk_create(rows, ignore_conflicts=True)
    return told


def keepers_of(page: RessourcePage) -> "tuple[list[Agent], Collectivite | None]":
    """Who looks after it: the référent·e in office, else the gestionnaires of its collectivité, else the responsables.

    With the collectivité for which they are told: a gestionnaire who leaves it no longer sees the reminder.
    """
    if page.referent_id and page.referent.is_active and Agent.objects.in_office().filter(pk=page.referent_id).exists():
        return [page.referent], None
    postes = Poste.objects.gestionnaires_of([page.collectivite_id]).select_related("agent")
    found = list({poste.agent_id: poste.agent for poste in postes}.values())
    return (found, page.collectivite) if found else (list(responsables()), None)


def responsables() -> QuerySet[Agent]:
    """In office at the intercommunalité and answering for the resources; the administration when nobody does."""
    there = Poste.objects.in_force().filter(agent=OuterRef("pk"), collectivite__type=TypeCollectivite.EPCI)
    agents = Agent.objects.filter(Exists(there), is_active=True, efface_le=None)
    found, spare = (agents.filter(groups__name=one.label) for one in (Domaine.RESSOURCES, Domaine.ADMINISTRATION))
    return agents.filter(Q(pk__in=found.values("pk")) | Q(~Exists(found), pk__in=spare.values("pk")))


def kept_by(agent: Agent) -> QuerySet[RessourcePage]:
    """Those that `agent` is the one to check, the first date first."""
    return kept_among(to_check(), agent).order_by(F("a_verifier_avant"), "pk")


def kept_among(pages: QuerySet[RessourcePage], agent: Agent) -> QuerySet[RessourcePage]:
    """Those of `pages` that `agent` looks after, by the order of `keepers_of`."""
    in_office = Agent.objects.in_office().filter(is_active=True)
    orphan = pages.exclude(referent__in=in_office)
    places = [poste.collectivite_id for poste in agent.postes_en_cours if poste.gestionnaire]
    mine = Q(referent=agent) | Q(pk__in=orphan.filter(collectivite__in=places).values("pk"))
    if agent.answers_for(Domaine.RESSOURCES):
        managed = Poste.objects.in_force().filter(
            gestionnaire=True, agent__is_active=True, agent__efface_le=None, collectivite=OuterRef("collectivite")
        )
        told = Exists(responsables().filter(pk=agent.pk))
        mine |= Q(told, pk__in=orphan.filter(~Exists(managed)).values("pk"))
    return pages.filter(mine)


def refresh_reliability(today: date | None = None) -> int:
    """Writes again the entries of the resources whose dates came these last days. Returns how many."""
    today = today or timezone.localdate()
    recent = (today - RATTRAPAGE, today)
    pages = RessourcePage.to_index().filter(Q(a_verifier_avant__range=recent) | Q(perime_le__range=recent), live=True)
    pages = list(pages)
    reindex(pages)
    return len(pages)
