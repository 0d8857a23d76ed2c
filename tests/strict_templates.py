"""An undefined variable in a template of ours fails the test; those of Wagtail and allauth keep Django's silence."""

import sys
from pathlib import Path

from django.conf import settings
from django.template import Node, engines


class UndefinedVariable(AssertionError):
    """A template of the project names a variable, or an attribute, that its context does not hold."""


def current_origin() -> str:
    """File of the template whose node is being rendered: the engine does not say it, the stack does."""
    frame = sys._getframe(1)
    while frame:
        owner = frame.f_locals.get("self")
        if isinstance(owner, Node) and getattr(owner, "origin", None):
            return str(owner.origin.name)
        frame = frame.f_back
    return ""


def is_ours(origin: str) -> bool:
    """Under the project's root, but not in an environment installed there."""
    root = Path(settings.BASE_DIR)
    path = Path(origin)
    return path.is_relative_to(root) and "site-packages" not in path.parts


class Strict(str):
    """Value of `string_if_invalid`. Django tests its truth, then `"%s" in it`, then `it % variable`.

    It is false, hence Django's ordinary empty string, unless the template is one of ours.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return is_ours(current_origin())

    def __contains__(self, key: str) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariable(f"« {variable} » n’est pas défini dans {current_origin()}")


def install() -> None:
    for backend in engines.all():
        backend.engine.string_if_invalid = Strict()
