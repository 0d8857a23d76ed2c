"""Telling the two parties of a loan what happens, each in the words of its side.

What awaits an answer is mailed at once, one mail an event; the rest waits for the mail of the day.
"""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from collectivites.enums import Domaine
from collectivites.models import Poste
from collectivites.refus import responsables
from extranet.lib.apports import Sorte
from extranet.lib.francais import NBSP, jour
from extranet.lib.typographie import space
from materiel.enums import Cote
from materiel.models import Convention, Materiel, Message, Pret, Proposition
from materiel.mots import chose, chose_du, entre_guillemets
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

A_REPONDRE, SUIVI, MESSAGE = "pret_a_repondre", "pret_suivi", "pret_message"
RETARD, RAPPEL, TRANSFERT = "pret_retard", "pret_rappel", "materiel_transfere"


def follows_loans(agent: "Agent") -> bool:
    """Gestionnaires, who hand over and take back, and the responsables, who stand in for a commune without any."""
    return agent.answers_for(Domaine.MATERIEL) or any(p.gestionnaire or p.constats for p in agent.postes_en_cours)


SORTES = [
    Sorte(
        A_REPONDRE,
        "materiel",
        "Prêt qui attend votre réponse",
        "Une commune vous demande un matériel, ou vous propose autre chose.",
        pour=follows_loans,
    ),
    Sorte(
        MESSAGE,
        "materiel",
        "Message sur un prêt",
        "L’autre commune vous écrit au sujet d’un prêt.",
        pour=follows_loans,
    ),
    Sorte(
        RETARD,
        "materiel",
        "Matériel en retard",
        "Un matériel n’est pas revenu à temps, et quelqu’un l’attend.",
        pour=follows_loans,
    ),
    Sorte(
        SUIVI,
        "materiel",
        "Suivi de vos prêts",
        "Un prêt est accordé, refusé, modifié ou annulé.",
        frequence="quotidien",
        pour=follows_loans,
    ),
    Sorte(
        RAPPEL,
        "materiel",
        "Rappel de remise ou de retour",
        "La veille, ou quand une réponse tarde.",
        frequence="quotidien",
        pour=follows_loans,
    ),
    Sorte(
        TRANSFERT,
        "materiel",
        "Matériel transféré",
        "Un matériel passe de votre commune à une autre, ou d’une autre à la vôtre.",
        pour=follows_loans,
    ),
]


def keepers(collectivite: "Collectivite") -> "list[Agent]":
    """The gestionnaires in office there."""
    postes = Poste.objects.gestionnaires_of([collectivite]).select_related("agent")
    return list({poste.agent_id: poste.agent for poste in postes}.values())


def readers(place: "Collectivite", asker: "Agent | None" = None) -> "list[Agent]":
    """Who is told for a party: its gestionnaires, and who asked for it, while they are in office there."""
    found = keepers(place)
    if asker and asker not in found and any(p.collectivite_id == place.pk for p in asker.postes_en_cours):
        found.append(asker)
    return found


def send(
    place: "Collectivite",
    found: "list[Agent]",
    sorte: str,
    titre: str,
    texte: str = "",
    *,
    objet: Pret | Convention,
    url: str,
    action: str,
    auteur: "Agent | None" = None,
    icone: str = "",
    cle: str = "",
) -> int:
    """A party without anybody to tell is not left unanswered: the responsables are told for it."""
    return notify(
        found or [poste.agent for poste in responsables(Domaine.MATERIEL)],
        sorte,
        space(titre),
        texte=space(texte),
        url=url,
        action=action,
        icone=icone,
        collectivite=place if found else None,
        objet=objet,
        auteur=auteur,
        cle=cle,
    )


def tell(
    pret: Pret,
    cote: Cote,
    sorte: str,
    titre: str,
    texte: str = "",
    *,
    action: str = "Voir le prêt",
    url: str = "",
    **options: Any,
) -> int:
    """One side of a loan; `options` are those of `send`."""
    place = pret.preteur if cote == Cote.PRETEUR else pret.emprunteur
    found = readers(place, pret.demandeur if cote == Cote.EMPRUNTEUR else None)
    url = url or pret.get_absolute_url()
    return send(place, found, sorte, titre, texte, objet=pret, url=url, action=action, **options)


def objet_du(pret: Pret) -> str:
    """« Balayeuse de voirie », du 19 au 21 octobre."""
    return f"{entre_guillemets(chose_du(pret))}, {pret.periode}"


def asked(pret: Pret, agent: "Agent | None", rivals: str = "") -> None:
    words = [f"{pret.usage}." if pret.usage[-1] not in ".!?" else pret.usage, rivals]
    if pret.repondre_avant:
        words.append(f"Réponse attendue avant le {jour(pret.repondre_avant)}.")
    tell(
        pret,
        Cote.PRETEUR,
        A_REPONDRE,
        f"{pret.emprunteur.nom} vous demande {objet_du(pret)}",
        " ".join(filter(None, words)),
        auteur=agent,
        action="Répondre",
        icone="reply",
        cle=f"pret-demande:{pret.pk}:{pret.statut_le:%Y%m%d%H%M%S%f}",
    )


def granted(pret: Pret, agent: "Agent | None", mot: str = "", others: str = "") -> None:
    part = "" if pret.quantite >= pret.quantite_demandee else f" ({pret.quantite} sur {pret.quantite_demandee})"
    tell(
        pret,
        Cote.EMPRUNTEUR,
        SUIVI,
        f"{pret.preteur.nom} vous prête {objet_du(pret)}{part}",
        " ".join(filter(None, [mot, others, "La convention est à signer avant la remise."])),
        auteur=agent,
        icone="check-circle",
    )
    if agent is None:
        tell(
            pret,
            Cote.PRETEUR,
            SUIVI,
            f"Accordé d’office à {pret.emprunteur.nom} : {objet_du(pret)}",
            f"C’est votre accord direct. {pret.usage}",
            icone="check-circle",
        )


def refused(pret: Pret, agent: "Agent", others: str) -> None:
    tell(
        pret,
        Cote.EMPRUNTEUR,
        SUIVI,
        f"{pret.preteur.nom} ne peut pas vous prêter {objet_du(pret)}",
        f"{pret.motif} {others}".strip(),
        auteur=agent,
        icone="x-circle",
    )


def put_on_hold(pret: Pret, agent: "Agent", mot: str) -> None:
    tell(
        pret,
        Cote.EMPRUNTEUR,
        SUIVI,
        f"En liste d’attente : {objet_du(pret)}",
        f"{mot} Vous serez prévenu dès que cela se libère.".strip(),
        auteur=agent,
        icone="hourglass-split",
    )


def proposed(pret: Pret, proposition: Proposition, agent: "Agent") -> None:
    """To the other side, whatever it is about: a request, or a loan already granted."""
    lender = proposition.cote == Cote.PRETEUR
    what = chose(proposition.materiel, proposition.quantite)
    tell(
        pret,
        Cote.EMPRUNTEUR if lender else Cote.PRETEUR,
        A_REPONDRE,
        f"{(pret.preteur if lender else pret.emprunteur).nom} vous propose {entre_guillemets(what)}, "
        f"{proposition.periode}",
        f"{proposition.mot} Répondez avant le {jour(proposition.repondre_avant)}.".strip(),
        auteur=agent,
        action="Répondre",
        icone="calendar-range",
        cle=f"pret-proposition:{proposition.pk}",
    )


def freed(pret: Pret, proposition: Proposition) -> None:
    """The waiting list: it is free, and held for the first who waited."""
    tell(
        pret,
        Cote.EMPRUNTEUR,
        A_REPONDRE,
        f"Libéré pour vous : {objet_du(pret)}",
        f"Retenu jusqu’au {jour(proposition.repondre_avant)}. Le voulez-vous toujours ?",
        action="Répondre",
        icone="bell",
        cle=f"pret-proposition:{proposition.pk}",
    )


def said(pret: Pret, cote: Cote, titre: str, texte: str = "", agent: "Agent | None" = None) -> None:
    """The other side has decided something: read in the mail of the day."""
    tell(pret, cote, SUIVI, titre, texte, auteur=agent)


def written(message: Message) -> None:
    pret = message.pret
    author = pret.preteur if message.cote == Cote.PRETEUR else pret.emprunteur
    other = Cote.EMPRUNTEUR if message.cote == Cote.PRETEUR else Cote.PRETEUR
    for cote in (other,) if message.cote else (Cote.PRETEUR, Cote.EMPRUNTEUR):
        tell(
            pret,
            cote,
            MESSAGE,
            f"{message.auteur} ({author.nom if message.cote else 'intercommunalité'}) vous écrit{NBSP}: "
            f"{chose_du(pret)}",
            message.texte or "Une photo.",
            auteur=message.auteur,
            action="Lire et répondre",
            icone="chat-square-text",
            url=f"{pret.get_absolute_url()}#echanges",
        )


def transferred(materiel: Materiel, avant: "Collectivite", agent: "Agent", motif: str) -> None:
    """Both sides: who looks after it from now on, and who no longer does."""
    after, name = materiel.collectivite, entre_guillemets(materiel.nom)
    titles = {
        avant: f"{name} n’est plus à votre commune : il est {after.a_nom}",
        after: f"{avant.nom} vous transfère {name}",
    }
    texts = {
        avant: "Les prêts déjà finis restent dans vos comptes.",
        after: "Ses papiers et les dates gardées le suivent. Dites où il se trouve et qui s’en occupe.",
    }
    now = timezone.now()
    for place, title in titles.items():
        found = keepers(place)
        notify(
            found or [poste.agent for poste in responsables(Domaine.MATERIEL)],
            TRANSFERT,
            space(title),
            texte=space(f"{motif} {texts[place]}".strip()),
            url=materiel.page.adresse,
            action="Voir la fiche",
            icone="box-arrow-up-right",
            collectivite=place if found else None,
            auteur=agent,
            cle=f"materiel-transfert:{materiel.pk}:{place.pk}:{now:%Y%m%d%H%M%S%f}",
        )
