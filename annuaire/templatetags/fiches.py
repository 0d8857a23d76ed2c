"""Words of the cards."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def arobase(courriel: str) -> SafeString:
    """An address that may go to the next line before its « @ », rather than anywhere."""
    local, _, domain = courriel.partition("@")
    return format_html("{}<wbr>@{}", local, domain)
