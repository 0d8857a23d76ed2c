"""The inbox as it is read: filters, day groups, and what stands above them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.dateformat import format as format_date

from extranet.lib.francais import date_longue, en_lettres, heure
from notifications.models import Notification
from notifications.models.notification import NotificationQuerySet
from notifications.preferences import espace_of, espaces

if TYPE_CHECKING:
    from collectivites.models import Agent

PAR_PAGE = 30


@dataclass(frozen=True)
class Puce:
    """A shortcut above the list."""

    libelle: str
    cle: str
    active: bool = False
    nombre: int | None = None

    @property
    def adresse(self) -> str:
        return f"?vue={self.cle}" if self.cle else "?"


@dataclass
class Groupe:
    """The notifications of one day, week or month."""

    titre: str
    lignes: list[Notification]
    suite: bool = False

    @property
    def ancre(self) -> str:
        return f"le-{self.lignes[0].pk}"


@dataclass
class Compte:
    """How many are received, unread and urgent, in all and area by area."""

    total: int = 0
    non_lues: int = 0
    urgentes: int = 0
    espaces: list[str] = field(default_factory=list)

    def in_words(self) -> str:
        """« Trois non lues, dont une urgente. »"""
        if not self.total:
            return "Rien de reçu pour l’instant."
        if not self.non_lues:
            return "Tout est lu."
        words = f"{en_lettres(self.non_lues, 'f').capitalize()} non lue{'s' if self.non_lues > 1 else ''}"
        if not self.urgentes:
            return f"{words}."
        if self.urgentes == self.non_lues:
            return f"{words}, urgente{'s' if self.urgentes > 1 else ''}."
        return f"{words}, dont {en_lettres(self.urgentes, 'f')} urgente{'s' if self.urgentes > 1 else ''}."


def count(agent: "Agent") -> Compte:
    """One query."""
    unread, urgent = Q(lue_le=None), Q(lue_le=None, urgente=True)
    rows = (
        Notification.objects.visible_to(agent)
        .received()
        .order_by()
        .values("area")
        .annotate(
            total=Count("pk"),
            non_lues=Count("pk", filter=unread),
            urgentes=Count("pk", filter=urgent),
        )
    )
    compte = Compte()
    for row in rows:
        compte.total += row["total"]
        compte.non_lues += row["non_lues"]
        compte.urgentes += row["urgentes"]
        compte.espaces.append(row["area"])
    order = list(espaces())
    compte.espaces.sort(key=lambda area: (order.index(area) if area in order else len(order), area))
    return compte


def chips(compte: Compte, vue: str) -> list[Puce]:
    """Everything, what is unread, what is urgent if anything is, then the areas that have something."""
    puces = [Puce("Toutes", "", vue == ""), Puce("Non lues", "non-lues", vue == "non-lues", compte.non_lues)]
    if compte.urgentes or vue == "urgentes":
        puces.append(Puce("Urgentes", "urgentes", vue == "urgentes", compte.urgentes))
    if len(compte.espaces) > 1 or vue in compte.espaces:
        puces += [Puce(espace_of(area).libelle, area, vue == area) for area in compte.espaces]
    return puces


def filtered(queryset: NotificationQuerySet, vue: str) -> NotificationQuerySet:
    """`vue` is « non-lues », « urgentes » or an area; anything else shows everything."""
    if vue == "non-lues":
        return queryset.filter(lue_le=None)
    if vue == "urgentes":
        return queryset.filter(lue_le=None, urgente=True)
    return queryset.filter(area=vue) if vue else queryset


def page_of(queryset: NotificationQuerySet, avant: str) -> tuple[list[Groupe], Notification | None]:
    """The page that follows the notification whose id is `avant`, in groups, and the first of the next page.

    Two queries at most. Placed by the last line shown: what arrives meanwhile shifts nothing.
    """
    today = timezone.localdate()
    last, begun = None, ""
    if avant.isascii() and avant.isdigit() and len(avant) < 18:
        last = queryset.filter(pk=avant).first()
    if last:
        queryset = queryset.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
        begun = period_of(timezone.localdate(last.created_at), today)
    rows = list(
        queryset.order_by("-created_at", "-pk").select_related("collectivite").prefetch_related("pour")[: PAR_PAGE + 1]
    )
    shown, more = rows[:PAR_PAGE], rows[PAR_PAGE:]
    by_period = groupby(shown, key=lambda one: period_of(timezone.localdate(one.created_at), today))
    groups = [Groupe(titre, list(lignes)) for titre, lignes in by_period]
    if groups and groups[0].titre == begun:
        groups[0].suite = True
    return groups, more[0] if more else None


def next_label(groupes: list[Groupe], following: Notification) -> str:
    """« Voir septembre » when the next page opens another month, else « Voir la suite »."""
    today = timezone.localdate()
    titre = period_of(timezone.localdate(following.created_at), today)
    return "Voir la suite" if groupes and groupes[-1].titre == titre else f"Voir {titre[0].lower()}{titre[1:]}"


def period_of(day: date, today: date) -> str:
    """« Aujourd’hui », « Hier », « Cette semaine », « La semaine dernière », then « Septembre », « Mai 2025 »."""
    monday = today - timedelta(days=today.weekday())
    if day >= today:
        return "Aujourd’hui"
    if day == today - timedelta(days=1):
        return "Hier"
    if day >= monday:
        return "Cette semaine"
    if day >= monday - timedelta(days=7):
        return "La semaine dernière"
    month = format_date(day, "F").capitalize()
    return month if day.year == today.year else f"{month}\u00a0{day.year}"


def moment_of(notification: Notification, agent: "Agent") -> str:
    """« 8 h 30 », « mercredi 7 octobre, 17 h 12 » within a week, else the date; for whom, if one has several."""
    day, today = timezone.localdate(notification.created_at), timezone.localdate()
    when = heure(notification.created_at)
    if day < today:
        when = date_longue(notification.created_at) + (f", {when}" if (today - day).days < 7 else "")
    several = len(agent.postes_en_cours) > 1 and notification.collectivite
    return f"{when}, pour {notification.collectivite}" if several else when
