"""Every address of the project, read from the URLconf itself: one that nobody listed cannot hide."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# What Wagtail brings under /admin/ is walked by its own test, by group (`tests/acces/test_admin.py`).
ADMIN_PREFIX = "admin/"


@dataclass(frozen=True)
class Adresse:
    """One address: its name with namespace, or its route when it has none."""

    nom: str
    route: str
    vue: object

    @property
    def is_admin(self) -> bool:
        return self.route.lstrip("^").startswith(ADMIN_PREFIX)


def all_adresses() -> list[Adresse]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list, route: str, namespace: str) -> Iterator[Adresse]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Adresse(f"{namespace}{pattern.name}" if pattern.name else here, here, pattern.callback)
