"""What every page shows of the notifications."""

from functools import cache

from django.http import HttpRequest

from notifications.models import Notification


def page(request: HttpRequest) -> dict[str, object]:
    """`nb_non_lues`, counted once and only by the pages that show it. One indexed query."""
    agent = getattr(request, "user", None)
    if agent is None or not agent.is_authenticated:
        return {"nb_non_lues": 0}

    @cache
    def nb_non_lues() -> int:
        return Notification.objects.visible_to(agent).unread().count()

    return {"nb_non_lues": nb_non_lues}
