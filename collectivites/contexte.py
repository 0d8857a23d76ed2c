"""What every page of the site knows: the territory, who reads, for whom they act, the menu."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from collectivites.comptes.entree import step_due
from collectivites.models import Territoire
from extranet.lib.apports import Onglet, collect, contributions


def page(request: HttpRequest) -> dict[str, object]:
    """Lazy: the admin and the fragments that show none of it pay nothing."""
    agent = getattr(request, "user", None)
    if agent is None or not agent.is_authenticated:
        agent = None
    return {
        "territoire": SimpleLazyObject(lambda: Territoire.load(request_or_site=request)),
        "agent": agent,
        "acting": getattr(request, "poste", None),
        "postes": SimpleLazyObject(lambda: agent.postes_en_cours if agent else []),
        "onglets": SimpleLazyObject(lambda: tabs() if agent else []),
        "liens_pied": SimpleLazyObject(lambda: collect("liens_pied", None if _is_kept_at_the_door(request) else agent)),
    }


def _is_kept_at_the_door(request: HttpRequest) -> bool:
    """With a step left before entering, the links of those who are in would only lead back to that step."""
    return hasattr(request, "session") and request.user.is_authenticated and step_due(request)[0] is not None


def tabs() -> list[Onglet]:
    """One tab an area, then those of the end of the menu (the help)."""
    functions = [*contributions("onglet"), *contributions("onglet_fin")]
    return sorted((function() for function in functions), key=lambda onglet: onglet.ordre)
