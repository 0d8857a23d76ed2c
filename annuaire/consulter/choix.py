"""What was asked of the list, in words, and the addresses that change one thing of it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.forms import ModelChoiceField
from django.http import QueryDict
from django.urls import reverse

from annuaire.enums import Vue
from annuaire.filters import FAMILLE, METIER, AnnuaireFilterSet
from collectivites.enums import FamilleFonction
from extranet.lib.francais import NBSP, milliers
from extranet.lib.pliage import words

# The fonctions of the short cuts: their name, then how those people are counted.
RACCOURCIS = (
    (f"{METIER}secretaires", "Secrétaires de mairie", "secrétaire{s} de mairie"),
    (f"{FAMILLE}{FamilleFonction.TECHNIQUE}", "Services techniques", "personne{s} aux services techniques"),
    (f"{METIER}etat-civil", "État civil", "personne{s} à l’état civil"),
    (f"{METIER}ecoles", "Écoles et cantine", "personne{s} aux écoles et à la cantine"),
    (f"{FAMILLE}{FamilleFonction.ELUS}", "Élus", "élu{s}"),
)
# Said by a chip or by the title, never by both columns of the bar.
PLUS = ("km", "secteur", "role", "reseau", "present")


@dataclass(frozen=True)
class Puce:
    """A chip: where it leads, whether it is on, how many it would show."""

    libelle: str
    url: str
    actif: bool = False
    nombre: str = ""


class Choix:
    """The filters of an address that mean something; the others are told, and left out."""

    def __init__(self, params: QueryDict, filtres: AnnuaireFilterSet) -> None:
        self.filtres = filtres
        self.form = filtres.form
        self.vue = Vue.LISTE if params.get("vue") == Vue.LISTE else Vue.PORTRAITS
        self.erreurs = list(dict.fromkeys(message for errors in self.form.errors.values() for message in errors))
        found = self.form.cleaned_data
        self.retenus = {name: params[name] for name in self.form.fields if found.get(name) not in (None, "", False)}
        if "q" in self.retenus and not words(self.retenus["q"]):
            del self.retenus["q"]

    @property
    def q(self) -> str:
        return self.form.cleaned_data["q"].strip() if "q" in self.retenus else ""

    @property
    def est_vide(self) -> bool:
        return not self.retenus

    @property
    def plus_ouvert(self) -> bool:
        """One of the filters of the second row is on."""
        return any(name in self.retenus for name in PLUS)

    def requete(self, **changes: object) -> str:
        """« fonction=dgs&km=10 »: what narrows, without the page nor the form of the list. None takes one away."""
        return urlencode({name: value for name, value in {**self.retenus, **changes}.items() if value is not None})

    def url(self, base: str = "annuaire:index", **changes: object) -> str:
        query = self.requete(**({"vue": self.vue} if self.vue else {}) | changes)
        return reverse(base) + (f"?{query}" if query else "")

    @property
    def vues(self) -> list[tuple[str, str, str, bool]]:
        """The forms of the list: address, icon, name, on."""
        return [
            (self.url(vue=None), "grid", Vue.PORTRAITS.label, self.vue == Vue.PORTRAITS),
            (self.url(vue=Vue.LISTE), "list-ul", Vue.LISTE.label, self.vue == Vue.LISTE),
            (self.url("annuaire:carte", vue=None), "geo-alt", "Carte", False),
        ]

    @cached_property
    def raccourcis(self) -> list[Puce]:
        """The one that is on is counted by the title. With words none is: reading them again costs as the list."""
        asked = self.retenus.get("fonction")
        numbers = {} if self.q else self.filtres.counts([code for code, _, _ in RACCOURCIS])
        found = [
            Puce(label, self.url(fonction=None), actif=True)
            if asked == code
            else Puce(label, self.url(fonction=code), nombre=milliers(numbers[code]) if numbers else "")
            for code, label, _ in RACCOURCIS
        ]
        present = "present" in self.retenus
        return [*found, Puce("Présents aujourd’hui", self.url(present=None if present else "1"), present)]

    @cached_property
    def puces(self) -> list[Puce]:
        """What is on and has no short cut, each with the address without it."""
        shown = [name for name in self.retenus if name != "present" and not (name == "fonction" and self._raccourci)]
        return [Puce(self._dit(name), self.url(**{name: None})) for name in shown]

    @property
    def sans_filtre(self) -> str:
        return reverse("annuaire:index") + (f"?vue={self.vue}" if self.vue else "")

    @property
    def sans_distance(self) -> str:
        return self.url(km=None)

    @cached_property
    def filtres_dits(self) -> str:
        """« Élus, à moins de 10 km »: the same, in a line, for a page that has no chips."""
        named = [self._raccourci[1]] if self._raccourci else []
        present = ["présents aujourd’hui"] if "present" in self.retenus else []
        return ", ".join([*named, *(puce.libelle for puce in self.puces), *present])

    @cached_property
    def _raccourci(self) -> tuple[str, str, str] | None:
        return next((one for one in RACCOURCIS if one[0] == self.retenus.get("fonction")), None)

    def _dit(self, name: str) -> str:
        """« Compétence : Élections », « à moins de 10 km »."""
        value, field = self.form.cleaned_data[name], self.form.fields[name]
        if name == "q":
            return f"«{NBSP}{self.q}{NBSP}»"
        if name == "km":
            return f"à moins de {value}{NBSP}km"
        if isinstance(field, ModelChoiceField):
            return str(value) if name in ("collectivite", "secteur") else f"{field.label}{NBSP}: {value}"
        labels = {code: label for _, choices in field.choices if isinstance(choices, list) for code, label in choices}
        return labels.get(value, str(value))

    def titre(self, total: int, collectivites: int = 0) -> str:
        """« 52 secrétaires de mairie », « 1 personne présente aujourd’hui », « 3 personnes et 1 collectivité »."""
        noun = self._raccourci[2] if self._raccourci else "personne{s}"
        s = "s" if total > 1 else ""
        said = [f"{milliers(total)} {noun.format(s=s)}"] if total else []
        if total and "present" in self.retenus:
            here = f"présente{s}" if noun.startswith("personne") else f"présent{s}"
            said[0] += f" {here} aujourd’hui"
        if collectivites:
            said.append(f"{milliers(collectivites)} collectivité{'s' if collectivites > 1 else ''}")
        quoted = f"«{NBSP}{self.q}{NBSP}»"
        if not said:
            return f"Personne ne répond à {quoted if self.q else 'ces critères'}"
        return " et ".join(said) + (f" pour {quoted}" if self.q else "")
