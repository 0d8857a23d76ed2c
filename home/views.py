"""Views outside the tree of pages: the public texts and the site map."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from collectivites.contexte import tabs
from extranet.lib.apports import collect
from home.models import (
    AccessibilitePage,
    ActualitesPage,
    AidePage,
    DonneesPersonnellesPage,
    MentionsLegalesPage,
    PageStandard,
)


@login_not_required
@require_safe
def mentions_legales(request: HttpRequest) -> HttpResponse:
    return _public(request, MentionsLegalesPage)


@login_not_required
@require_safe
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    return _public(request, DonneesPersonnellesPage)


@login_not_required
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    return _public(request, AccessibilitePage)


def _public(request: HttpRequest, model: type[Page]) -> HttpResponse:
    """Renders a page of the tree to anybody: the site is closed by default, and the law wants these open."""
    page = model.objects.live().first()
    if page is None:
        raise Http404
    return page.serve(request)


@require_safe
def plan_du_site(request: HttpRequest) -> HttpResponse:
    """Every place that a menu or a page leads to."""
    pages = PageStandard.objects.visible_to(request.user).defer_streamfields().order_by("path")
    context = {
        "onglets_plan": tabs(),
        "actualites": ActualitesPage.objects.live().first(),
        "aide": AidePage.objects.live().first(),
        "pages": pages,
        "liens": collect("liens_pied", request.user),
    }
    return render(request, "home/plan.html", context)
