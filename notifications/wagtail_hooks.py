"""The outbox among the reports of the admin."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from notifications.viewsets import CourrielViewSet


@hooks.register("register_admin_viewset")
def register_outbox() -> list[ViewSet]:
    return [CourrielViewSet()]
