"""The acts on the batch of a commune: seats held for some working days, confirmed in one click, or given back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collectivites.models import Habilitation, Poste
from formations.enums import Origine, Visa
from formations.inscrire.regles import obstacles, policies
from formations.models import Inscription, ReglagesFormation
from formations.permissions import REGLES, can_book_for, can_change, can_give_visa
from formations.places import visas
from formations.places.reserver import Demande, reserver
from formations.places.retraits import desister
from formations.refus import InscriptionRefusee
from formations.titres.echeances import Proposition, propose, seats_of

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

RENDUE = "Place tenue pour un titre, rendue par la commune."


@dataclass
class Tenues:
    """What was held, and why not the others, by key of the title."""

    inscriptions: list[Inscription] = field(default_factory=list)
    refus: dict[int, str] = field(default_factory=dict)


def hold(titres: Sequence[Habilitation], collectivite: "Collectivite", auteur: "Agent | None") -> Tenues:
    """A seat for each, in the best session that takes them, in the order of the ends; without a rank.

    For those in office there only. Held `ReglagesFormation.titre_jours` working days, until the visa of the mairie.
    `auteur` is None for `veille`.
    Raises InscriptionRefusee for whoever may not book for this collectivité.
    """
    if auteur is not None and not can_book_for(auteur, collectivite):
        raise InscriptionRefusee(REGLES["inscrire"])
    here = set(Poste.objects.in_force().filter(collectivite=collectivite).values_list("agent", flat=True))
    titres = [one for one in titres if one.agent_id in here]
    done, known = Tenues(), seats_of(titres)
    asked = sorted(titres, key=lambda one: (one.valable_jusqu_au, one.pk))
    wanted = [one for one in asked if (one.agent_id, one.type_id) not in known]
    choices = propose(wanted, collectivite)
    for title in wanted:
        _place(title, choices.get(title.pk, []), collectivite, auteur, done)
    return done


def _place(
    title: Habilitation, choices: list[Proposition], collectivite: "Collectivite", auteur: "Agent | None", done: Tenues
) -> None:
    days, why = ReglagesFormation.load().titre_jours, "Aucune session n’a de place pour ce titre."
    for choice in choices:
        against = obstacles(choice.session, [title.agent], auteur).get(title.agent_id)
        if against:
            why = " ".join(one.phrase for one in against)
            continue
        try:
            answer = reserver(
                choice.session.pk,
                [Demande(title.agent, collectivite, Visa.ATTENDU)],
                auteur,
                origine=Origine.TITRE,
                tenue_jours=days,
                attente=False,
            )
        except InscriptionRefusee as refusal:
            why = str(refusal)
            continue
        if answer.inscriptions:
            done.inscriptions += answer.inscriptions
            return
        why = answer.refus.get(title.agent_id, why)
    done.refus[title.pk] = why


def confirm(inscriptions: Sequence[Inscription], auteur: "Agent") -> list[Inscription]:
    """The visa of the mairie on all of them, in one act. Raises InscriptionRefusee when `auteur` may not give one."""
    places = {one.collectivite for one in inscriptions}
    politiques = policies(places)
    if not all(can_give_visa(auteur, place, politiques) for place in places):
        raise InscriptionRefusee(REGLES["viser"])
    return visas.accorder(inscriptions, auteur)


def give_back(inscription: Inscription, auteur: "Agent") -> Inscription:
    """The seat goes to the next who waits. Raises InscriptionRefusee for whoever may not withdraw it."""
    if not can_change(auteur, inscription):
        raise InscriptionRefusee(REGLES["retirer"])
    return desister(inscription, auteur, RENDUE)
