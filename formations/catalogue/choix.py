"""What was asked of the catalogue, in words, and the addresses that change one thing of it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict

from extranet.lib.francais import NBSP, jour
from formations.adresses import CALENDRIER, CATALOGUE
from formations.filters import VISIO, CatalogueFilterSet

# Said by a chip, never by the first row of the bar.
PLUS = ("q", "du", "au")
# What a training alone may answer: a sheet has neither date nor seat.
DE_LA_FICHE = ("q", "theme", "public")


class Vue(TextChoices):
    """`SESSIONS` is the catalogue by months, `TOUTES` all the trainings, with or without a session."""

    SESSIONS = "", "Sessions"
    TOUTES = "toutes", "Toutes"


@dataclass(frozen=True)
class Puce:
    """A filter that is on, and the address without it."""

    libelle: str
    url: str


class Choix:
    """The filters of an address that mean something; the others are told, and left out."""

    def __init__(self, params: QueryDict, filtres: CatalogueFilterSet) -> None:
        self.filtres, self.form = filtres, filtres.form
        self.vue = Vue.TOUTES if params.get("vue") == Vue.TOUTES else Vue.SESSIONS
        self.jusque = params.get("jusque", "")
        self.erreurs = list(dict.fromkeys(message for errors in self.form.errors.values() for message in errors))
        self.dits = filtres.asked()
        self.retenus = {name: params[name] for name in self.dits}

    @property
    def est_vide(self) -> bool:
        return not self.retenus

    @property
    def plus_ouvert(self) -> bool:
        return any(name in self.retenus for name in PLUS)

    def url(self, base: str = CATALOGUE, **changes: object) -> str:
        """The address of this view with some things changed; None takes one away."""
        asked = {**({"vue": self.vue.value} if self.vue else {}), **self.retenus, **changes}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return base + (f"?{query}" if query else "")

    @property
    def sans_filtre(self) -> str:
        return CATALOGUE + (f"?vue={self.vue.value}" if self.vue else "")

    @property
    def vues(self) -> list[tuple[str, str, str, bool]]:
        """The views of the catalogue: address, icon, name, on. The last one keeps what a sheet answers."""
        dropped = {name: None for name in self.retenus if name not in DE_LA_FICHE}
        return [
            (self.url(vue=None), "calendar-event", Vue.SESSIONS.label, not self.vue),
            (self.url(CALENDRIER, vue=None), "calendar-week", "Calendrier", False),
            (self.url(vue=Vue.TOUTES.value, **dropped), "list-ul", Vue.TOUTES.label, self.vue == Vue.TOUTES),
        ]

    @property
    def puces(self) -> list[Puce]:
        """Those that count in this view."""
        shown = [name for name in self.retenus if not self.vue or name in DE_LA_FICHE]
        return [Puce(self.said(name), self.url(**{name: None})) for name in shown]

    def said(self, name: str) -> str:
        """« Santé et sécurité au travail », « à moins de 10 km », « à partir du 12 octobre »."""
        value = self.dits[name]
        if name == "q":
            return f"«{NBSP}{value.strip()}{NBSP}»"
        if name in ("du", "au"):
            return f"{'à partir du' if name == 'du' else 'jusqu’au'} {jour(value)}"
        if name == "places":
            return "s’il reste des places"
        if name != "ou":
            return str(value)
        if value == VISIO:
            return "en visio"
        return f"à moins de {value}{NBSP}km" if value.isdigit() else dict(self.filtres.lieux[-1][1]).get(value, value)
