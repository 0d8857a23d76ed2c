"""Telling both parties of a loan that there is something to sign, that the thing went or came back, or was damaged."""

from django.utils import timezone

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.apports import Sorte
from extranet.lib.francais import NBSP
from materiel.annonces import follows_loans, readers, send, tell
from materiel.enums import Cote
from materiel.models import Constat, Convention, Incident, Pret
from materiel.mots import entre_guillemets

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


def signers_of(place: Collectivite) -> list[Agent]:
    postes = Poste.objects.in_force().filter(collectivite=place).exclude(signataire=Pouvoir.NON)
    return list(Agent.objects.filter(pk__in=postes.values("agent"), is_active=True, efface_le=None))


def ask_signature(convention: Convention, cotes: list[Cote], auteur: Agent | None) -> None:
    """Asks the signataires of these parties, where there are some."""
    for cote in cotes:
        place = convention.preteur if cote == Cote.PRETEUR else convention.emprunteur
        other = convention.emprunteur if cote == Cote.PRETEUR else convention.preteur
        signers = signers_of(place)
        if not signers:  # nobody else may sign in their stead
            continue
        send(
            place,
            signers,
            CONVENTION,
            f"Une convention avec {other.nom} attend votre signature",
            _about(convention),
            objet=convention,
            url=convention.get_absolute_url(),
            action="Lire et signer",
            icone="pen",
            auteur=auteur,
            cle=f"convention:{convention.pk}:{cote}",
        )


def ask_whether_ours(convention: Convention, auteur: Agent) -> None:
    """Asks the gestionnaires of the lender whether the copy filed by the borrower is the convention of both."""
    place = convention.preteur
    send(
        place,
        readers(place, None),
        CONVENTION,
        f"Copie à reconnaître{NBSP}: la convention n°{NBSP}{convention.numero}",
        f"{convention.emprunteur.nom} a déposé une copie signée. Est-ce bien elle{NBSP}? {_about(convention)}",
        objet=convention,
        url=f"{convention.get_absolute_url()}#copie",
        action="Voir la copie",
        icone="file-earmark-check",
        auteur=auteur,
        cle=f"convention:{convention.pk}:copie:{convention.scan.name}",
    )


def tell_not_ours(convention: Convention, auteur: Agent, by: Agent | None) -> None:
    """To whoever filed the copy, and the gestionnaires of the borrower, with the reason."""
    place = convention.emprunteur
    send(
        place,
        readers(place, by),
        CONVENTION,
        f"Copie refusée{NBSP}: la convention n°{NBSP}{convention.numero} est à signer",
        f"{convention.preteur.nom}{NBSP}: {convention.copie_refus}",
        objet=convention,
        url=convention.get_absolute_url(),
        action="Ouvrir la convention",
        icone="pen",
        auteur=auteur,
        cle=f"convention:{convention.pk}:refus:{timezone.now():%y%m%d%H%M%S%f}",
    )


def tell_signed(convention: Convention, auteur: Agent | None) -> None:
    """Both have signed: those who will hand over, or fetch, may go on."""
    demandeur = convention.pret.demandeur if convention.pret_id else None
    paper = f" Sur papier{NBSP}: la copie est déposée par {convention.copie_par}." if convention.scan else ""
    for place in (convention.preteur, convention.emprunteur):
        send(
            place,
            readers(place, demandeur),
            CONVENTION,
            f"La convention n°{NBSP}{convention.numero} est signée par les deux parties",
            f"{_about(convention)}{paper}",
            objet=convention,
            url=convention.get_absolute_url(),
            action="Ouvrir la convention",
            icone="file-earmark-check",
            auteur=auteur,
            cle=f"convention:{convention.pk}:signee",
        )


def tell_constat(constat: Constat, titre: str) -> None:
    pret = constat.pret
    for cote in (Cote.PRETEUR, Cote.EMPRUNTEUR):
        tell(
            pret,
            cote,
            CONSTAT,
            titre,
            f"{pret.materiel.nom}, {pret.periode}.",
            url=constat.get_absolute_url(),
            action="Lire l’état des lieux",
            icone="clipboard-check",
            auteur=constat.auteur,
            cle=f"constat:{constat.pk}",
        )


def tell_incident(incident: Incident) -> None:
    for cote in (Cote.PRETEUR, Cote.EMPRUNTEUR):
        tell(
            incident.pret,
            cote,
            CONSTAT,
            f"Un incident sur {entre_guillemets(incident.materiel.nom)}",
            incident.description,
            url=incident.get_absolute_url(),
            action="Suivre l’incident",
            icone="exclamation-triangle",
            auteur=incident.ouvert_par,
            cle=f"incident:{incident.pk}",
        )


def _about(convention: Convention) -> str:
    if convention.pret_id is None:
        return f"Convention-cadre, {convention.preteur.nom} prête à {convention.emprunteur.nom}."
    pret: Pret = convention.pret
    return f"{pret.materiel.nom}, {pret.periode}. {pret.usage}"
