"""Of the fields and the dates of a session, as somebody read them: what has changed since is named."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Model

from extranet.lib.francais import date_longue, heure, jour
from formations.empreinte import empreinte
from formations.models import SessionFormation
from formations.refus import SessionChangee

MOTS_MAX = 60


def of_fields(session: SessionFormation, names: Iterable[str]) -> str:
    """One mark a field, so that what has changed is named."""
    return " ".join(empreinte(getattr(session, session._meta.get_field(name).attname)) for name in names)


def of_dates(session: SessionFormation) -> str:
    halves = session.creneaux.all()
    return empreinte(*((one.demi_journee, one.heure_debut, one.heure_fin, one.salle, one.formateur) for one in halves))


def check_fields(session: SessionFormation, names: Iterable[str], seen: str) -> None:
    """Raises SessionChangee naming each field that is no longer what was read, with what it holds now."""
    names = list(names)
    read, held = seen.split(), of_fields(session, names).split()
    if len(read) != len(held):
        raise SessionChangee("On ne sait plus ce que montrait ce formulaire : relisez, puis enregistrez de nouveau.")
    changed = [name for name, before, now in zip(names, read, held, strict=True) if before != now]
    if changed:
        told = ", ".join(_said(session, name) for name in changed)
        raise SessionChangee(
            f"Cette session a changé depuis que vous avez ouvert ce formulaire. Elle dit maintenant : {told}. Rien "
            "n’est enregistré : corrigez ce qui doit l’être, puis enregistrez de nouveau."
        )


def check_dates(session: SessionFormation, seen: str) -> None:
    """Raises SessionChangee with the half-days it has now."""
    if seen != of_dates(session):
        halves = [f"{one} ({heure(one.heure_debut)} à {heure(one.heure_fin)})" for one in session.creneaux.all()]
        raise SessionChangee(
            "Les dates de cette session ont changé depuis que vous avez ouvert ce formulaire. Elle a maintenant : "
            f"{', '.join(halves) or 'aucune date'}. Rien n’est enregistré : relisez, puis enregistrez de nouveau."
        )


def words(value: object) -> str:
    """« 12 », « oui », « lundi 12 octobre à 17 h », « vide »."""
    if value in (None, ""):
        return "vide"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{date_longue(value)} à {heure(value)}"
    if isinstance(value, date):
        return jour(value)
    text = str(value)
    return text if len(text) <= MOTS_MAX or isinstance(value, Model) else f"{text[:MOTS_MAX].rstrip()}…"


def _said(session: SessionFormation, name: str) -> str:
    """« places (9) »."""
    shown = getattr(session, f"get_{name}_display", lambda: words(getattr(session, name)))
    return f"{session._meta.get_field(name).verbose_name} ({shown()})"
