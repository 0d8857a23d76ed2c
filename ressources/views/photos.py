"""The photos: their grid, one of them large, its sizes, and the agreement of the people it shows."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.fichiers import file_response
from ressources.enums import EtatDepot
from ressources.forms.photo import RenouvellementForm, RetraitAccordForm
from ressources.models import Depot, FichierDepose, Photo, VersionFichier
from ressources.models.fichier import PHOTOS
from ressources.permissions import can_edit
from ressources.phototheque import accords, rendus
from ressources.phototheque.choix import ChoixPhotos
from ressources.phototheque.grille import grid, neighbours, place_in_grid, views_of
from ressources.phototheque.legende import said_of
from ressources.phototheque.rendus import VIGNETTE, WEB, Taille
from ressources.usages import log_copy
from ressources.views.documents import sent
from ressources.views.fiche import begins, readable
from ressources.views.mes_documents import editable


@require_safe
def photo_list(request: HttpRequest) -> HttpResponse:
    """The photos that the address asks for, among those that the reader may see."""
    choix = ChoixPhotos.of(request.GET)
    context = {"choix": choix, "grille": grid(choix, request.user)}
    fragment = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"ressources/photos/{'_reponse' if fragment else 'photo_list'}.html", context)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


@require_safe
def photo_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One photo, as large as the screen, between its neighbours in the list that one came from."""
    vue = views_of([pk], request.user).get(pk)
    if vue is None:
        raise Http404
    choix = ChoixPhotos.of(request.GET)
    before, after, rang, total = neighbours(choix, request.user, pk)
    context = {
        "choix": choix,
        "avant": before,
        "apres": after,
        "rang": rang,
        "total": total,
        "retour": place_in_grid(choix, pk, rang),
        **said_of(vue.photo, vue.version),
        "peut_modifier": can_edit(request.user, vue.page),
    }
    return render(request, "ressources/photos/photo_detail.html", context)


@require_safe
def vignette(request: HttpRequest, pk: int) -> HttpResponse:
    return _picture(request, _photo(request, pk), VIGNETTE)


@require_safe
def ecran(request: HttpRequest, pk: int) -> HttpResponse:
    """The size of a screen. Looking at it is no copy."""
    return _picture(request, _photo(request, pk), WEB)


@require_safe
def web(request: HttpRequest, pk: int) -> HttpResponse:
    """The same bytes, taken away: it leaves a trace, as the original does."""
    version = _photo(request, pk)
    response = _picture(request, version, WEB)
    if request.method == "GET" and begins(response):
        log_copy(version, request.user, request.collectivite)
    return response


def _photo(request: HttpRequest, pk: int) -> VersionFichier:
    """The gate of every file; the same 404 for what is no picture."""
    version = readable(request, pk)
    if not version.is_photo:
        raise Http404
    return version


def _picture(request: HttpRequest, version: VersionFichier, taille: Taille) -> HttpResponse:
    def answer() -> HttpResponse:
        file = rendus.rendition(version.file, version.sha256, taille)
        stem = slugify(version.nom.rpartition(".")[0])[:80] or "photo"
        name = f"{stem}-{taille.cote}.{file.name.rpartition('.')[2]}"
        return file_response(request, file, name=name, etag=f"{version.etag}-{taille.cote}")

    return sent(answer, version)


@require_safe
def fichier_image(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """A photo of one’s own deposit: « IMG_2041 » tells nobody which one is to be described."""
    found = FichierDepose.objects.filter(depot__in=Depot.objects.visible_to(request.user), depot=uuid, pk=pk)
    line = get_object_or_404(found.exclude(etat=EtatDepot.REFUSE).filter(type_reel__in=PHOTOS).defer("texte"))

    def answer() -> HttpResponse:
        file = rendus.rendition(line.file, line.sha256, rendus.VIGNETTE)
        return file_response(request, file, name=file.name.rpartition("/")[2], etag=line.sha256)

    return sent(answer, line)


@une_seule_fois
def photo_accord(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement of those it shows, for who keeps the sheet: take it back, or give it again."""
    page = editable(request, pk)
    photo = Photo.objects.select_related("collectivite").filter(page=page).first()
    if photo is None:
        raise Http404
    data = form_data(request)
    form = RenouvellementForm(data, photo=photo) if photo.is_ended else RetraitAccordForm(data)
    if request.method == "POST" and form.is_valid():
        if photo.is_ended:
            accords.renew(photo, request.user, **_given(form))
            messages.success(request, f"«\u00a0{page.title}\u00a0» est de nouveau dans la photothèque.")
        else:
            accords.take_back(photo, request.user, form.cleaned_data["motif"])
            messages.success(request, f"«\u00a0{page.title}\u00a0» ne se montre plus à ses lecteurs.")
        return redirect("ressources:photo_accord", pk=pk)
    return render(request, "ressources/photos/photo_accord.html", {"page": page, "photo": photo, "form": form})


def _given(form: RenouvellementForm) -> dict[str, object]:
    data = form.cleaned_data
    return {"accord": data.get("accord", ""), "fin": data.get("accord_fin")}
