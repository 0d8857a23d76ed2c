"""« Doublons »: cards that look like one, joined on a page that shows both, parted again for thirty days."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.enums import GenreFusion
from annuaire.forms.tenir import ReunirForm
from annuaire.models import Fusion
from annuaire.permissions import check_keeper
from annuaire.tenir import doublons, fusions
from annuaire.tenir.comparaison import Comparaison
from annuaire.views.commun import left_words
from collectivites.cles import une_seule_fois
from collectivites.fusion import FusionRefusee
from collectivites.models import Agent

PAR_PAGE = 20


@require_safe
def double_list(request: HttpRequest) -> HttpResponse:
    """The proposals, two cards of one's own choice (« ?q=lambey »), and what may still be undone."""
    check_keeper(request.user)
    pairs = doublons.find_pairs()
    page = Paginator(list(pairs), PAR_PAGE).get_page(request.GET.get("page"))
    q = request.GET.get("q", "").strip()[:100]
    context = {
        "page_obj": page,
        "propositions": doublons.propositions({pair: pairs[pair] for pair in page}),
        "q": q,
        "trouvees": list(doublons.search_cards(q)) if q else [],
        "reunies": _undoable(request),
    }
    return render(request, "annuaire/tenir_doublons.html", context)


@require_POST
@une_seule_fois
def double_part(request: HttpRequest) -> HttpResponse:
    """« Ce sont deux personnes »."""
    check_keeper(request.user)
    un, autre = _two(request, request.POST.getlist("fiche"))
    doublons.part(un, autre, request.user)
    messages.success(request, f"C’est noté\u00a0: {un} et {autre} sont deux personnes.")
    return redirect("annuaire:double_list")


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def fusion_create(request: HttpRequest) -> HttpResponse:
    """Both cards side by side: which one is kept, which address opens it, what moves."""
    check_keeper(request.user)
    asked = request.GET.getlist("fiche")
    if len(set(asked)) != 2:
        messages.warning(request, "Choisissez deux fiches, puis réunissez-les.")
        return redirect("annuaire:double_list")
    un, autre = _two(request, asked)
    form = ReunirForm(request.POST if request.method == "POST" else None, fiches=(un, autre))
    if request.method == "POST" and form.is_valid():
        garde, retire, email = form.choice()
        try:
            fusions.join(garde, retire, request.user, email)
        except FusionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Les deux fiches n’en font plus qu’une, celle de {garde}.")
            seen = Agent.objects.visible_to(request.user).filter(pk=garde.pk).exists()
            return redirect(garde if seen else "annuaire:double_list")
    compared = [Comparaison(one, request.user) for one in (un, autre)]
    return render(request, "annuaire/tenir_reunir.html", {"form": form, "fiches": compared, "un": un, "autre": autre})


@require_POST
@une_seule_fois
def fusion_undo(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeper(request.user)
    fusion = get_object_or_404(Fusion.objects.visible_to(request.user), pk=pk, genre=GenreFusion.AGENT)
    try:
        bilan = fusions.part(fusion, request.user)
    except FusionRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Les deux fiches sont séparées.{left_words(bilan)}")
    return redirect("annuaire:double_list")


def follow_merge(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address of a card that was joined leads to the one that is kept."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            return view(request, slug)
        except Http404:
            gone = Agent.objects.filter(slug=slug).first()
            kept = fusions.kept_of(gone) if gone else None
            if kept is None or not Agent.objects.visible_to(request.user).filter(pk=kept.pk).exists():
                raise
            return redirect(kept, permanent=False)

    return found


def _two(request: HttpRequest, asked: list[str]) -> tuple[Agent, Agent]:
    keys = {one for one in asked if one.isdecimal() and len(one) < 18}
    known = Agent.objects.editable_by(request.user)
    found = list(doublons.for_comparison(known.filter(pk__in=keys)).order_by("pk"))
    if len(found) != 2:
        raise Http404
    return found[0], found[1]


def _undoable(request: HttpRequest) -> list[Fusion]:
    recent = list(
        Fusion.objects.visible_to(request.user).undoable().filter(genre=GenreFusion.AGENT).select_related("par")[:50]
    )
    cards = Agent.objects.in_bulk([pk for one in recent for pk in (one.garde_id, one.retire_id)])
    for one in recent:
        one.garde, one.retire = cards.get(one.garde_id), cards.get(one.retire_id)
    return recent
