"""Signing: who, by which power, when, and the SHA-256 of the exact PDF. On paper, see `copies`.

When both have signed, a second PDF bears the two signatures and the fingerprint of the first; it is sealed with the
certificate of the organisation when there is one.
"""

import hashlib
import logging
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Collectivite
from extranet.lib.contraintes import refuse_on
from extranet.lib.francais import heure
from extranet.lib.sceau import SceauImpossible, seal
from extranet.lib.stockage import store
from materiel.annonces_contrat import ask_signature, tell_signed
from materiel.contrats.conventions import draw
from materiel.contrats.parties import date_complete, delegation
from materiel.enums import Cote, ModeSignature
from materiel.models import Convention, Signature
from materiel.permissions import REGLES, signing_poste
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent

logger = logging.getLogger(__name__)

DEJA = {"signature_une_par_partie": "Votre collectivité a déjà signé cette convention."}
CHANGEE = (
    "Le fichier de cette convention n’est plus celui qui a été préparé : rien n’est signé. Prévenez l’équipe de "
    "l’extranet, puis préparez-la de nouveau."
)
AUTRE_TEXTE = "Ce n’est plus le texte que vous avez lu. Relisez la convention, puis signez-la."
SANS_PREUVE = "compte personnel de l’extranet"


def place_of(convention: Convention, cote: Cote) -> Collectivite:
    return convention.preteur if cote == Cote.PRETEUR else convention.emprunteur


@transaction.atomic
def sign(convention: Convention, agent: "Agent", cote: Cote, *, lu: str = "", preuve: str = SANS_PREUVE) -> Signature:
    """Signs for a party. `lu` is the fingerprint of what was on the screen; `preuve` how the agent proved who they are.

    Raises PretRefuse when it is not for this person, another text was read, the file has changed, or it is done.
    """
    convention = locked_to_sign(convention)
    poste = signing_poste(agent, convention, cote)
    if poste is None:
        raise PretRefuse(REGLES["signer"])
    if lu and lu != convention.sha256:
        raise PretRefuse(AUTRE_TEXTE)
    if convention.signatures.filter(agent=agent, mode=ModeSignature.SITE).exclude(cote=cote).exists():
        raise PretRefuse("Une même personne ne signe pas pour les deux parties. Demandez à une autre de signer.")
    check_file(convention)
    signature = Signature(
        convention=convention,
        cote=cote,
        mode=ModeSignature.SITE,
        agent=agent,
        nom=agent.nom_complet,
        qualite=poste.libelle.lower(),
        delegation=delegation(poste),
        preuve=preuve,
        sha256=convention.sha256,
        signee_le=timezone.now(),
    )
    write_signature(convention, signature, agent)
    finish(convention, agent)
    return signature


def locked_to_sign(convention: Convention) -> Convention:
    """Raises PretRefuse when it is no longer to be signed by anybody."""
    found = Convention.objects.select_for_update(of=("self",)).select_related("preteur", "emprunteur", "pret__materiel")
    one = found.get(pk=convention.pk)
    if not one.is_current():
        raise PretRefuse(
            "Un autre texte a remplacé cette convention : ouvrez-le et signez-le."
            if one.remplacee_par_id
            else "Cette convention est résiliée : on ne la signe plus."
        )
    return one


def check_file(convention: Convention) -> None:
    """Reads the stored PDF again: what is signed is what was prepared, byte for byte."""
    try:
        with convention.file.open("rb") as kept:
            found = hashlib.sha256(kept.read()).hexdigest()
    except OSError:
        found = ""
    if found != convention.sha256:
        raise PretRefuse(CHANGEE)


def write_signature(convention: Convention, signature: Signature, agent: "Agent") -> None:
    """With its line of the journal. Raises PretRefuse when that party has signed already."""
    with refuse_on(DEJA, PretRefuse):
        signature.save()
    record(
        "convention.signee",
        convention,
        agent=agent,
        collectivite=place_of(convention, Cote(signature.cote)),
        cote=signature.cote,
        mode=signature.mode,
        nom=signature.nom,
        qualite=signature.qualite,
        delegation=signature.delegation,
        preuve=signature.preuve,
        sha256=signature.sha256,
        signee_le=signature.signee_le.isoformat(),
    )


def finish(convention: Convention, agent: "Agent") -> None:
    """Both have signed: the PDF that bears it is drawn, and both are told. Else the other one is asked."""
    signatures = {one.cote: one for one in convention.signatures.all()}
    missing = [cote for cote in Cote if cote not in signatures]
    if missing:
        ask_signature(convention, missing, agent)
        return
    if convention.copie_attend:
        _forget_copy(convention)
    convention.signee_le, convention.copie_attend, convention.copie_dit = timezone.now(), False, []
    content = draw(
        convention,
        [frame_of(convention, signatures[cote]) for cote in Cote],
        empreinte=convention.sha256,
        verification=f"{convention.donnees['service']['adresse']}{convention.get_absolute_url()}",
    )
    store(convention.signe, ContentFile(_sealed(convention, content)), "pdf")
    convention.save(update_fields=["signe", "signee_le", "scan", "scan_nom", "copie_par", "copie_attend", "copie_dit"])
    tell_signed(convention, agent)


def _forget_copy(convention: Convention) -> None:
    """Both have signed here while a copy awaited the word of the lender: nobody said that it is theirs, so it goes."""
    transaction.on_commit(partial(convention.scan.storage.delete, convention.scan.name))
    convention.scan, convention.scan_nom, convention.copie_par = "", "", None


def _sealed(convention: Convention, content: bytes) -> bytes:
    """Without its seal rather than not at all: the signatures stand without it."""
    place = convention.donnees["service"]["collectivite"]
    try:
        return seal(content, motif=str(convention), lieu=place)
    except SceauImpossible as refusal:
        logger.warning("La convention %s n’est pas scellée : %s", convention.numero, refusal)
        record("convention.sans_sceau", convention, agent=None, raison=str(refusal))
        return content


def frame_of(convention: Convention, signature: Signature) -> dict[str, str]:
    party = convention.donnees[signature.cote]["designation"]
    when = timezone.localtime(signature.signee_le)
    on_paper = signature.mode == ModeSignature.PAPIER
    frame = {
        "pour": f"Pour {party[:1].lower()}{party[1:]}",
        "le": date_complete(when.date()) if on_paper else f"{date_complete(when.date())} à {heure(when)}",
        "par": signature.nom,
        "qualite": signature.qualite,
        "mode": "Signature manuscrite, sur la copie déposée."
        if on_paper
        else f"Signé en ligne ({signature.preuve or SANS_PREUVE}).",
    }
    return frame | ({"delegation": f"délégation de signature, {signature.delegation}"} if signature.delegation else {})
