"""The convention signed on paper and sent as a scan: by the lender it signs at once, by the borrower once the lender
has said that it is theirs.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from collectivites.journal import record
from extranet.lib.francais import date_longue
from extranet.lib.stockage import store
from materiel.annonces_contrat import ask_whether_ours, tell_not_ours
from materiel.contrats.signatures import check_file, finish, locked_to_sign, write_signature
from materiel.enums import Cote, ModeSignature
from materiel.models import Convention, Signature
from materiel.permissions import REGLES, contract_side
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent

AVANCE = timedelta(days=365)
AUTRE_COPIE = "Ce n’est plus la copie que vous avez ouverte. Relisez-la, puis répondez."


@dataclass(frozen=True)
class Papier:
    """Who signed on paper for a party, as the paper says it."""

    cote: Cote
    nom: str
    qualite: str
    le: date


def first_day(convention: Convention) -> date:
    """The first day on which its paper may have been signed: when it was prepared, or a year before it begins for what
    was agreed on paper before it was written here.
    """
    return min(timezone.localdate(convention.created_at), convention.valable_du - AVANCE)


def wrong_day(convention: Convention, le: date) -> str:
    """Why nobody signed this paper on that day; empty when somebody may have."""
    if le > timezone.localdate():
        return "La signature ne peut pas être à venir."
    first = first_day(convention)
    return f"Cette convention n’existait pas encore : pas avant le {date_longue(first)}." if le < first else ""


@transaction.atomic
def sign_on_paper(convention: Convention, agent: "Agent", scan: File, nom: str, papiers: list[Papier]) -> Convention:
    """Keeps the scan of the signed paper. Sent for the lender, it signs for the parties that had not; for the borrower,
    it awaits the word of the lender.

    Raises PretRefuse when it is not for this person, all have signed, a copy awaits already, somebody is missing, a day
    cannot be, or the file has changed; OSError when the disk is full.
    """
    convention = locked_to_sign(convention)
    check_file(convention)
    side = contract_side(agent, convention.preteur, convention.emprunteur)
    if side is None:
        raise PretRefuse(REGLES["preparer"])
    _check_papers(convention, side, papiers)
    former = convention.scan.name
    store(convention.scan, scan, nom.rpartition(".")[2].lower())
    convention.scan_nom, convention.copie_par, convention.copie_refus = nom, agent, ""
    convention.copie_attend = side == Cote.EMPRUNTEUR
    convention.copie_dit = [_said(one) for one in papiers]
    _save_copy(convention, former)
    if side == Cote.PRETEUR:
        _sign_for_all(convention, agent)
        return convention
    record("convention.copie_deposee", convention, agent=agent, collectivite=convention.emprunteur, nom=nom)
    ask_whether_ours(convention, agent)
    return convention


@transaction.atomic
def recognise(convention: Convention, agent: "Agent", lue: str) -> Convention:
    """The lender says that the copy is theirs, signed by both. `lue` is the name of the copy that was on the screen."""
    convention = _awaiting(convention, agent, lue)
    record("convention.copie_reconnue", convention, agent=agent, collectivite=convention.preteur)
    convention.copie_attend = False
    convention.save(update_fields=["copie_attend"])
    _sign_for_all(convention, agent)
    return convention


@transaction.atomic
def disown(convention: Convention, agent: "Agent", lue: str, motif: str) -> Convention:
    """It is not: the copy goes, the borrower is told why, the convention is to be signed again."""
    convention = _awaiting(convention, agent, lue)
    if not motif.strip():
        raise PretRefuse("Dites pourquoi ce n’est pas elle : l’autre commune le lira.")
    by, former = convention.copie_par, convention.scan.name
    record(
        "convention.copie_refusee",
        convention,
        agent=agent,
        collectivite=convention.preteur,
        motif=motif.strip(),
        nom=convention.scan_nom,
    )
    convention.scan, convention.scan_nom, convention.copie_par = "", "", None
    convention.copie_attend, convention.copie_dit, convention.copie_refus = False, [], motif.strip()[:300]
    _save_copy(convention, former)
    tell_not_ours(convention, agent, by)
    return convention


def _check_papers(convention: Convention, side: Cote, papiers: list[Papier]) -> None:
    done = set(convention.signatures.values_list("cote", flat=True))
    if done == set(Cote):
        raise PretRefuse("Cette convention est déjà signée par les deux parties.")
    if convention.copie_attend and side == Cote.EMPRUNTEUR:
        raise PretRefuse(f"Une copie est déjà déposée : {convention.preteur.nom} doit dire si c’est la bonne.")
    if not set(Cote) <= done | {papier.cote for papier in papiers}:
        raise PretRefuse("Dites qui a signé pour chaque partie : leurs noms sont sur le papier.")
    for papier in papiers:
        if wrong := wrong_day(convention, papier.le):
            raise PretRefuse(wrong)


def _awaiting(convention: Convention, agent: "Agent", lue: str) -> Convention:
    convention = locked_to_sign(convention)
    if contract_side(agent, convention.preteur, convention.emprunteur) != Cote.PRETEUR:
        raise PretRefuse(REGLES["reconnaitre"])
    if not convention.copie_attend or convention.signee_le:
        raise PretRefuse("Cette copie n’attend plus de réponse : relisez la convention.")
    if lue != convention.scan.name:
        raise PretRefuse(AUTRE_COPIE)
    return convention


def _said(papier: Papier) -> dict[str, str]:
    return {"cote": papier.cote, "nom": papier.nom, "qualite": papier.qualite, "le": papier.le.isoformat()}


def papers_of(convention: Convention) -> list[Papier]:
    """Who signed, as whoever filed the copy said it."""
    return [
        Papier(Cote(one["cote"]), one["nom"], one["qualite"], date.fromisoformat(one["le"]))
        for one in convention.copie_dit
    ]


def _save_copy(convention: Convention, former: str) -> None:
    """The copy that another replaces, or that was not theirs, leaves the disk once this is written."""
    convention.save(update_fields=["scan", "scan_nom", "copie_par", "copie_attend", "copie_dit", "copie_refus"])
    if former:
        transaction.on_commit(partial(convention.scan.storage.delete, former))


def _sign_for_all(convention: Convention, agent: "Agent") -> None:
    """For each party that had not signed, in the name of whoever filed the copy; `agent` acts for the lender."""
    by = convention.copie_par
    done = set(convention.signatures.values_list("cote", flat=True))
    for papier in papers_of(convention):
        if papier.cote in done:
            continue
        signature = Signature(
            convention=convention,
            cote=papier.cote,
            mode=ModeSignature.PAPIER,
            agent=by,
            nom=papier.nom,
            qualite=papier.qualite,
            preuve=f"copie déposée par {by.nom_complet}"[:80],
            sha256=convention.sha256,
            signee_le=timezone.make_aware(datetime.combine(papier.le, time(12))),
        )
        write_signature(convention, signature, agent)
    finish(convention, agent)
