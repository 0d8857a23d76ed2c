"""Somebody who arrives: the person and their poste in a collectivité, written down with who did it.

The caller has checked that `par` keeps the people of that collectivité.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from collectivites.enums import Domaine, FamilleFonction
from collectivites.journal import record
from collectivites.models import Agent, Collectivite, Poste
from collectivites.models.agent import clean_email
from extranet.lib.pliage import fold
from extranet.lib.typographie import Montrable

if TYPE_CHECKING:
    from collectivites.models import Fonction

ADRESSE_PRISE = "Cette adresse est celle d’une personne qui a déjà une fiche. Vérifiez-la, ou laissez-la vide."


class ArriveeRefusee(Montrable):
    """Why the person is not added; the sentence may be shown, under the field `champ`."""

    def __init__(self, champ: str, sentence: str) -> None:
        super().__init__(sentence)
        self.champ = champ


@dataclass(frozen=True)
class Arrivant:
    """Somebody without a card yet, as they are announced; without an address they are reached through the mairie."""

    collectivite: Collectivite
    prenom: str
    nom: str
    fonction: "Fonction"
    email: str = ""

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip()


def check(par: Agent, arrivant: Arrivant) -> None:
    """Raises ArriveeRefusee: somebody of that name is there already, the address is taken, the fonction is elective."""
    if why := why_not_fonction(par, arrivant.fonction):
        raise ArriveeRefusee("fonction", why)
    place, name = arrivant.collectivite, fold(arrivant.nom_complet)
    there = Agent.objects.of(place)
    email = clean_email(arrivant.email)
    known = Agent.objects.filter(email=email).first() if email else None
    if (known and there.filter(pk=known.pk).exists()) or any(fold(one.nom_complet) == name for one in there):
        raise ArriveeRefusee("nom", f"Cette personne a déjà une fiche {place.a_nom} : cochez son nom dans la liste.")
    if known:
        raise ArriveeRefusee("email", ADRESSE_PRISE)


def why_not_fonction(par: Agent, fonction: "Fonction") -> str:
    """Élus are known by the intercommunalité: a gestionnaire who could name one would open what élus alone read."""
    if fonction.famille == FamilleFonction.ELUS and not par.answers_for(Domaine.ANNUAIRE):
        return "C’est l’intercommunalité qui invite les élus. Demandez-le à l’équipe de l’extranet."
    return ""


@transaction.atomic
def welcome(par: Agent, arrivant: Arrivant) -> Agent:
    """The card and the poste, from today. Raises ArriveeRefusee."""
    check(par, arrivant)
    place, names = arrivant.collectivite, {"prenom": arrivant.prenom, "nom": arrivant.nom}
    try:
        with transaction.atomic():
            agent = new_agent(par, place, email=arrivant.email, **names)
    except IntegrityError:
        check(par, arrivant)  # two people have added the same one at once: the second is told
        raise
    new_poste(par, agent, place, fonction=arrivant.fonction)
    return agent


def new_agent(par: Agent, collectivite: Collectivite, *, prenom: str, nom: str, email: str = "") -> Agent:
    """A person who was not in the annuaire; the address opens their account by a code sent to it."""
    made = Agent.objects.create_user(email, prenom=prenom, nom=nom)
    record("agent.cree", made, agent=par, collectivite=collectivite)
    return made


def new_poste(
    par: Agent,
    agent: Agent,
    collectivite: Collectivite,
    *,
    fonction: "Fonction",
    intitule: str = "",
    gestionnaire: bool = False,
) -> Poste:
    """Their poste there, from today."""
    poste = Poste.objects.create(
        agent=agent, collectivite=collectivite, fonction=fonction, intitule=intitule, gestionnaire=gestionnaire
    )
    record("poste.cree", poste, agent=par, collectivite=collectivite)
    return poste
