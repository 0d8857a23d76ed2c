"""Making a session with its half-days, duplicating one, and the dates that follow from its first day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from collectivites.enums import Domaine
from collectivites.models import Agent
from extranet.lib.jours_ouvres import is_working_day, working_day_before
from formations.models import FormationPage, ReglagesFormation, SessionFormation
from formations.places import dates, sessions

if TYPE_CHECKING:
    from formations.places.dates import Horaire

# What a copy takes from the session that it copies: neither its dates, nor the delays that follow from them.
COPIES = (
    *("capacite", "minimum", "quota_commune", "lieu", "lieu_nom", "lieu_adresse", "acces"),
    *("distanciel", "lien", "formateur", "repas", "cout", "contact"),
)


@transaction.atomic
def create(
    formation: FormationPage, auteur: Agent, horaires: "Sequence[Horaire]", *, ouvrir: bool = False, **fields: Any
) -> SessionFormation:
    """With its half-days if there are some, open to be booked if asked. Raises InscriptionRefusee, ValidationError."""
    if horaires and not fields.get("limite_desistement"):
        fields["limite_desistement"] = withdrawal_limit(min(one.demi.date for one in horaires))
    session = sessions.creer(formation, auteur, **fields)
    if horaires:
        dates.fixer(session.pk, horaires, auteur)
    if ouvrir:
        sessions.ouvrir(session.pk, auteur)
    session.refresh_from_db()
    return session


def withdrawal_limit(first: date) -> date:
    """The last day on which one gives back a seat without being late."""
    return working_day_before(first, ReglagesFormation.load().desistement_jours)


@transaction.atomic
def fix_dates(
    session: SessionFormation, auteur: Agent, horaires: "Sequence[Horaire]", *, vu: str | None = None
) -> dates.Fixees:
    """The withdrawal limit follows, when it was the ordinary one or would fall after the first day. Raises
    InscriptionRefusee, SessionChangee when the half-days are no longer those of the mark `vu`.
    """
    ordinary = session.limite_desistement is None or (
        session.date_debut is not None and session.limite_desistement == withdrawal_limit(session.date_debut)
    )
    fixed = dates.fixer(session.pk, horaires, auteur, vu=vu)
    now = fixed.session
    if fixed.changee and (ordinary or (now.limite_desistement or now.date_debut) > now.date_debut):
        now.limite_desistement = withdrawal_limit(now.date_debut)
        now.save(update_fields=["limite_desistement"])
    return fixed


def copied(session: SessionFormation) -> dict[str, Any]:
    """What a new session of the same training begins with."""
    return {name: getattr(session, name) for name in COPIES}


def following_days(first: date, number: int, *, weekly: bool) -> list[date]:
    """`number` days from the first one: the next working days, or the same day of the next weeks.

    A holiday of the week is left out and put off to the week after.
    """
    found, day = [first], first
    while len(found) < number:
        day += timedelta(days=7 if weekly else 1)
        if is_working_day(day):
            found.append(day)
    return found


def contacts() -> QuerySet[Agent]:
    """Who may be named as the organiser of a session: the responsables of the training, in office."""
    return Agent.objects.in_office().filter(groups__name=Domaine.FORMATIONS.label).distinct().order_by("nom", "prenom")


def change(session: SessionFormation, auteur: Agent, *, vu: str, **fields: Any) -> SessionFormation:
    """Words, place, limits, seats. Raises InscriptionRefusee naming the seats held, SessionChangee naming what is no
    longer as it was read (`vu`), ValidationError.
    """
    return sessions.modifier(session.pk, auteur, vu=vu, **fields)
