"""« Envoyer à un collègue »: the address of a sheet with a word, never the file, to those who may read it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat

from collectivites.journal import record
from collectivites.models import Agent, Poste
from extranet.lib.francais import NBSP
from extranet.lib.pliage import Fold, words
from notifications.audience import readers_of
from notifications.envoi import notify
from ressources.models import RessourcePage
from ressources.partages.liens import names_of
from ressources.permissions import can_edit
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collectivites.models import Collectivite

SORTE = "ressource_envoyee"
MAX_DESTINATAIRES, PROPOSES, LETTRES = 10, 8, 2


def colleagues(agent: Agent) -> QuerySet[Agent]:
    """Those of the annuaire, as this person sees it."""
    return Agent.objects.visible_to(agent).in_office().filter(is_active=True).exclude(pk=agent.pk)


def named(text: str, agent: Agent) -> list[Agent]:
    """Those whose name holds every word, by name; a few. Too short a text names nobody."""
    asked = words(text)
    if len("".join(asked)) < LETTRES:
        return []
    found = colleagues(agent).annotate(plie=Fold(Concat(F("prenom"), Value(" "), F("nom"), output_field=CharField())))
    for word in asked:
        found = found.filter(plie__contains=word)
    return list(found.order_by("nom", "prenom", "pk")[:PROPOSES])


def places_of(agents: Iterable[Agent]) -> dict[int, str]:
    """« Secrétaire de mairie, Foucherans », by agent: their main poste. One query."""
    found: dict[int, str] = {}
    postes = Poste.objects.in_force().filter(agent__in=[one.pk for one in agents]).for_list().main_first()
    for poste in postes:
        found.setdefault(poste.agent_id, f"{poste.libelle}, {poste.collectivite.nom}")
    return found


@transaction.atomic
def send(
    page: RessourcePage,
    auteur: Agent,
    destinataires: list[Agent],
    *,
    mot: str = "",
    collectivite: "Collectivite | None" = None,
) -> int:
    """Tells each of them, in their notifications and by mail as they prefer. Returns how many were told.

    Raises RessourceRefusee, naming them, when some may not read the sheet: nobody is told then.
    """
    readers = set(readers_of(page.diffusion).filter(pk__in=[a.pk for a in destinataires]).values_list("pk", flat=True))
    if not RessourcePage.objects.online().filter(pk=page.pk).exists():
        readers = set()
    if outside := [agent for agent in destinataires if agent.pk not in readers]:
        raise RessourceRefusee(_refusal(page, outside, auteur))
    told = notify(
        destinataires,
        SORTE,
        f"{auteur} vous signale «{NBSP}{page.title}{NBSP}»",
        texte=mot or page.resume,
        url=page.adresse,
        action="Ouvrir la fiche",
        icone="send",
        visible_par=page.diffusion,
        objet=page,
        auteur=auteur,
    )
    record("ressource.envoyee", page, agent=auteur, collectivite=collectivite, libelle=page.title, personnes=told)
    return told


def _refusal(page: RessourcePage, outside: list[Agent], auteur: Agent) -> str:
    names = [agent.nom_complet for agent in outside]
    told = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
    many = len(names) > 1
    if can_edit(auteur, page):
        cure = f", ou ouvrez-{'leur' if many else 'lui'} d’abord la fiche par «{NBSP}Modifier{NBSP}»."
    else:
        whom = names_of(page)
        cure = f", ou demandez à {whom} de {'leur' if many else 'lui'} ouvrir la fiche." if whom else "."
    verb, those = ("peuvent", "ces personnes") if many else ("peut", "cette personne")
    return f"{told} ne {verb} pas lire ce document. Décochez {those}{cure}"
