"""Who may post a thing, ask for it, answer, sign, hand it over. Reading is `visible_to` of each model.

Signing and handing over are rights of a poste, given by the annuaire: nobody has them by their group.
"""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine
from materiel.enums import Cote
from materiel.models import Convention, Materiel, Pret

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from collectivites.models import Agent, Collectivite, Poste

    Reader = Agent | AnonymousUser

REGLES = {
    "proposer": "Proposer un matériel et changer sa fiche revient aux gestionnaires de la commune.",
    "demander": "Demander un prêt revient aux gestionnaires de votre commune.",
    "repondre": "Répondre à une demande revient aux gestionnaires de la commune qui prête.",
    "repondre_a_la_proposition": "Répondre à une proposition revient aux gestionnaires de la commune qui emprunte.",
    "modifier": "Changer ou annuler un prêt revient aux gestionnaires des deux communes.",
    "ecrire": "Les échanges d’un prêt sont entre ses deux communes.",
    "signer": "Signer revient à la ou au maire, ou à qui a sa délégation.",
    "constater": "Les états des lieux reviennent aux agents qui en ont le droit dans l’une des deux communes.",
    "preparer": "Préparer une convention revient aux gestionnaires et aux signataires des deux parties.",
    "reconnaitre": "Reconnaître une copie signée revient aux gestionnaires et aux signataires de la commune qui prête.",
    "suivre": "Suivre un incident revient aux gestionnaires de la commune qui prête.",
    "recevoir": "Le retour est constaté par la commune qui prête.",
}


def can_manage(agent: "Reader", collectivite: "Collectivite | None") -> bool:
    """Gestionnaires of the collectivité, and the responsables of the lending."""
    if not agent.is_authenticated or collectivite is None or not agent.codes_lecture:
        return False
    return agent.manages(collectivite) or agent.answers_for(Domaine.MATERIEL)


def can_edit(agent: "Reader", materiel: Materiel) -> bool:
    """Whoever may post for its owner: words, conditions, papers, dates kept, stock."""
    return can_manage(agent, materiel.collectivite)


def can_ask(agent: "Reader", collectivite: "Collectivite | None") -> bool:
    """Gestionnaires, for their own collectivité: a loan binds it. The responsables ask for theirs alone."""
    return agent.is_authenticated and collectivite is not None and agent.manages(collectivite)


def can_answer(agent: "Reader", pret: Pret) -> bool:
    """Gestionnaires of the lender alone: the intercommunalité sees and helps, acceptance stays with the owner."""
    return agent.is_authenticated and agent.manages(pret.preteur)


def can_act_as_borrower(agent: "Reader", pret: Pret) -> bool:
    """Gestionnaires of the borrower: change, prolong, cancel, answer a proposal."""
    return agent.is_authenticated and agent.manages(pret.emprunteur)


def can_write(agent: "Reader", pret: Pret) -> bool:
    """In the thread of a loan: whoever has a poste in force with one of the parties."""
    return agent.is_authenticated and pret.cote_of(agent) is not None


def signing_poste(agent: "Reader", convention: Convention, cote: Cote) -> "Poste | None":
    """The poste in force by which this person signs for that party; None when they do not."""
    place = convention.preteur_id if cote == Cote.PRETEUR else convention.emprunteur_id
    if not agent.is_authenticated:
        return None
    return next((p for p in agent.postes_en_cours if p.is_signataire and p.collectivite_id == place), None)


def contract_side(agent: "Reader", preteur: "Collectivite", emprunteur: "Collectivite") -> Cote | None:
    """The side for which one prepares a convention, files its signed copy or ends a frame: gestionnaires, signataires.

    The lender’s first for who has both.
    """
    if not agent.is_authenticated:
        return None
    places = {p.collectivite_id for p in agent.postes_en_cours if p.gestionnaire or p.is_signataire}
    if preteur.pk in places:
        return Cote.PRETEUR
    return Cote.EMPRUNTEUR if emprunteur.pk in places else None


def can_record(agent: "Reader", collectivite: "Collectivite") -> bool:
    """Holds the right of états des lieux there, on a poste in force."""
    if not agent.is_authenticated:
        return False
    return any(p.constats and p.collectivite_id == collectivite.pk for p in agent.postes_en_cours)


def can_hand_over(agent: "Reader", pret: Pret) -> bool:
    """Either party may hold the telephone; both names are on the form."""
    return can_record(agent, pret.preteur) or can_record(agent, pret.emprunteur)


def can_take_back(agent: "Reader", pret: Pret) -> bool:
    """Only the owner says that its thing is back (I7)."""
    return can_record(agent, pret.preteur)
