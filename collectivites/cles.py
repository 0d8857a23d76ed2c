"""The one-use key of every creating form: a double click or a replay makes one row.

The template writes `{% cle_unique %}`: a signed key that also holds who opened the form and for which poste, so that
a form filled for Foucherans is done for Foucherans even if another tab has switched since.
The view is decorated by `@une_seule_fois`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from collectivites.agir import act_as
from collectivites.models import CleUtilisee
from extranet.lib.provenance import page_of

CHAMP, SALT = "cle_unique", "collectivites.cles"
REDIRECTS = {301, 302, 303}
LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class Cle:
    """A key as it was written in the form."""

    uuid: uuid.UUID
    agent: int | None
    poste: int | None


def make(request: HttpRequest) -> str:
    """A fresh key for a form shown to this agent, acting for this poste."""
    poste = request.poste.pk if request.poste else None
    return signing.dumps([uuid.uuid4().hex, request.user.pk, poste], salt=SALT)


def read(value: str, *, max_age: timedelta | None = LIFETIME) -> Cle | None:
    """None when the key is missing, was not written by us, or is older than what we remember of the used ones."""
    try:
        key, agent, poste = signing.loads(value or "", salt=SALT, max_age=max_age)
        return Cle(uuid.UUID(key), agent, poste)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def une_seule_fois(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Runs the POST of `view` once per key, in one transaction with the key.

    A redirect means done: the key is kept with the address, and a replay is sent there. Any other answer (a form to
    correct) gives the key back. The second of two simultaneous clicks waits for the first, on both engines.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = read(request.POST.get(CHAMP, ""))
        if key is None or key.agent != request.user.pk:
            return _refused(request)
        act_as(request, next((p for p in request.user.postes_en_cours if p.pk == key.poste), None))
        try:
            return _run(view, request, key, *args, **kwargs)
        except IntegrityError:
            done = CleUtilisee.objects.filter(pk=key.uuid, agent=request.user).first()
            if done is None:
                raise
            messages.info(request, "C’est déjà fait : votre premier envoi a été enregistré.")
            return redirect(done.suite or "/")

    return once


def _refused(request: HttpRequest) -> HttpResponse:
    """Back to the page of the form: its own address may take nothing but forms."""
    messages.warning(
        request,
        "Rien n’est encore enregistré\u00a0: ce formulaire a été ouvert dans une autre session, ou il y a plus de "
        "sept jours. Relisez-le, puis envoyez-le.",
    )
    where = _way_back(request)
    return HttpResponse(headers={"HX-Redirect": where}) if request.headers.get("HX-Request") else redirect(where)


def _way_back(request: HttpRequest) -> str:
    """The page of ours that one came from, else the home of the area, else that of the site."""
    if came := page_of(request):
        return came
    area = f"/{request.path.split('/')[1]}/"
    try:
        known = area != request.path and resolve(area).url_name != "wagtail_serve"
    except Resolver404:
        known = False
    return area if known else "/"


def _run(
    view: Callable[..., HttpResponse], request: HttpRequest, key: Cle, *args: object, **kwargs: object
) -> HttpResponse:
    with transaction.atomic():
        row = CleUtilisee.objects.create(pk=key.uuid, agent=request.user)
        response = view(request, *args, **kwargs)
        if response.status_code in REDIRECTS:
            row.suite = response["Location"] if isinstance(response, HttpResponseRedirect) else ""
            row.save(update_fields=["suite"])
        else:
            row.delete()
    return response


def purge() -> int:
    """Forgets the keys of forms sent more than a week ago; a form left open longer than that has lost its session."""
    return CleUtilisee.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()[0]
