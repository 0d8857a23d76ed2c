"""The thread of a loan: what the two parties write to one another, with a photo if any."""

from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction

from collectivites.enums import Domaine
from extranet.lib.stockage import store
from materiel import annonces
from materiel.models import Message, Pret
from materiel.passages import side_of

if TYPE_CHECKING:
    from collectivites.models import Agent


@transaction.atomic
def write(pret: Pret, auteur: "Agent", texte: str, photo: File | None = None) -> Message:
    """Told to the other side; by a responsable, to both. Raises OSError as the disk says it."""
    message = Message(pret=pret, auteur=auteur, cote=side_of(pret, auteur) or "", texte=texte)
    if photo is not None:
        store(message.photo, photo, photo.name.rpartition(".")[2])
    message.save()
    annonces.written(message)
    return message


def may_write(pret: Pret, agent: "Agent") -> bool:
    """Whoever has a poste in force with one of the parties, and the responsables, who help."""
    return pret.cote_of(agent) is not None or agent.answers_for(Domaine.MATERIEL)
