"""The life of a session: made, opened, counted, kept, closed. Dates and cancelling stand apart."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import PROPOSEES, Acte, StatutSession
from formations.models import FormationPage, Numerotation, SessionFormation
from formations.places import empreintes, histoire
from formations.places.promotion import promote
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent

# What may be changed of a session without touching its seats.
LIBRES = (
    *("minimum", "ouverture", "cloture", "limite_desistement", "lieu", "lieu_nom", "lieu_adresse", "acces"),
    *("distanciel", "lien", "formateur", "repas", "cout", "contact"),
)
# What a calendar says of it: changed, the appointments that were sent are sent again.
RENDEZ_VOUS = frozenset(["lieu", "lieu_nom", "lieu_adresse", "acces", "distanciel", "lien", "formateur"])
COMPTES = ("capacite", "quota_commune", "quota_leve_le")


@transaction.atomic
def creer(formation: FormationPage, auteur: "Agent | None", **fields: Any) -> SessionFormation:
    """In preparation, without dates: `dates.fixer` gives them. Raises ValidationError."""
    session = SessionFormation(formation=formation, numero=_next_number(), **fields)
    session.full_clean(exclude=["formation", "numero"])
    session.save()
    histoire.write([histoire.session_line(Acte.SESSION_CREEE, session, auteur)])
    return session


def _next_number() -> str:
    """« 2026-F-31 »: those of a year follow one another."""
    year = timezone.localdate().year
    Numerotation.objects.get_or_create(annee=year)
    row = Numerotation.objects.select_for_update().get(annee=year)
    row.dernier += 1
    row.save(update_fields=["dernier"])
    return f"{year}-F-{row.dernier}"


@rejoue
def ouvrir(session_pk: int, auteur: "Agent | None") -> SessionFormation:
    """Proposed from now on: with dates to be booked, without to gather the interested.

    Raises InscriptionRefusee when its registrations are already over.
    """
    with places():
        session = _expect(lock(session_pk), (StatutSession.PROJET,))
        if session.cloture and session.cloture <= timezone.now():
            raise InscriptionRefusee(
                f"Les inscriptions à cette session finissaient {empreintes.words(session.cloture)} : changez d’abord "
                "cette date."
            )
        return _move(session, StatutSession.OUVERTE, Acte.SESSION_OUVERTE, auteur)


@rejoue
def maintenir(session_pk: int, auteur: "Agent | None") -> SessionFormation:
    """It takes place whatever happens: no longer threatened. Raises InscriptionRefusee without dates."""
    with places():
        session = _expect(lock(session_pk), (StatutSession.OUVERTE,))
        if not session.is_dated:
            raise InscriptionRefusee("Fixez d’abord les dates de la session.")
        return _move(session, StatutSession.MAINTENUE, Acte.SESSION_MAINTENUE, auteur)


@rejoue
def modifier(session_pk: int, auteur: "Agent | None", *, vu: str | None = None, **fields: Any) -> SessionFormation:
    """Words, place, limits, seats, quotas. Raises InscriptionRefusee naming the seats held, ValidationError.

    `vu`: the marks of these fields as they were read. Raises SessionChangee when one is no longer so.
    """
    now = timezone.now()
    with places():
        session = _expect(lock(session_pk), (StatutSession.PROJET, *PROPOSEES))
        if vu is not None:
            empreintes.check_fields(session, fields, vu)
        changed = {name: value for name, value in fields.items() if getattr(session, name) != value}
        _check_seats(session, changed, now)
        written = [name for name in (*LIBRES, *COMPTES) if name in changed]
        line = histoire.changed_line(session, auteur, changed)
        for name in written:
            setattr(session, name, changed[name])
        session.full_clean(exclude=["formation", "numero"])
        _apply_quotas(session, changed, now)
        # Never the whole row: what the triggers count is not ours to write.
        session.save(update_fields=[*written, "quotas_leves"])
        if RENDEZ_VOUS & changed.keys():
            session.inscriptions.placed().update(sequence=F("sequence") + 1)
        if changed:
            histoire.write([line])
        promote(session, now)
        return session


def _check_seats(session: SessionFormation, changed: dict[str, Any], now: datetime) -> None:
    capacite = changed.get("capacite")
    if capacite is not None and capacite < session.occupees:
        raise InscriptionRefusee(
            f"{session.occupees} places sont déjà prises : on ne peut pas descendre au-dessous. "
            "Désinscrivez d’abord quelqu’un, ou gardez ce nombre."
        )
    quota = changed.get("quota_commune", session.quota_commune)
    lifted = changed.get("quota_leve_le", session.quota_leve_le)
    if quota is not None and not (lifted and lifted <= now):
        over = session.communes.filter(occupees__gt=quota).select_related("collectivite").order_by("-occupees").first()
        if over is not None:
            raise InscriptionRefusee(
                f"{over.collectivite.nom} a déjà {over.occupees} places : le quota ne peut pas être plus petit."
            )


def _apply_quotas(session: SessionFormation, changed: dict[str, Any], now: datetime) -> None:
    """The ceiling of each commune follows: lifted when its date has passed or when there is none any more."""
    if not {"quota_commune", "quota_leve_le"} & changed.keys():
        return
    session.quotas_leves = session.quota_leve_le is not None and session.quota_leve_le <= now
    session.communes.update(quota=None if session.quotas_leves else session.quota_commune)


def _expect(session: SessionFormation, statuts: tuple[StatutSession, ...]) -> SessionFormation:
    if session.statut not in statuts:
        raise SessionChangee(f"Cette session est {session.get_statut_display()} : ceci ne s’y applique plus.")
    return session


def _move(session: SessionFormation, statut: StatutSession, acte: Acte, auteur: "Agent | None") -> SessionFormation:
    before = session.statut
    session.statut, session.statut_le = statut, timezone.now()
    session.save(update_fields=["statut", "statut_le"])
    histoire.write([histoire.session_line(acte, session, auteur, de=before)])
    promote(session)
    return session
