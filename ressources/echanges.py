"""Words around a sheet, or under a theme: questions and experience, read by all their readers; mistakes, by those who
look after the sheet.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from collectivites.diffusion import TOUTES
from extranet.lib.francais import NBSP
from notifications.envoi import notify
from ressources.enums import GenreEchange
from ressources.models import Echange, RessourcePage
from ressources.permissions import can_edit
from ressources.questions.interroges import Interroges, Sujet, asked_about, readers
from ressources.rappels import keepers_of
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

SORTE = "ressource_echange"
PUBLICS = (GenreEchange.QUESTION, GenreEchange.REMARQUE)
_TITRES = {
    GenreEchange.QUESTION: "Une question sur",
    GenreEchange.REMARQUE: "Un retour sur",
    GenreEchange.SIGNALEMENT: "Une erreur signalée dans",
}


def readable_by(agent: "Agent", page: RessourcePage) -> QuerySet[Echange]:
    """Questions, experience and their answers; mistakes are between their author and who may edit the sheet."""
    public = Q(genre__in=PUBLICS)
    told = Q(genre=GenreEchange.SIGNALEMENT)
    if not can_edit(agent, page):
        told &= Q(auteur=agent) | Q(reponse_a__auteur=agent)
    return Echange.objects.filter(public | told, page=page)


@transaction.atomic
def say(
    sujet: Sujet,
    auteur: "Agent",
    collectivite: "Collectivite | None",
    *,
    texte: str,
    genre: GenreEchange = GenreEchange.QUESTION,
    endroit: str = "",
    reponse_a: Echange | None = None,
) -> Echange:
    """A word, told to who looks after its subject; a question, to those who may be asked about the theme too.

    An answer, of the kind of what it answers, is told to who asked and to who answered before.
    """
    if reponse_a is not None:
        reponse_a = reponse_a.reponse_a or reponse_a
        genre, endroit = GenreEchange(reponse_a.genre), ""
    echange = Echange.objects.create(
        **({"page": sujet} if isinstance(sujet, RessourcePage) else {"theme": sujet}),
        genre=genre,
        auteur=auteur,
        collectivite=collectivite,
        texte=texte,
        endroit=endroit,
        reponse_a=reponse_a,
    )
    if reponse_a is None:
        _ask(echange, sujet)
    else:
        _answer(echange, reponse_a)
    return echange


def _ask(echange: Echange, sujet: Sujet) -> None:
    titre = f"{_TITRES[echange.genre]} «{NBSP}{echange.sujet}{NBSP}»"
    if echange.genre == GenreEchange.QUESTION:
        asked = asked_about(sujet, echange.auteur)
    else:
        asked = Interroges(*keepers_of(sujet), savent=[])
    _tell(echange, asked.gardiens, titre, "Répondre", place=asked.place)
    _tell(echange, asked.savent, titre, "Répondre", codes=_codes(echange), suite=":savent")


def _answer(echange: Echange, question: Echange) -> None:
    """Who cannot read the sheet any more is told of nothing, unless they look after it."""
    others = question.reponses.exclude(pk=echange.pk).select_related("auteur")
    concerned = {agent.pk: agent for agent in [question.auteur, *(one.auteur for one in others)]}
    concerned.pop(echange.auteur_id, None)
    seen = set(readers(echange.page or echange.theme).filter(pk__in=concerned).values_list("pk", flat=True))
    keepers = [a for a in concerned.values() if a.pk not in seen and echange.page and can_edit(a, echange.page)]
    about = f"au sujet de «{NBSP}{echange.sujet}{NBSP}»"
    mine = f"{echange.auteur.nom_complet} vous répond {about}"
    theirs = f"{echange.auteur.nom_complet} poursuit un échange {about}"
    for agents, codes, mark in (
        ([concerned[pk] for pk in concerned if pk in seen], _codes(echange), ""),
        (keepers, (), ":gardiens"),
    ):
        asker = [agent for agent in agents if agent.pk == question.auteur_id]
        rest = [agent for agent in agents if agent.pk != question.auteur_id]
        _tell(echange, asker, mine, "Lire la réponse", codes=codes, suite=mark)
        _tell(echange, rest, theirs, "Lire la suite", codes=codes, suite=f":suite{mark}")


def _codes(echange: Echange) -> Iterable[str]:
    """The readers of what it is about."""
    return echange.page.diffusion if echange.page else [TOUTES]


def _tell(
    echange: Echange,
    agents: list,
    titre: str,
    action: str,
    *,
    place: "Collectivite | None" = None,
    codes: Iterable[str] = (),
    suite: str = "",
) -> None:
    """Who looks after a sheet is told whether or not they are among its readers (`codes`)."""
    if not agents:
        return
    notify(
        agents,
        SORTE,
        titre,
        url=echange.adresse,
        texte=echange.texte,
        action=action,
        icone="chat-square-text",
        collectivite=place,
        visible_par=codes,
        objet=echange.page,
        auteur=echange.auteur,
        cle=f"echange:{echange.pk}{suite}",
    )


def settle(echange: Echange, agent: "Agent") -> None:
    """Dealt with: the mistake is corrected, the question answered. Twice is once."""
    Echange.objects.filter(pk=echange.pk, traite_le=None).update(traite_le=timezone.now(), traite_par=agent)


@transaction.atomic
def accept(reponse: Echange, par: "Agent") -> None:
    """« Cela répond à ma question », by who asked; another answer said so before no longer does. Twice is once.

    Raises RessourceRefusee for anybody else, and for what is not the answer to a question.
    """
    if reponse.reponse_a_id is None or reponse.genre != GenreEchange.QUESTION:
        raise RessourceRefusee("Seule une réponse à une question se retient.")
    question = Echange.objects.select_for_update(of=("self",)).get(pk=reponse.reponse_a_id)
    if question.auteur_id != par.pk:
        raise RessourceRefusee("Seule la personne qui a posé la question dit ce qui y répond.")
    if question.reponses.filter(pk=reponse.pk, retenue=True).exists():
        return
    question.reponses.filter(retenue=True).update(retenue=False)
    question.reponses.filter(pk=reponse.pk).update(retenue=True)
    settle(question, par)
    reader = readers(reponse.page or reponse.theme).filter(pk=reponse.auteur_id).exists()
    notify(
        [reponse.auteur] if reader or (reponse.page and can_edit(reponse.auteur, reponse.page)) else [],
        SORTE,
        f"Votre réponse a servi à {par.nom_complet}",
        url=reponse.adresse,
        texte=f"Vous répondiez au sujet de «{NBSP}{reponse.sujet}{NBSP}».",
        action="Revoir l’échange",
        icone="check-circle",
        visible_par=_codes(reponse) if reader else (),
        objet=reponse.page,
        auteur=par,
        cle=f"echange-retenu:{reponse.pk}",
    )
