"""The only way to a file: our views ask who reads, Wagtail’s own addresses do not exist."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from collectivites.comptes.entree import step_due
from collectivites.models import Agent
from extranet.lib.fichiers import file_response
from ressources import permissions
from ressources.models import Declinaison, DocumentPrive, ImagePrivee

logger = logging.getLogger(__name__)


# Without login: the territory’s logo is on the login page, and an image of a public page is as public as its page.
@login_not_required
@require_safe
def document(request: HttpRequest, pk: int, nom: str) -> HttpResponse:
    """A document, under its name; an old name leads to the present one."""
    found = DocumentPrive.objects.select_related("collection").filter(pk=pk).first()
    if found is None or not permissions.can_read_document(reader(request), found):
        return _closed(request)
    if nom != found.filename:
        return redirect(found.url)
    return sent(
        lambda: file_response(
            request, found.file, name=found.filename, etag=found.etag, content_type=found.content_type
        ),
        found,
    )


@login_not_required
@require_safe
def rendition(request: HttpRequest, pk: int) -> HttpResponse:
    """An image at the size of its place."""
    found = Declinaison.objects.select_related("image__collection").filter(pk=pk).first()
    if found is None or not permissions.can_read_rendition(reader(request), found):
        return _closed(request)
    return sent(lambda: file_response(request, found.file, name=found.nom_fichier, etag=found.etag), found)


@require_safe
def image(request: HttpRequest, pk: int) -> HttpResponse:
    """An image as it was sent, for those who manage it."""
    found = ImagePrivee.objects.select_related("collection").filter(pk=pk).first()
    if found is None or not permissions.can_read_original(request.user, found):
        return _closed(request)
    return sent(lambda: file_response(request, found.file, name=found.filename, etag=found.etag), found)


def reader(request: HttpRequest) -> Agent | AnonymousUser:
    """Who reads: nobody yet, as long as the second factor or the notice is due. These views are open before login."""
    if request.user.is_authenticated and step_due(request)[0] is not None:
        return AnonymousUser()
    return request.user


def _closed(request: HttpRequest) -> HttpResponse:
    """The same answer whether the file exists or not: the login page to a visitor, « not found » to an agent."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


def sent(answer: Callable[[], HttpResponse], found: object) -> HttpResponse:
    try:
        return answer()
    except FileNotFoundError as error:
        logger.exception("Le fichier de %r a disparu du stockage.", found)
        raise Http404 from error
