"""Hidden fields of forms."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from collectivites import cles

register = template.Library()


@register.simple_tag(takes_context=True)
def cle_unique(context: template.Context) -> SafeString:
    """The one-use key of a creating form; a form sent again unchanged keeps its key."""
    request = context["request"]
    value = request.POST.get(cles.CHAMP) or cles.make(request)
    return format_html('<input type="hidden" name="{}" value="{}">', cles.CHAMP, value)
