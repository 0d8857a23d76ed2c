"""The search in the admin."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from search.viewsets.entrees import entree_chooser
from search.viewsets.menu import RechercheGroup


@hooks.register("register_admin_viewset")
def register_search() -> list[ViewSet | ViewSetGroup]:
    # The chooser first: the form of the pinned results uses it.
    return [entree_chooser, RechercheGroup()]
