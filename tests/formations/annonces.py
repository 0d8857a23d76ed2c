"""What has been told of the training, and to whom."""

from django.utils import timezone

from collectivites.models import Agent
from formations.models import Mouvement
from formations.prevenir.mouvements import Annonceur
from notifications.models import Notification


def quiet() -> None:
    """What the preparation of a test has written is told to nobody."""
    Mouvement.objects.update(annonce_le=timezone.now())
    Notification.objects.all().delete()


def tell() -> int:
    return Annonceur().tell_due()


def told(agent: Agent) -> list[str]:
    return list(Notification.objects.filter(destinataire=agent).order_by("pk").values_list("sorte", flat=True))


def words(agent: Agent) -> str:
    line = Notification.objects.filter(destinataire=agent).latest("pk")
    return f"{line.titre} | {line.texte}".replace("\xa0", " ").replace("\u202f", " ")
