"""« Vous agissez pour Foucherans »: the poste under which the agent acts on this request.

Reading never depends on it (`codes_lecture`); it decides for whom one writes and which « nos… » lists show.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collectivites.models import Poste

SESSION_KEY = "poste"


def acting_poste(request: HttpRequest) -> "Poste | None":
    """The poste chosen in this session if it is still in force, else the agent's first one."""
    if not request.user.is_authenticated:
        return None
    postes = request.user.postes_en_cours
    chosen = request.session.get(SESSION_KEY)
    return next((p for p in postes if p.pk == chosen), postes[0] if postes else None)


def switch(request: HttpRequest, poste: "Poste") -> None:
    """Acts for `poste` from now on in this session."""
    request.session[SESSION_KEY] = poste.pk
    act_as(request, poste)


def act_as(request: HttpRequest, poste: "Poste | None") -> None:
    """Acts for `poste` on this request only."""
    request.poste, request.collectivite = poste, poste.collectivite if poste else None


class AgirMiddleware:
    """Sets `request.poste` and `request.collectivite`; both None without a poste in force.

    Read at once, not lazily: a lazy None is not `None`. Every page of whoever is logged in asks for the postes anyway,
    and a visitor without session costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        act_as(request, acting_poste(request))
        return self.get_response(request)
