"""The sheet of a training as a whole: its sessions, the people one may book, the form, what it would give."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict

from collectivites.enums import Domaine
from formations.forms.inscription import NOUVEAUX, NOUVEAUX_MAX, InscriptionForm
from formations.inscrire.candidats import Candidat, Groupe, groups, judge, places_booked_for
from formations.inscrire.cartes import Carte, cards, nearest
from formations.inscrire.faits import Fait, contact_of, facts
from formations.inscrire.recapitulatif import Recapitulatif, summary
from formations.models import FormationPage
from formations.places.lecture import chances
from formations.refus import SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Collectivite, Poste

LIGNE = ("prenom", "nom", "email", "fonction", "collectivite")
SIMPLES = ("repas", "prive_besoin", "besoin_pour", "covoiturage", "covoiturage_places")


@dataclass
class Feuille:
    """Everything that the sheet shows. `form` is bound once it was sent."""

    page: FormationPage
    cartes: list[Carte]
    choisie: Carte | None
    groupes: list[Groupe]
    places: list["Collectivite"]
    form: InscriptionForm
    recap: Recapitulatif
    faits: list[Fait]
    contact: "Poste | None"
    proche: str = ""
    chances: tuple[int, int] = (0, 0)

    @property
    def gere(self) -> bool:
        """Books for others too."""
        return bool(self.places)

    @property
    def seul(self) -> Candidat | None:
        """The only one whom this person may book."""
        found = [one for group in self.groupes for one in group.candidats]
        return found[0] if len(found) == 1 and not self.places else None

    def check_seen(self, seen: int | None) -> None:
        """Raises SessionChangee when more people would wait than what was on the screen."""
        if self.choisie and self.choisie.session.is_dated and self.recap.attente > (seen or 0):
            raise SessionChangee(
                f"Il n’y a pas de place pour tous. {self.recap.en_attente} Si cela vous convient, envoyez de nouveau."
            )


def sheet(
    request: HttpRequest,
    page: FormationPage,
    data: QueryDict | None,
    *,
    chosen: str = "",
    bound: bool = False,
    ligne: bool = False,
) -> Feuille:
    """`data`: what was typed, judged when `bound`; `ligne` adds a line. A bounded number of queries."""
    agent, acting = request.user, request.collectivite
    places = places_booked_for(agent, acting)
    found = cards(page, agent, acting)
    choisie = _choose(found, (data or {}).get("session", "") or chosen)
    groupes = groups(agent, acting, page)
    judge(groupes, choisie.session if choisie else None, agent)
    picked = _tick(groupes, data, alone=not places)
    kept = [place for place in places if agent.manages(place) or agent.answers_for(Domaine.ANNUAIRE)]
    rows = _rows(data, ligne=ligne)
    options: dict[str, Any] = {"page": page, "cartes": found, "groupes": groupes, "places": kept, "auteur": agent}
    form = InscriptionForm(data, **options) if bound else _typed(data, choisie, lignes=rows, **options)
    recap = summary(page, choisie, picked, _named(rows, kept), found)
    return Feuille(
        page,
        found,
        choisie,
        groupes,
        places,
        form,
        recap,
        facts(page),
        contact_of(page, choisie.session if choisie else None),
        nearest(found, acting),
        chances(choisie.session) if choisie else (0, 0),
    )


def _typed(data: QueryDict | None, choisie: Carte | None, **options: Any) -> InscriptionForm:
    """What was typed, shown and not judged."""
    initial = {name: data[name] for name in SIMPLES if data and name in data}
    session = choisie.session.numero if choisie else ""
    return InscriptionForm(initial={"repas": "oui", "covoiturage": "", **initial, "session": session}, **options)


def _choose(found: list[Carte], numero: str) -> Carte | None:
    """The one that is asked for, else the first that may be."""
    free = [one for one in found if not one.obstacle]
    card = next((one for one in free if one.session.numero == numero), free[0] if free else None)
    if card is not None:
        card.choisie = True
    return card


def _tick(groupes: list[Groupe], data: QueryDict | None, *, alone: bool) -> list[Candidat]:
    """Those who were ticked and may be booked; oneself, when there is nobody else to choose."""
    people = [one for group in groupes for one in group.candidats]
    keys = set(data.getlist("personnes")) if data is not None else set()
    if data is None and alone and len(people) == 1:
        keys = {people[0].cle}
    for one in people:
        one.coche = one.cle in keys and not one.empechements
    return [one for one in people if one.coche]


def _rows(data: QueryDict | None, *, ligne: bool) -> list[dict[str, str]]:
    """The lines of those who have no card yet, as they were typed."""
    total = (data or {}).get(f"{NOUVEAUX}-TOTAL_FORMS", "0")
    count = min(int(total), NOUVEAUX_MAX) if total.isascii() and total.isdigit() and len(total) < 3 else 0
    rows = [{name: data.get(f"{NOUVEAUX}-{number}-{name}", "") for name in LIGNE} for number in range(count)]
    if ligne and len(rows) < NOUVEAUX_MAX:
        rows.append({})
    return rows


def _named(rows: list[dict[str, str]], places: list["Collectivite"]) -> list[tuple[str, "Collectivite"]]:
    """Names of the lines that have one, and where."""
    known = {str(place.pk): place for place in places}
    named = [(f"{row.get('prenom', '')} {row.get('nom', '')}".strip(), row.get("collectivite", "")) for row in rows]
    return [(name, known.get(key, places[0])) for name, key in named if name and places]
