"""Keeping a card: changing it, confirming it, hiding it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.fiche import opposition, relecture
from annuaire.fiche.modifier import change
from annuaire.forms.fiche import FicheForm
from annuaire.models import Photo
from annuaire.permissions import decides_for, postes_kept
from annuaire.views.commun import card_of, kept
from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.demi_journees import parity


@require_safe
def ma_fiche(request: HttpRequest) -> HttpResponse:
    """One’s own card, whoever one is: the address that a message may give to many."""
    return redirect(f"{request.user.get_absolute_url()}#ma-fiche")


@une_seule_fois
def fiche_update(request: HttpRequest, slug: str) -> HttpResponse:
    """One’s own card, or the part of it that one keeps."""
    personne = kept(request, slug)
    own = personne.pk == request.user.pk
    form = FicheForm(
        form_data(request),
        personne=personne,
        postes=postes_kept(request.user, personne),
        choix=decides_for(request.user, personne),
        sienne=own,
    )
    if request.method == "POST" and form.is_valid():
        changes = change(form, request.user)
        if own:
            words = "Votre fiche est à jour." if changes else "Rien n’a changé. Votre fiche est notée comme juste."
        else:
            words = f"La fiche est à jour. {personne} en est prévenu·e." if changes else "Rien n’a changé."
        messages.success(request, words)
        return redirect(card_of(request, personne))
    today = timezone.localdate()
    context = {
        "form": form,
        "personne": personne,
        "sienne": own,
        "retour": card_of(request, personne),
        "photo": Photo.objects.filter(agent=personne).first(),
        "ailleurs": [one for one in personne.postes_en_cours if one not in form.postes],
        "semaine": f"n°\u00a0{today.isocalendar().week}, {parity(today).label.removeprefix('semaines ')[:-1]}",
    }
    return render(request, "annuaire/fiche_form.html", context)


@require_POST
def fiche_confirm(request: HttpRequest) -> HttpResponse:
    """« C’est juste »: one click."""
    relecture.confirm(request.user)
    messages.success(request, "Merci. Votre fiche est notée comme juste, nous vous le redemanderons dans un an.")
    return redirect(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def visibilite(request: HttpRequest) -> HttpResponse:
    """What hiding one’s card does, and the button that does it; then the one that shows it again."""
    personne = request.user
    if request.method == "POST":
        if "cacher" in request.POST:
            opposition.hide(personne)
            messages.success(request, "Votre fiche est cachée\u00a0: page, listes, recherche et trombinoscopes.")
        elif "montrer" in request.POST:
            opposition.show(personne)
            messages.success(request, "Votre fiche est de nouveau dans l’annuaire.")
        return redirect("annuaire:visibilite")
    return render(request, "annuaire/fiche_visibilite.html", {"reste": opposition.what_stays(personne)})
