"""« Mes documents »: what one deposited, changing a sheet, its versions, its archive."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.refus import AccesReserve, responsables
from ressources import echanges, edition, relecture
from ressources.enums import StatutVersion
from ressources.forms.fiche import ArchiveForm, FicheForm, RetraitForm
from ressources.forms.photo import PhotoForm
from ressources.models import Depot, Photo, RessourcePage, VersionFichier
from ressources.permissions import can_review, publishes_at_once
from ressources.phototheque import accords
from ressources.presentation import PAR_PAGE
from ressources.remarques import situated
from ressources.soumission import submit
from ressources.versions import RessourceRefusee, withdraw_version
from ressources.views.deposer import acting
from ressources.views.fiche import fiche


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """One's own, with where each stands."""
    acting(request)
    found = edition.documents_of(request.user).select_related("theme", "type", "collectivite")
    page_obj = Paginator(found, PAR_PAGE).get_page(request.GET.get("page"))
    begun = Depot.objects.visible_to(request.user).filter(fichiers__isnull=False).distinct()
    lines = [(page, etat, edition.TONS[etat]) for page, etat in edition.etats(list(page_obj))]
    context = {"lignes": lines, "page_obj": page_obj, "commences": begun, "relecteur": can_review(request.user)}
    return render(request, "ressources/document_list.html", context)


def editable(request: HttpRequest, pk: int) -> RessourcePage:
    """A sheet that this person may change; of one that they only read, who may. A secret one is not found."""
    page = RessourcePage.objects.editable_by(request.user).select_related("collectivite").filter(pk=pk).first()
    if page is not None:
        return page
    if RessourcePage.objects.visible_to(request.user).filter(pk=pk).exists():
        raise AccesReserve("à l’auteur, au référent et aux responsables", responsables(Domaine.RESSOURCES))
    raise Http404


@une_seule_fois
def ressource_update(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a sheet. Kept as a draft, or sent: published at once or reviewed, as a deposit is."""
    page = editable(request, pk)
    draft = edition.draft_of(page)
    form = FicheForm(form_data(request), page=page, draft=draft, agent=request.user)
    photo = photo_form(page, form_data(request))
    if request.method == "POST" and _all_valid(form, photo):
        done = _saved(request, page, form, photo)
        if done is not None:
            return done
    etat = edition.etats([page])[0][1]
    return render(
        request,
        "ressources/ressource_form.html",
        {
            "page": page,
            "fiche": draft,
            "form": form,
            "photo": photo,
            "verrou": edition.why_locked(page, request.user),
            "etat": etat,
            "ton": edition.TONS[etat],
            "lectorat": form.lectorat,
            "direct": publishes_at_once(request.user, page.collectivite),
            "remarques": situated(relecture.remarks_of(page)),
            "renvoi": _comment(page),
            "versions": VersionFichier.objects.filter(fichier__page=page).for_list().select_related("fichier"),
            "retirables": _withdrawable(page),
        },
    )


def photo_form(page: RessourcePage, data: QueryDict | None) -> PhotoForm | None:
    """Of a photo, which counts at once; None for a document."""
    known = Photo.objects.filter(page=page).first()
    pictures = VersionFichier.objects.filter(fichier__page=page).photos()
    if known is None and not (page.type.is_photo and pictures.exists()):
        return None
    return PhotoForm(data, photo=known, titre=page.draft_title)


def _all_valid(*forms: FicheForm | PhotoForm | None) -> bool:
    """Each is asked: all that is wrong is said at once."""
    valid = [form.is_valid() for form in forms if form is not None]
    return all(valid)


def _withdrawable(page: RessourcePage) -> set[StatutVersion]:
    return {StatutVersion.PUBLIEE} if page.workflow_in_progress else {StatutVersion.PUBLIEE, StatutVersion.A_RELIRE}


def _comment(page: RessourcePage) -> str:
    """Why it was sent back, as long as it was not sent again."""
    state = page.current_workflow_state
    if state is None or page.pk not in relecture.sent_back():
        return ""
    return state.current_task_state.specific.get_comment()


def _saved(request: HttpRequest, page: RessourcePage, form: FicheForm, photo: PhotoForm | None) -> HttpResponse | None:
    try:
        page, online = _written(request, page, form, photo)
    except RessourceRefusee as refusal:
        form.add_error(None, str(refusal))
        return None
    except ValidationError as error:
        for name, phrase in edition.phrases(error):
            field = {"title": "titre"}.get(name, name)
            form.add_error(field if field in form.fields else None, phrase)
        return None
    if "brouillon" in request.POST:
        messages.success(request, "Le brouillon est gardé. Vos lecteurs ne le voient pas encore.")
    elif online:
        messages.success(request, f"«\u00a0{page.title}\u00a0» est en ligne.")
    else:
        messages.success(request, "La fiche est envoyée à la relecture. Vous recevrez la réponse par courriel.")
    return redirect("ressources:document_list")


@transaction.atomic
def _written(
    request: HttpRequest, page: RessourcePage, form: FicheForm, photo: PhotoForm | None
) -> tuple[RessourcePage, bool]:
    """Its words and what its photo says, or neither."""
    page = edition.edit(page, request.user, form.values, base=form.cleaned_data["base"])
    if photo is not None and (photo.has_changed() or not Photo.objects.filter(page=page).exists()):
        accords.describe(page, request.user, photo.values)
    return page, "brouillon" not in request.POST and submit(page, request.user)


@require_safe
def ressource_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet as its readers will see it, for those who may change it."""
    return fiche(request, edition.draft_of(editable(request, pk)), en_apercu=True)


@require_POST
@une_seule_fois
def ressource_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as it stands."""
    page = editable(request, pk)
    try:
        online = submit(page, request.user)
    except RessourceRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        what = "est en ligne" if online else "est à relire. Vous recevrez la réponse par courriel"
        messages.success(request, f"«\u00a0{page.draft_title}\u00a0» {what}.")
    return redirect("ressources:document_list")


@require_POST
@une_seule_fois
def ressource_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the review, to be changed."""
    page = editable(request, pk)
    try:
        relecture.withdraw(page, request.user)
    except RessourceRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"«\u00a0{page.draft_title}\u00a0» n’est plus à relire. Vous pouvez le modifier.")
    return redirect("ressources:ressource_update", pk=pk)


@require_POST
@une_seule_fois
def remarque_traiter(request: HttpRequest, pk: int, echange: int) -> HttpResponse:
    """A remark of the review, taken into account by whoever changes the sheet."""
    page = editable(request, pk)
    echanges.settle(get_object_or_404(relecture.remarks_of(page), pk=echange), request.user)
    messages.success(request, "C’est noté comme traité.")
    return redirect("ressources:ressource_update", pk=pk)


@require_POST
@une_seule_fois
def version_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A deposit whose files replace those of a sheet, or are added to them."""
    page = editable(request, pk)
    if page.archivee_le:
        messages.error(request, "Ce document est archivé. Sortez-le de l’archive avant d’y ajouter un fichier.")
        return redirect("ressources:ressource_update", pk=pk)
    if page.workflow_in_progress:
        messages.info(request, "Ce document est en cours de relecture. Elle recommencera avec ce que vous enverrez.")
    depot = Depot.objects.create(
        pk=uuid.uuid4(),
        auteur=request.user,
        collectivite=acting(request),
        nouvelle_version_de=page,
        ajout="ajout" in request.POST,
    )
    return redirect("ressources:depot", uuid=depot.pk)


@une_seule_fois
def ressource_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the lists, after a word that says why; or back from there."""
    page = editable(request, pk)
    form = ArchiveForm(form_data(request))
    if request.method == "POST" and page.archivee_le:
        edition.bring_back(page, request.user)
        messages.success(request, f"«\u00a0{page.title}\u00a0» est de nouveau un brouillon.")
        return redirect("ressources:ressource_update", pk=pk)
    if request.method == "POST" and form.is_valid():
        edition.archive(page, request.user, form.cleaned_data["motif"])
        messages.success(request, f"«\u00a0{page.title}\u00a0» est archivé.")
        return redirect("ressources:document_list")
    return render(request, "ressources/ressource_archive.html", {"page": page, "form": form})


@une_seule_fois
def version_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A version that readers must not take any more, after a word that says why."""
    version = get_object_or_404(VersionFichier.objects.select_related("fichier__page"), pk=pk)
    page = editable(request, version.fichier.page_id)
    form = RetraitForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_version(version, par=request.user, motif=form.cleaned_data["motif"])
        except RessourceRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La version {version.numero} de «\u00a0{page.title}\u00a0» est retirée.")
            return redirect("ressources:ressource_update", pk=page.pk)
    return render(request, "ressources/version_withdraw.html", {"version": version, "page": page, "form": form})
