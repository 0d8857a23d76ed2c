"""Hundreds of sheets put in the tree at once: one by one, Wagtail takes a tenth of a second for each."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from modelsearch.backends import get_search_backends
from wagtail.models import Page

from collectivites.champs import NomField
from extranet.lib.noms import plain
from extranet.lib.typographie import space
from ressources.models import PublicVise, RessourcePage, RessourcesPage

if TYPE_CHECKING:
    from ressources.demo.notices import Notice

LOT = 500


def plant(notices: "list[Notice]") -> None:
    """In their order, under a toolbox that nothing was put in since it was installed."""
    root = RessourcesPage.objects.get()
    pages = [notice.page for notice in notices]
    for rank, page in enumerate(pages, root.numchild + 1):
        _place(page, root, rank)
    # Django refuses to write both tables at once.
    Page.objects.bulk_create([_parent(page) for page in pages], batch_size=LOT)
    keys = dict(Page.objects.child_of(root).values_list("path", "pk"))
    for page in pages:
        page.page_ptr_id = page.pk = keys[page.path]
        page.save_base(raw=True, force_insert=True)
    RessourcesPage.objects.filter(pk=root.pk).update(numchild=root.numchild + len(pages))
    publics, through = dict(PublicVise.objects.values_list("slug", "pk")), RessourcePage.publics.through
    through.objects.bulk_create(
        [
            through(ressourcepage_id=notice.page.pk, publicvise_id=publics[slug])
            for notice in notices
            for slug in notice.publics
        ]
    )
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(RessourcePage, RessourcePage.objects.filter(pk__in=[page.pk for page in pages]))


def _place(page: RessourcePage, root: RessourcesPage, rank: int) -> None:
    page.title = page.draft_title = space(page.title)
    for field in RessourcePage._meta.local_concrete_fields:
        if isinstance(field, NomField):
            setattr(page, field.attname, plain(getattr(page, field.attname)))
    page.content_type = ContentType.objects.get_for_model(RessourcePage)
    page.depth, page.locale_id = root.depth + 1, root.locale_id
    page.path = RessourcesPage._get_path(root.path, page.depth, rank)
    page.url_path = f"{root.url_path}{page.slug}/"


def _parent(page: RessourcePage) -> Page:
    names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    return Page(**{name: getattr(page, name) for name in names})
