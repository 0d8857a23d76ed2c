"""« À relire »: the queue of the responsables; one document, what changes, what was checked, and the decision."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.refus import AccesReserve, responsables
from ressources import relecture
from ressources.edition import draft_of
from ressources.forms.fiche import PUBLIER, RENVOYER, DecisionForm, RemarqueForm
from ressources.lecteurs import lectorat
from ressources.models import Photo, RessourcePage, Telechargement, VersionFichier
from ressources.permissions import can_review
from ressources.remarques import read_place
from ressources.texte_relu import MARQUES, SEULE, Vue, file_of
from ressources.versions import RessourceRefusee

DETAIL = "ressources/relecture_detail.html"


def reviewer(request: HttpRequest) -> None:
    if not can_review(request.user):
        raise AccesReserve("aux responsables des ressources", responsables(Domaine.RESSOURCES))


@require_safe
def relecture_list(request: HttpRequest) -> HttpResponse:
    """All that awaits, the oldest first."""
    reviewer(request)
    pages = list(relecture.awaiting().select_related("collectivite", "theme", "type", "owner"))
    return render(request, "ressources/relecture_list.html", {"pages": pages})


@une_seule_fois
def relecture_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, and the decision."""
    reviewer(request)
    page = _page(pk)
    queue = list(relecture.awaiting().values_list("pk", flat=True))
    if page.pk not in queue:
        messages.info(request, relecture.TOO_LATE)
        return redirect("ressources:relecture_list")
    versions = relecture.submitted(page)
    form = DecisionForm(form_data(request), choices=_choices(page, versions))
    if request.method == "POST" and form.is_valid():
        if _decided(request, page, form):
            return _next(queue, page.pk)
        page = _page(pk)
        versions = relecture.submitted(page)
    return render(request, DETAIL, _context(request, page, versions, queue, form=form))


def _page(pk: int) -> RessourcePage:
    return get_object_or_404(RessourcePage.objects.select_related("collectivite", "owner"), pk=pk)


def _context(
    request: HttpRequest,
    page: RessourcePage,
    versions: list[VersionFichier],
    queue: list[int],
    vue: Vue | None = None,
    **more: object,
) -> dict[str, object]:
    draft, remarques = draft_of(page), list(relecture.remarks_of(page))
    vue = vue or Vue.of(request.GET.get("page", "1"), request.GET.get("vue", ""))
    files = [file_of(version, request.user, vue, remarques) for version in versions]
    return {
        "page": page,
        "fiche": draft,
        "photo": Photo.objects.filter(page=page).select_related("collectivite").first(),
        "fichiers": files,
        "texte_a_placer": any(one.paragraphes for one in files),
        "remarque": RemarqueForm(),
        "remarques": remarques,
        "place": None,
        "placer": False,
        "vue": vue,
        "lectorat": lectorat(draft.diffusion),
        "vu": relecture.shown(page, versions),
        **_place(queue, page.pk),
        **more,
    }


def _choices(page: RessourcePage, versions: list[VersionFichier]) -> list[tuple[str, str]]:
    holders, personnes = _holders(versions), lectorat(draft_of(page).diffusion).personnes
    told = f" Les {holders} mairies qui ont une version précédente seront prévenues." if holders > 1 else ""
    kept = (
        "ce qui est en ligne y reste en attendant" if page.live else "il garde son dépôt tel quel, avec vos remarques"
    )
    name = page.owner.prenom if page.owner else "l’auteur"
    return [(PUBLIER, f"Publier|visible par {personnes}.{told}"), (RENVOYER, f"Renvoyer à {name}|{kept}")]


def _holders(versions: list[VersionFichier]) -> int:
    """Collectivités that took one of the versions about to be replaced."""
    files = [version.fichier_id for version in versions if version.numero > 1]
    taken = Telechargement.objects.filter(version__fichier__in=files)
    return taken.values("collectivite").distinct().count()


def _decided(request: HttpRequest, page: RessourcePage, form: DecisionForm) -> bool:
    data, vu = form.cleaned_data, request.POST.get("vu", "")
    try:
        if data["decision"] == PUBLIER:
            relecture.publish(page, request.user, data["mot"], vu=vu)
            messages.success(request, f"«\u00a0{page.draft_title}\u00a0» est en ligne. Son auteur est prévenu.")
        else:
            relecture.send_back(page, request.user, data["motif"], data["mot"], vu=vu)
            messages.success(request, f"«\u00a0{page.draft_title}\u00a0» est renvoyé à son auteur.")
    except RessourceRefusee as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _next(queue: list[int], pk: int) -> HttpResponse:
    """The one after it, else the list."""
    later = queue[queue.index(pk) + 1 :]
    return redirect("ressources:relecture_detail", pk=later[0]) if later else redirect("ressources:relecture_list")


def _place(queue: list[int], pk: int) -> dict[str, int | None]:
    at = queue.index(pk)
    return {
        "rang": at + 1,
        "total": len(queue),
        "precedent": queue[at - 1] if at else None,
        "suivant": queue[at + 1] if at + 1 < len(queue) else None,
    }


@require_POST
@une_seule_fois
def relecture_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A remark, kept at once: the decision comes later. On its way, it may be placed on a paragraph of the text."""
    reviewer(request)
    page, queue = _page(pk), list(relecture.awaiting().values_list("pk", flat=True))
    if page.pk not in queue:
        raise Http404
    versions, form = relecture.submitted(page), RemarqueForm(request.POST)
    place = read_place(request.POST.get("passage", ""), versions)
    vue = Vue.of(request.POST.get("vers") or request.GET.get("page", "1"), request.GET.get("vue", ""))
    placing = "placer" in request.POST or "vers" in request.POST
    if not placing and form.is_valid():
        data = form.cleaned_data
        said = relecture.note(
            page, request.user, request.collectivite, texte=data["remarque"], endroit=data["endroit"], place=place
        )
        messages.success(request, "Remarque notée.")
        query = urlencode({"page": place.page if place else vue.page, "vue": SEULE if vue.seule else MARQUES})
        return redirect(f"{reverse('ressources:relecture_detail', args=[pk])}?{query}#r{said.pk}")
    # While it looks for its place, a remark is only kept on the screen: it may have no word yet.
    shown = RemarqueForm(initial=request.POST.dict()) if placing else form
    more = {"remarque": shown, "placer": placing, "place": None if placing else place, "vue": vue}
    more["form"] = DecisionForm(None, choices=_choices(page, versions))
    return render(request, DETAIL, _context(request, page, versions, queue, **more), status=200 if placing else 422)
