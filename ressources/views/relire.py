"""« À relire »: the queue of the responsables; one document, what changes, what was checked, and the decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.refus import AccesReserve, responsables
from extranet.lib.feuillets import FEUILLET
from ressources import relecture
from ressources.differences import compare
from ressources.edition import draft_of
from ressources.forms.fiche import PUBLIER, RENVOYER, DecisionForm, RemarqueForm
from ressources.lecteurs import lectorat
from ressources.models import RessourcePage, Telechargement, VersionFichier
from ressources.permissions import can_review
from ressources.versions import RessourceRefusee


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
    page = get_object_or_404(RessourcePage.objects.select_related("collectivite", "owner"), pk=pk)
    queue = list(relecture.awaiting().values_list("pk", flat=True))
    if page.pk not in queue:
        messages.info(request, relecture.TOO_LATE)
        return redirect("ressources:relecture_list")
    draft, versions = draft_of(page), relecture.submitted(page)
    readers = lectorat(draft.diffusion)
    form = DecisionForm(form_data(request), choices=_choices(page, versions, readers.personnes))
    if request.method == "POST" and form.is_valid():
        done = _decided(request, page, form)
        if done:
            return _next(queue, page.pk)
    return render(
        request,
        "ressources/relecture_detail.html",
        {
            "page": page,
            "fiche": draft,
            "fichiers": [_shown(request, version) for version in versions],
            "form": form,
            "remarque": RemarqueForm(),
            "remarques": list(relecture.remarks_of(page)),
            "lectorat": readers,
            **_place(queue, page.pk),
        },
    )


def _choices(page: RessourcePage, versions: list[VersionFichier], personnes: str) -> list[tuple[str, str]]:
    holders = _holders(versions)
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
    data = form.cleaned_data
    try:
        if data["decision"] == PUBLIER:
            relecture.publish(page, request.user, data["mot"])
            messages.success(request, f"«\u00a0{page.draft_title}\u00a0» est en ligne. Son auteur est prévenu.")
        else:
            relecture.send_back(page, request.user, data["motif"], data["mot"])
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


def _shown(request: HttpRequest, version: VersionFichier) -> dict[str, object]:
    """A file as the page shows it: its changes, its checks, one page of its text."""
    former = relecture.before(version)
    pages = version.texte.split(FEUILLET) if version.texte else []
    asked = request.GET.get("page", "1")
    number = min(max(int(asked), 1), len(pages) or 1) if asked.isdecimal() and len(asked) < 6 else 1
    return {
        "version": version,
        "ancienne": former,
        "changements": compare(former.texte, version.texte) if former else None,
        "controles": relecture.controles(version, request.user),
        "paragraphes": [line for line in pages[number - 1].split("\n") if line.strip()] if pages else [],
        "numero": number,
        "pages": len(pages),
    }


@require_POST
@une_seule_fois
def relecture_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A remark, kept at once: the decision comes later."""
    reviewer(request)
    page = relecture.awaiting().filter(pk=pk).first()
    if page is None:
        raise Http404
    form = RemarqueForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        relecture.note(page, request.user, request.collectivite, endroit=data["endroit"], texte=data["remarque"])
        messages.success(request, "Remarque notée.")
    else:
        messages.error(request, "Cette remarque est vide, ou dépasse 2\u202f000 caractères. Écrivez-la de nouveau.")
    return redirect("ressources:relecture_detail", pk=pk)
