"""The calendar of a collectivité's loans, at a secret address that a personal agenda subscribes to.

Whoever holds the address reads it: the events name collectivités and things, never a person.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Agent, Collectivite, EntreeJournal, Poste
from extranet.lib.francais import NBSP, heure, telephone
from extranet.lib.ical import Evenement, bounds, calendar
from materiel.enums import StatutPret
from materiel.models import LienAgenda, Pret
from materiel.mots import chose_du

if TYPE_CHECKING:
    from datetime import date

# What has ended stays in sight for a season: agendas drop the events that are no longer in the file.
PASSE = timedelta(days=92)
ANNULES = (StatutPret.ANNULE, StatutPret.NON_RETIRE)
MONTRES = (StatutPret.ACCEPTE, StatutPret.REMIS, StatutPret.RESTITUE, StatutPret.CLOS, *ANNULES)


def fingerprint(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def create(agent: Agent, collectivite: Collectivite) -> str:
    """A new address for this person and this collectivité; the former one answers no more. Returns its token, once."""
    Agent.objects.select_for_update().get(pk=agent.pk)
    for former in LienAgenda.objects.filter(agent=agent, collectivite=collectivite, revoque_le=None):
        revoke(former, agent)
    jeton = secrets.token_urlsafe(32)
    lien = LienAgenda.objects.create(collectivite=collectivite, agent=agent, empreinte=fingerprint(jeton))
    record("agenda.cree", lien, agent=agent, collectivite=collectivite)
    return jeton


@transaction.atomic
def revoke(lien: LienAgenda, agent: Agent) -> None:
    """Twice is as once."""
    if LienAgenda.objects.filter(pk=lien.pk, revoque_le=None).update(revoque_le=timezone.now()):
        record("agenda.revoque", lien, agent=agent, collectivite=lien.collectivite)


def revocable_by(agent: Agent) -> QuerySet[LienAgenda]:
    """One's own, and those of the collectivités that one manages."""
    managed = [poste.collectivite_id for poste in agent.postes_en_cours if poste.gestionnaire]
    live = LienAgenda.objects.filter(revoque_le=None).select_related("agent", "collectivite")
    return live.filter(agent=agent) | live.filter(collectivite__in=managed)


def opened_by(jeton: str) -> LienAgenda | None:
    """None for a token that was never given, revoked, or whose holder left the collectivité or lost their account."""
    found = LienAgenda.objects.select_related("collectivite").filter(
        empreinte=fingerprint(jeton), revoque_le=None, agent__is_active=True, agent__efface_le=None
    )
    lien = found.first()
    if lien is None:
        return None
    there = Poste.objects.in_force().filter(agent=lien.agent_id, collectivite=lien.collectivite_id)
    return lien if there.exists() else None


def of_collectivite(collectivite: Collectivite) -> bytes:
    """The file; the same bytes as long as no loan changes. Three queries."""
    return calendar(f"Prêts de matériel {collectivite.de_nom}", events(collectivite))


def events(collectivite: Collectivite, on: "date | None" = None) -> list[Evenement]:
    """Loans granted, lent and borrowed; cancelled ones stay, told so. What is only asked for is not there."""
    since = (on or timezone.localdate()) - PASSE
    prets = Pret.objects.of([collectivite]).filter(statut__in=MONTRES, accepte_le__isnull=False, date_fin__gte=since)
    prets = list(prets.for_list().order_by("date_debut", "pk"))
    changes = _changes(prets)
    return [_event(pret, collectivite, *changes.get(str(pret.pk), (0, None))) for pret in prets]


def of_loan(pret: Pret, collectivite: Collectivite) -> bytes | None:
    """One event, as this side reads it, with the uid that it has in the calendar of the collectivité: an agenda that
    has both shows it once. None while it is only asked for. One query.
    """
    if pret.statut not in MONTRES or pret.accepte_le is None:
        return None
    sequence, changed = _changes([pret]).get(str(pret.pk), (0, None))
    return calendar(f"Prêt n°{NBSP}{pret.numero}", [_event(pret, collectivite, sequence, changed)])


def _changes(prets: list[Pret]) -> dict[str, tuple[int, datetime]]:
    """How many acts each loan has in the journal, and when the last one was: each of them may move the event."""
    lines = EntreeJournal.objects.filter(objet=Pret._meta.label_lower, objet_id__in=[str(one.pk) for one in prets])
    rows = lines.order_by().values("objet_id").annotate(n=Count("pk"), le=Max("created_at"))
    return {row["objet_id"]: (row["n"], row["le"]) for row in rows}


def _event(pret: Pret, collectivite: Collectivite, sequence: int, changed: datetime | None) -> Evenement:
    lent = pret.preteur_id == collectivite.pk
    debut, fin = bounds(pret.debut, pret.fin)
    way = f"Prêt {pret.emprunteur.a_nom}" if lent else f"Emprunt {pret.preteur.a_nom}"
    return Evenement(
        uid=f"pret-{pret.pk}@{urlsplit(settings.SITE_URL).hostname or 'extranet'}",
        titre=f"{way}{NBSP}: {chose_du(pret)}",
        debut=debut,
        fin=fin,
        lieu=pret.materiel.lieu,
        description=_told(pret, pret.emprunteur if lent else pret.preteur),
        url=f"{settings.SITE_URL}{pret.get_absolute_url()}",
        sequence=sequence,
        annule=pret.statut in ANNULES,
        modifie_le=max(pret.statut_le, changed or pret.statut_le).astimezone(UTC),
    )


def _told(pret: Pret, other: Collectivite) -> str:
    lines = [f"Prêt n° {pret.numero}\u00a0: {pret.get_statut_display()}."]
    if pret.heure_remise:
        lines.append(f"Remise à {heure(pret.heure_remise)}.")
    if pret.heure_retour:
        lines.append(f"Retour à {heure(pret.heure_retour)}.")
    if other.telephone:
        lines.append(f"{other.nom}\u00a0: {telephone(other.telephone)}.")
    return "\n".join(lines)
