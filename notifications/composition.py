"""What a mail says when it leaves: the gates are asked again then, which may be hours after it was written."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from collectivites.models import Territoire
from extranet.lib.apports import Composition, Lien, collect
from extranet.lib.emails import Piece, Rendu, build, render
from extranet.lib.francais import NBSP, en_lettres
from notifications.enums import Frequence
from notifications.models import Courriel, Notification
from notifications.models.notification import NotificationQuerySet
from notifications.objets import readable
from notifications.preferences import Espace, espace_of, espaces, sorte_of

if TYPE_CHECKING:
    from collectivites.models import Agent

RESUME = "resume."
SORTE_RESUME = {Frequence.QUOTIDIEN: f"{RESUME}quotidien", Frequence.HEBDOMADAIRE: f"{RESUME}hebdomadaire"}


class SansObjet(Exception):
    """The mail has nobody to reach, or nothing left to say to them; its text says which."""


@cache
def compositions() -> Mapping[str, Composition]:
    """The mails that the installed apps compose when they leave (`apports.compositions`), by kind."""
    return {one.sorte: one for one in collect("compositions")}


def compose(courriel: Courriel) -> EmailMessage:
    """The message to hand over, its words also put on `courriel`. Raises SansObjet when it must not leave."""
    agent, territoire = courriel.agent, Territoire.load()
    if agent is not None:
        _check_reader(courriel, agent)
    if courriel.sorte.startswith(RESUME):
        rendu = _digest(courriel, agent, territoire)
    elif courriel.sorte in compositions():
        rendu = _composed(courriel, agent, territoire)
    elif courriel.notification_id:
        rendu = _notification(courriel, agent, territoire)
    elif courriel.html:
        rendu = Rendu(courriel.sujet, courriel.texte, courriel.html)
    else:
        raise SansObjet("Ce dont il parlait a été retiré.")
    courriel.sujet, courriel.texte, courriel.html = rendu.sujet[:250], rendu.texte, rendu.html
    return build(
        rendu,
        courriel.adresse,
        message_id=courriel.message_id,
        reply_to=territoire.courriel,
        pieces=[Piece(one.nom, one.genre, bytes(one.contenu)) for one in courriel.pieces.all()],
        preferences_url=_where_to_stop(courriel),
        un_clic=courriel.sorte in compositions(),
    )


def _where_to_stop(courriel: Courriel) -> str:
    """Empty for what one cannot stop receiving."""
    if courriel.sorte in compositions():
        return compositions()[courriel.sorte].arret(courriel)
    return reverse("notifications:preferences") if _tells_notifications(courriel) else ""


def _tells_notifications(courriel: Courriel) -> bool:
    return courriel.sorte.startswith(RESUME) or courriel.notification_id is not None


def keeps_words() -> bool:
    """Development keeps what it sends, for `/courriels/`; a real installation keeps nothing of it."""
    return settings.DEBUG


def _check_reader(courriel: Courriel, agent: "Agent") -> None:
    if agent.efface_le or not agent.is_active:
        raise SansObjet("Le compte du destinataire est fermé.")
    if courriel.exige_poste and not agent.postes_en_cours:
        raise SansObjet("Le destinataire n’a plus de poste en cours.")
    if _tells_notifications(courriel) or courriel.sorte in compositions():
        if not agent.email:
            raise SansObjet("Le destinataire n’a plus d’adresse de courriel.")
        courriel.adresse = agent.email


def _notification(courriel: Courriel, agent: "Agent", territoire: Territoire) -> Rendu:
    notification = (
        Notification.objects.visible_to(agent).filter(pk=courriel.notification_id).prefetch_related("pour").first()
    )
    objet = None
    if notification is not None and notification.objet:
        references = [(notification.objet, notification.objet_id)]
        objet = readable(references, agent).get(references[0])
    if notification is None or (notification.objet and objet is None):
        raise SansObjet("Le destinataire ne peut plus voir ce dont il parle.")
    contexte = {
        **_common(agent, territoire),
        "notification": notification,
        "objet": objet,
        "raison": _reason(notification),
    }
    if notification.url:
        contexte["bouton"] = Lien(notification.action or "Ouvrir dans l’extranet", notification.url)
    return render(notification.gabarit or "notifications/courriels/notification.html", contexte)


def _reason(notification: Notification) -> str:
    sorte = sorte_of(notification.sorte)
    if notification.urgente or sorte.imposee:
        return f"Ce message part toujours tout de suite{NBSP}: «{NBSP}{sorte.libelle}{NBSP}»."
    return f"Vos préférences prévoient ce message tout de suite{NBSP}: «{NBSP}{sorte.libelle}{NBSP}»."


def _digest(courriel: Courriel, agent: "Agent", territoire: Territoire) -> Rendu:
    lines = visible_lines(courriel.resumees.unread(), agent)
    if not lines:
        raise SansObjet("Tout ce qu’il annonçait a été lu, ou n’est plus visible.")
    frequence = Frequence(courriel.sorte.removeprefix(RESUME))
    contexte = {
        **_common(agent, territoire),
        "titre": digest_title(len(lines), frequence),
        "groupes": by_area(lines),
        "bouton": Lien("Voir mes notifications", reverse("notifications:notification_list")),
        "raison": f"Vos préférences prévoient ces messages {frequence.label.lower()}, en un seul courriel.",
    }
    return render("notifications/courriels/resume.html", contexte)


def _composed(courriel: Courriel, agent: "Agent", territoire: Territoire) -> Rendu:
    made = compositions()[courriel.sorte].compose(courriel)
    if made is None:
        raise SansObjet("Tout ce qu’il annonçait n’est plus visible, ou n’est plus demandé.")
    gabarit, contexte = made
    return render(gabarit, {**_common(agent, territoire), **contexte})


def visible_lines(queryset: NotificationQuerySet, agent: "Agent") -> list[Notification]:
    """Those of `queryset` that the agent may see now, with what they tell about, oldest first."""
    lines = list(queryset.visible_to(agent).prefetch_related("pour").order_by("created_at", "pk"))
    wanted = {(line.objet, line.objet_id) for line in lines if line.objet}
    found = readable(wanted, agent) if wanted else {}
    return [line for line in lines if not line.objet or (line.objet, line.objet_id) in found]


def digest_title(number: int, frequence: Frequence) -> str:
    """« Votre journée : trois nouvelles », « Votre semaine : une nouvelle »."""
    when = "Votre journée" if frequence == Frequence.QUOTIDIEN else "Votre semaine"
    return f"{when}{NBSP}: {en_lettres(number, 'f')} nouvelle{'s' if number > 1 else ''}"


def by_area(lines: list[Notification]) -> list[dict[str, Espace | list[Notification]]]:
    """Grouped in the order of the menu, urgent ones first, none left out."""
    groups = defaultdict(list)
    for line in sorted(lines, key=lambda line: not line.urgente):
        groups[line.area].append(line)
    order = list(espaces())
    areas = sorted(groups, key=lambda area: order.index(area) if area in order else len(order))
    return [{"espace": espace_of(area), "lignes": groups[area]} for area in areas]


def _common(agent: "Agent", territoire: Territoire) -> dict:
    return {
        "territoire": territoire,
        "agent": agent,
        "transmettre_a": "",
        "preferences_url": reverse("notifications:preferences"),
    }
