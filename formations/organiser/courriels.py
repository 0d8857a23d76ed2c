"""Mails of a session: written by its organiser, sent by themselves, planned; and what became of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from extranet.lib.francais import NBSP, jour, moment
from extranet.lib.typographie import space
from formations.adresses import VISAS
from formations.enums import ATTENDUES, Acte
from formations.models import Inscription, ReglagesFormation, SessionFormation
from formations.organiser.entete import Etat
from formations.places import histoire
from formations.prevenir import mots
from formations.prevenir.nouvelles import ICONE
from formations.prevenir.personnes import visers
from formations.prevenir.sortes import ATTENTE, COMMUNE, CONVOCATION, MESSAGE, NOUVELLE, PLACE, RAPPEL, SORTES, VISA
from notifications.enums import BLOQUES, StatutCourriel
from notifications.envoi import notify
from notifications.models import Courriel, Notification

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

TEXTE_MAX = 500
# What has become of the messages of a person: read in the extranet, delivered by mail, still to leave.
DEDANS, REMIS, ATTEND = range(3)
# As their organiser names them: the preferences speak to who receives them.
LIBELLES = {
    PLACE: "Place confirmée, tenue ou retirée, un par personne",
    ATTENTE: "Rang en liste d’attente",
    VISA: "Visa à donner",
    COMMUNE: "Nouvelles de leurs agents, aux mairies",
    NOUVELLE: "La session est ouverte",
    RAPPEL: "Rappel",
}


@transaction.atomic
def write(
    session: SessionFormation, inscriptions: Sequence[Inscription], objet: str, texte: str, auteur: "Agent"
) -> int:
    """The same words to each of them; who has no e-mail is reached through their mairie. Returns how many were told."""
    lines = [histoire.session_line(Acte.MESSAGE, session, auteur, objet=objet, combien=len(inscriptions))]
    histoire.write(lines)
    return sum(
        notify(
            [one.agent],
            MESSAGE,
            space(objet),
            texte=space(texte),
            url=one.get_absolute_url(),
            action="Voir l’inscription",
            icone=ICONE,
            urgente=True,
            objet=one,
            auteur=auteur,
            cle=f"formation-message-{lines[0].pk}-{one.pk}",
        )
        for one in inscriptions
    )


@transaction.atomic
def remind_visas(session: SessionFormation, mairies: "Iterable[Collectivite]", auteur: "Agent") -> "list[Collectivite]":
    """Those who give the visas are asked again, once a day at most. Returns the mairies that were told."""
    today, done = timezone.localdate(), []
    for place in mairies:
        late = session.inscriptions.filter(collectivite=place, statut="tenue", visa="attendu")
        late = list(late.select_related("agent").order_by("tenue_jusqua", "pk"))
        told = late and notify(
            visers(place),
            VISA,
            space(f"Visa attendu pour {mots.people(late)} : {mots.nom(session)}"),
            texte=space(f"{mots.names(late)} Sans réponse {mots.limite(late[0])}, la place va à quelqu’un d’autre."),
            url=VISAS,
            action="Donner le visa",
            icone=ICONE,
            urgente=True,
            collectivite=place,
            objet=late[0],
            cle=f"formation-relance-{session.pk}-{place.pk}-{today}",
        )
        if told:
            done.append(place)
            line = histoire.session_line(Acte.RELANCEE, session, auteur)
            line.collectivite = place
            histoire.write([line])
    return done


@dataclass
class Envoye:
    """Mails of a kind, or one message: to how many, and what became of them."""

    titre: str
    quand: str
    destinataires: set[int] = field(default_factory=set)
    etats: dict[int, str] = field(default_factory=dict)
    refusees: dict[int, str] = field(default_factory=dict)
    le: datetime | None = None
    prevu: bool = False

    @property
    def a_qui(self) -> str:
        n = len(self.destinataires)
        return f"{n} personne{'s' if n > 1 else ''}"

    @property
    def etat(self) -> Etat:
        """The worst first: an address refused, then what waits, then what has arrived."""
        if self.prevu:
            return Etat("neutral", "clock", "Prévu")
        if self.refusees:
            names = list(self.refusees.values())
            names = ", ".join(names[:2]) + ("…" if len(names) > 2 else "")
            return Etat("wait", "exclamation-triangle", f"Non remis à {names}")
        people = Counter(self.etats.values())
        if people[ATTEND]:
            return Etat("neutral", "clock", f"{people[ATTEND]} à partir")
        if not people[REMIS]:
            return Etat("neutral", "bell", f"Dans l’extranet pour {people[DEDANS]}")
        return Etat("ok", "check-circle", f"Remis à {people[REMIS]}")

    def tell(self, reader: "Agent", etat: int) -> None:
        """People are counted, whatever the number of messages of each: the least advanced of their mails."""
        self.etats[reader.pk] = max(etat, self.etats.get(reader.pk, DEDANS))


def sent(session: SessionFormation) -> list[Envoye]:
    """By kind, those of the organiser one by one, the latest first. Three queries, whatever the number."""
    labels = {**{one.code: one.libelle for one in SORTES}, **LIBELLES}
    ids = dict(session.inscriptions.values_list("pk", "agent"))
    rows = Notification.objects.filter(objet="formations.inscription", objet_id__in=[str(pk) for pk in ids])
    rows |= Notification.objects.filter(objet="formations.sessionformation", objet_id=str(session.pk))
    found: dict[object, Envoye] = {}
    for one in rows.select_related("courriel", "destinataire").order_by("created_at"):
        alone = one.sorte == MESSAGE
        key = one.cle.rpartition("-")[0] if alone else one.sorte
        title = one.titre if alone else labels.get(one.sorte, one.sorte)
        mail = found.setdefault(key, Envoye(title, "au fil des inscriptions"))
        mail.le = one.created_at
        if alone:
            mail.quand = moment(one.created_at)
        _count(mail, one.destinataire, getattr(one, "courriel", None))
    if convened := _convened(session):
        found[CONVOCATION] = convened
    return sorted(found.values(), key=lambda mail: mail.le, reverse=True)


def _count(mail: Envoye, reader: "Agent", courriel: Courriel | None) -> None:
    mail.destinataires.add(reader.pk)
    if courriel is None:
        mail.tell(reader, DEDANS)
    elif courriel.statut in BLOQUES:
        mail.refusees[reader.pk] = reader.nom_complet
    elif courriel.statut == StatutCourriel.ENVOYE:
        mail.tell(reader, REMIS)
    elif courriel.statut != StatutCourriel.ANNULE:
        mail.tell(reader, ATTEND)


def _convened(session: SessionFormation) -> Envoye | None:
    """Direct mails: found by whom they were written to, in the minute in which the person was convened."""
    seats = dict(session.inscriptions.exclude(convoquee_le=None).values_list("agent", "convoquee_le"))
    if not seats:
        return None
    last, minute = max(seats.values()), timedelta(minutes=1)
    mail = Envoye("Convocation, avec le rendez-vous pour l’agenda", moment(last), le=last)
    rows = Courriel.objects.filter(sorte=CONVOCATION, agent__in=seats, created_at__gte=min(seats.values()) - minute)
    for one in rows.select_related("agent"):
        if abs(one.created_at - seats[one.agent_id]) < minute:
            _count(mail, one.agent, one)
    return mail if mail.destinataires else None


def planned(session: SessionFormation) -> list[Envoye]:
    """What leaves by itself before the session, if nothing changes."""
    if not session.is_proposed or not session.is_dated or session.has_begun():
        return []
    people = set(session.inscriptions.filter(statut__in=ATTENDUES).values_list("agent", flat=True))
    if not people:
        return []
    settings, found = ReglagesFormation.load(), []
    if session.convoquee_le is None:
        day = session.date_debut - timedelta(days=settings.convocation_jours)
        found.append(Envoye("Convocation, avec le rendez-vous pour l’agenda", _on(day), people, prevu=True))
    day = session.date_debut - timedelta(days=settings.rappel_jours)
    if day >= timezone.localdate():
        found.append(Envoye(LIBELLES[RAPPEL], _on(day), people, prevu=True))
    return found


def _on(day: date) -> str:
    return f"prévu le{NBSP}{jour(max(day, timezone.localdate()))}"
