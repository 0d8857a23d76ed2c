"""What entries follow besides `save()`.

Forms set the roles of a poste after it is saved. A page is deleted through its parent, a queryset or the class of all
pages, none of which calls its own `delete()`; its address changes with that of the pages above it.
"""

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete
from wagtail.models import Page
from wagtail.signals import page_slug_changed, post_page_move

from collectivites.models import Poste
from extranet.lib.cherchable import Cherchable, all_models, reindex, unindex


def connect() -> None:
    m2m_changed.connect(_reindex_agent, sender=Poste.roles.through, dispatch_uid="reindex_agent")
    for model in all_models():
        post_delete.connect(_forget, sender=model, dispatch_uid=f"forget_{model._meta.label_lower}")
    page_slug_changed.connect(_reindex_branch, dispatch_uid="reindex_renamed")
    post_page_move.connect(_reindex_branch, dispatch_uid="reindex_moved")


def _forget(instance: Model, **kwargs: object) -> None:
    unindex([instance])


def _reindex_branch(instance: Page, **kwargs: object) -> None:
    """The page and those under it, whose addresses have changed with its own."""
    branch = Page.objects.descendant_of(instance, inclusive=True).specific().iterator()
    reindex(page for page in branch if isinstance(page, Cherchable))


def _reindex_agent(instance: object, action: str, **kwargs: object) -> None:
    if isinstance(instance, Poste) and action.startswith("post_"):
        reindex(instance.porteurs())
