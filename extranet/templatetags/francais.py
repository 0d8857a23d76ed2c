"""Filters of `extranet.lib`: `{% load francais %}` then `{{ session.date_debut|date_longue }}`."""

from django import template
from django.template.defaultfilters import pluralize

from extranet.lib import feuillets, francais, noms, typographie

register = template.Library()

for ecrire in (
    francais.jour,
    francais.date_longue,
    francais.date_courte,
    francais.date_relative,
    francais.mois_court,
    francais.heure,
    francais.moment,
    francais.telephone,
    francais.tel,
    francais.milliers,
    francais.euros,
    francais.poids,
    francais.en_lettres,
    noms.initiales,
    noms.de_nom,
    feuillets.feuillet,
    feuillets.feuillets,
):
    register.filter(ecrire.__name__, ecrire)
register.filter("typo", typographie.space)


@register.filter("pluralize")
def pluriel(value: object, endings: str = "s") -> str:
    """Django’s, with the rule of French: nothing is singular, « 0 prêt »."""
    return pluralize(value or 1, endings)
