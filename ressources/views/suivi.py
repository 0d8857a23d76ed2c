"""After publication: what is to be checked again, and who has read what had to be read."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.refus import AccesReserve
from extranet.lib.francais import jour
from extranet.lib.provenance import next_of
from ressources.enums import Analyse
from ressources.lectures import readings_of
from ressources.models import Lecture, RessourcePage, VersionFichier
from ressources.permissions import can_edit, can_see_log
from ressources.rappels import kept_by
from ressources.tasks import request_pending
from ressources.verification import still_valid
from ressources.versions import RessourceRefusee


@require_safe
def verification_list(request: HttpRequest) -> HttpResponse:
    """What awaits one’s eye, the oldest date first, each checked in one click."""
    pages = kept_by(request.user).for_list().select_related("referent")
    return render(request, "ressources/verification_list.html", {"pages": pages})


@require_POST
@une_seule_fois
def toujours_valable(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(RessourcePage.objects.editable_by(request.user), pk=pk)
    try:
        page = still_valid(page, par=request.user, collectivite=request.collectivite)
    except RessourceRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"C’est noté\u00a0: «\u00a0{page.title}\u00a0» vaut toujours. À vérifier de nouveau avant le "
            f"{jour(page.a_verifier_avant)}.",
        )
    return redirect(next_of(request, reverse("ressources:verification_list")))


@require_POST
@une_seule_fois
def lecture(request: HttpRequest, pk: int) -> HttpResponse:
    """« J’ai lu », of the version that was on the screen, once."""
    version = get_object_or_404(VersionFichier.objects.visible_to(request.user).select_related("fichier__page"), pk=pk)
    if not version.fichier.page.lecture_suivie:
        raise Http404
    Lecture.objects.get_or_create(version=version, agent=request.user)
    messages.success(request, f"C’est noté\u00a0: vous avez lu «\u00a0{version.fichier.page.title}\u00a0».")
    return redirect(next_of(request, version.fichier.page.url or "/ressources/"))


@require_POST
@une_seule_fois
def version_relire(request: HttpRequest, pk: int) -> HttpResponse:
    """Another try at a text that could not be read, by whoever may change the sheet; it runs behind the page."""
    editable = RessourcePage.objects.editable_by(request.user)
    version = get_object_or_404(
        VersionFichier.objects.select_related("fichier__page").defer("texte").filter(fichier__page__in=editable), pk=pk
    )
    asked = VersionFichier.objects.filter(pk=version.pk, analyse__in=[Analyse.NON_LU, Analyse.NUMERISE])
    if asked.update(analyse=Analyse.EN_ATTENTE, analyse_motif=""):
        request_pending()
        messages.success(request, "Le texte va être lu de nouveau. Le document reste utilisable pendant ce temps.")
    return redirect(next_of(request, version.fichier.page.url or "/ressources/"))


@require_safe
def lecture_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has read this version and who has not, for its author, its référent·e and the responsables."""
    version = get_object_or_404(VersionFichier.objects.select_related("fichier__page__collectivite"), pk=pk)
    page = version.fichier.page
    if not page.lecture_suivie:
        raise Http404
    if not can_see_log(request.user, page) and request.user.pk != version.auteur_id:
        if can_edit(request.user, page) or RessourcePage.objects.visible_to(request.user).filter(pk=page.pk).exists():
            raise AccesReserve("à son auteur, à la personne référente et aux responsables des ressources")
        raise Http404
    mairies = readings_of(version)
    context = {
        "version": version,
        "page": page,
        "mairies": mairies,
        "lus": sum(len(mairie.lus) for mairie in mairies),
        "total": sum(mairie.total for mairie in mairies),
    }
    return render(request, "ressources/lecture_list.html", context)
