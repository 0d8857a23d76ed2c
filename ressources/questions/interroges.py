"""Who a question is put to, told before it is sent."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from collectivites.diffusion import TOUTES
from collectivites.models import Expertise, Poste, Theme
from notifications.audience import readers_of
from notifications.envoi import relais_of
from ressources.models import RessourcePage
from ressources.rappels import keepers_of, responsables

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collectivites.models import Agent, Collectivite

# Few enough for each to feel asked.
AU_PLUS = 30

Sujet = RessourcePage | Theme


@dataclass(frozen=True)
class Interroges:
    """Who looks after the subject, and who said « on peut me solliciter sur… »; nobody is in both.

    `place`: the collectivité for which the first ones are told, as `keepers_of` says it.
    """

    gardiens: "list[Agent]"
    place: "Collectivite | None"
    savent: "list[Agent]"

    @property
    def nombre(self) -> int:
        return len(self.gardiens) + len(self.savent)

    @property
    def personnes(self) -> str:
        return f"{self.nombre}\u00a0personne{'s' if self.nombre > 1 else ''}"

    @cached_property
    def fonctions(self) -> str:
        """« Secrétaire général de mairie (2), Maire »: what they are before all. One query."""
        agents = {agent.pk for agent in [*self.gardiens, *self.savent]}
        found: dict[int, str] = {}
        for poste in Poste.objects.in_force().filter(agent__in=agents).select_related("fonction").main_first():
            found.setdefault(poste.agent_id, poste.fonction.libelle)
        counted = Counter(found.values()).most_common()
        return ", ".join(f"{words} ({n})" if n > 1 else words for words, n in counted)


def readers(sujet: Sujet) -> "QuerySet[Agent]":
    """Who reads what is said of it today: nobody, of a sheet that is not online."""
    if not isinstance(sujet, RessourcePage):
        return readers_of([TOUTES])
    online = RessourcePage.objects.online().filter(pk=sujet.pk).exists()
    return readers_of(sujet.diffusion if online else [])


def asked_about(sujet: Sujet, auteur: "Agent") -> Interroges:
    """The référent·e of a sheet, the responsables for a theme; then those in office who may be asked about the theme,
    if they read the sheet and can be reached. Seven queries at most.
    """
    if isinstance(sujet, RessourcePage):
        (gardiens, place), theme = keepers_of(sujet), sujet.theme_id
    else:
        gardiens, place, theme = list(responsables()), None, sujet.pk
    told = {agent.pk for agent in gardiens} | {auteur.pk}
    unreachable = [agent for agent in gardiens if not agent.email]
    if unreachable:
        told |= {relais.pk for found in relais_of(unreachable, place).values() for relais, _ in found}
    said = Expertise.objects.montrees().filter(agent=OuterRef("pk"), theme=theme)
    known = readers(sujet).filter(Exists(said), is_active=True, email__isnull=False).exclude(pk__in=told)
    return Interroges([one for one in gardiens if one.pk != auteur.pk], place, list(known.order_by("pk")[:AU_PLUS]))
