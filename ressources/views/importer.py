"""« Importer des documents »: an archive and its table, looked at first, then taken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from extranet.lib.tableur import TableurRefuse
from extranet.lib.uploads import FichierRefuse
from extranet.lib.uploads.reception import PLEIN
from ressources.forms.importation import ImportForm
from ressources.importation import Etat, Resultat, import_documents, read_table
from ressources.views.deposer import acting
from ressources.views.relire import reviewer

LOURD = "Cet envoi dépasse 250 Mo. Partagez l’archive en plusieurs, ou passez par la commande importer_documents."
DISQUE = "Le disque du serveur est plein\u00a0: rien n’a été reçu. Prévenez l’équipe de l’extranet."


# Without a one-use key: it would hold all the files in one transaction. Sent twice, what was taken is « déjà là ».
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    reviewer(request)
    place = acting(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "resultats": [], "erreurs": [], "ecrit": "importer" in request.POST}
    if why := getattr(request, "refus_envoi", ""):
        form = context["form"] = ImportForm(request.POST, request.FILES)
        form.add_error(None, DISQUE if why == PLEIN else LOURD)
    elif request.method == "POST" and form.is_valid():
        try:
            table = read_table(form.cleaned_data["tableau"])
            context["erreurs"] = table.erreurs
            results = list(
                import_documents(
                    form.cleaned_data["archive"], table, request.user, place, write="importer" in request.POST
                )
            )
            context |= {"resultats": results, "bilan": _balance(results)}
        except TableurRefuse as refusal:
            form.add_error("tableau", str(refusal))
        except FichierRefuse as refusal:
            form.add_error("archive", str(refusal))
    return render(request, "ressources/importer.html", context)


def _balance(results: list[Resultat]) -> list[tuple[str, int]]:
    counts = [(etat, sum(found.etat == etat for found in results)) for etat in Etat]
    return [(str(etat), number) for etat, number in counts if number]
