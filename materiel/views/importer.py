"""« Importer un inventaire »: looked at first, then posted; and the labels of what one owns."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from collectivites.models import Territoire
from extranet.lib.tableur import TableurRefuse, xlsx
from extranet.lib.uploads.reception import PLEIN
from materiel.forms.importation import ImportForm
from materiel.models import Materiel
from materiel.parc import etiquettes as labels
from materiel.parc.importation import MAX_LIGNES, Etat, Listes, Resultat, colonnes, import_things, read_inventory
from materiel.views.commun import acting

LOURD = "Ce fichier est trop lourd\u00a0: 10\u00a0Mo au plus. Coupez l’inventaire en plusieurs tableaux."
DISQUE = "Le disque du serveur est plein\u00a0: rien n’a été reçu. Prévenez l’équipe de l’extranet."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXEMPLE = {"nom": "Barrières Vauban", "categorie": "Sécurité", "stock": "80", "unite": "barrières", "lieu": "Atelier"}


# Without a one-use key: each line is a transaction of its own. Sent twice, what was posted is « déjà là ».
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    """Gestionnaires, for the collectivités they manage; the responsables, for all."""
    place = acting(request)
    listes = Listes(request.user)
    if request.method != "POST" and "modele" in request.GET:
        return _model(listes)
    form = ImportForm(request.POST or None, request.FILES or None)
    write = "importer" in request.POST
    context: dict[str, Any] = {"form": form, "resultats": [], "erreurs": [], "ignorees": [], "ecrit": write}
    if why := getattr(request, "refus_envoi", ""):
        form = context["form"] = ImportForm(request.POST, request.FILES)
        form.add_error("tableau", DISQUE if why == PLEIN else LOURD)
    elif request.method == "POST" and form.is_valid():
        try:
            lecture = read_inventory(form.cleaned_data["tableau"], listes)
        except TableurRefuse as refusal:
            form.add_error("tableau", str(refusal))
        else:
            draft = form.cleaned_data["brouillons"]
            results = list(import_things(lecture, listes, request.user, place, write=write, draft=draft))
            context |= {"erreurs": lecture.erreurs, "ignorees": lecture.ignorees, "resultats": results}
            context["bilan"] = _balance(results)
    context |= {"colonnes": [one.titre for one in colonnes(listes)], "collectivite": place, "lignes_max": MAX_LIGNES}
    return render(request, "materiel/importer.html", context)


def _balance(results: list[Resultat]) -> list[tuple[str, int]]:
    counts = [(etat, sum(found.etat == etat for found in results)) for etat in Etat]
    return [(str(etat), number) for etat, number in counts if number]


def _model(listes: Listes) -> HttpResponse:
    """An empty workbook with its columns and a line to follow."""
    columns = colonnes(listes)
    content = xlsx("Inventaire", [one.titre for one in columns], [[EXEMPLE.get(one.cle, "") for one in columns]])
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, "inventaire-modele.xlsx")},
    )


@require_safe
def etiquettes(request: HttpRequest) -> HttpResponse:
    """Choosing the things, then their PDF: « ?materiel=3&materiel=8&imprimer=1 »."""
    place = acting(request)
    mine = Materiel.objects.editable_by(request.user).exclude(statut="archive").for_list()
    asked = [int(pk) for pk in request.GET.getlist("materiel") if pk.isdecimal() and len(pk) < 18]
    chosen = mine.filter(pk__in=asked).prefetch_related("numeros").order_by("page__title", "pk")
    if "imprimer" in request.GET:
        if chosen:
            return _printed(request, list(chosen))
        messages.warning(request, "Cochez au moins un matériel, puis imprimez.")
        return redirect("materiel:etiquettes")
    things = mine.filter(collectivite=place).order_by("page__title", "pk")
    return render(
        request,
        "materiel/etiquettes.html",
        {"materiels": list(dict.fromkeys([*chosen, *things])), "choisis": asked, "collectivite": place},
    )


def _printed(request: HttpRequest, things: list[Materiel]) -> HttpResponse:
    service = Territoire.load(request_or_site=request)
    pdf = labels.sheet(things, str(service), settings.WAGTAILADMIN_BASE_URL, cadre="cadre" in request.GET)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(False, "etiquettes-materiel.pdf"),
            "Cache-Control": "private, no-store",
        },
    )
