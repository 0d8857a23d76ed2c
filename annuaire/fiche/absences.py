"""Who is away, until when, and who answers meanwhile. It ends by itself; nobody is asked why (RGPD art. 9)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from annuaire.annonces import tell_absence
from collectivites.journal import record
from collectivites.models import Absence, Agent
from extranet.lib.demi_journees import DemiJournee, moment_at

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Past absences serve nobody; the figures of the year keep no name.
OUBLI = timedelta(days=366)


@transaction.atomic
def declare(absence: Absence, by: Agent) -> Absence:
    """Writes a new absence and tells whoever it concerns."""
    absence.save()
    record("absence.declaree", absence, agent=by)
    tell_absence(absence, by, "Absence annoncée")
    return absence


@transaction.atomic
def change(absence: Absence, by: Agent) -> None:
    """Other dates or another substitute; the former substitute is told too."""
    former = Absence.objects.select_for_update(of=("self",)).select_related("remplacant").get(pk=absence.pk)
    absence.save()
    record("absence.modifiee", absence, agent=by)
    left = [former.remplacant] if former.remplacant and former.remplacant_id != absence.remplacant_id else []
    tell_absence(absence, by, "Absence modifiée", also=left)


@transaction.atomic
def end(absence: Absence, by: Agent) -> None:
    """Back sooner: away until the half-day before this one; an absence that has just begun is as if it had not been."""
    now = timezone.localtime()
    last = DemiJournee(now.date(), moment_at(now.time())).shift(-1)
    if last < absence.debut:
        remove(absence, by, "Retour anticipé")
        return
    absence.date_fin, absence.moment_fin = last.date, last.moment
    absence.save(update_fields=["date_fin", "moment_fin"])
    record("absence.ecourtee", absence, agent=by)
    tell_absence(absence, by, "Retour anticipé")


@transaction.atomic
def remove(absence: Absence, by: Agent, titre: str = "Absence annulée") -> None:
    record("absence.supprimee", absence, agent=by)
    tell_absence(absence, by, titre)
    absence.delete()


def overlapping(absence: Absence) -> Absence | None:
    """Another absence of the same person that shares a half-day with this one."""
    near = Absence.objects.filter(
        agent=absence.agent, date_debut__lte=absence.date_fin, date_fin__gte=absence.date_debut
    ).exclude(pk=absence.pk)
    return next((one for one in near if one.debut <= absence.fin and absence.debut <= one.fin), None)


def away_too(absence: Absence) -> Absence | None:
    """An absence of the one who answers, meanwhile."""
    if absence.remplacant is None:
        return None
    return overlapping(
        Absence(
            agent=absence.remplacant,
            date_debut=absence.date_debut,
            moment_debut=absence.moment_debut,
            date_fin=absence.date_fin,
            moment_fin=absence.moment_fin,
        )
    )


def colleagues(personne: Agent, reader: Agent) -> "QuerySet[Agent]":
    """Who may be proposed first to answer: those of the same collectivités that the reader sees."""
    places = [poste.collectivite_id for poste in personne.postes_en_cours]
    same = Agent.objects.visible_to(reader).filter(
        postes__in=personne.postes.model.objects.in_force().filter(collectivite__in=places)
    )
    return same.exclude(pk=personne.pk).distinct()


def forget_past() -> int:
    """Those over for a year."""
    return Absence.objects.filter(date_fin__lt=timezone.localdate() - OUBLI).delete()[0]
