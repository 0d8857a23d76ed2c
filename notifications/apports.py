"""What the notifications bring to the home page, to `veille` and to the rights of persons."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from collectivites.droits import grant
from collectivites.enums import Domaine
from collectivites.models import Reseau, Theme
from extranet.lib.apports import AFaire, Echeance, Suivable
from extranet.lib.francais import en_lettres
from notifications import conservation
from notifications.expedition import tidy
from notifications.models import Courriel, Passage
from notifications.permissions import can_watch_mail
from notifications.propositions import give_all
from notifications.resumes import write_digests
from notifications.veille import FILE, age_veille, take_back_tasks

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collectivites.models import Agent, Collectivite

# A mail that has waited this long tells that the server is away.
RETARD = timedelta(minutes=10)


def installer() -> None:
    """Administrators look after the outbox; nobody else sees it."""
    grant(Domaine.ADMINISTRATION, Courriel, ("view", "change"))


def suivables() -> list[Suivable]:
    return [Suivable("theme", Theme, "thème"), Suivable("reseau", Reseau, "réseau")]


def echeances() -> list[Echeance]:
    """Acts of our own, and of the libraries that nobody else winds up."""
    minute, ten = timedelta(minutes=1), timedelta(minutes=10)
    return [
        Echeance("courriels-a-classer", tidy, every=minute),
        Echeance("taches-a-reprendre", take_back_tasks, every=minute),
        Echeance("resumes", write_digests, every=ten),
        Echeance("abonnements-proposes", give_all, every=ten),
        Echeance("publications-programmees", lambda: call_command("publish_scheduled"), every=minute),
        Echeance("notifications-anciennes", conservation.purge, heure="3:10"),
        Echeance("sessions-finies", lambda: call_command("clearsessions"), heure="3:20"),
        Echeance("taches-finies", _prune_tasks, heure="3:40"),
    ]


def _prune_tasks() -> None:
    call_command("prune_db_task_results", f"--backend={FILE}", "--queue-name=*", verbosity=0)


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    """For administrators: mails that will not leave by themselves. One query."""
    if not can_watch_mail(agent):
        return []
    liste = reverse("admin_courriels:index")
    todo = []
    blocked, late = Courriel.objects.stuck(timezone.now() - RETARD)
    if blocked:
        many = "s" if blocked > 1 else ""
        todo.append(
            AFaire(
                titre=f"{en_lettres(blocked).capitalize()} courriel{many} arrêté{many}",
                url=f"{liste}?arretes=true",
                action="Voir pourquoi",
                icone="envelope-exclamation",
                area="accueil",
                detail="Refusés par le serveur, abandonnés après 48 heures, ou dont la remise est incertaine.",
                urgent=True,
            )
        )
    if late:
        many = "s" if late > 1 else ""
        todo.append(
            AFaire(
                titre=f"{en_lettres(late).capitalize()} courriel{many} en attente depuis plus de dix minutes",
                url=liste,
                action="Voir la file",
                icone="envelope-paper",
                area="accueil",
                detail="Le serveur de courriel ne répond pas, ou remet à plus tard. Rien n’est perdu.",
                urgent=True,
            )
        )
    return todo


def sante() -> dict[str, str | int]:
    """Ages in seconds; empty for a veille that does not run."""
    age = age_veille()
    waiting = Courriel.objects.waiting()
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    ready = DBTaskResult.objects.ready()
    first = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    now = timezone.now()
    return {
        "veille_age_s": int(age.total_seconds()) if age is not None else "",
        "courriels_en_attente": waiting.count(),
        "courriel_le_plus_ancien_s": int((now - oldest).total_seconds()) if oldest else 0,
        "courriels_arretes": Courriel.objects.blocked().count(),
        "taches_en_attente": ready.count(),
        "tache_la_plus_ancienne_s": int((now - first).total_seconds()) if first else 0,
        "taches_echouees": DBTaskResult.objects.failed().count(),
        "echeances_en_echec": ", ".join(Passage.objects.filter(echecs__gt=0).values_list("nom", flat=True)),
    }


def donnees_personnelles(agent: "Agent") -> dict:
    return conservation.held_about(agent)


def effacer(agent: "Agent") -> None:
    conservation.erase(agent)


def fusionner(garde: "Agent", retire: "Agent") -> None:
    conservation.merge(garde, retire)


def reprendre(garde: "Collectivite", retiree: "Collectivite") -> None:
    conservation.take_over(garde, retiree)


def temoins_fusion(garde: "Agent", retire: "Agent") -> "list[QuerySet]":
    return conservation.beside(garde, retire)
