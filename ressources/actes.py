"""The acts attached to « Ma commune l’utilise »: as for documents, nobody is given what has not been cleared."""

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from collectivites.journal import record
from extranet.lib import antivirus
from extranet.lib.francais import NBSP
from notifications.envoi import notify
from ressources.enums import Examen
from ressources.models import Reprise
from ressources.quarantaine import SORTE, examined
from ressources.rappels import responsables

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)


def pending() -> QuerySet[Reprise]:
    """Those that the antivirus has not looked at yet; none without an antivirus."""
    waiting = Reprise.objects.filter(examen=Examen.EN_ATTENTE).exclude(acte="")
    return waiting if antivirus.is_active() else waiting.none()


def examine_all(reprises: "Iterable[Reprise]") -> list[Examen]:
    return [examine(one) for one in reprises]


def examine(reprise: Reprise) -> Examen:
    """Looks at one act and writes what was found. An act sent again meanwhile is left to its own turn."""
    try:
        examen, virus = examined(reprise.acte, Examen(reprise.examen))
    except FileNotFoundError:
        logger.exception("L’acte de l’utilisation %s a disparu du stockage.", reprise.pk)
        return Examen(reprise.examen)
    with transaction.atomic():
        written = Reprise.objects.filter(pk=reprise.pk, acte=reprise.acte.name).update(examen=examen)
        if written and examen == Examen.INFECTE and reprise.examen != Examen.INFECTE:
            _warn(reprise, virus)
    return examen


def _warn(reprise: Reprise, virus: str) -> None:
    """Who gave it, and the responsables."""
    told = {agent.pk: agent for agent in [*responsables(), reprise.agent]}
    notify(
        told.values(),
        SORTE,
        f"L’acte joint à «{NBSP}{reprise.page.title}{NBSP}»{NBSP}: un virus a été trouvé",
        texte=f"Le fichier «{NBSP}{reprise.acte_nom}{NBSP}», donné pour {reprise.collectivite.nom}, est mis de côté et "
        f"n’est donné à personne ({virus}). Ne l’ouvrez pas, prévenez votre service informatique, puis joignez une "
        "copie saine.",
        url=reprise.page.url or "",
        action="Ouvrir la fiche",
        icone="shield-exclamation",
        urgente=True,
        cle=f"virus:{reprise.acte.name}",
    )
    record(
        "acte.infecte",
        reprise,
        agent=None,
        collectivite=reprise.collectivite,
        libelle=reprise.page.title,
        virus=virus,
    )
