"""A year of sessions that have taken place: who was there, half-day by half-day, and what was attested of it."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from collectivites.listes import rows_of
from collectivites.models import Habilitation
from extranet.lib.jours_ouvres import working_day_before
from formations.demo.outils import DATA, Salle, half_days, past, slots
from formations.demo.sessions import Seance, fill
from formations.enums import Acte, Presence, Repas, StatutInscription, StatutSession
from formations.models import Attestation, Creneau, Emargement, Evaluation, Inscription, SessionFormation
from formations.places import histoire

# Of a hundred people awaited: excused, absent, gone before the end.
EXCUSES, ABSENTS, PARTIS = 4, 3, 4
DIT = ("Des cas concrets, tirés de nos communes.", "Le formateur connaît notre métier.", "")
A_MIEUX_FAIRE = ("Un peu plus de pratique.", "Le matin était chargé.", "", "")
MOIS_SST = 24


def prepare(salle: Salle) -> list[Seance]:
    """Full or nearly, not yet numbered nor written."""
    found = []
    for rank, row in enumerate(rows_of("annee.csv", DATA)):
        monde, first = salle.monde, salle.monde.ouvre(int(row["jour"]))
        opened = past(monde, int(row["jour"]) - 45, "9:00")
        session = SessionFormation(
            formation=salle.pages[row["formation"]],
            capacite=int(row["capacite"]),
            minimum=min(6, int(row["capacite"])),
            lieu=monde.collectivite(row["lieu"]) if row["lieu"] else None,
            lieu_nom=row["lieu_nom"],
            distanciel=not row["lieu"],
            formateur=row["formateur"],
            repas=Repas.OFFERT if row["duree"].endswith(("jour", "jours")) else Repas.AUCUN,
            contact=salle.gens.responsable,
            created_at=opened - timedelta(days=5),
        )
        halves = slots(session, half_days(first, row["duree"]))
        session.limite_desistement = working_day_before(session.date_debut, 8)
        session.convoquee_le = opened + timedelta(days=30)
        seance = Seance(session, halves, opened, statut=StatutSession.CLOSE)
        fill(salle, seance, int(row["remplir"]), f"annee:{rank}")
        found.append(seance)
    return found


def write(salle: Salle, seance: Seance) -> None:
    """Written closed, with what its half-days say of each: the acts close only what has just ended."""
    session, boss, annales = seance.session, salle.gens.responsable, salle.annales
    chance = salle.monde.tirage(f"formations:presences:{session.numero}")
    closed = timezone.make_aware(
        timezone.datetime.combine(session.date_fin, seance.creneaux[-1].heure_fin)
    ) + timedelta(hours=1)
    session.statut, session.statut_le, session.close_le = StatutSession.CLOSE, closed, closed
    session.save()
    for one in seance.creneaux:
        one.clos_le, one.clos_par = one.fin, boss
    Creneau.objects.bulk_create(seance.creneaux)
    annales.note(session.created_at, histoire.session_line(Acte.SESSION_CREEE, session, boss))
    said = [_presences(one, seance.creneaux, chance) for one in seance.inscriptions]
    for one, presences in zip(seance.inscriptions, said, strict=True):
        one.session, one.convoquee_le = session, session.convoquee_le
        one.minutes = sum(minutes for _, minutes in presences)
        one.statut, one.statut_le = _concluded(presences), closed
    Inscription.objects.bulk_create(seance.inscriptions)
    _sign(seance, said, boss.pk)
    _attest(salle, seance)
    for one in seance.inscriptions:
        booked = histoire.line(Acte.INSCRITE, one, one.demandee_par)
        booked.vers = StatutInscription.CONFIRMEE
        annales.note(one.created_at, booked)
        annales.note(closed, histoire.line(Acte.CONCLUE, one, boss, de=StatutInscription.CONFIRMEE))
    annales.note(closed, histoire.session_line(Acte.SESSION_CLOSE, session, boss, de=StatutSession.OUVERTE))
    _judge(seance, chance)
    salle.sessions.append(session)


def _presences(one: Inscription, slots: list[Creneau], chance: Random) -> list[tuple[Presence, int]]:
    draw = chance.randrange(100)
    if draw < EXCUSES + ABSENTS:
        return [(Presence.EXCUSE if draw < EXCUSES else Presence.ABSENT, 0)] * len(slots)
    whole = [(Presence.PRESENT, slot.minutes) for slot in slots]
    if draw < EXCUSES + ABSENTS + PARTIS:
        whole[-1] = (Presence.PARTIEL, slots[-1].minutes // 2)
    return whole


def _concluded(presences: list[tuple[Presence, int]]) -> StatutInscription:
    kinds = {kind for kind, _ in presences}
    if kinds == {Presence.PRESENT}:
        return StatutInscription.PRESENTE
    if kinds == {Presence.EXCUSE}:
        return StatutInscription.EXCUSEE
    return StatutInscription.ABSENTE if kinds == {Presence.ABSENT} else StatutInscription.PARTIELLE


def _sign(seance: Seance, said: list[list[tuple[Presence, int]]], boss: int) -> None:
    Emargement.objects.bulk_create(
        Emargement(
            inscription=one,
            creneau=slot,
            presence=kind,
            minutes=minutes,
            saisi_par_id=boss,
            saisi_le=slot.fin,
        )
        for one, presences in zip(seance.inscriptions, said, strict=True)
        for slot, (kind, minutes) in zip(seance.creneaux, presences, strict=True)
    )


def _attest(salle: Salle, seance: Seance) -> None:
    """Numbered as the closing of a session does; a first certificate of first aid begins its twenty-four months."""
    session = seance.session
    there = sorted(
        (one for one in seance.inscriptions if one.minutes), key=lambda one: (one.agent.nom, one.agent.prenom)
    )
    for rank, one in enumerate(there, 1):
        Attestation.objects.create(
            inscription=one,
            numero=f"{session.numero}-{rank:02d}",
            minutes=one.minutes,
            resultat="Acquis." if one.statut == StatutInscription.PRESENTE else "",
            habilitation=_title(one) if one.statut == StatutInscription.PRESENTE else None,
            delivree_le=session.close_le,
            delivree_par=salle.gens.responsable,
        )


def _title(one: Inscription) -> Habilitation | None:
    """Whoever held it already keeps the one that the annuaire knows."""
    kind, day = one.session.formation.titre_delivre, one.session.date_fin
    if kind is None:
        return None
    held = Habilitation.objects.filter(agent=one.agent, type=kind).first()
    if held is not None:
        return held
    years, month = divmod(day.year * 12 + day.month - 1 + (kind.duree_mois or MOIS_SST), 12)
    until = day.replace(year=years, month=month + 1, day=min(day.day, 28))
    return Habilitation.objects.create(agent=one.agent, type=kind, obtenue_le=day, valable_jusqu_au=until)


def _judge(seance: Seance, chance: Random) -> None:
    """Two out of three say what they thought of it."""
    answers = [one for one in seance.inscriptions if one.minutes and chance.random() < 2 / 3]
    first = seance.session.date_fin.replace(day=1)
    Evaluation.objects.bulk_create(
        Evaluation(
            session=seance.session,
            objectifs=chance.choice([3, 3, 4]),
            utilite=chance.choice([2, 3, 4, 4]),
            animation=chance.choice([3, 4, 4]),
            organisation=chance.choice([3, 3, 4]),
            plus=chance.choice(DIT),
            mieux=chance.choice(A_MIEUX_FAIRE),
            le=first,
        )
        for _ in answers
    )
    Inscription.objects.filter(pk__in=[one.pk for one in answers]).update(
        evaluee_le=seance.session.close_le + timedelta(days=2)
    )
