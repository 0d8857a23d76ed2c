"""Reading control: who has said « J’ai lu » of a version, who has not."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from collectivites.models import Agent, Collectivite, Poste
from notifications.audience import readers_of
from ressources.models import Lecture, RessourcePage, VersionFichier

if TYPE_CHECKING:
    from datetime import datetime


@dataclass
class Mairie:
    """The readers of one collectivité: who has read, when, and who has not."""

    collectivite: Collectivite
    lus: list[tuple[Agent, "datetime"]] = field(default_factory=list)
    non_lus: list[Agent] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.lus) + len(self.non_lus)


def versions_to_read() -> QuerySet[VersionFichier]:
    """The current versions of the resources, online, whose reading is followed."""
    pages = RessourcePage.objects.online().filter(lecture_suivie=True, archivee_le=None)
    return VersionFichier.objects.current().filter(fichier__page__in=pages.values("pk")).defer("texte")


def awaiting(agent: Agent) -> QuerySet[VersionFichier]:
    """Those that this agent may read and has not said to have read; one’s own are known."""
    read = Lecture.objects.filter(version=OuterRef("pk"), agent=agent)
    pages = RessourcePage.objects.visible_to(agent).filter(lecture_suivie=True, archivee_le=None)
    versions = VersionFichier.objects.current().filter(fichier__page__in=pages.values("pk")).exclude(auteur=agent)
    return versions.filter(~Exists(read)).select_related("fichier__page").defer("texte").order_by("publiee_le", "pk")


def unread_by(version: VersionFichier) -> QuerySet[Agent]:
    """The readers who have not said to have read it; its author is none of them."""
    read = Lecture.objects.filter(version=version, agent=OuterRef("pk"))
    return readers_of(version.fichier.page.diffusion).filter(~Exists(read)).exclude(pk=version.auteur_id)


def readings_of(version: VersionFichier) -> list[Mairie]:
    """Every reader, at the collectivité of their main poste, by name. Three queries, whatever their number."""
    said = dict(Lecture.objects.filter(version=version).values_list("agent_id", "created_at"))
    readers = readers_of(version.fichier.page.diffusion).exclude(pk=version.auteur_id)
    postes = Poste.objects.in_force().filter(agent__in=readers.values("pk")).for_list().main_first()
    places: dict[int, Mairie] = {}
    seen = set()
    for poste in postes:
        if poste.agent_id in seen:
            continue
        seen.add(poste.agent_id)
        place = places.setdefault(poste.collectivite_id, Mairie(poste.collectivite))
        if poste.agent_id in said:
            place.lus.append((poste.agent, said[poste.agent_id]))
        else:
            place.non_lus.append(poste.agent)
    for place in places.values():
        place.lus.sort(key=lambda one: (one[0].nom, one[0].prenom))
        place.non_lus.sort(key=lambda agent: (agent.nom, agent.prenom))
    return sorted(places.values(), key=lambda place: place.collectivite.nom)
