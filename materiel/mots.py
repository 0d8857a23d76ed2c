"""What a loan is called in a title, a mail, a button."""

from extranet.lib.demi_journees import DemiJournee, Moment, periode
from extranet.lib.francais import NBSP, date_longue
from materiel.enums import Mode
from materiel.models import Materiel, Pret


def chose(materiel: Materiel, quantite: int) -> str:
    """« Balayeuse de voirie », « 60 barrières », « Grilles d’exposition, 12 exemplaires »."""
    if materiel.mode == Mode.UNIQUE or quantite == 1:
        return materiel.nom
    if materiel.unite:
        return f"{quantite}{NBSP}{materiel.unite}"
    return f"{materiel.nom}, {quantite}{NBSP}exemplaires"


def chose_du(pret: Pret) -> str:
    return chose(pret.materiel, pret.quantite)


def entre_guillemets(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»"


def periode_longue(debut: DemiJournee, fin: DemiJournee) -> str:
    """With the days of the week: « du vendredi 16 au dimanche 18 octobre », « samedi 17 octobre, matin »."""
    if debut.date == fin.date:
        return periode(debut, fin)
    depart = date_longue(debut.date)
    if (debut.date.year, debut.date.month) == (fin.date.year, fin.date.month) and debut.moment == Moment.MATIN:
        weekday, day = depart.split(" ")[0], "1er" if debut.date.day == 1 else str(debut.date.day)
        depart = f"{weekday} {day}"
    if debut.moment == Moment.APRES_MIDI:
        depart += f", {debut.moment.label},"
    arrivee = date_longue(fin.date) + (f", {fin.moment.label}" if fin.moment == Moment.MATIN else "")
    return f"du {depart} au {arrivee}"
