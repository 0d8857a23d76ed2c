"""Reading the library: its list, its themes, one’s favourites."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from collectivites.models import Agent, Expertise, Theme
from ressources import relecture
from ressources.filtres import Choix, url_of
from ressources.forms.consulter import ReponseForm
from ressources.models import Favori, RessourcePage, RessourcesPage
from ressources.permissions import can_review
from ressources.presentation import PAR_PAGE, lines, lister
from ressources.questions.fils import questions_of
from ressources.questions.forms import QuestionForm
from ressources.questions.interroges import asked_about
from ressources.questions.liste import beside

# Names beside a theme.
CONNAISSENT = 6


@require_safe
def ressource_list(request: HttpRequest) -> HttpResponse:
    """The toolbox at its address, without walking the tree down to it: everybody who has an account reads its words."""
    return liste(request, get_object_or_404(RessourcesPage.objects.live()))


def liste(request: HttpRequest, page: RessourcesPage) -> HttpResponse:
    """The documents that the address asks for, among those that the reader may see."""
    choix = Choix.of(request.GET)
    context = {
        "page": page,
        "self": page,
        "choix": choix,
        "recherche": lister(choix, request.user, request.collectivite),
        "a_relire": relecture.awaiting().count() if can_review(request.user) else None,
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    response = render(request, "ressources/_reponse.html" if fragment else "ressources/ressources_page.html", context)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


@require_safe
def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A theme: who knows it, what it holds for this reader, and the button that follows it."""
    theme = get_object_or_404(Theme, slug=slug)
    return render(request, "ressources/theme_detail.html", theme_context(request, theme))


def theme_context(request: HttpRequest, theme: Theme, **more: object) -> dict[str, object]:
    """With the forms of its questions; those that were sent and refused come in `more`, with the one answered."""
    agent = request.user
    visible = RessourcePage.objects.visible_to(agent).filter(theme=theme)
    found = visible.order_by("-first_published_at", "-pk").values_list("pk", flat=True)
    page_obj = Paginator(found, PAR_PAGE).get_page(request.GET.get("page"))
    shown = lines(list(page_obj), agent)
    referents = Agent.objects.visible_to(agent).filter(ressources_suivies__in=visible).distinct()
    said = Expertise.objects.montrees().filter(theme=theme, agent__in=Agent.objects.visible_to(agent))
    savent = list(said.select_related("agent").order_by("agent__nom", "agent__prenom", "libelle")[:CONNAISSENT])
    referents = referents.exclude(pk__in=[one.agent_id for one in savent])
    reponses, number = beside(agent, theme=theme)
    asked = more.pop("echange", request.GET.get("echange", ""))
    return {
        "theme": theme,
        "page_obj": page_obj,
        "lignes": [shown[pk] for pk in page_obj if pk in shown],
        "referents": referents.order_by("nom", "prenom")[:CONNAISSENT],
        "savent": savent,
        "liste": url_of(theme=theme.slug),
        "boite": RessourcesPage.objects.first(),
        "questions": questions_of(theme, agent, numero=request.GET.get("fils", "1"), echange=str(asked)),
        "reponses": reponses,
        "nombre_reponses": number,
        "interroges": asked_about(theme, agent) if request.collectivite else None,
        "peut_publier": can_review(agent),
        "form_question": QuestionForm(),
        "form_reponse": ReponseForm(),
        "reponse_a": None,
        **more,
    }


@require_safe
def favori_list(request: HttpRequest) -> HttpResponse:
    """One’s own, the last kept first; a document that one no longer may see is not told of."""
    visible = RessourcePage.objects.visible_to(request.user).values("pk")
    kept = Favori.objects.visible_to(request.user).filter(page__in=visible)
    page_obj = Paginator(kept, PAR_PAGE).get_page(request.GET.get("page"))
    shown = lines([one.page_id for one in page_obj], request.user)
    context = {
        "page_obj": page_obj,
        "favoris": [(one, shown[one.page_id]) for one in page_obj if one.page_id in shown],
        "boite": RessourcesPage.objects.first(),
    }
    return render(request, "ressources/favori_list.html", context)
