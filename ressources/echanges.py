"""Words around a sheet: questions and experience, read by all its readers; mistakes, by those who look after it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from extranet.lib.francais import NBSP
from notifications.envoi import notify
from ressources.enums import GenreEchange
from ressources.models import Echange, RessourcePage
from ressources.permissions import can_edit
from ressources.rappels import keepers_of

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
    page: RessourcePage,
    auteur: "Agent",
    collectivite: "Collectivite | None",
    *,
    texte: str,
    genre: GenreEchange = GenreEchange.QUESTION,
    endroit: str = "",
    reponse_a: Echange | None = None,
) -> Echange:
    """A word, told to who looks after the sheet; an answer, of the kind of what it answers, told to who asked."""
    if reponse_a is not None:
        reponse_a = reponse_a.reponse_a or reponse_a
        genre, endroit = GenreEchange(reponse_a.genre), ""
    echange = Echange.objects.create(
        page=page,
        genre=genre,
        auteur=auteur,
        collectivite=collectivite,
        texte=texte,
        endroit=endroit,
        reponse_a=reponse_a,
    )
    if reponse_a is None:
        agents, place = keepers_of(page)
        _tell(echange, agents, f"{_TITRES[genre]} «{NBSP}{page.title}{NBSP}»", "Répondre", place=place)
    else:
        titre = f"{auteur.nom_complet} vous répond au sujet de «{NBSP}{page.title}{NBSP}»"
        codes = () if can_edit(reponse_a.auteur, page) else page.diffusion
        _tell(echange, [reponse_a.auteur], titre, "Lire la réponse", codes=codes)
    return echange


def _tell(
    echange: Echange,
    agents: list,
    titre: str,
    action: str,
    *,
    place: "Collectivite | None" = None,
    codes: Iterable[str] = (),
) -> None:
    """Who looks after a sheet is told whether or not they are among its readers (`codes`)."""
    notify(
        agents,
        SORTE,
        titre,
        url=f"{echange.page.url}#echange-{echange.pk}",
        texte=echange.texte,
        action=action,
        icone="chat-square-text",
        collectivite=place,
        visible_par=codes,
        objet=echange.page,
        auteur=echange.auteur,
        cle=f"echange:{echange.pk}",
    )


def settle(echange: Echange, agent: "Agent") -> None:
    """Dealt with: the mistake is corrected, the question answered. Twice is once."""
    Echange.objects.filter(pk=echange.pk, traite_le=None).update(traite_le=timezone.now(), traite_par=agent)
