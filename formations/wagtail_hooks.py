"""The training among the lists of the admin."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from formations.viewsets import FormationsGroup


@hooks.register("register_admin_viewset")
def register_lists() -> list[ViewSetGroup]:
    return [FormationsGroup()]
