"""What the page of a loan shows of its convention and of its états des lieux, each block asking for its own."""

from django import template

from materiel.constats.elements import words_of
from materiel.enums import EtatElement
from materiel.models import Element
from materiel.suivi.suivi_contrat import SuiviConstats, SuiviConvention, follow_constats, follow_convention

register = template.Library()

TONS = {
    EtatElement.BON: ("ok", "check-circle"),
    EtatElement.USE: ("wait", "dash-circle"),
    EtatElement.ABIME: ("alert", "exclamation-triangle"),
    EtatElement.MANQUE: ("alert", "x-circle"),
}


@register.simple_tag(takes_context=True)
def convention_du_pret(context: template.Context) -> SuiviConvention:
    return follow_convention(context["dossier"], context["request"].user)


@register.simple_tag(takes_context=True)
def constats_du_pret(context: template.Context) -> SuiviConstats:
    return follow_constats(context["dossier"], context["request"].user)


@register.filter
def ton_etat(etat: str) -> str:
    """« ok », « wait », « alert »: the colour of a state, which its icon and its words also say."""
    return TONS[EtatElement(etat)][0]


@register.filter
def icone_etat(etat: str) -> str:
    return TONS[EtatElement(etat)][1]


@register.filter
def mot_etat(element: Element) -> str:
    """« Bon état », « Manque 1 sur 4 »."""
    words = words_of(element)
    return words[:1].upper() + words[1:]
