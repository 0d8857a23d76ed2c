"""Acts that touch the account itself ask for a recent proof, as strong as the login."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from collectivites.comptes import second_facteur


def ask_proof(request: HttpRequest) -> HttpResponse:
    """The way to a proof, then back to this page. Nothing of what was sent is kept: it may be a password."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return redirect(f"{methods[0]['url']}?{urlencode({'next': request.path})}")


class PreuveRecenteMixin:
    """For views of the account: nothing before the proof."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not second_facteur.recently_proved(request):
            return ask_proof(request)
        return super().dispatch(request, *args, **kwargs)
