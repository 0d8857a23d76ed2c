"""Closing a session: what each one attended, their attestation, their title; once, as a whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.francais import date_longue, heure
from extranet.lib.tour import rejoue
from extranet.lib.typographie import space
from formations.empreinte import empreinte
from formations.enums import PROPOSEES, Acte, Presence, StatutInscription, StatutSession
from formations.models import Attestation, BesoinParticulier, Emargement, Inscription, SessionFormation
from formations.mots import complete
from formations.places import histoire
from formations.places.echeances import COMMENCEE
from formations.places.retraits import leave
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee
from formations.seances import annonces
from formations.seances.habilitations import deliver
from formations.seances.presences import changed_since, closing

if TYPE_CHECKING:
    from collectivites.models import Agent, Habilitation
    from formations.models import Mouvement


@dataclass
class Bilan:
    """What the closing gave."""

    session: SessionFormation
    conclues: list[Inscription] = field(default_factory=list)
    attestations: list[Attestation] = field(default_factory=list)


@dataclass(frozen=True)
class Suivi:
    """What a person attended: minutes in all, and how each half-day was said."""

    minutes: int
    presences: tuple[str, ...]
    demi_journees: int

    @property
    def complet(self) -> bool:
        return len(self.presences) == self.demi_journees and set(self.presences) == {Presence.PRESENT.value}

    @property
    def statut(self) -> StatutInscription:
        if self.complet:
            return StatutInscription.PRESENTE
        if self.minutes:
            return StatutInscription.PARTIELLE
        return StatutInscription.EXCUSEE if Presence.EXCUSE in self.presences else StatutInscription.ABSENTE

    @property
    def empreinte(self) -> str:
        """Of what the page of the end shows of a person."""
        return empreinte(self.minutes, self.presences, self.demi_journees)


def what_stops(session: SessionFormation, now: datetime | None = None) -> str:
    """Why it cannot be closed yet, empty when it can. Two queries."""
    if session.statut not in PROPOSEES:
        return f"Cette session est {session.get_statut_display()} : elle ne se clôt plus."
    creneaux = list(session.creneaux.order_by("demi_journee"))
    if not creneaux:
        return "Fixez d’abord les dates de la session."
    last = closing(creneaux[-1])
    if last > (now or timezone.now()):
        local = timezone.localtime(last)
        return f"La session se termine à partir du {date_longue(local.date())}, {heure(local)}."
    left = [str(one) for one in creneaux if one.clos_le is None]
    return f"Il reste à clore : {' ; '.join(left)}." if left else ""


def suivis_of(session: SessionFormation) -> dict[int, Suivi]:
    """By key of the inscription, for those who hold a seat. Three queries."""
    count = session.creneaux.count()
    rows: dict[int, list[Emargement]] = {
        pk: [] for pk in session.inscriptions.placed().order_by().values_list("pk", flat=True)
    }
    for one in Emargement.objects.filter(inscription__session=session).order_by("creneau__demi_journee"):
        if one.inscription_id in rows:
            rows[one.inscription_id].append(one)
    return {
        pk: Suivi(sum(one.minutes for one in said), tuple(one.presence for one in said), count)
        for pk, said in rows.items()
    }


@rejoue
def clore(
    session_pk: int,
    auteur: "Agent",
    *,
    sans_titre: Collection[int] = (),
    vus: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> Bilan:
    """Every seat is concluded by its presences, and attested for the hours attended. `sans_titre`: keys of the
    inscriptions of those who were there all along, but did not pass; `vus`, the fingerprints that the page had shown.

    Whoever still waited waits no more; what a person needed to be well received is erased. Raises InscriptionRefusee
    while a half-day is open, SessionChangee when it is closed or cancelled, or when what was shown has changed.
    """
    now = now or timezone.now()
    with places():
        session = lock(session_pk)
        if session.statut not in PROPOSEES:
            raise SessionChangee(f"Cette session est {session.get_statut_display()} : elle ne se clôt plus.")
        if reason := what_stops(session, now):
            raise InscriptionRefusee(reason)
        if vus is not None:
            _check_seen(session, vus)
        for one in session.inscriptions.waiting().select_related("agent", "collectivite"):
            leave(session, one, StatutInscription.EXPIREE, Acte.EXPIREE, None, COMMENCEE, now)
        bilan = _conclude(session, auteur, sans_titre, now)
        BesoinParticulier.objects.filter(inscription__session=session).delete()
        before, session.statut = session.statut, StatutSession.CLOSE
        session.statut_le = session.close_le = now
        session.save(update_fields=["statut", "statut_le", "close_le"])
        _write([histoire.session_line(Acte.SESSION_CLOSE, session, auteur, de=before)], now)
        annonces.tell_closed(bilan.conclues, bilan.attestations)
        return bilan


def _check_seen(session: SessionFormation, vus: Mapping[int, str]) -> None:
    """Raises SessionChangee naming those of whom the page had shown something else, or nothing."""
    known = {pk: suivi.empreinte for pk, suivi in suivis_of(session).items()}
    other = {pk for pk in known.keys() | vus.keys() if known.get(pk) != vus.get(pk)}
    if other:
        raise changed_since(one.agent for one in session.inscriptions.filter(pk__in=other).select_related("agent"))


def _conclude(session: SessionFormation, auteur: "Agent", sans_titre: Collection[int], now: datetime) -> Bilan:
    bilan, lines, suivis = Bilan(session), [], suivis_of(session)
    seats = session.inscriptions.placed().select_related("agent", "collectivite")
    for one in seats.order_by("agent__nom", "agent__prenom", "pk"):
        suivi, before = suivis[one.pk], one.statut
        one.session = session
        one.statut, one.statut_le, one.tenue_jusqua, one.minutes = suivi.statut, now, None, suivi.minutes
        one.save(update_fields=["statut", "statut_le", "tenue_jusqua", "minutes"])
        lines.append(histoire.line(Acte.CONCLUE, one, auteur, de=before, minutes=suivi.minutes))
        bilan.conclues.append(one)
        if suivi.minutes:
            passed = suivi.complet and one.pk not in sans_titre
            bilan.attestations.append(_attest(one, len(bilan.attestations) + 1, auteur, suivi, passed=passed, now=now))
            lines.append(histoire.line(Acte.ATTESTEE, one, auteur, de=one.statut))
    _write(lines, now)
    return bilan


def _attest(one: Inscription, rank: int, auteur: "Agent", suivi: Suivi, *, passed: bool, now: datetime) -> Attestation:
    formation, kind = one.session.formation, one.session.formation.titre_delivre
    # Nobody holds a title any more once they are erased: their hours alone are attested.
    titled = kind and passed and one.agent.efface_le is None
    title = deliver(one.agent, kind, one.session.date_fin, formation.nature) if titled else None
    return Attestation.objects.create(
        inscription=one,
        numero=f"{one.session.numero}-{rank:02d}",
        minutes=suivi.minutes,
        resultat=_result(one, suivi, title)[:120],
        habilitation=title,
        delivree_le=now,
        delivree_par=auteur,
    )


def _result(one: Inscription, suivi: Suivi, title: "Habilitation | None") -> str:
    """What the paper says of it; of a title, until when."""
    kind = one.session.formation.titre_delivre
    if kind is None:
        return "Formation suivie en entier." if suivi.complet else "Formation suivie en partie."
    if title is None:
        return "Formation suivie en entier, titre non délivré." if suivi.complet else "Suivie en partie, sans titre."
    until = f", valable jusqu’au {complete(title.valable_jusqu_au)}" if title.valable_jusqu_au else ""
    room = 120 - len(until) - len("Évaluation favorable : .") - 4
    return space(f"Évaluation favorable : {kind.libelle[:room]}{until}.")


def _write(lines: "list[Mouvement]", now: datetime) -> None:
    """Told by `annonces` in this transaction: `veille` has nothing to add."""
    for line in lines:
        line.annonce_le = now
    histoire.write(lines)
