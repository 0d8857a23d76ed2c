"""« Proposer un matériel » and « Modifier »: one page, five questions, the rest folded."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Agent, Collectivite
from extranet.lib.uploads import FichierRefuse
from extranet.lib.uploads.reception import LOURD, PLEIN
from materiel.dessins import drawing_of
from materiel.forms.proposer import MaterielForm
from materiel.models import Besoin, Materiel
from materiel.models.page import PHOTOS_MAX
from materiel.parc import edition, photos, propositions
from materiel.parc.propositions import Contenu
from materiel.refus import PretRefuse, StockPromis
from materiel.suivi import resumes
from materiel.views.commun import acting, editable

ENVOI = {
    LOURD: "Cet envoi est trop lourd\u00a0: 15\u00a0Mo au plus par photo. Réduisez-la, puis recommencez.",
    PLEIN: "Le disque du serveur est plein\u00a0: la photo n’a pas été gardée. Prévenez l’équipe de l’extranet.",
}


@une_seule_fois
def materiel_create(request: HttpRequest) -> HttpResponse:
    """A new thing of the collectivité for which one acts. With htmx, what follows from the name and the category."""
    place = acting(request)
    data = form_data(request) or (request.GET if request.htmx else None)
    form = MaterielForm(data, agent=request.user, collectivite=place, instance=Materiel(collectivite=place))
    shown = _photos(request, form, data)
    if request.method == "GET" and request.htmx:
        return _alive(request, form, place, shown)
    if request.method == "POST" and "retirer" not in request.POST and form.is_valid() and not form.errors:
        made = propositions.make(
            form.save(commit=False), _content(form, shown), request.user, lambda row: form.save_m2m()
        )
        done = _finished(request, form, made)
        if done is not None:
            return done
    return render(request, "materiel/proposer.html", _context(request.user, form, place, shown))


@une_seule_fois
def materiel_update(request: HttpRequest, pk: int) -> HttpResponse:
    """What one changes of it: a draft goes on where it was left, a sheet online is changed at once."""
    thing = editable(request, pk)
    place, page = thing.collectivite, thing.page.get_latest_revision_as_object()
    data = form_data(request) or (request.GET if request.htmx else None)
    form = MaterielForm(data, agent=request.user, collectivite=place, instance=thing)
    shown = _photos(request, form, data, page)
    if request.method == "GET" and request.htmx:
        return _alive(request, form, place, shown)
    if request.method == "POST" and "retirer" not in request.POST and form.is_valid() and not form.errors:
        done = _changed(request, form, thing, shown)
        if done is not None:
            return done
    context = _context(request.user, form, place, shown) | {
        "materiel": thing,
        "page": thing.page,
        "lu": propositions.is_read(thing.page),
        "renvoi": propositions.why_sent_back(thing.page),
    }
    return render(request, "materiel/proposer.html", context)


def _changed(request: HttpRequest, form: MaterielForm, thing: Materiel, shown: list) -> HttpResponse | None:
    form.save(commit=False)
    champs = [name for name in form.changed_data if name in form.Meta.fields and name != "habilitations"]
    if "lieu" in form.cleaned_data:
        thing.lieu = form.cleaned_data["lieu"]
        champs.append("lieu")
    if form.nouveau:
        champs = [name for name in form.Meta.fields if name != "habilitations"] + ["lieu"]
    draft = "brouillon" in request.POST
    try:
        edition.edit(
            thing,
            _content(form, shown),
            request.user,
            champs=champs,
            base=form.cleaned_data["base"],
            online=not draft,
            after=form.save_m2m,
        )
    except PretRefuse as refusal:
        counted = "stock" if "stock" in form.fields else "numeros"
        form.add_error(counted if isinstance(refusal, StockPromis) else None, str(refusal))
        thing.refresh_from_db(fields=["stock", "mode"])
        return None
    page = Page.objects.get(pk=thing.page_id).specific
    return _told(request, thing, online=page.live and not draft, draft=draft)


def _finished(request: HttpRequest, form: MaterielForm, made: Materiel) -> HttpResponse | None:
    """What was just written: kept for later, online, or to be read."""
    if "brouillon" in request.POST:
        return _told(request, made, online=False, draft=True)
    try:
        online = propositions.publish(made, request.user)
    except PretRefuse as refusal:
        messages.warning(request, f"La fiche est gardée en brouillon. {refusal}")
        return redirect("materiel:materiel_update", pk=made.pk)
    return _told(request, made, online=online, draft=False)


def _told(request: HttpRequest, thing: Materiel, *, online: bool, draft: bool) -> HttpResponse:
    nom = f"«\u00a0{thing.page.title if online else thing.page.draft_title}\u00a0»"
    if draft:
        messages.success(
            request, f"{nom} est gardé en brouillon\u00a0: seuls les gestionnaires de la commune le voient."
        )
        return redirect("materiel:materiel_update", pk=thing.pk)
    if online:
        messages.success(request, f"{nom} est en ligne. Vos voisins peuvent le demander.")
        return redirect(thing.page.specific.adresse)
    messages.success(request, f"{nom} est à relire. Vous recevrez la réponse par courriel.")
    return redirect("materiel:materiel_update", pk=thing.pk)


def _content(form: MaterielForm, shown: list) -> Contenu:
    data = form.cleaned_data
    form.instance.lieu = data["lieu"]
    return Contenu(
        nom=data["nom"],
        stock=data.get("stock") or form.instance.stock,
        accroche=data["accroche"],
        description=data.get("description") if "description" in form.fields else None,
        accessoires=data["accessoires"],
        numeros=data.get("numeros") or [],
        photos=shown,
    )


def _photos(request: HttpRequest, form: MaterielForm, data: Any, page: Any = None) -> list:
    """Those of the page as it is being written; what has just been sent is kept whatever the rest of the form."""
    if data is None:
        return photos.photos_of(page) if page is not None else []
    removed = set(data.getlist("retirer"))
    shown = photos.chosen(request.user, [pk for pk in data.getlist("photos") if pk not in removed], page)
    why = getattr(request, "refus_envoi", "") if request.method == "POST" else ""
    if why:
        form.add_error("photo", ENVOI[why])
    for sent in request.FILES.getlist("photo"):
        if len(shown) >= PHOTOS_MAX:
            form.add_error("photo", photos.TROP)
            break
        try:
            shown.append(photos.receive(request.user, sent))
        except FichierRefuse as refusal:
            form.add_error("photo", str(refusal))
    return shown


@require_POST
def photo_create(request: HttpRequest) -> HttpResponse:
    """Photos sent as soon as they are chosen: the fragment that shows them, with what was refused."""
    place = acting(request)
    form = MaterielForm(request.POST, agent=request.user, collectivite=place, instance=Materiel(collectivite=place))
    form.errors.clear()
    page = None
    if request.POST.get("materiel", "").isdecimal():
        page = editable(request, int(request.POST["materiel"])).page.get_latest_revision_as_object()
    shown = _photos(request, form, request.POST, page)
    response = render(request, "materiel/_photos.html", {**_context(request.user, form, place, shown), "oob": True})
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@une_seule_fois
def materiel_copy(request: HttpRequest, pk: int) -> HttpResponse:
    made = propositions.copy(editable(request, pk), request.user)
    messages.success(request, "Voici une copie en brouillon\u00a0: changez son nom et ce qui diffère, puis publiez-la.")
    return redirect("materiel:materiel_update", pk=made.pk)


@require_POST
@une_seule_fois
def materiel_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the review, to be changed."""
    propositions.take_back(editable(request, pk), request.user)
    messages.success(request, "La fiche n’est plus à relire. Vous pouvez la modifier.")
    return redirect("materiel:materiel_update", pk=pk)


@require_safe
def materiel_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet as its readers will see it, for those who look after it."""
    return editable(request, pk).page.get_latest_revision_as_object().serve_preview(request, "")


def _alive(request: HttpRequest, form: MaterielForm, place: Collectivite, shown: list) -> HttpResponse:
    form.errors.clear()
    response = render(
        request, "materiel/_proposer_vivant.html", {**_context(request.user, form, place, shown), "oob": True}
    )
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "private, no-store"
    return response


def _context(agent: Agent, form: MaterielForm, place: Collectivite, shown: list) -> dict[str, Any]:
    category = form.choisie
    wanted = (
        Besoin.objects.open().filter(categorie=category).exclude(collectivite=place)
        if category
        else Besoin.objects.none()
    )
    return {
        "form": form,
        "collectivite": place,
        "photos": shown,
        "categorie": category,
        "dessin": drawing_of(form["nom"].value()),
        "plis": resumes.plis(form),
        "ouverts": resumes.ouverts(form),
        "relue": form.nouveau and propositions.is_reviewed(agent),
        "cherche": wanted.select_related("collectivite").order_by("date_debut").first(),
        "materiel": None,
        "page": None,
        "lu": False,
        "renvoi": "",
        "oob": False,
    }
