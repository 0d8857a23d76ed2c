"""The sessions to come of the demo, and who is in them: seats, visas awaited, quotas, ranks.

Written by the models, at their own dates: acts refuse what is past and number by today’s year. The triggers count the
seats and hold the half-days all the same, and refuse what must never be.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from collectivites.listes import rows_of
from collectivites.models import Agent, Collectivite
from extranet.lib.jours_ouvres import working_day_before
from formations.demo.outils import DATA, Salle, half_days, past, slots
from formations.enums import Acte, Repas, StatutInscription, StatutSession, Visa
from formations.models import Creneau, Inscription, SessionFormation
from formations.places import histoire

CONFIRMEE, TENUE, ATTENTE = StatutInscription.CONFIRMEE, StatutInscription.TENUE, StatutInscription.ATTENTE
# « c » confirmed, « n » without visa, « v » until the visa, « a » waits, « x » took themself off the list.
ETATS = {
    "c": (CONFIRMEE, Visa.ACCORDE),
    "n": (CONFIRMEE, Visa.NON_REQUIS),
    "v": (TENUE, Visa.ATTENDU),
    "a": (ATTENTE, Visa.ACCORDE),
    "x": (StatutInscription.DESISTEE, Visa.ACCORDE),
}
# Those who ask once it is full.
DERRIERE = "ax"
RETRAIT = "Chantier reporté à la même semaine."
ANNULATION = "Trois inscrits seulement. La session suivante leur est proposée."
# The commune whose seats the pages of the demo tell one by one.
VITRINE = "foucherans"


@dataclass
class Seance:
    """A session being made, with its half-days and its people, in the order in which they asked."""

    session: SessionFormation
    creneaux: list[Creneau]
    ouverte: datetime
    inscriptions: list[Inscription] = field(default_factory=list)
    statut: StatutSession = StatutSession.OUVERTE

    @property
    def placed(self) -> int:
        return sum(one.statut in (CONFIRMEE, TENUE) for one in self.inscriptions)

    def of(self, place: int) -> int:
        return sum(one.collectivite_id == place and one.statut in (CONFIRMEE, TENUE) for one in self.inscriptions)


def prepare(salle: Salle) -> list[Seance]:
    """The sessions of the file and their people, not yet numbered nor written."""
    rows = list(rows_of("sessions.csv", DATA))
    named: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        named[row["formation"]].update(written.split("@")[0] for written in row["inscrits"].split())
    return [_seance(salle, row, named[row["formation"]]) for row in rows]


def _seance(salle: Salle, row: dict[str, str], ailleurs: Set[str]) -> Seance:
    """`ailleurs`: slugs of those whom the file names in the training, so that nobody drawn has a seat there twice."""
    monde, opened = salle.monde, past(salle.monde, -int(row["ouverte"]), "9:00")
    online = not row["lieu"]
    session = SessionFormation(
        formation=salle.pages[row["formation"]],
        capacite=int(row["capacite"]),
        minimum=int(row["minimum"]),
        lieu=None if online else monde.collectivite(row["lieu"]),
        lieu_nom=row["lieu_nom"],
        lieu_adresse=row["adresse"],
        distanciel=online,
        lien="https://visio.grand-dole.example/actes" if online else "",
        formateur=row["formateur"],
        repas=Repas.OFFERT if row["duree"].endswith(("jour", "jours")) else Repas.AUCUN,
        contact=salle.gens.responsable,
        created_at=opened - timedelta(days=5),
    )
    halves = slots(session, half_days(monde.ouvre(int(row["jour"])), row["duree"])) if row["jour"] else []
    if halves:
        limit = working_day_before(session.date_debut, 5)
        session.cloture = timezone.make_aware(datetime.combine(limit, time(18)))
        session.limite_desistement = limit
    if row["quota"]:
        session.quota_commune, session.quota_leve_le = int(row["quota"]), monde.instant(int(row["leve"]), "8:00")
    seance = Seance(session, halves, opened, statut=StatutSession(row["statut"]))
    named = [written.replace("@", "=").split("=") for written in row["inscrits"].split()]
    for agent, place, state in named:
        if state not in DERRIERE:
            _place(salle, seance, monde.agent(agent), monde.collectivite(place), state)
    fill(
        salle,
        seance,
        int(row["remplir"]),
        row["cle"],
        sauf={*salle.gens.people_of(VITRINE), *ailleurs},
    )
    for agent, place, state in named:
        if state in DERRIERE:
            _place(salle, seance, monde.agent(agent), monde.collectivite(place), state)
    if session.date_debut:
        _finish(session, seance)
    return seance


def _finish(session: SessionFormation, seance: Seance) -> None:
    """A session near enough has sent its convocations."""
    if seance.statut == StatutSession.MAINTENUE and session.date_debut - timezone.localdate() < timedelta(days=15):
        session.convoquee_le = seance.ouverte + timedelta(days=1)
        for one in seance.inscriptions:
            if one.statut == CONFIRMEE:
                one.convoquee_le = session.convoquee_le


def fill(salle: Salle, seance: Seance, wanted: int, cle: str, sauf: Set[str] = frozenset()) -> None:
    """Up to `wanted` people more, drawn among those whom the training is for, quotas and half-days kept; nobody
    of `sauf`, their slugs.
    """
    session, left = seance.session, wanted
    people = salle.gens.suited(salle.publics[session.formation.slug])
    known = {one.agent_id for one in seance.inscriptions}
    for poste in salle.monde.tirage(f"formations:{cle}").sample(people, len(people)):
        if left == 0:
            return
        full = session.quota_commune and seance.of(poste.collectivite_id) >= session.quota_commune
        if full or poste.agent_id in known or poste.agent.slug in sauf:
            continue
        if salle.gens.is_free(poste.agent, session, seance.creneaux):
            _place(salle, seance, poste.agent, poste.collectivite, "c")
            known.add(poste.agent_id)
            left -= 1


def _place(salle: Salle, seance: Seance, agent: Agent, place: Collectivite, state: str) -> None:
    statut, visa = ETATS[state]
    rank = len(seance.inscriptions)
    asked = min(seance.ouverte + timedelta(hours=7 * rank + 1), timezone.now() - timedelta(minutes=2))
    keeper = salle.gens.who_books(place)
    one = Inscription(
        agent=agent,
        collectivite=place,
        statut=statut,
        visa=visa,
        visa_par=keeper if visa == Visa.ACCORDE else None,
        visa_le=asked if visa == Visa.ACCORDE else None,
        demandee_par=agent if visa == Visa.ATTENDU else keeper,
        statut_le=asked,
        created_at=asked,
        repas=seance.session.repas != Repas.AUCUN,
    )
    if statut == TENUE:
        one.tenue_jusqua = salle.monde.instant((salle.monde.ouvre(5) - salle.monde.date).days, "23:59")
    if state in DERRIERE:
        seance.session.dernier_rang += 1
        one.rang = seance.session.dernier_rang
    if state == "x":
        one.motif = RETRAIT
    if statut in (CONFIRMEE, TENUE):
        salle.gens.take(agent, seance.session, seance.creneaux)
    seance.inscriptions.append(one)


def write(salle: Salle, seance: Seance) -> None:
    """The session, numbered already; its people as they asked; then its state."""
    session, boss, annales = seance.session, salle.gens.responsable, salle.annales
    session.save()
    Creneau.objects.bulk_create(seance.creneaux)
    annales.note(session.created_at, histoire.session_line(Acte.SESSION_CREEE, session, boss))
    if seance.statut != StatutSession.PROJET:
        session.statut, session.statut_le = StatutSession.OUVERTE, seance.ouverte
        annales.note(seance.ouverte, histoire.session_line(Acte.SESSION_OUVERTE, session, boss, de="projet"))
    for one in seance.inscriptions:
        one.session = session
    Inscription.objects.bulk_create(seance.inscriptions)
    for one in seance.inscriptions:
        line = histoire.line(Acte.RANGEE if one.rang else Acte.INSCRITE, one, one.demandee_par)
        line.vers = ATTENTE if one.rang else line.vers
        annales.note(one.created_at, line)
        if one.statut == StatutInscription.DESISTEE:
            gone = min(one.created_at + timedelta(days=3), timezone.now())
            annales.note(gone, histoire.line(Acte.DESISTEE, one, one.visa_par, de=ATTENTE, motif=RETRAIT))
    if seance.statut == StatutSession.MAINTENUE:
        session.statut = StatutSession.MAINTENUE
        annales.note(
            seance.ouverte + timedelta(days=2),
            histoire.session_line(Acte.SESSION_MAINTENUE, session, boss, de="ouverte"),
        )
    elif seance.statut == StatutSession.ANNULEE:
        _cancel(salle, seance)
    SessionFormation.objects.filter(pk=session.pk).update(
        statut=session.statut, statut_le=session.statut_le, motif=session.motif
    )
    salle.sessions.append(session)


def _cancel(salle: Salle, seance: Seance) -> None:
    session, when = seance.session, past(salle.monde, (seance.session.date_debut - salle.monde.date).days - 8)
    session.statut, session.statut_le, session.motif = StatutSession.ANNULEE, when, ANNULATION
    boss = salle.gens.responsable
    salle.annales.note(when, histoire.session_line(Acte.SESSION_ANNULEE, session, boss, de="ouverte", motif=ANNULATION))
    for one in seance.inscriptions:
        before, one.statut, one.statut_le = one.statut, StatutInscription.ANNULEE, when
        one.motif, one.sequence = ANNULATION, 1
        one.save(update_fields=["statut", "statut_le", "motif", "sequence"])
        salle.annales.note(when, histoire.line(Acte.SESSION_ANNULEE, one, boss, de=before, motif=ANNULATION))
