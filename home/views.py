"""Views outside the tree of pages: the public texts, the site map, the header's search."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from collectivites.contexte import tabs
from extranet.lib.apports import collect
from home import trouver
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


@require_safe
def recherche(request: HttpRequest) -> HttpResponse:
    """`q` in all areas, the first things of each; with `espace`, all the things of one."""
    query = trouver.clean(request.GET.get("q", ""))
    espace = request.GET.get("espace", "")
    seul = trouver.search_one(request.user, query, espace, request.GET.get("page")) if espace else None
    groupes = [seul] if seul else trouver.search(request.user, query)
    context = {
        "q": query,
        "asked": trouver.asked_words(query),
        "groupes": groupes,
        "seul": seul,
        "total": sum(groupe.total for groupe in groupes),
        "trop_de_mots": len(query.split()) > trouver.MAX_WORDS,
    }
    return render(request, "home/recherche.html", context)
