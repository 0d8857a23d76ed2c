"""A thing in words: its badge, its distance, its line on a card; the same words on the board, the sheet and the map."""

from dataclasses import dataclass
from datetime import date

from django.utils import dateformat, timezone

from collectivites.models import Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment, periode
from extranet.lib.francais import NBSP, date_longue, en_lettres, jour
from materiel.enums import Mode, StatutMateriel, Transport
from materiel.models import Materiel
from materiel.registre.disponibilite import Disponibilite
from materiel.registre.regles import DUREE, ENTRETIEN, MAIRIE, PAPIER, PART, PREAVIS, PRIS, RETIRE, Obstacle, first_day
from materiel.vitrine.replis import Repli

# Within a week, the name of a day is enough.
SEMAINE = 7


@dataclass(frozen=True)
class Etat:
    """A badge: its ton (`c-badge`), its icon and its words."""

    ton: str
    icone: str
    mots: str


LIBRE, EN_PARTIE, PLUS = "check-circle", "pie-chart", "calendar-x"


def state_of(
    materiel: Materiel, dispo: Disponibilite, quantite: int, repli: Repli | None = None, *, chez_nous: bool = False
) -> Etat:
    """How a thing stands on the dates asked for, and why it is not free when it is not."""
    if dispo.suffit(quantite):
        if dispo.stock <= 1:
            return Etat("ok", LIBRE, "Libre à vos dates")
        return Etat("ok", LIBRE, _left(materiel, dispo)) if dispo.libre == dispo.stock else _partly(materiel, dispo)
    against, repli = dispo.obstacles[0], repli or Repli()
    if against.code in {PRIS, MAIRIE, ENTRETIEN} and dispo.libre:
        return _partly(materiel, dispo)
    if against.code == PRIS:
        return _taken(repli)
    return _against(materiel, against, repli, chez_nous=chez_nous)


def _taken(repli: Repli) -> Etat:
    if repli.debut is not None:
        return Etat("wait", EN_PARTIE, f"Libre {short_period(repli.debut, repli.fin)}")
    return Etat("neutral", PLUS, f"Pris{_from(repli)}")


def _against(materiel: Materiel, against: Obstacle, repli: Repli, *, chez_nous: bool) -> Etat:
    if against.code == MAIRIE:
        return Etat("info", "house-check", "Gardé pour votre commune" if chez_nous else "Gardé par la mairie")
    if against.code == PAPIER:
        return Etat("wait", "file-earmark-lock", against.bref or against.phrase.rstrip("."))
    if against.code == ENTRETIEN:
        word = "Hors service" if against.phrase.startswith("Hors service") else "En entretien"
        return Etat("neutral", "wrench", f"{word}{_from(repli)}")
    if against.code == PREAVIS:
        return Etat("neutral", "hourglass-split", f"Préavis{NBSP}: dès le {jour(first_day(materiel))}")
    if against.code == DUREE:
        return Etat("neutral", "hourglass-split", f"{_days(materiel.duree_max_jours).capitalize()} au plus")
    if against.code == PART:
        return Etat("neutral", EN_PARTIE, _at_most(materiel))
    if against.code == RETIRE:
        return Etat("neutral", "slash-circle", "Retiré du prêt")
    return Etat("neutral", PLUS, against.phrase.rstrip("."))


def _left(materiel: Materiel, dispo: Disponibilite) -> str:
    """« 60 chaises libres sur 120 », « 3 libres sur 3 »."""
    what = f"{materiel.unite} " if materiel.unite and dispo.libre > 1 else ""
    return f"{dispo.libre}{NBSP}{what}libre{'s' if dispo.libre > 1 else ''} sur {dispo.stock}"


def _partly(materiel: Materiel, dispo: Disponibilite) -> Etat:
    return Etat("wait", EN_PARTIE, _left(materiel, dispo))


def _at_most(materiel: Materiel) -> str:
    if materiel.stock <= 1:
        return "Il n’y en a qu’un"
    return f"{materiel.quantite_max} au plus par prêt"


def _from(repli: Repli) -> str:
    return f", libre dès le {jour(repli.des)}" if repli.des else ""


def without_dates(materiel: Materiel, free: date | None) -> Etat:
    """The badge when no date is asked for: the first day that it may be borrowed."""
    if materiel.statut == StatutMateriel.ARCHIVE:
        return Etat("neutral", "archive", "Archivé")
    if not materiel.is_lendable():
        return Etat("neutral", "slash-circle", "Retiré du prêt")
    if free is None:
        return Etat("neutral", PLUS, "Rien de libre avant deux mois")
    if free == timezone.localdate():
        return Etat("ok", LIBRE, "Libre aujourd’hui")
    return Etat("ok", LIBRE, f"Libre dès {date_longue(free)}")


def short_period(debut: DemiJournee, fin: DemiJournee) -> str:
    """« samedi matin » when its week is beyond doubt, else the whole period."""
    near = 0 <= (debut.date - timezone.localdate()).days < SEMAINE
    if debut.date != fin.date:
        return periode(debut, fin)
    day = dateformat.format(debut.date, "l") if near else date_longue(debut.date)
    return f"{day} {debut.moment.label}" if debut.moment == fin.moment else day


def spoken_days(debut: DemiJournee, fin: DemiJournee) -> str:
    """« les mardi 20 et mercredi 21 octobre », « mardi 20 octobre », « du 20 au 24 octobre »."""
    whole = debut.moment == Moment.MATIN and fin.moment == Moment.APRES_MIDI
    if not whole or (fin.date - debut.date).days != 1:
        return periode(debut, fin)
    if debut.date.month == fin.date.month:
        first = f"{dateformat.format(debut.date, 'l')}{NBSP}{_number(debut.date)}"
        return f"les {first} et {date_longue(fin.date)}"
    return f"les {date_longue(debut.date)} et {date_longue(fin.date)}"


def counted_days(debut: DemiJournee, fin: DemiJournee) -> str:
    """« les 17 et 18 octobre », « samedi 17 octobre », « du 17 au 20 octobre »: after « 29 libres »."""
    if (fin.date - debut.date).days != 1:
        words = periode(debut, fin)
        return words if words.startswith("du ") else f"le {words}"
    if debut.date.month == fin.date.month:
        return f"les {_number(debut.date)} et {jour(fin.date)}"
    return f"les {jour(debut.date)} et {jour(fin.date)}"


def _number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def kilometres(place: Collectivite, own: Collectivite | None) -> str:
    """« 7 km », « chez vous »; empty when a position is unknown."""
    if own is None:
        return ""
    if place.pk == own.pk:
        return "chez vous"
    km = own.distance_to(place)
    return "" if km is None else f"{max(1, round(km))}{NBSP}km"


def line_of(materiel: Materiel, habilitation: str | None = None) -> str:
    """What a card says under the name: the words of its owner, else what one must know before asking."""
    if materiel.page.accroche:
        return materiel.page.accroche
    if habilitation:
        return f"{habilitation} demandé"
    if materiel.prise_en_main:
        return f"Prise en main de {materiel.prise_en_main}{NBSP}minutes"
    if materiel.transport != Transport.RETRAIT:
        return "Livraison possible" if materiel.transport == Transport.LIVRAISON else "Toujours livré"
    return f"Carburant{NBSP}: {materiel.carburant}" if materiel.carburant else ""


def count_words(materiel: Materiel) -> str:
    """« 80 barrières », « un parc de 3 exemplaires »; empty for a single thing."""
    if materiel.mode == Mode.UNIQUE:
        return ""
    counted = f"{materiel.stock}{NBSP}{materiel.unites}"
    return f"un parc de {counted}" if materiel.mode == Mode.PARC else counted


def _days(count: int) -> str:
    return f"{en_lettres(count)} jour{'s' if count > 1 else ''}"
