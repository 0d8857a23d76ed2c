"""Asking for seats: the rights, the rules of the training, the visa of each mairie, then the seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formations.enums import Covoiturage, Origine, Visa
from formations.inscrire import regles
from formations.models import SessionFormation
from formations.permissions import REGLES, can_book, can_organise
from formations.places.reserver import Demande, Reponse, reserver
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


@dataclass(frozen=True)
class Personne:
    """Somebody to book, for one of their collectivités, and what is said of how to receive them."""

    agent: "Agent"
    collectivite: "Collectivite"
    repas: bool = True
    covoiturage: Covoiturage = Covoiturage.NON
    covoiturage_places: int = 0


def demander(
    session: SessionFormation,
    personnes: Sequence[Personne],
    auteur: "Agent",
    *,
    origine: Origine = Origine.DEMANDE,
    derogation: str = "",
) -> Reponse:
    """Seats or ranks, in the order given; whoever the rules refuse is in `Reponse.refus`, with the sentence.

    `derogation`: the reason for which a responsable books outside of the public, the prerequisites and the dates.
    Raises InscriptionRefusee when the session takes nobody, or when `auteur` may not book one.
    """
    for one in personnes:
        if not can_book(auteur, one.agent, one.collectivite):
            raise InscriptionRefusee(REGLES["inscrire"])
    exempt = bool(derogation) and can_organise(auteur)
    faits = regles.read(session, {one.collectivite.pk for one in personnes})
    people = [one.agent for one in personnes]
    refused = _refused(session, people, auteur, exempt=exempt) if regles.unfit(session, people, faits) else {}
    asked = [
        Demande(
            agent=one.agent,
            collectivite=one.collectivite,
            visa=Visa.ACCORDE if exempt else regles.visa_for(auteur, one.agent, one.collectivite, faits.politiques),
            repas=one.repas,
            covoiturage=one.covoiturage,
            covoiturage_places=one.covoiturage_places,
        )
        for one in personnes
        if one.agent.pk not in refused
    ]
    why = derogation if exempt else ""
    answer = reserver(session.pk, asked, auteur, origine=origine, hors_delai=exempt, motif=why) if asked else Reponse()
    booked = {one.agent_id for one in answer.inscriptions}
    if late := [one for one in people if one.pk in answer.refus and one.pk not in booked]:
        answer.refus |= _refused(session, late, auteur, exempt=exempt)
    answer.refus = {**refused, **answer.refus}
    return answer


def _refused(session: SessionFormation, people: Sequence["Agent"], auteur: "Agent", *, exempt: bool) -> dict[int, str]:
    """All that prevents each one, in words. Whoever is in it or elsewhere is so for the responsables too.

    Read only when somebody is refused: who is in it, and who is elsewhere, is decided under the lock.
    """
    return {
        pk: " ".join(why.phrase for why in reasons)
        for pk, reasons in regles.obstacles(session, people, auteur).items()
        if not exempt or any(why.code in ("already", "elsewhere") for why in reasons)
    }
