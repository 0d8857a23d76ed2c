"""« Réunir deux collectivités »: what goes, what stays, with its figures; parted again for thirty days."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from annuaire.enums import GenreFusion
from annuaire.forms.tenir import LieuxForm
from annuaire.models import Fusion
from annuaire.permissions import check_keeper
from annuaire.tenir import lieux
from annuaire.views.commun import left_words
from collectivites.cles import une_seule_fois
from collectivites.communes_nouvelles import try_merge
from collectivites.fusion import FusionRefusee
from collectivites.models import Collectivite


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def place_merge(request: HttpRequest) -> HttpResponse:
    """« ?garde=3&retiree=8 » shows what would move; posted, it moves."""
    check_keeper(request.user)
    form = LieuxForm(request.POST if request.method == "POST" else request.GET if "garde" in request.GET else None)
    context: dict = {"form": form, "reunies": _undoable(request)}
    if form.is_bound and form.is_valid():
        garde, retiree = form.cleaned_data["garde"], form.cleaned_data["retiree"]
        try:
            if request.method == "POST":
                lieux.join(garde, retiree, request.user)
                messages.success(request, f"{garde} reprend ce qui était {retiree.a_nom}.")
                return redirect(garde)
            context["deplace"], context["reste"] = try_merge(garde, retiree, request.user)
            context |= {"garde": garde, "retiree": retiree}
        except FusionRefusee as refusal:
            form.add_error(None, str(refusal))
    return render(request, "annuaire/tenir_lieux.html", context)


@require_POST
@une_seule_fois
def place_undo(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeper(request.user)
    fusion = get_object_or_404(Fusion.objects.visible_to(request.user), pk=pk, genre=GenreFusion.COLLECTIVITE)
    try:
        bilan = lieux.part(fusion, request.user)
    except FusionRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Les deux collectivités sont séparées.{left_words(bilan)}")
    return redirect("annuaire:place_merge")


def follow_place(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of a collectivité that was taken in leads to the one that remains."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            return view(request, slug)
        except Http404:
            gone = Collectivite.objects.filter(slug=slug).first()
            kept = lieux.kept_of(gone) if gone else None
            if kept is None or not Collectivite.objects.visible_to(request.user).filter(pk=kept.pk).exists():
                raise
            return redirect(kept, permanent=False)

    return found


def _undoable(request: HttpRequest) -> list[Fusion]:
    recent = list(
        Fusion.objects.visible_to(request.user)
        .undoable()
        .filter(genre=GenreFusion.COLLECTIVITE)
        .select_related("par")[:50]
    )
    places = Collectivite.objects.in_bulk([pk for one in recent for pk in (one.garde_id, one.retire_id)])
    for one in recent:
        one.garde, one.retiree = places[one.garde_id], places[one.retire_id]
    return recent
