"""Telling both parties of a loan that there is something to sign, that the thing went or came back, or was damaged."""

from typing import TYPE_CHECKING

from django.db.models import Q

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.apports import Sorte
from extranet.lib.francais import NBSP
from materiel.annonces import follows_loans
from materiel.enums import Cote
from materiel.models import Constat, Convention, Incident, Pret
from notifications.envoi import notify

if TYPE_CHECKING:
    from django.db.models import QuerySet

CONVENTION, CONSTAT = "materiel_convention", "materiel_constat"


def sortes() -> list[Sorte]:
    return [
        Sorte(
            CONVENTION,
            "materiel",
            "Convention à signer",
            "Une convention de prêt vous attend, ou vient d’être signée.",
            pour=signs_or_manages,
        ),
        Sorte(
            CONSTAT,
            "materiel",
            "Remise, retour, incident",
            "L’état des lieux d’un prêt de votre commune.",
            pour=follows_loans,
        ),
    ]


def signs_or_manages(agent: Agent) -> bool:
    return any(poste.is_signataire or poste.gestionnaire for poste in agent.postes_en_cours)


def signers_of(place: Collectivite | int) -> "QuerySet[Agent]":
    postes = Poste.objects.in_force().filter(collectivite=place).exclude(signataire=Pouvoir.NON)
    return Agent.objects.filter(pk__in=postes.values("agent"), is_active=True, efface_le=None)


def managers_of(place: Collectivite | int, and_also: Agent | None = None) -> "QuerySet[Agent]":
    """The gestionnaires there, with who follows this loan if they still work there."""
    managing = Q(pk__in=Poste.objects.gestionnaires_of([place]).values("agent"))
    if and_also is not None:
        here = Poste.objects.in_force().filter(agent=and_also, collectivite=place)
        managing |= Q(pk__in=here.values("agent"))
    return Agent.objects.filter(managing, is_active=True, efface_le=None)


def ask_signature(convention: Convention, cotes: list[Cote], auteur: Agent | None) -> None:
    """Asks the signataires of these parties."""
    for cote in cotes:
        place = convention.preteur if cote == Cote.PRETEUR else convention.emprunteur
        other = convention.emprunteur if cote == Cote.PRETEUR else convention.preteur
        notify(
            signers_of(place),
            CONVENTION,
            f"Une convention avec {other.nom} attend votre signature",
            url=convention.get_absolute_url(),
            texte=_about(convention),
            action="Lire et signer",
            icone="pen",
            collectivite=place,
            objet=convention,
            auteur=auteur,
            cle=f"convention:{convention.pk}:{cote}",
        )


def tell_signed(convention: Convention, auteur: Agent | None) -> None:
    """Both have signed: those who will hand over, or fetch, may go on."""
    demandeur = convention.pret.demandeur if convention.pret_id else None
    for place in (convention.preteur, convention.emprunteur):
        notify(
            managers_of(place, demandeur),
            CONVENTION,
            f"La convention n°{NBSP}{convention.numero} est signée par les deux parties",
            url=convention.get_absolute_url(),
            texte=_about(convention),
            action="Ouvrir la convention",
            icone="file-earmark-check",
            collectivite=place,
            objet=convention,
            auteur=auteur,
            cle=f"convention:{convention.pk}:signee",
        )


def tell_constat(constat: Constat, titre: str) -> None:
    pret = constat.pret
    for place in (pret.preteur, pret.emprunteur):
        notify(
            managers_of(place, pret.demandeur),
            CONSTAT,
            titre,
            url=constat.get_absolute_url(),
            texte=f"{pret.materiel.nom}, {pret.periode}.",
            action="Lire l’état des lieux",
            icone="clipboard-check",
            collectivite=place,
            objet=pret,
            auteur=constat.auteur,
            cle=f"constat:{constat.pk}",
        )


def tell_incident(incident: Incident) -> None:
    pret = incident.pret
    for place in (pret.preteur, pret.emprunteur):
        notify(
            managers_of(place, pret.demandeur),
            CONSTAT,
            f"Un incident sur «{NBSP}{incident.materiel.nom}{NBSP}»",
            url=incident.get_absolute_url(),
            texte=incident.description,
            action="Suivre l’incident",
            icone="exclamation-triangle",
            collectivite=place,
            objet=pret,
            auteur=incident.ouvert_par,
            cle=f"incident:{incident.pk}",
        )


def _about(convention: Convention) -> str:
    if convention.pret_id is None:
        return f"Convention-cadre, {convention.preteur.nom} prête à {convention.emprunteur.nom}."
    pret: Pret = convention.pret
    return f"{pret.materiel.nom}, {pret.periode}. {pret.usage}"
