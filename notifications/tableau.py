"""The first page of the admin: whether the service sends and works, for administrators."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from collectivites.viewsets.tableau import Compte
from notifications.models import Courriel, Veille
from notifications.permissions import can_watch_mail
from notifications.veille import age_veille


class CourrielsEnAttente(Compte):
    order = 90
    droit, icone, liste = "notifications.view_courriel", "mail", "admin_courriels:index"
    singulier, pluriel = "courriel en attente", "courriels en attente"

    def compte(self) -> int:
        return Courriel.objects.waiting().count()


class EtatVeille(Component):
    """A warning when `veille` gives no sign any more; nothing while it does, nor for who can do nothing about it."""

    name, order = "veille", 20
    template_name = "notifications/admin/veille.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> str:
        if not can_watch_mail(self.request.user) or Veille.objects.alive().exists():
            return ""
        return super().render_html(parent_context)

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        age = age_veille()
        return {"age": in_words(age) if age is not None else ""}


def in_words(age: timedelta) -> str:
    """« 4 secondes », « 3 minutes », « 2 heures », « 5 jours »."""
    seconds = max(int(age.total_seconds()), 0)
    for size, word in ((86400, "jour"), (3600, "heure"), (60, "minute")):
        if seconds >= size:
            return f"{seconds // size}\u00a0{word}{'s' if seconds // size > 1 else ''}"
    return f"{seconds}\u00a0seconde{'s' if seconds > 1 else ''}"
