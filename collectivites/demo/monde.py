"""The world of the demo, handed to every app's `apports.demo(monde)`."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from collectivites.diffusion import ELUS, EPCI, TOUTES, code_collectivite, code_reseau
from collectivites.models import Agent, Collectivite, Poste, Reseau, Territoire
from extranet.lib.jours_ouvres import working_day_from

GRAINE = "grand-dole"
AGENTS_PAR_COMMUNE, COMMUNES_GRANDE = 40, 130
GROUPES = {"toutes": TOUTES, "elus": ELUS, "epci": EPCI}


@dataclass
class Monde:
    """Who and where, by key, on the day that the demo is about.

    Keys are slugs: `monde.agent("odile-vuillermet")`, `monde.collectivite("foucherans")`. Every date comes from `jour`,
    `ouvre` or `instant`, every chance from `tirage`: the same date gives the same rows, whatever other apps do.
    """

    date: date
    grande: bool = False
    territoire: Territoire | None = None
    epci: Collectivite | None = None
    collectivites: dict[str, Collectivite] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    postes: dict[tuple[str, str], Poste] = field(default_factory=dict)
    reseaux: dict[str, Reseau] = field(default_factory=dict)

    def agent(self, cle: str) -> Agent:
        return self.agents[cle]

    def collectivite(self, cle: str) -> Collectivite:
        return self.collectivites[cle]

    def poste(self, agent: str, collectivite: str) -> Poste:
        return self.postes[agent, collectivite]

    def codes(self, mots: str) -> list[str]:
        """« toutes », « elus », « reseau:secretaires », « tavaux foucherans » as codes of diffusion."""
        return list(dict.fromkeys(self._code(mot) for mot in mots.split()))

    def _code(self, mot: str) -> str:
        if mot in GROUPES:
            return GROUPES[mot]
        genre, _, slug = mot.rpartition(":")
        return code_reseau(self.reseaux[slug].pk) if genre else code_collectivite(self.collectivites[slug].pk)

    def tirage(self, nom: str) -> Random:
        """A source of chance of one's own, so that what one app draws never moves what another draws."""
        return Random(f"{GRAINE}:{nom}")  # noqa: S311 - repeatable on purpose, secret to nobody

    def jour(self, jours: int) -> date:
        """That many days after the day of the demo, before when negative."""
        return self.date + timedelta(days=jours)

    def ouvre(self, jours: int) -> date:
        """The same, moved to the next working day."""
        return working_day_from(self.jour(jours))

    def mois(self, mois: int) -> date:
        """The first day of the month, that many months ago."""
        years, month = divmod(self.date.year * 12 + self.date.month - 1 - mois, 12)
        return date(years, month + 1, 1)

    def instant(self, jours: int, heure: str = "9:00") -> datetime:
        """A moment of Paris: `monde.instant(-1, "14:20")`."""
        return timezone.make_aware(datetime.combine(self.jour(jours), time(*map(int, heure.split(":")))))
