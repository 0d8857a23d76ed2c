"""The one form of a model: what stays true for the collectivité, then what is of this document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from extranet.lib.francais import milliers
from extranet.lib.typographie import space
from ressources.remplir.actes import Demande
from ressources.remplir.champs import MAX_NOMBRE, PAR_CODE, Champ, Nature, Source
from ressources.remplir.ecriture import MAX_TEXTE, MAX_VALEUR, Saisie, contradicted, quorum

if TYPE_CHECKING:
    from django.http import QueryDict

MAX_POPULATION = 9_999_999
_COMPTES = ("pour", "contre", "abstentions")


@dataclass
class Groupe:
    nom: str
    courts: list[forms.BoundField] = field(default_factory=list)
    longs: list[forms.BoundField] = field(default_factory=list)


class RemplirForm(forms.Form):
    """Nothing is required: what is left empty is written as a blank to complete by hand."""

    def __init__(self, data: "QueryDict | None", *, demande: Demande) -> None:
        super().__init__(data)
        self.demande = demande
        for champ in [*demande.a_garder, *demande.du_jour]:
            asked = _field(champ)
            if said := demande.aides.get(champ.code):
                asked.help_text = f"{asked.help_text} {space(said)}".strip()
            kept = demande.gardees.get(champ.code)
            if champ.source != Source.JOUR:
                asked.initial = kept.valeur if kept else None
            elif champ.code == "date_acte":
                asked.initial = timezone.localdate()
            self.fields[champ.code] = asked

    @property
    def a_garder(self) -> list[forms.BoundField]:
        return [self[champ.code] for champ in self.demande.a_garder]

    @property
    def du_jour(self) -> list["Groupe"]:
        """By group of the list, in its order; what takes several lines comes after the rest."""
        groups: dict[str, Groupe] = {}
        for champ in self.demande.du_jour:
            group = groups.setdefault(champ.groupe, Groupe(champ.groupe))
            (group.longs if champ.nature == Nature.LIGNES else group.courts).append(self[champ.code])
        return list(groups.values())

    @property
    def saisies(self) -> dict[str, Saisie]:
        return self.cleaned_data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        members, present, given = (cleaned.get(name) for name in ("conseillers", "nb_presents", "nb_pouvoirs"))
        if None not in (members, present) and present > members:
            self.add_error("nb_presents", f"Le conseil compte {members}\u00a0membres en exercice.")
        if None not in (members, present, given) and present <= members < present + given:
            self.add_error("nb_pouvoirs", f"Présents et pouvoirs dépassent les {members}\u00a0conseillers en exercice.")
        votes = [cleaned.get(name) for name in _COMPTES]
        if None not in (*votes, present, given) and sum(votes) > present + given:
            self.add_error("pour", f"Les voix dépassent les {present + given}\u00a0votants.")
        start, end = cleaned.get("date_debut"), cleaned.get("date_fin")
        if start and end and end < start:
            self.add_error("date_fin", "La fin vient après le début.")
        called, held = cleaned.get("date_convocation"), cleaned.get("date_conseil")
        if called and held and called >= held:
            self.add_error("date_convocation", "La convocation part avant le conseil.")
        return cleaned

    @property
    def avertissements(self) -> list[str]:
        """What the law says of these answers, and where they say two things: one may have a reason for it."""
        return list(_doubts(getattr(self, "cleaned_data", {})))


def _doubts(data: Mapping[str, Any]) -> Iterator[str]:
    members, present = data.get("conseillers"), data.get("nb_presents")
    if members is not None and present is not None and present < quorum(members):
        yield (
            f"Le quorum est de {quorum(members)}\u00a0présents\u00a0: à {present}, le conseil ne délibère qu’après une "
            "seconde convocation (CGCT, article L.\u00a02121-17). Le document le dit."
        )
    for champ, nombre in (("presents", "nb_presents"), ("pouvoirs", "nb_pouvoirs")):
        named, number = _named(data.get(champ) or ""), data.get(nombre)
        if named and number is not None and named != number:
            yield f"{PAR_CODE[champ].libelle}\u00a0: vous en dites {number} et en nommez {named}. Relisez la liste."
    for code in contradicted(data):
        yield f"{PAR_CODE[code].libelle}\u00a0: les nombres disent qu’il y en a, aucun nom n’est donné."


def _named(texte: str) -> int:
    """People in a list separated by commas, semicolons or lines."""
    return sum(bool(one.strip()) for one in re.split(r"[,;\n]", texte))


def _field(champ: Champ) -> forms.Field:
    common = {"label": space(champ.libelle), "required": False, "help_text": space(champ.aide)}
    if champ.nature == Nature.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=widget, **common)
    if champ.nature == Nature.HEURE:
        return forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **common)
    if champ.nature == Nature.NOMBRE:
        top = MAX_POPULATION if champ.code.startswith("population") else MAX_NOMBRE
        said = f"Donnez un nombre entier, de 0 à {milliers(top)}."
        bounds = [MinValueValidator(0, said), MaxValueValidator(top, said)]
        attrs = {"min": 0, "max": top}
        return forms.IntegerField(
            validators=bounds, error_messages={"invalid": said}, widget=forms.NumberInput(attrs=attrs), **common
        )
    if champ.nature == Nature.MONTANT:
        common["help_text"] = "En euros."
        return forms.DecimalField(
            min_value=0, max_digits=11, decimal_places=2, validators=[MaxValueValidator(99_999_999)], **common
        )
    if champ.nature == Nature.CHOIX:
        choices = [("", "Choisir"), *((one, one) for one in champ.choix)]
        return forms.ChoiceField(choices=choices, **common)
    if champ.nature == Nature.COURRIEL:
        return forms.EmailField(max_length=MAX_VALEUR, **common)
    if champ.nature == Nature.LIGNES:
        rows = 8 if champ.code in {"texte", "expose", "decision"} else 3
        return forms.CharField(max_length=MAX_TEXTE, widget=forms.Textarea(attrs={"rows": rows}), **common)
    return forms.CharField(max_length=MAX_VALEUR, **common)
