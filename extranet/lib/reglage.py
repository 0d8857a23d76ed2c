"""What the territory decides for everybody: one row, edited in the administration, read once for each request."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Self

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.settings.models import BaseGenericSetting

# Rows read for the request being answered; None outside of one, where each call reads again.
_lus: ContextVar[dict[type, "Reglage"] | None] = ContextVar("reglages_lus", default=None)


class Reglage(BaseGenericSetting):
    """`Modele.load()` is the only row, made with its defaults when it is missing."""

    class Meta:
        abstract = True

    @classmethod
    def _get_or_create(cls) -> Self:
        lus = _lus.get()
        if lus is None:
            return super()._get_or_create()
        if cls not in lus:
            lus[cls] = super()._get_or_create()
        return lus[cls]

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)
        (_lus.get() or {}).pop(type(self), None)


class ReglagesMiddleware:
    """Opens and closes what `Reglage` remembers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        opened = _lus.set({})
        try:
            return self.get_response(request)
        finally:
            _lus.reset(opened)
