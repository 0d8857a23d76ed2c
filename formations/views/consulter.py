"""The catalogue: its sessions by month, all its trainings, its calendar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from extranet.lib.apports import Encart
from formations import adresses
from formations.bilan import tableau as bilan
from formations.catalogue.calendrier import calendar_of
from formations.catalogue.choix import Choix, Vue
from formations.catalogue.liste import catalogue as months_of
from formations.catalogue.repertoire import trainings
from formations.filters import filters_of
from formations.inscrire import tableau as inscriptions
from formations.models import FormationsPage
from formations.permissions import can_organise
from formations.plan import tableau as plan
from formations.titres import tableau as titres

VARY = ("HX-Request", "HX-Target", "HX-History-Restore-Request")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """At its address, without walking the tree: everybody who has an account reads its words."""
    return liste(request, get_object_or_404(FormationsPage.objects.live()))


def liste(request: HttpRequest, page: FormationsPage) -> HttpResponse:
    """What the address asks for, among what the reader may see."""
    choix = choice_of(request)
    fragment = bool(request.htmx) and not request.htmx.history_restore_request
    context = {"choix": choix, "adresses": adresses}
    if choix.vue == Vue.TOUTES:
        context["fiches"] = trainings(choix, request.user, request.GET.get("page"))
    else:
        context["catalogue"] = months_of(choix, request.user)
    if not fragment:
        context |= {"page": page, "self": page, "organise": can_organise(request.user), "encarts": beside(request)}
    template = "formations/_catalogue.html" if fragment else "formations/catalogue.html"
    response = render(request, template, context)
    patch_vary_headers(response, VARY)
    if fragment and not choix.erreurs:
        response["HX-Push-Url"] = choix.url()
    return response


def beside(request: HttpRequest) -> list[Encart]:
    """Seats of one’s own and of one’s commune, habilitations that end, what the mairies ask for, what was followed."""
    if not request.user.codes_lecture:
        return []
    found = (room.beside_catalogue(request.user, request.collectivite) for room in (inscriptions, titres, plan, bilan))
    return [one for one in found if one is not None]


def choice_of(request: HttpRequest) -> Choix:
    return Choix(request.GET, filters_of(request.GET, request.user, request.collectivite))


@require_safe
def calendrier(request: HttpRequest) -> HttpResponse:
    """A month and, beside it, the same days as a plain list; the filters are those of the catalogue."""
    choix = choice_of(request)
    context = {"choix": choix, "mois": calendar_of(choix, request.user, request.GET.get("mois", ""))}
    return render(request, "formations/calendrier.html", context)
