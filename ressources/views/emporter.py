"""« Emporter »: a list as an archive or a table, and the secret addresses of the feeds."""

import hashlib
from collections.abc import Callable

from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.journal import record
from collectivites.models import Theme
from extranet.lib.francais import milliers
from extranet.lib.tableur import xlsx
from ressources.emporter import agenda, flux, liens, lots, tableau
from ressources.emporter.choix import (
    FICHES,
    MAX_FICHIERS,
    MAX_LIGNES,
    POIDS_DIT,
    Demande,
    file_name,
    refusal,
    versions_of,
)
from ressources.models import LienFlux, Lot, RessourcePage
from ressources.presentation import Ligne
from ressources.tasks import preparer_lot
from ressources.views.commun import place_of, within

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTRE = "ressources_flux"
OCCUPE = "Trop d’archives partent en ce moment. Attendez quelques minutes, puis recommencez."
PLUS_RIEN = "Plus aucun de ces documents n’est à prendre\u00a0: ils ont été retirés, ou ne vous sont plus ouverts."


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def emporter(request: HttpRequest) -> HttpResponse:
    """The documents of an address, each with its box, what they weigh, and what may be made of them."""
    demande = Demande(request.GET, request.user)
    lignes = demande.lignes(MAX_FICHIERS)
    posted = request.method == "POST"
    rien = request.GET.get("rien") == "1"
    every = {str(ligne.page.pk) for ligne in lignes if not rien}
    cochees = set(request.POST.getlist(FICHES)) if posted else every
    taken = [ligne for ligne in lignes if str(ligne.page.pk) in cochees]
    why = refusal(versions_of(taken))
    if posted and not why:
        if not within(request, "lot", user=request.user):
            return respond_429(request)
        lot = lots.create(request.user, _titre(demande, taken), versions_of(taken))
        preparer_lot.enqueue(str(lot.pk))
        return redirect("ressources:lot_detail", lot.pk)
    context = {
        "demande": demande,
        "lignes": [(ligne, str(ligne.page.pk) in cochees) for ligne in lignes],
        "trop": len(demande.pks) > MAX_FICHIERS,
        "pourquoi": why if posted else "",
        "compte": _compte(taken),
        "max_fichiers": MAX_FICHIERS,
        "max_poids": POIDS_DIT,
        "max_lignes": MAX_LIGNES,
        "adresse": _address(request),
        "rien": rien,
        "lots": Lot.objects.visible_to(request.user)[:5],
    }
    return render(request, "ressources/emporter/emporter.html", context, status=422 if posted else 200)


def _titre(demande: Demande, taken: list[Ligne]) -> str:
    """What was asked, and how many of them when it is not all."""
    if len(taken) == len(demande.pks):
        return demande.titre
    number = len(taken)
    return f"{demande.titre[:170]}, {number} document{'s' if number > 1 else ''}"


def _address(request: HttpRequest) -> str:
    """What the list was asked by, without what is ticked."""
    params = request.GET.copy()
    params.pop("rien", None)
    return params.urlencode()


def _compte(taken: list[Ligne]) -> dict[str, object]:
    """What is ticked: files, weight, why they make no archive, and the sheets that are read on the screen."""
    versions = versions_of(taken)
    return {
        "nombre": len(versions),
        "poids": sum(version.taille for version in versions),
        "sans": sum(not ligne.versions for ligne in taken),
        "refus": refusal(versions) if versions else "",
    }


@require_safe
def compte(request: HttpRequest) -> HttpResponse:
    """The count alone, as boxes are ticked (htmx)."""
    demande = Demande(request.GET, request.user)
    taken = demande.lignes(MAX_FICHIERS + 1) if demande.fiches else []
    return render(request, "ressources/emporter/_compte.html", {"compte": _compte(taken)})


@require_safe
def tableau_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered. The journal keeps who took how many rows away."""
    demande = Demande(request.GET, request.user)
    back = f"{reverse('ressources:emporter')}?{request.GET.urlencode()}"
    if why := _why_no_table(len(demande.pks)):
        messages.warning(request, why)
        return redirect(back)
    rows = tableau.rows_of(demande.lignes(MAX_LIGNES), settings.SITE_URL)
    body = xlsx("Ressources", tableau.COLONNES, rows)
    record(
        "ressource.emportee",
        RessourcePage(),
        agent=request.user,
        collectivite=request.collectivite,
        libelle=f"tableau, {demande.titre}",
        fiches=len(demande.pks),
    )
    disposition = content_disposition_header(True, file_name(demande.titre, "xlsx"))
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=XLSX, headers=headers)


def _why_no_table(number: int) -> str:
    if not number:
        return "Aucun document ne répond à ces filtres\u00a0: il n’y a rien à emporter. Élargissez la liste."
    if number > MAX_LIGNES:
        return (
            f"Le tableau compte {milliers(MAX_LIGNES)} lignes au plus, la liste en a {milliers(number)}. Resserrez-la "
            "par un filtre."
        )
    return ""


@require_safe
def lot_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    """How far a lot is, then its archive. The page asks for itself again until it is ready."""
    lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=uuid)
    context = {"lot": lot, "compte": lot.compte(), "illisibles": _unread(lot)}
    template = "ressources/emporter/_lot.html" if request.htmx else "ressources/emporter/lot_detail.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _unread(lot: Lot) -> int:
    return lot.pieces.filter(lue=True, crc=None).count() if lot.pret_le else 0


@require_safe
def lot_archive(request: HttpRequest, uuid: str) -> HttpResponse:
    """The archive, written while it is sent. Without the right to a file at that moment, it is not in it."""
    lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=uuid)
    page = redirect("ressources:lot_detail", lot.pk)
    if lot.pret_le is None:
        return page
    if not within(request, "lot_archive", user=request.user):
        return respond_429(request)
    envoi = lots.Envoi(lot, request.user, request.collectivite, settings.SITE_URL)
    if not envoi.pieces:
        messages.warning(request, PLUS_RIEN)
        return page
    headers = {
        "Content-Disposition": content_disposition_header(True, file_name(lot.titre, "zip")),
        "Content-Length": str(envoi.longueur),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "none",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    if not envoi.begin():
        messages.warning(request, OCCUPE)
        return page
    return StreamingHttpResponse(envoi, content_type="application/zip", headers=headers)


@sensitive_variables("jeton", "shown")
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def flux_list(request: HttpRequest) -> HttpResponse:
    """One’s own addresses: the dates of what one looks after, and the themes that one follows in a reader."""
    place_of(request)
    if request.method == "POST":
        theme = get_object_or_404(Theme, slug=request.POST["theme"]) if request.POST.get("theme") else None
        jeton = liens.create(request.user, theme)
        request.session[MONTRE] = [jeton, theme.nom if theme else ""]
        messages.success(request, "L’adresse est prête. Copiez-la maintenant\u00a0: elle ne sera plus montrée.")
        return redirect("ressources:flux_list")
    shown, nom = request.session.pop(MONTRE, ("", "")) if request.method == "GET" else ("", "")
    mine = list(liens.live_of(request.user).order_by("-created_at"))
    name = "ressources:flux_atom" if nom else "ressources:flux_ics"
    context = {
        "adresse": request.build_absolute_uri(reverse(name, args=[shown])) if shown else "",
        "montre": nom,
        "liens": mine,
        "calendrier": next((one for one in mine if one.theme_id is None), None),
        "suivis": {one.theme_id for one in mine},
        "themes": Theme.objects.all(),
        "demande": request.GET.get("theme", ""),
    }
    return render(request, "ressources/emporter/flux_list.html", context)


@require_POST
@une_seule_fois
def flux_revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """One’s own; 404 for the others."""
    liens.revoke(get_object_or_404(liens.live_of(request.user), pk=pk), request.user)
    messages.success(request, "Cette adresse ne répond plus.")
    return redirect("ressources:flux_list")


# Without login: feed readers and agendas know nothing of sessions; the address is the key.
@login_not_required
@require_safe
@sensitive_variables("jeton")
def flux_atom(request: HttpRequest, jeton: str) -> HttpResponse:
    return _fed(request, jeton, flux.content, atom=True)


@login_not_required
@require_safe
@sensitive_variables("jeton")
def flux_ics(request: HttpRequest, jeton: str) -> HttpResponse:
    return _fed(request, jeton, agenda.content, atom=False)


@sensitive_variables("jeton")
def _fed(request: HttpRequest, jeton: str, content_of: Callable[[LienFlux], bytes], *, atom: bool) -> HttpResponse:
    """The feed, 304 for who has it already; 404 whatever the reason, so that nothing is learnt by trying."""
    lien = liens.opened_by(jeton, atom=atom)
    if lien is None:
        raise Http404
    liens.mark_read(lien)
    body = content_of(lien)
    name = "ressources.atom" if atom else "documents-a-verifier.ics"
    response = HttpResponse(body, content_type=flux.MIME if atom else "text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    return get_conditional_response(request, etag=response["ETag"], response=response)
