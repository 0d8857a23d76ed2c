"""What is answered when a page cannot be: refused, or broken. « Not found » is Django's own view with our template."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import page_not_found

from collectivites.models import Poste
from collectivites.refus import AccesReserve
from extranet.lib.maintenance import unavailable


@dataclass(frozen=True)
class Contact:
    """Who may open, and how to reach them at work: by their collectivité when their card is hidden."""

    nom_complet: str
    telephone: str
    courriel: str

    @classmethod
    def of(cls, poste: Poste) -> "Contact":
        return cls(
            nom_complet=poste.agent.nom_complet,
            telephone=poste.numero or poste.collectivite.telephone,
            courriel=poste.adresse or poste.collectivite.courriel,
        )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: to whom the page is reserved and whom to ask, or the rule that refuses; never what lies behind."""
    reserved = isinstance(exception, AccesReserve)
    context = {
        "reserve_a": exception.a_qui if reserved else "",
        "raison": "" if reserved else str(exception or ""),
        "contacts": [Contact.of(poste) for poste in exception.contacts] if reserved else [],
    }
    return render(request, "403.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that does not answer: that one is worth trying again."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable()
    return HttpResponse(render_to_string("500.html"), status=500)


class IntrouvableMiddleware:
    """404, in development too: the demonstration shows the page that people will see, not Django’s own in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None


class FormulaireSeulMiddleware:
    """405: an address that takes a form, and that a browser asks for (reloaded, shared, gone back to), says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page
