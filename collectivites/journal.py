"""Writing in the journal: one line per act, in the transaction of the act."""

from typing import TYPE_CHECKING

from django.db import models

from collectivites.models import EntreeJournal

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


def record(
    acte: str,
    objet: models.Model,
    *,
    agent: "Agent | None",
    collectivite: "Collectivite | None" = None,
    libelle: str = "",
    **donnees: object,
) -> EntreeJournal:
    """Logs `acte`, in the past tense with its noun (« poste.cree »), done by `agent` for `collectivite`.

    `agent` is None for what the service does by itself. `donnees` are plain values, never a password or a health datum.
    """
    return EntreeJournal.objects.create(
        acte=acte,
        objet=objet._meta.label_lower,
        objet_id=str(objet.pk),
        libelle=(libelle or str(objet))[:200],
        agent=agent,
        collectivite=collectivite,
        donnees=donnees,
    )
