"""One request for several people: those without a card are welcomed first, then all are asked for together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.arrivees import Arrivant, welcome
from extranet.lib.typographie import space
from formations.enums import Covoiturage, Nature
from formations.inscrire import besoins
from formations.inscrire.candidats import Candidat
from formations.inscrire.demander import Personne, demander
from formations.models import Inscription, PublicFormation, SessionFormation
from formations.places.reserver import Reponse

if TYPE_CHECKING:
    from collectivites.models import Agent, Fonction
    from formations.models import FormationPage


@dataclass
class Lot:
    """What the form says. `arrivants` by line, « n0 », « n1 »… `besoin_pour`: whom the need is about, a line or a
    `Candidat.cle`."""

    candidats: Sequence[Candidat]
    arrivants: Mapping[str, Arrivant] = field(default_factory=dict)
    repas: bool = True
    covoiturage: Covoiturage = Covoiturage.NON
    covoiturage_places: int = 0
    besoin: str = field(default="", repr=False)
    besoin_pour: str = ""


@transaction.atomic
def book(session: SessionFormation, lot: Lot, auteur: "Agent") -> tuple[Reponse, dict[int, str]]:
    """What was decided of each, and their names by key of the agent.

    Raises ArriveeRefusee when somebody cannot be welcomed, InscriptionRefusee when the session takes nobody: nothing is
    written then.
    """
    asked = {one.cle: (one.agent, one.collectivite) for one in lot.candidats}
    for line, arrivant in lot.arrivants.items():
        asked[line] = (welcome(auteur, arrivant), arrivant.collectivite)
    shared = lot.covoiturage == Covoiturage.PROPOSE and len(asked) > 1
    way = (Covoiturage.NON, 0) if shared else (lot.covoiturage, lot.covoiturage_places)
    people = [Personne(agent, place, lot.repas, *way) for agent, place in asked.values()]
    answer = demander(session, people, auteur)
    if shared and answer.inscriptions:
        _offer(answer.inscriptions, lot.covoiturage_places)
    if lot.besoin.strip():
        about = asked[lot.besoin_pour][0].pk if lot.besoin_pour in asked else people[0].agent.pk
        for one in answer.inscriptions:
            if one.agent_id == about:
                besoins.write(one, lot.besoin)
    return answer, {agent.pk: agent.nom_complet for agent, _ in asked.values()}


def _offer(inscriptions: Sequence[Inscription], places: int) -> None:
    """One car for all: it is offered by the first of them who has a seat, with their telephone; else by the first."""
    one = next((one for one in inscriptions if one.is_placed), inscriptions[0])
    one.covoiturage, one.covoiturage_places = Covoiturage.PROPOSE, places
    one.save(update_fields=["covoiturage", "covoiturage_places"])


def why_not_newcomer(page: "FormationPage", fonction: "Fonction") -> str:
    """The rules of the training on somebody who has no card yet: their fonction only, and no titre."""
    publics = list(PublicFormation.objects.filter(formations=page).prefetch_related("fonctions"))
    if publics and fonction.pk not in {one.pk for public in publics for one in public.fonctions.all()}:
        words = ", ".join(public.libelle.lower() for public in publics)
        return space(f"Cette formation s’adresse à : {words}.")
    asked = [kind.libelle for kind in page.titres_requis.all()]
    if asked:
        return space(f"Il faut avoir déjà : {', '.join(asked)}. Faites d’abord sa fiche, avec ce titre.")
    if page.nature == Nature.RECYCLAGE and page.titre_delivre is not None:
        words = f"Ce recyclage prolonge « {page.titre_delivre.libelle} » : il faut l’avoir."
        return space(f"{words} Faites d’abord sa fiche, avec ce titre.")
    return ""
