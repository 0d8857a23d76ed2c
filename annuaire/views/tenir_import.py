"""« Importer des agents »: a file is looked at line by line, corrected, then written whole or not at all."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.forms.tenir import ImportForm
from annuaire.models import ImportAgents
from annuaire.permissions import check_keeper
from annuaire.tenir import importation
from annuaire.tenir.importation import MONTREES, ApercuChange
from collectivites.cles import une_seule_fois
from collectivites.importation.agents import columns
from collectivites.importation.refus import ImportRefuse
from extranet.lib.stockage import is_full
from extranet.lib.tableur import TableurRefuse
from extranet.lib.uploads.reception import PLEIN

LOURD = "Ce fichier est trop lourd\u00a0: 10\u00a0Mo au plus. Coupez-le en plusieurs fichiers."
DISQUE = "Le disque du serveur est plein\u00a0: rien n’a été reçu. Prévenez l’équipe de l’extranet."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def import_create(request: HttpRequest) -> HttpResponse:
    """Sending a file; « ?modele=1 » gives one to fill, « ?suite=3 » says which one it corrects."""
    check_keeper(request.user)
    if request.method != "POST" and "modele" in request.GET:
        return _book(importation.model_book(), "agents-modele.xlsx")
    asked = request.GET.get("suite", "")
    suite = _mine(request).filter(pk=asked).first() if asked.isdecimal() and len(asked) < 18 else None
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if why := getattr(request, "refus_envoi", ""):
        form.errors.pop("fichier", None)
        form.add_error("fichier", DISQUE if why == PLEIN else LOURD)
    elif request.method == "POST" and form.is_valid():
        try:
            kept = importation.deposit(request.user, form.cleaned_data["fichier"], suite=suite)
        except TableurRefuse as refusal:
            form.add_error("fichier", str(refusal))
        except OSError as error:
            if not is_full(error):
                raise
            form.add_error("fichier", DISQUE)
        else:
            return redirect("annuaire:import_detail", kept.pk)
    context = {"form": form, "suite": suite, "attente": _mine(request), "colonnes": columns()}
    return render(request, "annuaire/tenir_import_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do; posted, the choices on namesakes are kept, and « importer » writes."""
    check_keeper(request.user)
    kept = get_object_or_404(_mine(request), pk=pk)
    try:
        if request.method == "POST":
            return _decided(request, kept)
        apercu = importation.preview(kept)
    except (TableurRefuse, FileNotFoundError) as error:
        messages.error(request, str(error) if isinstance(error, TableurRefuse) else "Ce fichier n’est plus là.")
        return redirect("annuaire:import_create")
    context = {"depot": kept, "apercu": apercu, "rapport": apercu.rapport, "montrees": MONTREES}
    return render(request, "annuaire/tenir_import.html", context)


def _decided(request: HttpRequest, kept: ImportAgents) -> HttpResponse:
    importation.choose(kept, request.POST)
    if "importer" in request.POST:
        return _import(request, kept)
    messages.success(request, "Vos choix sur les doublons sont gardés.")
    return redirect("annuaire:import_detail", kept.pk)


def _import(request: HttpRequest, kept: ImportAgents) -> HttpResponse:
    try:
        rapport = importation.apply(kept, request.user, request.POST.get("empreinte", ""))
    except (TableurRefuse, ImportRefuse, ApercuChange) as refusal:
        messages.error(request, str(refusal))
        return redirect("annuaire:import_detail", kept.pk)
    added, changed = len(rapport.ajouts), len({one.ligne for one in rapport.changements})
    messages.success(
        request,
        f"C’est importé\u00a0: {added} personne{'s' if added > 1 else ''} ajoutée{'s' if added > 1 else ''}, "
        f"{changed} fiche{'s' if changed > 1 else ''} mise{'s' if changed > 1 else ''} à jour.",
    )
    return redirect("annuaire:index")


@require_safe
def import_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines to correct, as a workbook."""
    check_keeper(request.user)
    kept = get_object_or_404(_mine(request), pk=pk)
    try:
        apercu = importation.preview(kept)
    except (TableurRefuse, FileNotFoundError):
        return redirect("annuaire:import_detail", kept.pk)
    return _book(importation.errors_book(apercu), f"lignes-a-corriger-{timezone.localdate():%Y-%m-%d}.xlsx")


@require_POST
def import_forget(request: HttpRequest, pk: int) -> HttpResponse:
    check_keeper(request.user)
    importation.forget(get_object_or_404(_mine(request), pk=pk))
    messages.success(request, "Le fichier est effacé. Rien n’a été écrit dans l’annuaire.")
    return redirect("annuaire:import_create")


def _mine(request: HttpRequest) -> QuerySet[ImportAgents]:
    """The file of a whole territory is shown to nobody else, whatever their rights."""
    return ImportAgents.objects.filter(par=request.user)


def _book(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "private, no-store"},
    )
