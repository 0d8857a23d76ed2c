"""Archiving a sheet, and taking it out of the archive."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from collectivites.cles import une_seule_fois
from extranet.lib.typographie import space
from formations.models import FormationPage
from formations.organiser import archive
from formations.refus import InscriptionRefusee
from formations.views.responsables import must_organise


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def formation_archiver(request: HttpRequest, slug: str) -> HttpResponse:
    """One button, either way: the page says what it does, and what stops it."""
    page = get_object_or_404(FormationPage.objects.open_to(request.user), slug=slug)
    must_organise(request)
    refus = ""
    if request.method == "POST":
        try:
            return _done(request, page)
        except InscriptionRefusee as refusal:
            refus = str(refusal)
    context = {"page": page, "refus": refus, "sessions": list(archive.unfinished(page))}
    return render(request, "formations/formation_archiver.html", context, status=422 if refus else 200)


def _done(request: HttpRequest, page: FormationPage) -> HttpResponse:
    """Raises InscriptionRefusee."""
    if request.POST.get("action") == "sortir":
        archive.bring_back(page, request.user)
        messages.success(request, space(f"« {page.title} » est de nouveau au catalogue."))
    else:
        archive.archive(page, request.user)
        messages.success(request, space(f"« {page.title} » est archivée."))
    return redirect(page.adresse)
