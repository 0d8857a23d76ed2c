"""What changed from one version of a file to the one before it, or to the one that somebody holds."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ressources import comparaison
from ressources.models import RessourcesPage, VersionFichier
from ressources.permissions import can_read_version


@require_safe
def comparer(request: HttpRequest, pk: int) -> HttpResponse:
    """`avec`: the number of the earlier version, the last published one by default. The same 404 as the files."""
    versions = VersionFichier.objects.select_related("fichier__page__collectivite").defer("texte")
    version = versions.filter(pk=pk).first()
    if version is None or not can_read_version(request.user, version):
        raise Http404
    offered = list(comparaison.before(version)[: comparaison.OFFERTES])
    ancienne = _asked(request, version) if "avec" in request.GET else (offered[0] if offered else None)
    page = version.fichier.page
    context = {
        "version": version,
        "page": page,
        "offertes": offered,
        "ancienne": ancienne,
        "comparaison": comparaison.comparison(ancienne, version) if ancienne else None,
        "boite": RessourcesPage.objects.first(),
        "nom": f"{page.title}, {version.fichier.nom}" if version.fichier.nom else page.title,
    }
    return render(request, "ressources/version_comparer.html", context)


def _asked(request: HttpRequest, version: VersionFichier) -> VersionFichier:
    number = request.GET["avec"]
    known = number.isascii() and number.isdecimal() and len(number) < 6
    ancienne = comparaison.other_of(version, int(number), request.user) if known else None
    if ancienne is None:
        raise Http404
    return ancienne
