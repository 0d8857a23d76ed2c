"""What several pages need: who keeps the card of an address, where one goes back, what undoing has left."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from annuaire.permissions import can_keep
from collectivites.models import Agent
from collectivites.refus import AccesReserve, gestionnaires
from collectivites.reprises import Bilan


def kept(request: HttpRequest, slug: str) -> Agent:
    """The person whose card one keeps. 404 when one does not see it; AccesReserve when one only reads it."""
    seen = Agent.objects.visible_to(request.user) | Agent.objects.editable_by(request.user)
    personne = get_object_or_404(seen, slug=slug)
    if personne.pk == request.user.pk:
        return request.user
    if not can_keep(request.user, personne):
        places = [poste.collectivite for poste in personne.postes_en_cours]
        words = " et ".join(place.de_nom for place in places[:2])
        raise AccesReserve(f"à la personne et aux gestionnaires {words}".strip(), gestionnaires(places))
    return personne


def card_of(request: HttpRequest, personne: Agent) -> str:
    """Where one goes back: the card, or its form for whoever keeps a card that is hidden."""
    if personne.oppose_le is None or personne.pk == request.user.pk:
        return personne.get_absolute_url()
    return reverse("annuaire:fiche_update", args=[personne.slug])


def left_words(bilan: Bilan) -> str:
    """The end of the sentence that says a merge undone: what somebody had changed since."""
    match bilan.laissees:
        case 0:
            return ""
        case 1:
            return " Une ligne a changé depuis, et reste où elle est."
    return f" {bilan.laissees} lignes ont changé depuis, et restent où elles sont."
