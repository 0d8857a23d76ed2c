"""The needs of a commune: said by its gestionnaires while the census is open, copied from the last one, named later."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.models import Poste, Theme, TypeHabilitation
from extranet.lib.pliage import fold
from formations.enums import PROPOSEES, PolitiqueVisa, Priorite, StatutCampagne, Visa
from formations.inscrire.regles import policies, read, unfit
from formations.models import BesoinFormation, Campagne, SessionFormation
from formations.permissions import REGLES, can_book_for
from formations.places.reserver import Demande, Reponse, reserver
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

FERMEE = "Le recensement n’est plus ouvert : écrivez aux responsables des formations."


def people_of(collectivite: "Collectivite") -> "list[Agent]":
    """Who may be named: those in office there, by name."""
    postes = Poste.objects.in_force().filter(collectivite=collectivite, agent__efface_le=None).select_related("agent")
    agents = {poste.agent_id: poste.agent for poste in postes}
    return sorted(agents.values(), key=lambda one: (fold(one.nom), fold(one.prenom)))


def may_say(agent: "Agent", collectivite: "Collectivite | None") -> bool:
    """Its gestionnaires; the responsables, for whoever called them."""
    return can_book_for(agent, collectivite)


@transaction.atomic
def say(
    campagne: Campagne,
    collectivite: "Collectivite",
    auteur: "Agent",
    *,
    intitule: str,
    effectif: int,
    theme: Theme | None = None,
    titre: TypeHabilitation | None = None,
    agents: "Iterable[Agent]" = (),
    echeance: date | None = None,
    priorite: int = Priorite.MOYENNE,
    mot: str = "",
    besoin: BesoinFormation | None = None,
) -> BesoinFormation:
    """A new need, or `besoin` as it is now. More people named than counted raise the count.

    Raises InscriptionRefusee, ValidationError.
    """
    _check(campagne, collectivite, auteur)
    if besoin is not None and besoin.ligne and besoin.ligne.engagee:
        raise SessionChangee("Une session est déjà faite de ce besoin\u00a0: nommez vos agents, ou désinscrivez-les.")
    named = list(agents)
    strangers = {one.pk for one in named} - {one.pk for one in people_of(collectivite)}
    if strangers:
        raise InscriptionRefusee("Nommez des personnes en poste dans cette collectivité.")
    need = besoin or BesoinFormation(campagne=campagne, collectivite=collectivite, auteur=auteur)
    need.intitule, need.effectif, need.theme, need.titre = intitule, max(effectif, len(named)), theme, titre
    need.echeance, need.priorite, need.mot = echeance, priorite, mot
    need.full_clean(exclude=["campagne", "collectivite", "auteur", "ligne"])
    need.save()
    need.agents.set(named)
    return need


def _check(campagne: Campagne, collectivite: "Collectivite", auteur: "Agent") -> None:
    if not may_say(auteur, collectivite):
        raise InscriptionRefusee(REGLES["besoins"])
    if Campagne.objects.filter(pk=campagne.pk, statut=StatutCampagne.OUVERTE).first() is None:
        raise InscriptionRefusee(FERMEE)


@transaction.atomic
def take_back(besoin: BesoinFormation, auteur: "Agent") -> None:
    """Before it is in the plan only. Raises InscriptionRefusee."""
    _check(besoin.campagne, besoin.collectivite, auteur)
    if besoin.ligne_id:
        raise SessionChangee("Ce besoin est déjà dans le plan : écrivez aux responsables des formations.")
    besoin.agents.clear()
    besoin.delete()


def last_campaign(campagne: Campagne) -> Campagne | None:
    return Campagne.objects.filter(annee__lt=campagne.annee).order_by("-annee", "-created_at").first()


@transaction.atomic
def copy_last(campagne: Campagne, collectivite: "Collectivite", auteur: "Agent") -> list[BesoinFormation]:
    """Those of last time that are not there yet, without their deadline, with the people still in office."""
    _check(campagne, collectivite, auteur)
    former = last_campaign(campagne)
    if former is None:
        return []
    here = {one.pk for one in people_of(collectivite)}
    known = {
        fold(words)
        for words in BesoinFormation.objects.filter(campagne=campagne, collectivite=collectivite).values_list(
            "intitule", flat=True
        )
    }
    copied = []
    for one in former.besoins.filter(collectivite=collectivite).prefetch_related("agents"):
        if fold(one.intitule) in known:
            continue
        copied.append(
            say(
                campagne,
                collectivite,
                auteur,
                intitule=one.intitule,
                effectif=one.effectif,
                theme=one.theme,
                titre=one.titre,
                agents=[agent for agent in one.agents.all() if agent.pk in here],
                priorite=one.priorite,
                mot=one.mot,
            )
        )
    return copied


@transaction.atomic
def name(besoin: BesoinFormation, agents: "Iterable[Agent]", auteur: "Agent") -> Reponse:
    """People named after the line has become a session: they stand behind those named before.

    Raises InscriptionRefusee when there are more of them than the commune has asked for, when the training is not for
    one of them, or when the session takes nobody any more: nobody is named then.
    """
    if not may_say(auteur, besoin.collectivite):
        raise InscriptionRefusee(REGLES["besoins"])
    # Two gestionnaires of the commune name theirs one after the other.
    BesoinFormation.objects.select_for_update(no_key=True).get(pk=besoin.pk)
    known = set(besoin.agents.values_list("pk", flat=True))
    here = {one.pk for one in people_of(besoin.collectivite)}
    new = [one for one in agents if one.pk in here and one.pk not in known]
    if len(known) + len(new) > besoin.effectif:
        raise InscriptionRefusee(
            f"Vous avez demandé {besoin.effectif} places : il en reste {besoin.effectif - len(known)} à nommer."
        )
    session = besoin.ligne.session if besoin.ligne else None
    if session is not None and session.statut in PROPOSEES:
        _check_fit(session, new)
    besoin.agents.add(*new)
    if session is None or session.statut not in PROPOSEES or not new:
        return Reponse()
    visa = visas_of([besoin.collectivite_id])[besoin.collectivite_id]
    asked = [Demande(one, besoin.collectivite, visa) for one in new]
    # Before its dates a session takes the names of the plan whenever they come; afterwards it closes for all.
    return reserver(session.pk, asked, auteur, origine="plan", hors_delai=not session.is_dated)


def _check_fit(session: SessionFormation, people: "list[Agent]") -> None:
    """Whom the training is for, and what one must have already: the rules of anybody who asks for a seat."""
    found = unfit(session, people, read(session))
    if found:
        agent = next(one for one in people if one.pk in found)
        raise InscriptionRefusee(f"{agent.nom_complet} : {' '.join(one.phrase for one in found[agent.pk])}")


def visas_of(places: Iterable[int]) -> dict[int, Visa]:
    """A need was said without dates: the mairie gives its visa once they are known, unless it wants none."""
    places = set(places)
    known = policies(places)
    return {pk: Visa.NON_REQUIS if known.get(pk) == PolitiqueVisa.SANS else Visa.ATTENDU for pk in places}
