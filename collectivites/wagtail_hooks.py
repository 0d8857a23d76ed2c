"""Hooks of the ground floor: the reading gate of pages."""

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import Page

from collectivites.diffusion import AvecDiffusion
from collectivites.refus import PageReservee


@hooks.register("before_serve_page", order=-10)
def check_diffusion(page: Page, request: HttpRequest, serve_args: list, serve_kwargs: dict) -> None:
    """A page with a diffusion is served to its readers; the others learn to whom it is reserved, never its title."""
    if not isinstance(page, AvecDiffusion) or page.is_visible_to(request.user):
        return
    if not page.live or not request.user.is_authenticated:
        raise Http404
    raise PageReservee(page.diffusion)
