"""A portrait: put on, taken off, and given to whoever may read the card."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from annuaire.annonces import tell_changed
from annuaire.forms.photo import PhotoForm
from annuaire.models import Photo
from annuaire.photos import consentement, depot
from annuaire.views.commun import card_of, kept
from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Agent
from extranet.lib.fichiers import file_response
from extranet.lib.uploads import FichierRefuse
from extranet.lib.uploads.reception import LOURD, PLEIN

logger = logging.getLogger(__name__)

TAILLES = {"portrait": "fichier", "vignette": "vignette"}
ENVOI = {
    LOURD: "Cet envoi est trop lourd\u00a0: 15\u00a0Mo au plus. Réduisez la photo, puis recommencez.",
    PLEIN: depot.PLEIN,
}


@une_seule_fois
def photo_update(request: HttpRequest, slug: str) -> HttpResponse:
    """The portrait of a card: the text of the agreement, the picture; the former one goes."""
    personne = kept(request, slug)
    own = personne.pk == request.user.pk
    form = PhotoForm(form_data(request), request.FILES or None, pour="" if own else personne.nom_complet)
    if why := getattr(request, "refus_envoi", "") if request.method == "POST" else "":
        form.errors.pop("photo", None)
        form.add_error("photo", ENVOI[why])
    elif request.method == "POST" and form.is_valid() and (done := _deposited(request, personne, form)):
        return done
    photo = Photo.objects.filter(agent=personne).select_related("consentement__par").first()
    context = {"personne": personne, "form": form, "photo": photo, "texte": consentement.texte(), "sienne": own}
    return render(request, "annuaire/photo_form.html", context)


def _deposited(request: HttpRequest, personne: Agent, form: PhotoForm) -> HttpResponse | None:
    try:
        depot.deposit(personne, form.cleaned_data["photo"], request.user)
    except FichierRefuse as refusal:
        form.add_error("photo", str(refusal))
        return None
    tell_changed(personne, request.user, ["Votre photo a été ajoutée, avec votre accord écrit"])
    messages.success(request, "La photo est sur la fiche.")
    return redirect("annuaire:photo_update", slug=personne.slug)


@require_POST
def photo_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Off at once, without a question: as easy to take back as to give (RGPD art. 7.3)."""
    personne = kept(request, slug)
    if depot.withdraw(personne, request.user):
        tell_changed(personne, request.user, ["Votre photo a été retirée"])
        messages.success(request, "La photo est supprimée. Les initiales la remplacent partout.")
    else:
        messages.info(request, "Cette fiche n’a pas de photo.")
    return redirect(card_of(request, personne))


@require_safe
def photo_read(request: HttpRequest, cle: str, taille: str) -> HttpResponse:
    """The picture itself, asked for again each time: withdrawn, it is gone from every screen."""
    if taille not in TAILLES:
        raise Http404
    photo = get_object_or_404(Photo.objects.visible_to(request.user), cle=cle)
    try:
        return file_response(
            request, getattr(photo, TAILLES[taille]), name=f"{taille}.webp", etag=f"{photo.cle}-{taille}"
        )
    except FileNotFoundError as error:
        logger.exception("Le fichier de %r a disparu du stockage.", photo)
        raise Http404 from error
