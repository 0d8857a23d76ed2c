"""How long what was told is kept, what is held about a person, and what is left of them once erased."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from notifications.enums import BLOQUES, EN_VIE
from notifications.models import Abonnement, Courriel, Notification, Preference, PropositionFaite, Rythme, Veille

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

# An archive is kept a year, as its page says; what was never archived too.
NOTIFICATIONS = timedelta(days=365)
# Long enough to answer « I never got it »; the words are erased at the sending.
COURRIELS, COURRIELS_BLOQUES, VEILLES = timedelta(days=30), timedelta(days=90), timedelta(days=30)


def purge(now: datetime | None = None) -> int:
    """Deletes what is too old; what still waits to leave is never touched. Returns how many rows went."""
    now = now or timezone.now()
    old = [
        Notification.objects.filter(
            Q(archivee_le__lt=now - NOTIFICATIONS) | Q(archivee_le=None, created_at__lt=now - NOTIFICATIONS)
        ),
        Courriel.objects.exclude(statut__in=(*EN_VIE, *BLOQUES)).filter(created_at__lt=now - COURRIELS),
        Courriel.objects.filter(statut__in=BLOQUES, created_at__lt=now - COURRIELS_BLOQUES),
        Veille.objects.filter(battement_le__lt=now - VEILLES),
    ]
    return sum(queryset.delete()[0] for queryset in old)


def held_about(agent: "Agent") -> dict[str, list[dict]]:
    """Everything about this agent, ready for JSON. Six queries."""
    told = Notification.objects.filter(destinataire=agent).order_by("created_at")
    mails = Courriel.objects.filter(agent=agent).order_by("created_at")
    rhythm = Rythme.objects.filter(agent=agent)
    return {
        "notifications": list(told.values("sorte", "titre", "texte", "url", "created_at", "lue_le", "archivee_le")),
        "courriels": list(mails.values("adresse", "sorte", "sujet", "statut", "created_at", "envoye_le")),
        "preferences": list(Preference.objects.filter(agent=agent).values("sorte", "frequence")),
        "rythme": list(rhythm.values("heure", "jour", "pause_absences")),
        "abonnements": list(Abonnement.objects.filter(agent=agent).values("objet", "created_at")),
        "abonnements_proposes": list(PropositionFaite.objects.filter(agent=agent).values("objet", "faite_le")),
    }


def erase(agent: "Agent") -> None:
    """Deletes what was told to this agent, and what told others about them; runs in the caller's transaction."""
    Courriel.objects.about(agent).delete()
    Notification.pour.through.objects.filter(agent_id=agent.pk).delete()
    named = Q(destinataire=agent) | Q(auteur=agent) | Q(relais=True, pour=None)
    card = Q(objet=agent._meta.label_lower, objet_id=str(agent.pk))
    Notification.objects.filter(named | card).delete()
    for model in (Preference, Rythme, Abonnement, PropositionFaite):
        model.objects.filter(agent=agent).delete()


def merge(kept: "Agent", removed: "Agent") -> None:
    """What was told to `removed` is now told to `kept`, whose own choices win; runs in the caller's transaction."""
    known = set(Notification.objects.filter(destinataire=kept).exclude(cle="").values_list("cle", flat=True))
    Notification.objects.filter(destinataire=removed, cle__in=known).delete()
    for name in ("destinataire", "auteur"):
        Notification.objects.filter(**{name: removed}).update(**{name: kept})
    passed_on = Notification.pour.through.objects
    known_to = passed_on.filter(agent_id=kept.pk).values_list("notification_id", flat=True)
    passed_on.filter(agent_id=removed.pk).exclude(notification_id__in=list(known_to)).update(agent_id=kept.pk)
    passed_on.filter(agent_id=removed.pk).delete()
    Courriel.objects.filter(agent=removed).update(agent=kept)
    chosen = Preference.objects.filter(agent=kept).values_list("sorte", flat=True)
    Preference.objects.filter(agent=removed).exclude(sorte__in=list(chosen)).update(agent=kept)
    for model in (Abonnement, PropositionFaite):
        had = model.objects.filter(agent=kept).values_list("objet", flat=True)
        model.objects.filter(agent=removed).exclude(objet__in=list(had)).update(agent=kept)
    if not Rythme.objects.filter(agent=kept).exists():
        Rythme.objects.filter(agent=removed).update(agent=kept)
    for model in (Preference, Abonnement, PropositionFaite, Rythme):
        model.objects.filter(agent=removed).delete()


def beside(*agents: "Agent") -> list[QuerySet]:
    """What goes with the notifications of these agents that were said twice: those they are passed on to, mails."""
    return [
        Notification.pour.through.objects.filter(notification__destinataire__in=agents),
        Courriel.objects.filter(notification__destinataire__in=agents),
    ]


def take_over(garde: "Collectivite", retiree: "Collectivite") -> None:
    """Whoever was told for the one is still told: without a poste there, a notification is no longer shown."""
    Notification.objects.filter(collectivite=retiree).update(collectivite=garde)
