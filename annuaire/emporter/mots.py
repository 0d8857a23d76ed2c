"""What a filtered list is, in words: on the page, at the head of the papers, in the name of the files."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BoundField, ModelChoiceField
from django.utils import timezone
from django.utils.text import slugify

from annuaire.emporter.lecture import Emport, Ligne
from collectivites.enums import Article
from collectivites.models import Collectivite
from extranet.lib.francais import NBSP, milliers

_ARTICLES = {Article.AUCUN: "", Article.LE: "le ", Article.LA: "la ", Article.ELIDE: "l’", Article.LES: "les "}


@dataclass(frozen=True)
class Filtre:
    """A filter that is on: « Secteur », « La plaine ». `nom` is its word in the address."""

    nom: str
    libelle: str
    valeur: str

    def __str__(self) -> str:
        """« Fonction : agent technique »; « Secteur de Dole » says by itself what it is."""
        if not self.valeur or self.valeur.startswith(self.libelle):
            return self.valeur or self.libelle
        return f"{self.libelle}{NBSP}: {self.valeur}"


def filters_of(emport: Emport) -> list[Filtre]:
    form = emport.filtres.form
    return [Filtre(name, str(form[name].label), _value(form[name], value)) for name, value in emport.demande.items()]


def _value(field: BoundField, value: object) -> str:
    if value is True:
        return ""
    if field.name == "q":
        return f"«{NBSP}{value}{NBSP}»"
    if isinstance(field.field, ModelChoiceField):
        return str(value)
    labels: dict[str, str] = {}
    for key, label in field.field.choices:
        labels |= dict(label) if isinstance(label, list | tuple) else {str(key): str(label)}
    return labels.get(str(value), str(value)).removeprefix(f"Tous{NBSP}: ")


def place_of(emport: Emport) -> Collectivite | None:
    """The only collectivité that is asked for."""
    return emport.demande.get("collectivite")


def counted(lines: Iterable[Ligne]) -> str:
    """« 60 personnes, 21 communes et le Grand Dole »."""
    people, places = set(), set()
    for line in lines:
        people.add(line.agent.pk)
        places |= {poste.collectivite for poste in line.postes}
    communes = sum(place.is_commune for place in places)
    epci = [_ARTICLES[place.article] + place.nom for place in places if place.is_epci]
    others = len(places) - communes - len(epci)
    where = [_plural(communes, "commune")] if communes else []
    where += epci
    where += [_plural(others, "autre organisme", "autres organismes")] if others else []
    return f"{_plural(len(people), 'personne')}, {_listed(where)}"


def _plural(number: int, one: str, many: str = "") -> str:
    return f"{milliers(number)} {one if number < 2 else many or one + 's'}"


def _listed(words: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def file_name(emport: Emport, what: str, extension: str) -> str:
    """« trombinoscope-foucherans-2026-11-23.pdf »: what, where when it is one place, and the day."""
    place = place_of(emport)
    parts = [what, slugify(place.nom)[:60] if place else "", f"{timezone.localdate():%Y-%m-%d}"]
    return "-".join(filter(None, parts)) + f".{extension}"
