"""The page of a seat: where it stands, why, what may be done, and what has happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from formations.adresses import gerer
from formations.enums import Acte, StatutInscription, Visa
from formations.inscrire.mots import before_words, dates_words, hours_words, state_of, why_waiting
from formations.inscrire.precisions import carpool
from formations.inscrire.rangs import positions
from formations.models import BesoinParticulier, Inscription
from formations.mots import replacing, salles
from formations.permissions import can_change, can_organise, can_replace
from formations.places.lecture import chances
from formations.places.promotion import waiting_list

if TYPE_CHECKING:
    from collectivites.models import Agent


@dataclass(frozen=True)
class Ligne:
    """A line of the history, as the reader may see it."""

    quand: datetime
    mots: str
    auteur: str
    motif: str


def for_page() -> "QuerySet[Inscription]":
    """Seats with all that their page reads beside."""
    beside = "agent", "collectivite", "demandee_par", "visa_par", "remplace__agent", "remplacee_par__agent"
    found = Inscription.objects.select_related(*beside, "session__formation", "session__lieu", "session__contact")
    return found.prefetch_related("session__creneaux")


def context(inscription: Inscription, lecteur: "Agent") -> dict[str, Any]:
    """All of the page; a bounded number of queries."""
    session, may = inscription.session, can_change(lecteur, inscription)
    creneaux = list(session.creneaux.all())
    place, waiting = positions([inscription]).get(inscription.pk, (None, 0))
    organises = can_organise(lecteur)
    open_ = is_changeable(inscription)
    return {
        "inscription": inscription,
        "session": session,
        "formation": session.formation,
        "moi": inscription.agent_id == lecteur.pk,
        "etat": state_of(inscription, place),
        "place": place,
        "attendent": waiting,
        "pourquoi": why(inscription) if inscription.is_waiting else "",
        "chances": chances(session) if inscription.is_waiting and session.is_dated else (0, 0),
        "visa_attendu": inscription.visa == Visa.ATTENDU and inscription.is_open,
        "dates": dates_words(one.date for one in creneaux),
        "heures": hours_words(creneaux),
        "salles": salles(creneaux),
        "peut_changer": may and open_,
        "peut_repondre": may and inscription.statut == StatutInscription.OFFERTE,
        "peut_remplacer": open_ and can_replace(lecteur, inscription) and inscription.is_held,
        "tardif": is_late(inscription),
        "besoin": need_of(inscription) if may or organises else None,
        "avant": before_words(inscription.tenue_jusqua) if inscription.tenue_jusqua else "",
        "successeur": successor(inscription, lecteur),
        "organise": organises,
        "gerer": gerer(session.numero),
        "passagers": carpool(inscription) if may else [],
        "histoire": history(inscription, lecteur),
    }


def is_changeable(inscription: Inscription) -> bool:
    """Until the first minute of the session: from then on it is told by the presences, who came and who did not."""
    creneaux = list(inscription.session.creneaux.all())
    return inscription.is_open and not (creneaux and creneaux[0].debut <= timezone.now())


def successor(inscription: Inscription, lecteur: "Agent") -> str:
    """Who has the seat now."""
    new = getattr(inscription, "remplacee_par", None)
    return ("vous" if new.agent_id == lecteur.pk else new.agent.nom_complet) if new else "un collègue"


def why(inscription: Inscription) -> str:
    """Why they wait, with the date at which the quotas are lifted."""
    session = inscription.session
    waits = next((one for one in waiting_list(session) if one.inscription.pk == inscription.pk), None)
    return why_waiting(waits, session) if waits else ""


def is_late(inscription: Inscription) -> bool:
    """Past the date until which one leaves free of charge: for whoever holds a seat."""
    limit = inscription.session.limite_desistement
    return inscription.is_expected and limit is not None and timezone.localdate() > limit


def need_of(inscription: Inscription) -> BesoinParticulier | None:
    """That there is one, and whether it was read: never its words."""
    return BesoinParticulier.objects.filter(inscription=inscription).defer("chiffre").first()


def history(inscription: Inscription, lecteur: "Agent") -> list[Ligne]:
    """Its lines, the last one first. That a need was read is for its person and the organiser."""
    rows = inscription.mouvements.select_related("auteur").order_by("-created_at", "-pk")
    if inscription.agent_id != lecteur.pk and not can_organise(lecteur):
        rows = rows.exclude(acte=Acte.BESOIN_LU)
    labels = dict(Acte.choices)
    return [
        Ligne(
            one.created_at,
            labels.get(one.acte, one.acte).capitalize() + replacing(one),
            one.auteur.nom_complet if one.auteur else "",
            one.motif,
        )
        for one in rows
    ]
