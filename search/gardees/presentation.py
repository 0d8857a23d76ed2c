"""The kept searches as their page shows them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.apports import Gardable
from extranet.lib.francais import jour
from notifications.enums import HeureResume, JourResume
from notifications.preferences import rythme_of
from search.gardees.listes import address_of, listes
from search.models import RechercheGardee

if TYPE_CHECKING:
    from collectivites.models import Agent

# On the page where one begins to search.
EN_TETE = 6


@dataclass(frozen=True)
class Rangee:
    """One kept search; no `liste` when its area is gone."""

    recherche: RechercheGardee
    liste: Gardable | None
    url: str

    @property
    def area(self) -> str:
        return self.liste.area if self.liste else "accueil"

    @property
    def icone(self) -> str:
        return self.liste.icone if self.liste else "search"

    @property
    def alerte(self) -> str:
        """« Alerte chaque semaine, la dernière le 12 novembre », « Sans alerte »."""
        if not self.recherche.has_alert:
            return "Sans alerte"
        said = f"Alerte {self.recherche.get_frequence_display().lower()}"
        if self.recherche.alertee_le is None:
            return f"{said}, rien de nouveau depuis le {jour(timezone.localdate(self.recherche.created_at))}"
        return f"{said}, la dernière le {jour(timezone.localdate(self.recherche.alertee_le))}"

    @property
    def silence(self) -> str:
        """Why it says nothing; empty when it works."""
        if self.liste is None:
            return "La liste où elle cherchait n’existe plus."
        return self.recherche.empechement if self.recherche.has_alert else ""


def rows_of(agent: "Agent", number: int | None = None) -> list[Rangee]:
    """One query."""
    kept = RechercheGardee.objects.visible_to(agent).for_list()[:number]
    return [Rangee(one, listes().get(one.liste), address_of(one)) for one in kept]


def when(agent: "Agent") -> str:
    """« les jours ouvrés à 7 h 30, et celles de la semaine le lundi »: at the hour that one chose for the digests."""
    rythme = rythme_of(agent)
    hour = HeureResume(rythme.heure).label.partition(",")[0].strip()
    day = JourResume(rythme.jour).label.partition(" à ")[0]
    return f"Les alertes du jour partent {hour}, les jours ouvrés\u00a0; celles de la semaine, {day} à la même heure."
