"""« Emporter ou imprimer »: the list of the annuaire, as it is filtered, on paper or in a file."""

from collections.abc import Callable
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from annuaire.emporter import imprimes, tableaux, vcard
from annuaire.emporter.lecture import Emport
from annuaire.emporter.mots import file_name, filters_of
from annuaire.forms.emporter import ImprimeForm
from collectivites.journal import record
from collectivites.models import Agent
from extranet.lib.pdf_apart import RenduOccupe
from extranet.lib.tableur import csv, xlsx

PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIRGULE = "virgule"
# Past that, mail programmes cut the address of a new message.
MAILTO_MAX = 1900
RIEN = "Personne ne répond à ces filtres\u00a0: il n’y a rien à emporter. Élargissez la liste."
REFUSE = "Un de ces filtres n’existe plus. Choisissez-en un autre\u00a0: rien n’a été préparé."


@require_safe
def emporter(request: HttpRequest) -> HttpResponse:
    """The filters of the list, how many people they keep, and all that may be made of them."""
    emport, form = Emport(request), ImprimeForm(request.GET)
    groups = imprimes.groups_of(emport, form) if emport.nombre > imprimes.TOME // 2 else []
    context = {
        "filtres": emport.filtres.form,
        "form": form,
        "nombre": emport.nombre,
        "refuse": emport.refuse,
        "puces": [(one, _without(request, one.nom)) for one in filters_of(emport)],
        "titre_propose": imprimes.title(emport),
        "tomes": _spans(groups, imprimes.TOME),
        "tomes_telephones": _spans(groups, imprimes.TOME_TELEPHONES),
        "liste": _address("annuaire:index", request),
    }
    return render(request, "annuaire/_emporter_choix.html" if request.htmx else "annuaire/emporter.html", context)


def _spans(groups: list[imprimes.Groupe], size: int) -> list[str]:
    """What each volume holds, when there are several."""
    tomes = imprimes.volumes(groups, size)
    return [imprimes.span(tome) for tome in tomes] if len(tomes) > 1 else []


@require_safe
def trombinoscope(request: HttpRequest) -> HttpResponse:
    """« ?tome=2 » for the second volume of a long list."""

    def compose(emport: Emport) -> bytes:
        return imprimes.trombinoscope(emport, ImprimeForm(request.GET), _tome(request))

    return _given(request, "trombinoscope", "pdf", PDF, compose)


@require_safe
def telephones(request: HttpRequest) -> HttpResponse:
    """« ?tome=2 » for the second volume of a long list."""

    def compose(emport: Emport) -> bytes:
        return imprimes.phone_list(emport, ImprimeForm(request.GET), _tome(request))

    return _given(request, "telephones", "pdf", PDF, compose)


def _tome(request: HttpRequest) -> int:
    asked = request.GET.get("tome", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1


@require_safe
def tableau_xlsx(request: HttpRequest) -> HttpResponse:
    def compose(emport: Emport) -> bytes:
        return xlsx("Annuaire", tableaux.COLONNES, tableaux.rows_of(emport))

    return _given(request, "annuaire", "xlsx", XLSX, compose)


@require_safe
def tableau_csv(request: HttpRequest) -> HttpResponse:
    def compose(emport: Emport) -> bytes:
        return csv(tableaux.COLONNES, tableaux.rows_of(emport))

    return _given(request, "annuaire", "csv", "text/csv; charset=utf-8", compose)


@require_safe
def cartes(request: HttpRequest) -> HttpResponse:
    """A contact card by person, with all their postes."""

    def compose(emport: Emport) -> bytes:
        known = emport.competences
        fiches = [vcard.Fiche(agent, lines, known.get(agent.pk, [])) for agent, lines in emport.par_personne]
        return vcard.vcards(fiches, timezone.now())

    return _given(request, "annuaire", "vcf", vcard.MIME, compose)


@require_safe
def adresses(request: HttpRequest) -> HttpResponse:
    """All the addresses of the list, to copy; « ?sep=virgule » for the programmes that want commas."""
    emport = Emport(request)
    if why := _why_nothing(emport):
        return _back(request, why)
    found, comma = tableaux.addresses_of(emport), request.GET.get("sep") == VIRGULE
    if found.liste:
        _note(request, emport, "adresses", "texte")
    mailto = f"mailto:?bcc={quote(','.join(found.liste), safe='@,')}"
    query = request.GET.copy()
    query["sep"] = "" if comma else VIRGULE
    context = {
        "adresses": found,
        "texte": (", " if comma else "; ").join(found.liste),
        "virgule": comma,
        "autre": f"?{query.urlencode()}",
        "mailto": mailto if len(mailto) <= MAILTO_MAX else "",
        "nombre": emport.nombre,
        "puces": filters_of(emport),
        "retour": _address("annuaire:emporter", request),
    }
    return render(request, "annuaire/emporter_adresses.html", context)


def _given(
    request: HttpRequest, what: str, extension: str, kind: str, compose: Callable[[Emport], bytes]
) -> HttpResponse:
    """The file, or back to the page with why there is none."""
    emport = Emport(request)
    if why := _why_nothing(emport):
        return _back(request, why)
    try:
        content = compose(emport)
    except RenduOccupe as busy:
        return _back(request, str(busy))
    _note(request, emport, what, extension)
    disposition = content_disposition_header(kind != PDF, file_name(emport, what, extension))
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _why_nothing(emport: Emport) -> str:
    if emport.refuse:
        return REFUSE
    return "" if emport.nombre else RIEN


def _back(request: HttpRequest, why: str) -> HttpResponse:
    messages.warning(request, why)
    return redirect(_address("annuaire:emporter", request))


def _note(request: HttpRequest, emport: Emport, what: str, forme: str) -> None:
    """The journal keeps who took how many people away, the one write of a visit: nothing else tells it."""
    record(
        "agent.emporte",
        Agent(),
        agent=request.user,
        collectivite=request.collectivite,
        libelle=", ".join([what, *map(str, filters_of(emport))]),
        personnes=emport.nombre,
        forme=forme,
    )


def _address(name: str, request: HttpRequest) -> str:
    """A page of the annuaire with the filters of this one."""
    query = request.GET.urlencode()
    return reverse(name) + (f"?{query}" if query else "")


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return f"?{query.urlencode()}"
