"""« Déposer un document »: its files one by one, then one screen for the rest."""

import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.models import Agent, Collectivite
from collectivites.refus import AccesReserve, responsables
from extranet.lib.uploads.reception import LOURD, PLEIN
from ressources import depots
from ressources.enums import EtatDepot
from ressources.forms.deposer import DepotForm, LigneForm, described_of, fautes, forms_of
from ressources.forms.lecteurs import LecteursForm
from ressources.forms.photo import PhotosForm
from ressources.models import Depot, FichierDepose, RessourcePage
from ressources.permissions import can_deposit, publishes_at_once
from ressources.soumission import Commun, send
from ressources.tasks import lire_depose
from ressources.versions import RessourceRefusee

PARTI = "Ce dépôt est déjà parti. Retrouvez ses documents ci-dessous."
PARTI_SANS = "Ce dépôt est déjà parti, sans le fichier que vous venez d’envoyer. Déposez-le de nouveau."


class DepotParti(Exception):
    """The deposit was sent, from another tab or before one came back to its page."""


def tant_qu_il_est_la(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a deposit that was sent leads to what became of it."""

    @wraps(view)
    def here(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DepotParti:
            messages.info(request, PARTI_SANS if request.FILES else PARTI)
            where = reverse("ressources:document_list")
            return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)

    return here


def acting(request: HttpRequest) -> Collectivite:
    """For whom one deposits. Raises AccesReserve without a poste in force."""
    if not can_deposit(request.user, request.collectivite):
        raise AccesReserve("aux agents et aux élus en poste", responsables(Domaine.RESSOURCES))
    return request.collectivite


@require_safe
def deposer(request: HttpRequest) -> HttpResponse:
    """The deposit that one had begun for this collectivité, else a new one: its row is made at its first file."""
    mine = Depot.objects.visible_to(request.user).filter(collectivite=acting(request), nouvelle_version_de=None)
    begun = mine.filter(fichiers__isnull=False).order_by("-created_at").first()
    return redirect("ressources:depot", uuid=begun.pk if begun else uuids.uuid4())


@tant_qu_il_est_la
@une_seule_fois
def depot(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The deposit on the screen, and its sending."""
    here = begun(request, uuid)
    lines = lines_of(here)
    data = form_data(request)
    form = DepotForm(data, agent=request.user, collectivite=here.collectivite)
    answers = list(forms_of(lines, request.user, data))
    photos = PhotosForm(data, collectivite=here.collectivite)
    if request.method == "POST":
        sent = _send(request, here, form, answers, photos)
        if sent is not None:
            return sent
    return render(request, "ressources/depot/depot.html", context(request, here, lines, form, answers, photos))


def _send(
    request: HttpRequest, here: Depot, form: DepotForm, answers: list[LigneForm], photos: PhotosForm
) -> HttpResponse | None:
    """Where one goes once it is done; None when something is to be corrected."""
    if any(one.ligne.etat == EtatDepot.LECTURE for one in answers):
        form.add_error(None, "La lecture d’un fichier n’est pas finie. Attendez un instant, ou retirez-le.")
    described = described_of(answers)
    for one in described:
        one.photos = photos
    asked = [] if here.nouvelle_version_de_id else [form]
    asked += [photos] if described else []
    if not all(one.is_valid() for one in [*asked, *answers]) or form.errors.get(NON_FIELD_ERRORS):
        return None
    draft = "brouillon" in request.POST
    commun = form.commun if form in asked else Commun((), None, None)
    try:
        pages = send(here, [(one.ligne, one.fiche) for one in answers], commun, draft=draft)
    except RessourceRefusee as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _done(request.user, pages, draft=draft))
    return redirect("ressources:document_list")


def _done(agent: Agent, pages: list[RessourcePage], *, draft: bool) -> str:
    number = len(pages)
    what = f"Vos {number}\u00a0documents sont" if number > 1 else "Votre document est"
    if draft:
        return f"{what} en brouillon\u00a0: vous seul·e {'les' if number > 1 else 'le'} voyez."
    online = sum(publishes_at_once(agent, page.collectivite) for page in pages)
    if online == number:
        return f"{what} en ligne."
    if online:
        what = f"Sur vos {number}\u00a0documents, {online} en ligne et {number - online}"
    return f"{what} à relire. Vous recevrez la réponse par courriel."


@require_POST
@tant_qu_il_est_la
def fichier_create(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What has just been sent: one file, several, or an archive. The lines alone for a script, else the whole page."""
    here = begun(request, uuid)
    if not request.FILES:
        return _answer(request, here, [_nothing(request, here)])
    here = depots.open_depot(uuid, request.user, here.collectivite)
    if here is None:
        raise DepotParti
    received = [line for sent in request.FILES.getlist("fichiers") for line in _received(request, here, sent)]
    if getattr(request, "refus_envoi", ""):
        received.append(_nothing(request, here))
    for line in received:
        if line.pk and line.etat == EtatDepot.LECTURE:
            lire_depose.enqueue(line.pk)
    return _answer(request, here, received)


def _answer(request: HttpRequest, here: Depot, received: list[FichierDepose]) -> HttpResponse:
    if request.htmx:
        return _fragment(request, here, received, "ressources/depot/_recues.html")
    for line in received:
        if line.pk is None:
            messages.error(request, line.motif)
    return redirect("ressources:depot", uuid=here.pk)


def _received(request: HttpRequest, here: Depot, sent: Any) -> list[FichierDepose]:
    """The last field of the form tells that all of it came: a file without it was cut on its way."""
    if "fin" not in request.POST:
        return [depots.refuse(here, sent.name, depots.INTERROMPU.format(nom=sent.name))]
    return depots.receive(here, sent)


def _nothing(request: HttpRequest, here: Depot) -> FichierDepose:
    """Why no file, or not all of them, came: a line that is shown and not kept."""
    nom = unquote(request.headers.get("X-Nom", "")) or "votre fichier"
    phrases = {
        LOURD: depots.LOURD,
        PLEIN: depots.PLEIN.format(nom=nom),
        "": "Aucun fichier n’a été reçu. Choisissez-en un, puis recommencez."
        if "fin" in request.POST
        else depots.INTERROMPU.format(nom=nom),
    }
    motif = phrases[getattr(request, "refus_envoi", "")]
    return FichierDepose(depot=here, nom=nom[:255], etat=EtatDepot.REFUSE, motif=motif)


@require_safe
@tant_qu_il_est_la
def fichier_detail(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """One line, asked again while its file is read."""
    here = begun(request, uuid)
    line = get_object_or_404(here.fichiers.select_related("depot__auteur", *RELATED), pk=pk)
    if depots.is_lost(line):
        line = depots.give_up(line)
    if line.etat == EtatDepot.LECTURE:
        return HttpResponse(status=204)
    return _fragment(request, here, [line], "ressources/depot/_relue.html")


@require_POST
@tant_qu_il_est_la
def fichier_remove(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    here = begun(request, uuid)
    line = here.fichiers.filter(pk=pk).first() if not here._state.adding else None
    if line is not None:
        depots.remove(line)
    if not request.htmx:
        return redirect("ressources:depot", uuid=uuid)
    # A refused file has no fold on the page.
    retire = None if line is not None and line.etat == EtatDepot.REFUSE else pk
    return _fragment(request, here, [], "ressources/depot/_retiree.html", retire=retire)


@require_safe
def lecteurs(request: HttpRequest) -> HttpResponse:
    """« 612 personnes pourront lire ces documents »: asked at each change of the answer."""
    acting(request)
    form = LecteursForm(request.GET, agent=request.user)
    return render(request, "ressources/depot/_lecteurs.html", {"lectorat": form.lectorat, "oob": True})


RELATED = (
    "depot__nouvelle_version_de__photo",
    "jumeau__fichier__page__collectivite",
    "jumeau__fichier__page__photo",
    "version_de__page__photo",
    "theme_propose",
    "type_propose",
)


def begun(request: HttpRequest, uuid: UUID) -> Depot:
    """The deposit of that key, perhaps without a row yet; somebody else's is not found. Raises DepotParti."""
    found = Depot.objects.select_related("auteur", "collectivite", "nouvelle_version_de").filter(pk=uuid).first()
    if found is None:
        return Depot(pk=uuid, auteur=request.user, collectivite=acting(request))
    if found.auteur_id != request.user.pk:
        raise Http404
    if found.envoye_le is not None:
        raise DepotParti
    if not can_deposit(request.user, found.collectivite):
        acting(request)
        raise Http404
    return found


def lines_of(here: Depot) -> list[FichierDepose]:
    if here._state.adding:
        return []
    lines = here.fichiers.defer("texte").select_related("depot__auteur", *RELATED)
    return [depots.give_up(line) if depots.is_lost(line) else line for line in lines]


def context(
    request: HttpRequest,
    here: Depot,
    lines: list[FichierDepose],
    form: DepotForm,
    answers: list[LigneForm],
    photos: PhotosForm,
) -> dict[str, Any]:
    by_line = {one.ligne.pk: one for one in answers}
    return {
        "depot": here,
        "lignes": [(line, by_line.get(line.pk)) for line in lines],
        "form": form,
        "reponses": answers,
        "bilan": balance(lines),
        "lectorat": form.lectorat,
        "photos": photos,
        "fautes": fautes(
            form, [*([photos] if any(one.is_photo and one.is_described for one in answers) else []), *answers]
        ),
        "direct": publishes_at_once(request.user, (here.nouvelle_version_de or here).collectivite),
        "relecteurs": responsables(Domaine.RESSOURCES),
        "visibles": shown(request, lines),
        "oob": False,
    }


def shown(request: HttpRequest, lines: list[FichierDepose]) -> set[int]:
    """Pages of twins that this person may still open: a diffusion may have narrowed since the file was sent."""
    pks = {line.jumeau.fichier.page_id for line in lines if line.jumeau_id}
    readable = RessourcePage.objects.visible_to(request.user), RessourcePage.objects.editable_by(request.user)
    return {pk for pages in readable for pk in pages.filter(pk__in=pks).values_list("pk", flat=True)}


def balance(lines: list[FichierDepose]) -> dict[str, int]:
    states = [line.etat for line in lines]
    return {
        "total": len(lines),
        "prets": states.count(EtatDepot.PRET),
        "en_lecture": states.count(EtatDepot.LECTURE),
        "refuses": states.count(EtatDepot.REFUSE),
        "documents": states.count(EtatDepot.PRET) + states.count(EtatDepot.LECTURE),
    }


def _fragment(
    request: HttpRequest, here: Depot, lines: list[FichierDepose], template: str, **more: object
) -> HttpResponse:
    """Lines, with what changes beside them: the counts and the summary. Never stored by the browser."""
    every = lines_of(here)
    answers = {one.ligne.pk: one for one in forms_of(every, request.user)}
    unsaved = [line for line in lines if line.pk is None]
    pks = {line.pk for line in lines}
    chosen = [line for line in every if line.pk in pks] + unsaved
    response = render(
        request,
        template,
        {
            "depot": here,
            "lignes": [(line, answers.get(line.pk)) for line in chosen],
            "reponses": list(answers.values()),
            "bilan": balance(every),
            "visibles": shown(request, every),
            "oob": True,
            **more,
        },
    )
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "private, no-store"
    return response
