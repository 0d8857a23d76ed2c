"""Two cards, or two communes, that become one: their seats in a session become one too, and quotas never undo them."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from formations.enums import ACTIVES, ATTENDUES, CONCLUES, OUVERTES, PLACEES, Acte, StatutInscription
from formations.models import DemiJourneePrise, Inscription, SessionCommune
from formations.places import histoire
from formations.places.promotion import sweep
from formations.places.verrous import lock_all, places

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

REUNIES = "Deux fiches de la même personne réunies : l’autre inscription reste."
# What is worth most is kept: a presence, a seat confirmed, held, offered, at last a rank.
ORDRE = (
    *(StatutInscription.PRESENTE, StatutInscription.PARTIELLE, StatutInscription.CONFIRMEE),
    *(StatutInscription.TENUE, StatutInscription.OFFERTE, StatutInscription.EXCUSEE, StatutInscription.ABSENTE),
    StatutInscription.ATTENTE,
)


def join_people(garde: "Agent", retire: "Agent") -> None:
    """The seats and ranks of `retire` are now of `garde`.

    Nobody is twice in a session, nor in two places: of two, the one worth most stays (`ORDRE`, then the oldest), the
    other is withdrawn with the reason. The seats freed go to those who wait, once this transaction has ended.
    """
    with places():
        rows = list(Inscription.objects.filter(agent__in=[garde, retire], statut__in=ACTIVES).order_by("pk"))
        lock_all(one.session_id for one in rows)
        rows.sort(key=lambda one: (ORDRE.index(one.statut), one.created_at, one.pk))
        left = _withdraw([one for one in rows if one.pk in _losers(rows)])
        Inscription.objects.filter(agent=retire).update(agent=garde)
        for session in sorted(left):
            transaction.on_commit(lambda session=session: sweep(session))


def _losers(rows: list[Inscription]) -> set[int]:
    """Served in order: whoever is in the session already, or taken on one of its half-days, loses."""
    taken: dict[int, set[int]] = {}
    for inscription, half_day in DemiJourneePrise.objects.filter(inscription__in=rows).values_list(
        "inscription", "demi_journee"
    ):
        taken.setdefault(inscription, set()).add(half_day)
    sessions, busy, lost = set(), set(), set()
    for one in rows:
        mine = taken.get(one.pk, set())
        if one.session_id in sessions or mine & busy:
            lost.add(one.pk)
            continue
        sessions.add(one.session_id)
        busy |= mine
    return lost


def _withdraw(rows: list[Inscription]) -> set[int]:
    """Told to nobody: it is the same person. Returns the sessions in which a seat is free again."""
    now, lines = timezone.now(), []
    for one in rows:
        before, one.statut, one.statut_le = one.statut, StatutInscription.DESISTEE, now
        one.motif, one.tenue_jusqua, one.sequence = REUNIES, None, one.sequence + 1
        one.save(update_fields=["statut", "statut_le", "motif", "tenue_jusqua", "sequence"])
        line = histoire.line(Acte.DESISTEE, one, None, de=before, motif=REUNIES)
        line.annonce_le = now
        lines.append(line)
    histoire.write(lines)
    return {one.session_id for one, line in zip(rows, lines, strict=True) if line.de in ATTENDUES}


def join_places(garde: "Collectivite", retiree: "Collectivite") -> None:
    """What is open of `retiree` is now of `garde`; its ceiling rises to what both held: nobody loses a seat."""
    with places():
        open_rows = Inscription.objects.filter(collectivite=retiree, statut__in=OUVERTES)
        sessions = lock_all(open_rows.values_list("session", flat=True))
        for session in sessions.values():
            held = session.inscriptions.filter(statut__in=PLACEES, collectivite__in=[garde, retiree])
            coming = held.exclude(collectivite=retiree, statut__in=CONCLUES).count()
            row, _ = SessionCommune.objects.get_or_create(
                session=session,
                collectivite=garde,
                defaults={"quota": None if session.quotas_leves else session.quota_commune},
            )
            if row.quota is not None and row.quota < coming:
                SessionCommune.objects.filter(pk=row.pk).update(quota=coming)
        Inscription.objects.filter(collectivite=retiree, statut__in=OUVERTES).update(collectivite=garde)
