"""What was followed: by oneself, by the agents of a commune, in the territory."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collectivites.models import Agent, Collectivite
from extranet.lib.tableur import xlsx
from formations.bilan import chiffres
from formations.bilan import parcours as suivis
from formations.bilan.chiffres import Axe
from formations.permissions import REGLES, can_organise
from formations.views.fichiers import XLSX, download

NOMS = {Axe.COMMUNE: "Commune", Axe.THEME: "Thème", Axe.ANNEE: "Année"}


@require_safe
def parcours(request: HttpRequest) -> HttpResponse:
    """One’s own."""
    return _parcours(request, request.user)


@require_safe
def parcours_agent(request: HttpRequest, slug: str) -> HttpResponse:
    """404 for whoever may not read it."""
    agent = get_object_or_404(Agent.objects.filter(efface_le=None), slug=slug)
    if not suivis.can_read(request.user, agent):
        raise Http404
    return _parcours(request, agent)


def _parcours(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = suivis.parcours(agent, request.user)
    context = {"personne": agent, "parcours": found, "est_moi": agent.pk == request.user.pk}
    return render(request, "formations/parcours.html", context)


@require_safe
def bilan(request: HttpRequest) -> HttpResponse:
    """The territory for the responsables, their commune for the gestionnaires: by theme, year, and by person there."""
    place = _scope(request)
    years = chiffres.annees(place)
    year = _year(request, years)
    axe = _axis(request, place)
    table = chiffres.tableau(axe, annee=None if axe == Axe.ANNEE else year, collectivite=place)
    if request.GET.get("format") == "xlsx":
        return _spreadsheet(table, axe, place, year)
    context = {
        "place": place,
        "annees": years,
        "annee": year,
        "axe": axe,
        "axes": [(one, NOMS[one]) for one in _axes(place)],
        "nom_axe": NOMS[axe],
        "colonnes": [NOMS[axe], *chiffres.ENTETES, *chiffres.COUTS],
        "table": table,
        "personnes": chiffres.personnes(place, year) if place is not None else [],
    }
    return render(request, "formations/bilan.html", context)


def _scope(request: HttpRequest) -> Collectivite | None:
    """None for the whole territory. A responsable who acts for the intercommunalité reads the territory; a gestionnaire
    reads their collectivité. Raises PermissionDenied with the rule.
    """
    place, user = request.collectivite, request.user
    if place is not None and user.manages(place) and not (can_organise(user) and place.is_epci):
        return place
    if can_organise(user):
        return None
    raise PermissionDenied(REGLES["bilan"])


def _axes(place: Collectivite | None) -> list[Axe]:
    return [Axe.THEME, Axe.ANNEE] if place is not None else [Axe.COMMUNE, Axe.THEME, Axe.ANNEE]


def _axis(request: HttpRequest, place: Collectivite | None) -> Axe:
    asked, possible = request.GET.get("par", ""), _axes(place)
    return next((one for one in possible if one == asked), possible[0])


def _year(request: HttpRequest, years: list[int]) -> int:
    asked = request.GET.get("annee", "")
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    return chosen if chosen in years else (years[0] if years else timezone.localdate().year)


def _spreadsheet(table: chiffres.Tableau, axe: Axe, place: Collectivite | None, year: int) -> HttpResponse:
    columns = [NOMS[axe], *chiffres.ENTETES, *chiffres.COUTS]
    when = "toutes les années" if axe == Axe.ANNEE else str(year)
    where = place.slug if place is not None else "territoire"
    content = xlsx(f"Formations {when}", columns, chiffres.lignes(table))
    return download(content, f"formations-{where}-{year}-{axe}.xlsx", XLSX)
