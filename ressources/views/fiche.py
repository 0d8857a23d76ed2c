"""The sheet of a document, its files and their first pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from collectivites.refus import AccesReserve
from extranet.lib.fichiers import file_response
from ressources import apercus
from ressources.fiche import context_of, preview_of
from ressources.forms.consulter import EchangeForm, FavoriForm, ReponseForm, RepriseForm
from ressources.models import Reprise, RessourcePage, RessourcesPage, VersionFichier
from ressources.partages.liens import is_shareable
from ressources.permissions import can_read_version, can_see_log
from ressources.tasks import dessiner
from ressources.telechargements import communes_of
from ressources.usages import log_copy
from ressources.views.documents import sent

# How often an open page asks whether the pictures have come.
MAX_TRIES = 10


def fiche(request: HttpRequest, page: RessourcePage, *, en_apercu: bool = False) -> HttpResponse:
    """What a document is for, how far to trust it, its files, and what others say of it."""
    context = sheet_context(request, page, en_apercu=en_apercu)
    return render(request, "ressources/ressource_detail.html", context)


def sheet_context(request: HttpRequest, page: RessourcePage, **forms: object) -> dict[str, object]:
    """With the forms of the sheet; those that were sent and refused come in `forms`, with what else differs."""
    context = context_of(page, request.user, request.collectivite, request.GET.get("fichier", ""))
    mine = context["ma_reprise"]
    return {
        "page": page,
        "self": page,
        "boite": RessourcesPage.objects.first(),
        **context,
        "attente": _awaited(context["version"], context["apercu"]),
        "essai": 1,
        "en_apercu": False,
        "partageable": bool(context["version"]) and is_shareable(page, gardien=context["peut_modifier"]),
        "form_echange": EchangeForm(),
        "form_reponse": ReponseForm(),
        "reponse_a": None,
        "form_favori": FavoriForm(instance=context["favori"]),
        "form_reprise": RepriseForm(instance=mine),
        **forms,
    }


def _awaited(version: VersionFichier | None, apercu: object) -> bool:
    """Asks for the drawing of the pages, behind; True while it may come."""
    if version is None or apercu.images or not apercus.is_drawable(version):
        return False
    if apercus.is_awaited(version):
        dessiner.enqueue(version.pk)
    return True


@require_safe
def apercu(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview alone, asked for again while its pictures are being drawn."""
    version = readable(request, pk)
    asked = request.GET.get("essai", "")
    essai = min(int(asked), MAX_TRIES) if asked.isascii() and asked.isdigit() else MAX_TRIES
    seen = preview_of(version)
    context = {
        "version": version,
        "apercu": seen,
        "attente": essai < MAX_TRIES and _awaited(version, seen),
        "essai": essai + 1,
    }
    response = render(request, "ressources/_apercu.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
def fichier(request: HttpRequest, pk: int, nom: str) -> HttpResponse:
    """A version under its name; an old name leads to the present one. Taking it leaves a trace, once a day."""
    version = readable(request, pk)
    if nom != version.nom:
        return redirect(version)
    response = sent(lambda: file_response(request, version.file, name=version.nom, etag=version.etag), version)
    if request.method == "GET" and begins(response):
        log_copy(version, request.user, request.collectivite)
    return response


def begins(response: HttpResponse) -> bool:
    """True when the answer holds the first byte: the rest of an interrupted download is the same copy."""
    span = response.headers.get("Content-Range", "")
    return response.status_code == 200 or (response.status_code == 206 and span.startswith("bytes 0-"))


@require_safe
def page_image(request: HttpRequest, pk: int, numero: int) -> HttpResponse:
    """The picture of a page, for those who may read the version; a photo is its page 0. Looking at it is no copy."""
    version = readable(request, pk)
    if version.is_photo and numero == 0:
        return sent(lambda: file_response(request, version.file, name=version.nom, etag=version.etag), version)
    if numero not in apercus.drawn(version):
        raise Http404
    picture = VersionFichier(file=apercus.path_of(version, numero)).file
    etag = f"{version.etag}-{numero}"
    return sent(lambda: file_response(request, picture, name=f"page-{numero}.webp", etag=etag), version)


@require_safe
def acte(request: HttpRequest, pk: int) -> HttpResponse:
    """The act that a commune adopted, for those who may open the sheet."""
    reprise = get_object_or_404(Reprise.objects.with_act(), pk=pk)
    if not RessourcePage.objects.open_to(request.user).filter(pk=reprise.page_id).exists():
        raise Http404
    etag = f"acte-{reprise.acte.name}"
    return sent(lambda: file_response(request, reprise.acte, name=reprise.acte_nom, etag=etag), reprise)


@require_safe
def telechargements(request: HttpRequest, pk: int) -> HttpResponse:
    """Which commune took which version, for those who look after the sheet: never who."""
    page = get_object_or_404(RessourcePage.objects.select_related("collectivite"), pk=pk)
    if not can_see_log(request.user, page):
        if RessourcePage.objects.visible_to(request.user).filter(pk=pk).exists():
            raise AccesReserve("à la personne référente de la fiche et aux responsables des ressources")
        raise Http404
    return render(request, "ressources/telechargements.html", {"page": page, "communes": communes_of(page)})


def readable(request: HttpRequest, pk: int) -> VersionFichier:
    """The same 404 whether the version exists or not."""
    version = VersionFichier.objects.select_related("fichier__page").defer("texte").filter(pk=pk).first()
    if version is None or not can_read_version(request.user, version):
        raise Http404
    return version
