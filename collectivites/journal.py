"""Writing in the journal: one line per act, in the transaction of the act."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from collectivites.models import EntreeJournal

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

RETENTION = timedelta(days=366)


def line(
    acte: str,
    objet: models.Model,
    *,
    agent: "Agent | None",
    collectivite: "Collectivite | None" = None,
    libelle: str = "",
    **donnees: object,
) -> EntreeJournal:
    """A line to write: `acte`, in the past tense with its noun (« poste.cree »), done by `agent` for `collectivite`.

    An `objet` without a key stands for its whole list. `agent` is None for what the service does by itself. `donnees`
    are plain values, never a password or a health datum.
    """
    return EntreeJournal(
        acte=acte,
        objet=objet._meta.label_lower,
        objet_id="" if objet.pk is None else str(objet.pk),
        libelle=(libelle or str(objet))[:200],
        agent=agent,
        collectivite=collectivite,
        donnees=donnees,
    )


def record(
    acte: str,
    objet: models.Model,
    *,
    agent: "Agent | None",
    collectivite: "Collectivite | None" = None,
    libelle: str = "",
    **donnees: object,
) -> EntreeJournal:
    """Logs one act; the words of `line`."""
    entry = line(acte, objet, agent=agent, collectivite=collectivite, libelle=libelle, **donnees)
    entry.save()
    return entry


def purge() -> int:
    """Forgets the lines of more than a year: such traces are kept six months to a year (CNIL 2021-122)."""
    return EntreeJournal.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()[0]
