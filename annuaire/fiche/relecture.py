"""« Est-ce toujours juste ? »: once a year, in one click; and what a card still lacks, told to its person alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from annuaire.annonces import RELIRE
from collectivites.enums import FamilleFonction
from collectivites.journal import record
from collectivites.models import Agent, Presence
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Poste

AN, RATTRAPAGE = timedelta(days=365), timedelta(days=30)


@dataclass(frozen=True)
class Completude:
    """How far a card goes: `fait` out of `total`, and what is missing in words. The photo never counts: it is free."""

    fait: int
    total: int
    manques: list[str]

    @property
    def entiere(self) -> bool:
        return not self.manques


def completeness(personne: Agent, postes: "list[Poste]") -> Completude:
    """Of each poste a number, and the days unless it is a mandate; of the person an address and a subject. Two queries
    when the fonctions of the postes are known.
    """
    with_days = set(Presence.objects.filter(poste__in=[p.pk for p in postes]).values_list("poste_id", flat=True))
    checks = []
    for poste in postes:
        place = f" {poste.collectivite.a_nom}" if len(postes) > 1 else ""
        checks.append((f"un numéro de téléphone{place}", bool(poste.telephone or poste.mobile)))
        if poste.fonction.famille != FamilleFonction.ELUS:
            checks.append((f"vos jours de présence{place}", poste.pk in with_days))
    checks.append(("une adresse de courriel", bool(personne.email) or any(poste.courriel for poste in postes)))
    checks.append(("un sujet sur lequel vous solliciter", personne.expertises.exists()))
    return Completude(sum(ok for _, ok in checks), len(checks), [word for word, ok in checks if not ok])


def read_on(personne: Agent) -> datetime:
    """When the card was last said to be right; its creation counts for the first time."""
    return personne.confirmee_le or personne.created_at


def is_stale(personne: Agent) -> bool:
    """Nobody has said for a year that it is right."""
    return read_on(personne) <= timezone.now() - AN


@transaction.atomic
def confirm(personne: Agent) -> None:
    """It is right, says its person."""
    personne.confirmee_le = timezone.now()
    personne.save(update_fields=["confirmee_le"])
    record("fiche.confirmee", personne, agent=personne)


def stale() -> "QuerySet[Agent]":
    """Those in office whose card waits to be read again."""
    dated = Agent.objects.in_office().annotate(relue_le=Coalesce("confirmee_le", "created_at"))
    return dated.filter(is_active=True, relue_le__lte=timezone.now() - AN)


def remind() -> int:
    """Tells each one, the day their card turns a year older unread; returns how many were told now.

    A service that was stopped catches up over a month; told once for a day, whatever the number of runs.
    """
    now, days = timezone.now(), {}
    for personne in stale():
        due = read_on(personne) + (now - read_on(personne)) // AN * AN
        if due > now - RATTRAPAGE:
            days.setdefault(timezone.localdate(due), []).append(personne)
    return sum(
        notify(
            people,
            RELIRE,
            "Votre fiche de l’annuaire est-elle toujours juste\u00a0?",
            texte="Elle a plus d’un an. Relisez-la et confirmez-la en un clic, ou corrigez-la.",
            url=reverse("annuaire:ma_fiche"),
            action="Relire ma fiche",
            icone="person-check",
            cle=f"fiche-a-relire:{day:%Y-%m-%d}",
        )
        for day, people in days.items()
    )
