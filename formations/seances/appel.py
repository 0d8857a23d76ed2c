"""The list of presences as its page shows it: half-days, people, what was typed; and the fingerprint of each line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from extranet.lib.typographie import space
from formations.enums import Presence
from formations.models import Creneau, Emargement, Inscription, SessionFormation
from formations.mots import PRESENCES, duree
from formations.seances.papiers import inscrits_of
from formations.seances.presences import button_of, closing, empreinte_of, is_open, opening


@dataclass(frozen=True)
class Dit:
    """What a form sent of a person, as typed; `vu`, what its page had shown of them."""

    choix: str = ""
    minutes: str = ""
    note: str = ""
    vu: str = ""

    @property
    def intact(self) -> bool:
        """The button is the one that the page had shown: nobody pressed it."""
        return bool(self.choix) and self.vu.partition("-")[0] == self.choix


@dataclass
class Ligne:
    """A person of the list, and what was entered for them this half-day."""

    inscription: Inscription
    emargement: Emargement | None = None
    # After a refusal: what was typed stays, with why it was refused.
    dit: Dit | None = None
    erreur: str = ""

    @property
    def choix(self) -> str:
        """The button that is pressed: whoever was there in part was there."""
        typed = self.dit.choix if self.dit is not None and not self.dit.intact else ""
        return typed or self._bouton

    @property
    def _bouton(self) -> str:
        return button_of(self.emargement.presence) if self.emargement is not None else ""

    @property
    def note(self) -> str:
        return self.dit.note if self.dit is not None else self._note

    @property
    def _note(self) -> str:
        return self.emargement.note if self.emargement is not None else ""

    @property
    def minutes_dites(self) -> str:
        """Those that were typed: of whoever was there in part."""
        return self.dit.minutes if self.dit is not None else self._minutes

    @property
    def _minutes(self) -> str:
        row = self.emargement
        return str(row.minutes) if row is not None and row.presence == Presence.PARTIEL else ""

    @property
    def depliee(self) -> bool:
        """The details are shown when they hold something that is not kept yet."""
        return bool(self.erreur) or (self.note, self.minutes_dites) != (self._note, self._minutes)

    @property
    def empreinte(self) -> str:
        return empreinte_of(self.emargement)

    @property
    def change(self) -> str:
        """« Noté depuis par Julien Rey : absence. », of a line that is no longer what its page had shown."""
        row = self.emargement
        if self.dit is None or row is None or self.dit.vu == self.empreinte:
            return ""
        by = f" par {row.saisi_par}" if row.saisi_par else ""
        return space(f"Noté depuis{by} : {PRESENCES[row.presence]}.")

    @property
    def par_code(self) -> bool:
        return self.emargement is not None and self.emargement.par_lui_meme

    @property
    def precision(self) -> str:
        """« 2 h sur place, parti à 14 h pour une astreinte »."""
        if self.emargement is None:
            return ""
        part = f"{duree(self.emargement.minutes)} sur place" if self.emargement.presence == Presence.PARTIEL else ""
        return ", ".join(filter(None, [part, self.emargement.note]))


@dataclass
class Feuille:
    """A half-day as the page shows it."""

    creneau: Creneau
    lignes: list[Ligne] = field(default_factory=list)
    presents: int = 0
    saisies: int = 0
    derniere: datetime | None = None

    @property
    def est_close(self) -> bool:
        return self.creneau.clos_le is not None

    @property
    def est_ouverte(self) -> bool:
        return is_open(self.creneau)

    @property
    def est_passee(self) -> bool:
        return self.creneau.fin <= timezone.now()

    @property
    def ouverture(self) -> datetime:
        return opening(self.creneau)

    @property
    def fermeture(self) -> datetime | None:
        """From when it may be closed; None when that has come."""
        moment = closing(self.creneau)
        return moment if moment > timezone.now() else None


def feuilles_of(session: SessionFormation) -> list[Feuille]:
    """Every half-day with its counts. One query."""
    there = Q(emargements__presence__in=[Presence.PRESENT, Presence.PARTIEL])
    counted = session.creneaux.order_by("demi_journee").annotate(
        presents=Count("emargements", filter=there),
        saisies=Count("emargements"),
        derniere=Max("emargements__saisi_le"),
    )
    return [Feuille(one, presents=one.presents, saisies=one.saisies, derniere=one.derniere) for one in counted]


def current(feuilles: list[Feuille], now: datetime | None = None) -> Feuille:
    """The one to fill in now: the first that is open, else the next one, else the last."""
    ready = next((one for one in feuilles if is_open(one.creneau, now)), None)
    return ready or next((one for one in feuilles if not one.est_close), feuilles[-1])


def fill(feuille: Feuille, session: SessionFormation) -> Feuille:
    """With its people, by name. Two queries."""
    said = {one.inscription_id: one for one in feuille.creneau.emargements.select_related("saisi_par")}
    feuille.lignes = [Ligne(one, said.get(one.pk)) for one in inscrits_of(session)]
    return feuille


def retake(feuille: Feuille, dits: Mapping[int, Dit], demandee: int | None, erreur: str) -> str:
    """What was typed, over what is kept, after a refusal; `erreur` goes beside the fields of the person `demandee`.

    Returns the sentence of the page, which names that person.
    """
    for ligne in feuille.lignes:
        ligne.dit = dits.get(ligne.inscription.pk)
        if ligne.change and ligne.inscription.pk != demandee:
            ligne.dit = replace(ligne.dit, minutes=ligne._minutes, note=ligne._note)
    asked = next((one for one in feuille.lignes if one.inscription.pk == demandee and not one.change), None)
    if asked is None:
        return erreur
    asked.erreur = erreur
    return space(f"{asked.inscription.agent} : {erreur[:1].lower()}{erreur[1:]}")
