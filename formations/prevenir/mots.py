"""The words by which a session is named in what is told."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment, periode
from extranet.lib.francais import date_longue, heure
from formations.models import Inscription, SessionFormation


def dates(session: SessionFormation) -> str:
    """« lundi 12 octobre », « du 12 au 13 octobre », « sans date pour l’instant »."""
    return days(session.date_debut, session.date_fin) or "sans date pour l’instant"


def days(debut: date | None, fin: date | None) -> str:
    if debut is None:
        return ""
    return periode(DemiJournee(debut, Moment.MATIN), DemiJournee(fin or debut, Moment.APRES_MIDI))


def nom(session: SessionFormation) -> str:
    """« Gestes et postures », lundi 12 octobre."""
    return f"« {session.titre} », {dates(session)}"


def limite(inscription: Inscription) -> str:
    """« le lundi 12 octobre à 17 h »: the end of a day says no hour."""
    if inscription.tenue_jusqua is None:
        return ""
    moment = timezone.localtime(inscription.tenue_jusqua)
    at = "" if (moment.hour, moment.minute) == (23, 59) else f" à {heure(moment)}"
    return f"le {date_longue(moment)}{at}"


def motif(text: str) -> str:
    """« Motif : formateur absent. »; nothing without a reason."""
    text = text.strip()
    return f"Motif : {text}{'' if text.endswith(('.', '!', '?', '…')) else '.'}" if text else ""


def people(inscriptions: Sequence[Inscription]) -> str:
    """« Karim Belkacem », « 3 agents »."""
    return inscriptions[0].agent.nom_complet if len(inscriptions) == 1 else f"{len(inscriptions)} agents"


def names(inscriptions: Sequence[Inscription]) -> str:
    """Their names in a sentence, nothing for one: the title says it."""
    return f"{', '.join(one.agent.nom_complet for one in inscriptions)}." if len(inscriptions) > 1 else ""
