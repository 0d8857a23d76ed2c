"""What a person needs to be well received: encrypted, read by the responsables, erased after the session."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from extranet.lib import chiffrement
from extranet.lib.typographie import space
from formations.enums import Acte
from formations.models import BesoinParticulier, Inscription
from formations.permissions import REGLES, can_organise
from formations.places import histoire

if TYPE_CHECKING:
    from collectivites.models import Agent

USAGE = "formations.besoin"
ILLISIBLE = space(
    "Ce besoin ne peut plus être lu : la clé du site a changé depuis. Demandez-le de nouveau à la personne."
)


@transaction.atomic
def write(inscription: Inscription, texte: str) -> None:
    """In place of what was there; an empty text erases it. Who may say it was asked before (`can_change`)."""
    texte = texte.strip()
    if not texte:
        BesoinParticulier.objects.filter(inscription=inscription).delete()
        return
    BesoinParticulier.objects.update_or_create(
        inscription=inscription,
        defaults={
            "chiffre": chiffrement.encrypt(USAGE, texte),
            "created_at": timezone.now(),
            "lu_le": None,
        },
    )


@transaction.atomic
def read(inscription: Inscription, lecteur: "Agent") -> str:
    """For the organiser, each reading in the history; "" without any. Raises PermissionDenied with the rule."""
    if not can_organise(lecteur):
        raise PermissionDenied(REGLES["besoin"])
    kept = BesoinParticulier.objects.filter(inscription=inscription).first()
    if kept is None:
        return ""
    kept.lu_le = timezone.now()
    kept.save(update_fields=["lu_le"])
    histoire.write([histoire.line(Acte.BESOIN_LU, inscription, lecteur, de=inscription.statut)])
    return plain(kept)


def plain(kept: BesoinParticulier) -> str:
    """Its words, for the organiser (`read`) and for the person who asks for what is held about them."""
    try:
        return chiffrement.decrypt(USAGE, kept.chiffre)
    except chiffrement.InvalidToken:
        return ILLISIBLE
