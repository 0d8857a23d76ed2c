"""A model filled for the collectivité one acts for, the list of its fields, and what makes a file a model."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Collectivite
from ressources.forms.remplir import RemplirForm
from ressources.models import VersionFichier
from ressources.permissions import can_read_version
from ressources.remplir import actes, noms
from ressources.remplir.apercu import blocks
from ressources.remplir.champs import CHAMPS, GROUPES, Source
from ressources.remplir.formats import FORMATS
from ressources.remplir.paquet import ModeleIllisible
from ressources.usages import log_copy
from ressources.views.commun import place_of
from ressources.views.mes_documents import editable

PERDU = "Le fichier de ce modèle a disparu du stockage. Prévenez l’équipe de l’extranet."
SOURCES = {
    Source.FICHE: "la fiche",
    Source.GARDE: "demandé une fois, puis gardé",
    Source.JOUR: "demandé chaque fois",
    Source.CALCUL: "calculé",
}


@une_seule_fois
def remplir(request: HttpRequest, pk: int) -> HttpResponse:
    """What the card says, what is asked; then the document as it will be written, and the file.

    The form is done for the collectivité for which it was opened, whatever another tab has switched to since.
    """
    version = _readable(request, pk)
    if not version.is_modele:
        raise Http404
    place = place_of(request)
    demande = actes.Demande.of(version, place, request.user)
    form = RemplirForm(form_data(request), demande=demande)
    shown = None
    if (request.method == "POST" or not form.fields) and _is_right(form):
        shown = _done(request, version, place, form)
    if isinstance(shown, HttpResponse):
        return shown
    context = {"version": version, "page": version.fichier.page, "place": place, "demande": demande, "form": form}
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "ressources/remplir/remplir.html", context | {"blocs": shown}, status=status)


def _is_right(form: RemplirForm) -> bool:
    return form.is_valid() if form.fields else True


def _done(
    request: HttpRequest, version: VersionFichier, place: Collectivite, form: RemplirForm
) -> HttpResponse | list | None:
    """The file when it is taken, else what it will hold; None when the model does not open, which the form says."""
    saisies = form.saisies if form.fields else {}
    if request.method == "POST":
        actes.keep(place, form.demande, saisies, request.user)
    values = form.demande.values(saisies)
    try:
        if "prendre" not in request.POST:
            return blocks(actes.opened(version), values)
        return _taken(request, version, place, actes.filled(version, values, place))
    except (ModeleIllisible, FileNotFoundError) as error:
        why = str(error) if isinstance(error, ModeleIllisible) else PERDU
        form.add_error(None, why) if form.is_bound else messages.error(request, why)
        return None


def _taken(request: HttpRequest, version: VersionFichier, place: Collectivite, content: bytes) -> HttpResponse:
    """It is built for this request and kept nowhere; the log says which version was filled, and for whom."""
    log_copy(version, request.user, place, rempli=True)
    response = HttpResponse(content, content_type=noms.TYPES[version.extension])
    response["Content-Disposition"] = content_disposition_header(True, noms.name_for(version, place))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@une_seule_fois
def modele(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file asks for, or what keeps it from being a model; for those who may change its sheet."""
    version = get_object_or_404(VersionFichier.objects.select_related("fichier__page", "modele").defer("texte"), pk=pk)
    page = editable(request, version.fichier.page_id)
    refus, controle = "", None
    try:
        controle = actes.checked(version)
        if request.method == "POST" and "retirer" in request.POST:
            actes.unmark(version, request.user)
            messages.success(
                request, f"«\u00a0{version.nom}\u00a0» ne se remplit plus\u00a0: il se télécharge tel quel."
            )
            return redirect("ressources:ressource_update", pk=page.pk)
        if request.method == "POST" and actes.mark(version, request.user).is_modele:
            messages.success(request, f"«\u00a0{version.nom}\u00a0» se remplit maintenant pour chaque commune.")
            return redirect("ressources:ressource_update", pk=page.pk)
    except (ModeleIllisible, FileNotFoundError) as error:
        refus = str(error) if isinstance(error, ModeleIllisible) else PERDU
    known = {champ.code: champ for champ in CHAMPS}
    context = {
        "version": version,
        "page": page,
        "refus": refus,
        "controle": controle,
        "champs": [known[code] for code in controle.champs] if controle else [],
        "possible": version.extension in FORMATS,
    }
    return render(request, "ressources/remplir/modele.html", context)


@require_safe
def champ_list(request: HttpRequest) -> HttpResponse:
    """Every field of the list, by group: the help of whoever writes a model."""
    groups = [(nom, [(champ, SOURCES[champ.source]) for champ in CHAMPS if champ.groupe == nom]) for nom in GROUPES]
    return render(request, "ressources/remplir/champ_list.html", {"groupes": groups})


def _readable(request: HttpRequest, pk: int) -> VersionFichier:
    """The same 404 whether the version exists or not."""
    found = VersionFichier.objects.select_related("fichier__page__collectivite", "modele").defer("texte")
    version = found.filter(pk=pk).first()
    if version is None or not can_read_version(request.user, version):
        raise Http404
    return version
