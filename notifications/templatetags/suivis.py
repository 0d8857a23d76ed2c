"""`{% load suivis %}{% suivre theme %}`: the button that follows a thing, or no longer."""

from django import template
from django.db import models

from notifications import abonnements
from notifications.models import Abonnement

register = template.Library()


@register.inclusion_tag("notifications/_suivre.html", takes_context=True)
def suivre(context: template.Context, objet: models.Model) -> dict:
    """One query: not for lists."""
    request, code = context["request"], abonnements.code_of(objet)
    suivi = Abonnement.objects.visible_to(request.user).filter(objet=code).exists()
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "code": code,
        "suivi": suivi,
        "libelle": str(objet),
    }
