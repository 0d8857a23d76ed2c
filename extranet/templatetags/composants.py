"""What the components of `templates/cotton/` cannot say in the template language."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, MultiWidget, RadioSelect, Select, Textarea
from django.http import HttpRequest
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from extranet.lib.apports import Onglet

register = template.Library()


@register.filter
def pages(page_obj: Page) -> Iterator[int | str]:
    """Page numbers around the current one and at both ends, « … » between."""
    return page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)


@register.filter
def nature(champ: BoundField) -> str:
    """How `<c-champ>` lays a field out: caché, case, choix, groupe or controle."""
    widget = champ.field.widget
    if widget.is_hidden:
        return "caché"
    if isinstance(widget, CheckboxInput):
        return "case"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choix"
    return "groupe" if isinstance(widget, MultiWidget) else "controle"


@register.filter
def controle(champ: BoundField, classes: str = "") -> SafeString:
    """The widget alone, with the classes of the house; Django itself ties help and errors by aria-describedby.

    Several lines have no `maxlength`: a browser cuts what is pasted without a word, where the form says by how much it
    is too long and keeps all of it.
    """
    widget = champ.field.widget
    if isinstance(widget, CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, Select):
        base = "form-select"
    else:
        base = "form-control"
    parts = [base, classes, widget.attrs.get("class", ""), "is-invalid" if champ.errors else ""]
    attrs = {"class": " ".join(filter(None, parts))}
    if isinstance(widget, Textarea):
        attrs["maxlength"] = False
    return champ.as_widget(attrs=attrs)


@register.filter
def cible(champ: BoundField) -> str:
    """The id that a link of the error summary leads to: for radios and boxes, the first one."""
    return champ.id_for_label or f"{champ.auto_id}_0"


@register.filter
def erreurs_champs(form: BaseForm) -> list[BoundField]:
    """The fields to correct, in their order on the page."""
    return [champ for champ in form if champ.errors]


@register.filter
def nb_erreurs(form: BaseForm) -> int:
    """How many lines the error summary has: one a field, one a general error."""
    return len(form.non_field_errors()) + len(erreurs_champs(form))


@register.filter
def deux_parties(texte: str) -> list[str]:
    """« Publier|visible par 612 personnes » in two: the words, and what they imply."""
    titre, _, suite = str(texte).partition("|")
    return [titre.strip(), suite.strip()]


@register.filter
def onglet_courant(request: HttpRequest, onglet: "Onglet") -> str:
    """Value of `aria-current` of a tab: « page » on its own page, « true » on a page under it, nothing elsewhere."""
    if request.path == onglet.url:
        return "page"
    return "true" if onglet.url != "/" and request.path.startswith(onglet.url) else ""
