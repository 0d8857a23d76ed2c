"""The people of the annuaire: the list, and the card of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from annuaire.consulter import fiche
from annuaire.consulter.choix import Choix
from annuaire.consulter.encarts import encarts
from annuaire.consulter.liste import by_secteur, named, page_of
from annuaire.fiche.relecture import is_stale
from annuaire.filters import AnnuaireFilterSet
from annuaire.models import AnnuairePage
from collectivites.models import Absence, Agent, Collectivite, Habilitation

VARY = ("HX-Request", "HX-Target", "HX-History-Restore-Request")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The annuaire at its address, without walking the tree: everybody who has an account reads its words."""
    return liste(request, get_object_or_404(AnnuairePage.objects.live()))


def liste(request: HttpRequest, page: AnnuairePage) -> HttpResponse:
    """The people that the address asks for, among those whose card one may read; collectivités too, by their name."""
    filtres = filters_of(request)
    choix, people = Choix(request.GET, filtres), filtres.qs
    shown = page_of(people, choix.vue, request.GET.get("page"), filtres.distances())
    by_words = set(choix.retenus) == {"q"} and shown.number == 1
    places = Collectivite.objects.visible_to(request.user)
    found = named(places, choix.q) if by_words else []
    context = {
        "page": page,
        "choix": choix,
        "personnes": shown,
        "titre": choix.titre(shown.paginator.count, len(found)),
        "collectivites": found,
        "secteurs": by_secteur(places.select_related("secteur")) if choix.est_vide and shown.number == 1 else [],
    }
    fragment = bool(request.htmx) and not request.htmx.history_restore_request
    response = render(request, "annuaire/_index.html" if fragment else "annuaire/index.html", context)
    patch_vary_headers(response, VARY)
    if fragment and not choix.erreurs:
        response["HX-Push-Url"] = choix.url(page=shown.number if shown.number > 1 else None)
    return response


def filters_of(request: HttpRequest) -> AnnuaireFilterSet:
    """What the address asks for, among the people that the reader sees."""
    people = Agent.objects.visible_to(request.user)
    return AnnuaireFilterSet(request.GET, queryset=people, acting=request.collectivite)


@require_safe
def agent_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of an agent: their postes, when and how to reach them, what they know."""
    visible = Agent.objects.visible_to(request.user).select_related("photo")
    agent = get_object_or_404(visible, slug=slug)
    postes = fiche.postes_of(agent)
    absences = fiche.absences_of(Absence.objects.filter(agent=agent))
    today = timezone.localdate()
    context = {
        "personne": agent,
        "portrait": agent.photo.url if hasattr(agent, "photo") else "",
        "chapeau": postes[0].libelle if postes else "",
        "numero": next((poste.numero for poste in postes if poste.numero), ""),
        "adresse": postes[0].adresse if postes else agent.email or "",
        "postes_fiche": postes,
        "aujourdhui": fiche.today_in_words(postes, absences),
        "absence": next((a for a in absences if a.date_debut <= today), None),
        "prochaine_absence": absences[0] if absences else None,
        "a_relire": bool(postes) and is_stale(agent),
        "expertises": list(agent.expertises.montrees().select_related("theme")),
        "habilitations": list(Habilitation.objects.visible_to(request.user).filter(agent=agent).select_related("type")),
        "adhesions": fiche.adhesions_of(agent, request.user),
        "gestionnaires": fiche.gestionnaires_of(postes, agent),
        **encarts("encarts_agent", agent, request.user),
    }
    return render(request, "annuaire/agent_detail.html", context)
