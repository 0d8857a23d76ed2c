"""What the pages of the tree have in common: dates that count at once, single pages, addresses that are taken."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.models import Page, PagePermissionTester, PageQuerySet
from wagtail.url_routing import RouteResult

from collectivites.pages.formulaire import PageForm
from extranet.lib.noms import plain
from extranet.lib.typographie import space

_FIRST_SEGMENT = re.compile(r"^\^?([\w-]+)(?:/|\\/|$)")


# What Wagtail writes on a page while a draft is typed: nothing that its readers see.
HORS_ENTREE = frozenset({"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"})


class PageDateeQuerySet(PageQuerySet):
    def online(self) -> Self:
        """Published, and today within the dates: Wagtail hides an expired page only when `publish_scheduled` runs."""
        now = timezone.now()
        return self.filter(
            Q(expire_at=None) | Q(expire_at__gt=now), Q(go_live_at=None) | Q(go_live_at__lte=now), live=True
        )


class Droits(PagePermissionTester):
    """Who reads is said by the diffusion: Wagtail's own restrictions would be a second, unknown to our lists."""

    def can_set_view_restrictions(self) -> bool:
        return False


class DroitsPageUnique(Droits):
    """A page that menus and laws point to is edited, and stays where it is."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False


class TitreSimple(Page):
    """The title is one line of visible characters, however it came, with the spaces that French does not break."""

    base_form_class = PageForm

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.title = space(plain(self.title))
        super().full_clean(*args, **kwargs)


class PageDatee(TitreSimple):
    """A page that may be scheduled and may expire, to the minute."""

    class Meta:
        abstract = True

    def get_admin_display_title(self) -> str:
        """Online, the title that its readers know: more people see it in the admin than may see its next draft."""
        return self.title if self.live else super().get_admin_display_title()

    def permissions_for_user(self, user: AbstractBaseUser) -> PagePermissionTester:
        return Droits(user, self)

    def is_online(self) -> bool:
        """The same rule as `online`, for a page already read."""
        now = timezone.now()
        return (
            self.live
            and (self.expire_at is None or self.expire_at > now)
            and (self.go_live_at is None or self.go_live_at <= now)
        )

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not path_components and not self.is_online():
            raise Http404
        return super().route(request, path_components)


class PageUnique(TitreSimple):
    """A page that the site has once, at an address that does not change; its editors write its words only."""

    SLUG: ClassVar[str]

    max_count = 1
    promote_panels: ClassVar[list] = []
    settings_panels: ClassVar[list] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: AbstractBaseUser) -> PagePermissionTester:
        return DroitsPageUnique(user, self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.SLUG
        super().full_clean(*args, **kwargs)


class PagePublique(PageUnique):
    """A page that the law wants open to anybody; a view before the tree serves it without login (`home/views.py`)."""

    class Meta:
        abstract = True

    def is_visible_to(self, agent: object) -> bool:
        """Its images are as open as itself."""
        return self.live


def _first_segments(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver) and route in {"", "^"}:
            yield from _first_segments(pattern.url_patterns)
        elif segment := _FIRST_SEGMENT.match(route):
            yield segment[1]


@cache
def reserved_slugs() -> frozenset[str]:
    """First words of the fixed addresses: a page of that name under the home page could never be reached."""
    fixed = {settings.STATIC_URL.strip("/"), settings.MEDIA_URL.strip("/")}
    return frozenset({*_first_segments(get_resolver().url_patterns), *fixed})
