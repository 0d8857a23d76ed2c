"""The button that keeps a search."""

from urllib.parse import urlencode, urlsplit

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def garder_url(liste: str, adresse: str) -> str:
    """Where the search of this address is kept; empty when it asks for nothing."""
    query = urlsplit(adresse).query
    return f"{reverse('search:gardee_create')}?{urlencode({'liste': liste, 'demande': query})}" if query else ""
