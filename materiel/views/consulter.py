"""The board of what may be borrowed, its map, and what one's own commune lends."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from collectivites.models import Collectivite
from collectivites.plan import Repere, draw_both, nearest_first
from collectivites.refus import AccesReserve
from materiel import adresses
from materiel.models import Materiel, MaterielsPage
from materiel.permissions import can_manage
from materiel.registre.disponibilite import only_free
from materiel.vitrine.filtres import Choix
from materiel.vitrine.liste import lister
from materiel.vitrine.nos_materiels import lines
from materiel.vitrine.presentation import counted_days, kilometres
from materiel.vitrine.selection import distances_from, narrowed, search

VARY = ("HX-Request", "HX-Target", "HX-History-Restore-Request")


@require_safe
def materiel_list(request: HttpRequest) -> HttpResponse:
    """The board at its address, without walking the tree down to it: everybody who has an account reads its words."""
    return liste(request, get_object_or_404(MaterielsPage.objects.live()))


def liste(request: HttpRequest, page: MaterielsPage) -> HttpResponse:
    """What the address asks for, among what the reader may see; `suite` alone when it is added to what is shown."""
    choix = Choix.of(request.GET)
    fragment = bool(request.htmx) and not request.htmx.history_restore_request
    more = fragment and request.htmx.target == "suite"
    found = lister(choix, request.user, request.collectivite, seule=more)
    context = {
        "choix": choix,
        "recherche": found,
        "adresses": adresses,
        "adresse_besoin": adresses.besoin(choix.quoi, choix.debut, choix.fin),
        "peut_proposer": can_manage(request.user, request.collectivite),
    }
    if not fragment:
        context |= {"page": page, "self": page}
    template = "materiel/_suite.html" if more else "materiel/_reponse.html" if fragment else "materiel/liste.html"
    response = render(request, template, context)
    patch_vary_headers(response, VARY)
    if fragment and not more and not choix.form.errors:
        response["HX-Push-Url"] = choix.url(page=choix.page)
    return response


@require_safe
def carte(request: HttpRequest) -> HttpResponse:
    """The same things as the board, by the commune that lends them."""
    choix = Choix.of(request.GET)
    own, distances = request.collectivite, distances_from(request.collectivite) if choix.km else {}
    things = Materiel.objects.visible_to(request.user).lendable()
    kept = narrowed(things, choix, search(choix, request.user), distances)
    if choix.categorie:
        kept = kept.filter(categorie__code=choix.categorie)
    by_place = kept.order_by().values_list("collectivite")
    numbers = dict(by_place.annotate(n=Count("pk")))
    free: dict[int, int] | None = None
    if choix.a_une_periode:
        asked = only_free(kept, choix.debut, choix.fin, choix.combien).order_by().values_list("collectivite")
        free = dict(asked.annotate(n=Count("pk")))
    places = list(Collectivite.objects.visible_to(request.user))
    told = {
        one.pk: Repere(
            numbers[one.pk],
            numbers[one.pk] if free is None else free.get(one.pk, 0),
            f"{numbers[one.pk]} matériel{'s' if numbers[one.pk] > 1 else ''}",
            choix.url(commune=one.slug),
        )
        for one in places
        if one.pk in numbers
    }
    near = [one for one in nearest_first(places, own) if one.pk in told]
    context = {
        "choix": choix,
        "plans": draw_both(places, own, told),
        "lieux": [(one, told[one.pk], free is not None, kilometres(one, own)) for one in near],
        "total": sum(numbers.values()),
        "depuis": own,
        "filtres_dits": _asked(choix, kept),
    }
    return render(request, "materiel/carte.html", context)


def _asked(choix: Choix, kept: QuerySet[Materiel]) -> str:
    """« « barnum » · Fêtes et cérémonies · les 17 et 18 octobre »."""
    words = [f"«\u00a0{choix.quoi}\u00a0»"] if choix.quoi else []
    if choix.categorie:
        words += list(kept.values_list("categorie__libelle", flat=True)[:1])
    words += [counted_days(choix.debut, choix.fin)] if choix.a_une_periode else []
    return " · ".join(words)


@require_safe
def nos_materiels(request: HttpRequest) -> HttpResponse:
    """What the commune for which one acts lends; its drafts and archives for those who look after them."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    manages = can_manage(request.user, request.collectivite)
    things = Materiel.objects.editable_by(request.user) if manages else Materiel.objects.visible_to(request.user)
    context = {
        "place": request.collectivite,
        "lignes": lines(things.filter(collectivite=request.collectivite)),
        "gere": manages,
        "adresses": adresses,
    }
    return render(request, "materiel/nos_materiels.html", context)
