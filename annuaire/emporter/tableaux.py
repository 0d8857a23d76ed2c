"""The list in a spreadsheet, and the addresses to write to everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annuaire.emporter.lecture import Emport, Ligne
from collectivites.models import Poste
from extranet.lib.francais import NBSP, telephone

COLONNES = (
    *("Nom", "Prénom", "Fonction", "Famille", "Rôles transversaux", "Collectivité", "Secteur"),
    *("Téléphone", "Mobile", "Courriel", "Présence", "Compétences"),
)


def rows_of(emport: Emport) -> Iterator[list[Any]]:
    """A line by person and collectivité, with the postes that answer the filters."""
    roles = _roles(emport)
    for line in emport.lignes:
        known = emport.competences.get(line.agent.pk, [])
        days = [emport.jours[poste.pk] for poste in line.postes if poste.pk in emport.jours]
        held = [role for poste in line.postes for role in roles.get(poste.pk, [])]
        yield [
            *(line.agent.nom, line.agent.prenom, line.fonction, _families(line), list(dict.fromkeys(held))),
            *(line.collectivite.nom, str(line.collectivite.secteur or "")),
            *(_number(line.telephone), _number(line.mobile), line.adresse, ", ".join(dict.fromkeys(days)), known),
        ]


def _families(line: Ligne) -> list[str]:
    return list(dict.fromkeys(poste.fonction.get_famille_display() for poste in line.postes))


def _number(number: str) -> str:
    return telephone(number).replace(NBSP, " ")


def _roles(emport: Emport) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    held = Poste.roles.through.objects.filter(poste__in=Poste.objects.in_force().values("pk"))
    for poste, role in held.order_by("roletransversal__ordre").values_list("poste_id", "roletransversal__libelle"):
        found.setdefault(poste, []).append(role)
    return found


@dataclass(frozen=True)
class Adresses:
    """One address by person, each once; `sans` are the people who have none."""

    liste: list[str]
    sans: list[str]


def addresses_of(emport: Emport) -> Adresses:
    """Of the poste that answers the filters, the longest week first; a mailbox that several share is written once."""
    by_person: dict[int, str] = {}
    names: dict[int, str] = {}
    for line in emport.lignes:
        names[line.agent.pk] = line.agent.nom_complet
        by_person[line.agent.pk] = by_person.get(line.agent.pk) or line.adresse
    once = {mail.lower(): mail for mail in by_person.values() if mail}
    return Adresses(list(once.values()), [names[pk] for pk, mail in by_person.items() if not mail])
