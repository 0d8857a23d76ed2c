"""What happens to a session, told to those who are in it, or whom it may interest."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from extranet.lib.francais import date_longue
from extranet.lib.typographie import space
from formations.enums import OUVERTES, Acte, StatutInscription, StatutSession
from formations.models import FormationPage, Inscription, Mouvement, SessionFormation
from formations.places.sessions import RENDEZ_VOUS
from formations.prevenir import mots
from formations.prevenir.nouvelles import ICONE, Nouvelle, tell_person
from formations.prevenir.personnes import interested, not_convened
from formations.prevenir.sortes import NOUVELLE, SESSION
from notifications.envoi import notify

if TYPE_CHECKING:
    from collections.abc import Callable

# What somebody who comes must know of a change, by the name of the field.
UTILES = {
    "lieu_nom": "le lieu",
    "lieu": "la commune",
    "lieu_adresse": "l’adresse",
    "acces": "l’accès",
    "distanciel": "sur place ou en visio",
    "lien": "le lien de la visio",
    "repas": "le repas",
}
# How long after the publication of a sheet it is looked at again: telling twice tells once.
PUBLIEES = timedelta(days=2)


def opened(nouvelle: Nouvelle) -> None:
    """To the gestionnaires and followers who may read its sheet, once it is published; in the mail of the day."""
    session = nouvelle.session
    published = FormationPage.objects.online().filter(pk=session.formation_id, archivee_le=None)
    if not session.is_proposed or not published.exists():
        return
    seats = f"{session.capacite} places" if session.capacite > 1 else "1 place"
    text = f"{session.ou[0].upper()}{session.ou[1:]}, {seats}."
    if not session.is_dated:
        text = "Les dates seront fixées selon le nombre d’intéressés : inscrivez vos agents pour garder leur rang."
    elif session.ouverture and session.ouverture > nouvelle.premier.created_at:
        text += f" Inscriptions à partir du {date_longue(session.ouverture)}."
    notify(
        interested(session),
        NOUVELLE,
        space(f"Nouvelle session : {mots.nom(session)}"),
        texte=space(text),
        url=session.get_absolute_url(),
        action="Voir la session",
        icone=ICONE,
        visible_par=session.formation.diffusion,
        objet=session,
        auteur=nouvelle.auteur,
        cle=nouvelle.cle,
    )


def tell_published() -> int:
    """Sessions opened before their sheet was published, told once it is, by `veille`. Returns how many it looked at."""
    page, now = "session__formation", timezone.now()
    late = {f"{page}__first_published_at__gt": F("annonce_le"), f"{page}__first_published_at__gte": now - PUBLIEES}
    lines = Mouvement.objects.filter(acte=Acte.SESSION_OUVERTE, **late).select_related(page, "session__lieu", "auteur")
    for line in lines.order_by("pk"):
        opened(Nouvelle([line]))
    return len(lines)


def changed(nouvelle: Nouvelle) -> None:
    """Only what matters to whoever comes: seats and quotas are the affair of the organiser."""
    said = {name for one in nouvelle.mouvements for name in one.donnees.get("champs", [])}
    words = [label for name, label in UTILES.items() if _verbose(name) in said]
    if words and nouvelle.session.is_proposed:
        title = f"Ce qui change : {mots.nom(nouvelle.session)}"
        readers = _inside(nouvelle)
        if said & {_verbose(name) for name in RENDEZ_VOUS}:
            readers = not_convened(readers)
        _tell_all(nouvelle, title, f"Nouveau ou corrigé : {', '.join(words)}.", readers)


def _verbose(name: str) -> str:
    return str(SessionFormation._meta.get_field(name).verbose_name)


def kept(nouvelle: Nouvelle) -> None:
    if nouvelle.session.statut == StatutSession.MAINTENUE:
        _tell_all(nouvelle, f"La session aura lieu : {mots.nom(nouvelle.session)}", "", _inside(nouvelle))


def moved(nouvelle: Nouvelle) -> None:
    """New dates, to all those who are in it or wait."""
    if nouvelle.session.is_proposed:
        text = "Si ces dates ne vous conviennent pas, rendez la place : quelqu’un l’attend."
        readers = not_convened(_inside(nouvelle, OUVERTES))
        _tell_all(nouvelle, f"Nouvelles dates : {mots.nom(nouvelle.session)}", text, readers)


def dated(nouvelle: Nouvelle) -> None:
    """The dates of a session that had none: whoever has a seat is told of it by the line of their seat."""
    if nouvelle.session.is_proposed:
        text = "Pas de place pour vous à ce jour : vous gardez votre rang, et passez dès qu’une place se libère."
        waiting = _inside(nouvelle, (StatutInscription.ATTENTE,))
        _tell_all(nouvelle, f"Les dates sont fixées : {mots.nom(nouvelle.session)}", text, waiting)


def _inside(nouvelle: Nouvelle, statuts: tuple = ()) -> list[Inscription]:
    """Those who have a seat, or are in one of these states; whoever came since has read it as it is."""
    when = nouvelle.mouvements[-1].created_at
    rows = nouvelle.session.inscriptions.filter(created_at__lte=when)
    rows = rows.select_related("agent", "collectivite").order_by("pk")
    return list(rows.filter(statut__in=statuts) if statuts else rows.placed())


def _tell_all(nouvelle: Nouvelle, title: str, text: str, inscriptions: list[Inscription]) -> None:
    for one in inscriptions:
        tell_person(nouvelle, one, SESSION, title, text)


SESSIONS: "dict[str, Callable[[Nouvelle], None]]" = {
    Acte.SESSION_OUVERTE: opened,
    Acte.SESSION_MODIFIEE: changed,
    Acte.SESSION_MAINTENUE: kept,
    Acte.SESSION_REPORTEE: moved,
    Acte.SESSION_DATEE: dated,
}
