"""What one may do with a photo, in words: its credit ready to be copied, and what its licence asks."""

from extranet.lib.francais import NBSP
from ressources.enums import LIBRES, Licence
from ressources.models import RessourcePage

USAGES = {
    Licence.INTERNE: "Les collectivités membres s’en servent, avec le crédit. Elle ne se donne à personne d’autre.",
    Licence.LICENCE_OUVERTE: "Tout le monde peut la reprendre, en disant d’où elle vient.",
    Licence.CC_BY: "Tout le monde peut la reprendre, en donnant le crédit.",
    Licence.CC_BY_SA: "Tout le monde peut la reprendre, en donnant le crédit et en gardant cette licence.",
    Licence.TIERS: "Les droits sont à quelqu’un d’autre\u00a0: demandez-lui avant de la publier.",
}


def is_libre(page: RessourcePage) -> bool:
    return page.licence in LIBRES


def credit_of(page: RessourcePage) -> str:
    """« « Le marché », Mairie de Bourg, CC BY 4.0 »: what is written under it, in a bulletin or on a site."""
    words = [f"«{NBSP}{page.title}{NBSP}»", page.credit or page.collectivite.nom]
    if is_libre(page):
        words.append(page.get_licence_display())
    return ", ".join(words)


def usage_of(page: RessourcePage) -> str:
    return USAGES[Licence(page.licence)]
