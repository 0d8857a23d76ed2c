"""Giving a document to somebody: a word to colleagues, a link without account, and what the link opens."""

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Agent
from extranet.lib.fichiers import file_response
from ressources.forms.partager import EnvoiForm, PartageForm
from ressources.models import LienPartage, RessourcePage
from ressources.partages import envois, liens
from ressources.permissions import can_edit
from ressources.versions import RessourceRefusee
from ressources.views.commun import place_of, within
from ressources.views.documents import sent

PAR_PAGE = 20
MONTRE = "ressources_partage"


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def envoyer(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of a sheet, with a word, to colleagues who may read it."""
    page, place = _open(request, pk), place_of(request)
    data = form_data(request)
    form = EnvoiForm(data, initial={"q": request.GET.get("q", "")[:80]}, agent=request.user)
    if request.method == "POST" and "chercher" in request.POST:
        return _sending(request, page, EnvoiForm(initial=_kept(request), agent=request.user))
    if request.method == "POST" and form.is_valid():
        if not within(request, "ressource_envoi", user=request.user):
            return respond_429(request)
        given = form.cleaned_data
        try:
            envois.send(page, request.user, given["destinataires"], mot=given["mot"], collectivite=place)
        except RessourceRefusee as refusal:
            form.add_error("destinataires", str(refusal))
        else:
            messages.success(request, f"C’est envoyé à {_names(given['destinataires'])}.")
            return redirect(page.url)
    return _sending(request, page, form)


def _kept(request: HttpRequest) -> dict[str, object]:
    return {"q": request.POST.get("q", "")[:80], "mot": request.POST.get("mot", "")}


def _sending(request: HttpRequest, page: RessourcePage, form: EnvoiForm) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    context = {"page": page, "form": form, **_people(request, asked.getlist("destinataires"), asked.get("q", ""))}
    status = 422 if form.errors else 200
    return render(request, "ressources/partage/envoyer.html", context, status=status)


@require_safe
def envoyer_personnes(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who are ticked, then those whose name is typed (htmx)."""
    page = _open(request, pk)
    people = _people(request, request.GET.getlist("destinataires"), request.GET.get("q", ""))
    return render(request, "ressources/partage/_personnes.html", {"page": page, **people})


def _people(request: HttpRequest, ticked: list[str], q: str) -> dict[str, object]:
    keys = [int(one) for one in ticked[:50] if one.isascii() and one.isdigit() and len(one) < 10]
    chosen = list(envois.colleagues(request.user).filter(pk__in=keys).order_by("nom", "prenom", "pk")) if keys else []
    named = list(envois.named(q, request.user))
    found = [one for one in named if one not in chosen]
    places = envois.places_of([*chosen, *found])
    return {
        "choisis": [(one, places.get(one.pk, "")) for one in chosen],
        "trouves": [(one, places.get(one.pk, "")) for one in found],
        "q": q.strip(),
        "deja": len(found) < len(named),
        "limite": len(found) >= envois.PROPOSES,
    }


def _names(agents: list[Agent]) -> str:
    names = [agent.nom_complet for agent in agents]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
@sensitive_variables("jeton")
def partage_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A link without account to one file of a sheet; or why there is none."""
    page, place = _open(request, pk), place_of(request)
    why = liens.refusal(page, request.user, gardien=can_edit(request.user, page))
    versions = [] if why else liens.files_of(page)
    if not versions:
        why = why or "Cette fiche n’a pas de fichier à donner."
        status = 403 if request.method == "POST" else 200
        return render(request, "ressources/partage/partage_refus.html", {"page": page, "pourquoi": why}, status=status)
    form = PartageForm(form_data(request), versions=versions)
    if request.method == "POST" and form.is_valid():
        if not within(request, "partage_creation", user=request.user):
            return respond_429(request)
        given = form.cleaned_data
        try:
            lien, jeton = liens.create(
                form.version, request.user, place, jours=given["jours"], destinataire=given["destinataire"]
            )
        except RessourceRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[MONTRE] = [lien.pk, jeton]
            messages.success(request, "Le lien est prêt. Copiez-le maintenant\u00a0: il ne sera plus montré.")
            return redirect("ressources:partage_list")
    return render(
        request,
        "ressources/partage/partage_form.html",
        {"page": page, "form": form, "place": place},
        status=422 if form.errors else 200,
    )


@require_safe
@sensitive_variables("jeton", "shown")
def partage_list(request: HttpRequest) -> HttpResponse:
    """The links that one made, and those of the sheets that one looks after; the new one is shown once."""
    place_of(request)
    number, shown = request.session.pop(MONTRE, (0, "")) if request.method == "GET" else (0, "")
    found = LienPartage.objects.visible_to(request.user).for_list().order_by("-created_at", "-pk")
    page_obj = Paginator(found, PAR_PAGE).get_page(request.GET.get("page"))
    rows = list(page_obj)
    answering = liens.given_by(rows)
    keys = {lien.version.fichier.page_id for lien in rows}
    named = set(RessourcePage.objects.open_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    context = {
        "page_obj": page_obj,
        "liens": [(lien, lien.pk in answering, lien.version.fichier.page_id in named) for lien in rows],
        "adresse": request.build_absolute_uri(reverse("ressources:partage", args=[shown])) if shown else "",
        "neuf": next((lien for lien in rows if lien.pk == number), None),
    }
    return render(request, "ressources/partage/partage_list.html", context)


@require_POST
@une_seule_fois
def partage_revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """One’s own, or one of a sheet that one looks after; 404 for the others."""
    visible = LienPartage.objects.visible_to(request.user).for_list()
    liens.revoke(get_object_or_404(visible, pk=pk), request.user)
    messages.success(request, "Ce lien n’ouvre plus rien.")
    return redirect("ressources:partage_list")


# Without login: the address is the key. Looking changes nothing, since mail scanners look: the file is asked for by a
# button. Without CSRF token: the page sends no referrer, hence no origin that could be checked, and the address that
# is known is the whole right.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("jeton")
def partage(request: HttpRequest, jeton: str) -> HttpResponse:
    """Whose file it is and until when, then the file; the same closed page whatever the reason."""
    if not within(request, "partage"):
        return respond_429(request)
    found = liens.opened_by(jeton)
    if found is None:
        return _private(render(request, "ressources/partage/partage_ferme.html", status=404))
    lien, version = found
    if request.method != "POST":
        context = {"lien": lien, "version": version, "page": lien.version.fichier.page}
        return _private(render(request, "ressources/partage/partage.html", context))
    if not within(request, "partage_pris", key=str(lien.pk)):
        return respond_429(request)
    response = sent(lambda: file_response(request, version.file, name=version.nom, etag=version.etag), version)
    response["Content-Disposition"] = content_disposition_header(True, version.nom)
    # A POST has no pieces: what left is whole, whatever was asked.
    if response.status_code == 200:
        liens.count(lien, version)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """The address goes nowhere: neither to an index, nor to a cache, nor with the page to another site."""
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex, nofollow", "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _open(request: HttpRequest, pk: int) -> RessourcePage:
    return get_object_or_404(RessourcePage.objects.open_to(request.user).select_related("collectivite"), pk=pk)
