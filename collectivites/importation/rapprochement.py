"""Who is who: a line of a file against the people of the directory and the lines before it.

The same person when
1. the e-mail is the same, and the name too, accents and case aside;
2. else the name is the same, and a telephone too;
3. else the name is the same, and the collectivité or the fonction; both when the two have different e-mails.
Any other namesake is told as a possible double and kept apart, unless a human has said « the same » for that line.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from collectivites.models import Agent, Collectivite, Fonction, Poste
from extranet.lib.pliage import fold


@dataclass
class PosteLu:
    """A poste of the directory, or one that a line makes."""

    collectivite: Collectivite
    fonction: Fonction
    poste: Poste | None = None
    ligne: int | None = None


@dataclass
class Personne:
    """Someone of the directory, or someone that a line brings (`agent` is then None until it is written).

    `ligne` is the line that brings them, `ligne_courriel` the one that brings their e-mail.
    """

    prenom: str
    nom: str
    email: str | None
    agent: Agent | None = None
    ligne: int | None = None
    ligne_courriel: int | None = None
    postes: list[PosteLu] = field(default_factory=list)
    telephones: set[str] = field(default_factory=set)

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def cle(self) -> str:
        return fold(self.nom_complet)


class CourrielPris(Exception):
    """The e-mail of the line is that of somebody with another name."""

    def __init__(self, personne: Personne) -> None:
        super().__init__(personne.nom_complet)
        self.personne = personne


class Registre:
    """Everybody known so far, by e-mail and by name."""

    def __init__(self) -> None:
        self.by_email: dict[str, Personne] = {}
        self.by_name: dict[str, list[Personne]] = defaultdict(list)

    @classmethod
    def of_directory(cls) -> "Registre":
        """The agents not erased, with their groups and their postes in force or to come."""
        registre, by_pk = cls(), {}
        for agent in Agent.objects.filter(efface_le=None).prefetch_related("groups"):
            by_pk[agent.pk] = Personne(agent.prenom, agent.nom, agent.email, agent)
            registre.add(by_pk[agent.pk])
        postes = Poste.objects.not_ended().select_related("collectivite", "fonction").prefetch_related("presences")
        for poste in postes.filter(agent__efface_le=None):
            personne = by_pk[poste.agent_id]
            personne.postes.append(PosteLu(poste.collectivite, poste.fonction, poste))
            personne.telephones |= {poste.telephone, poste.mobile} - {""}
        return registre

    def add(self, personne: Personne) -> None:
        if personne.email:
            self.by_email[personne.email] = personne
        self.by_name[personne.cle].append(personne)

    def give_email(self, personne: Personne, email: str, ligne: int) -> None:
        personne.email, personne.ligne_courriel = email, ligne
        self.by_email[email] = personne

    def find(self, valeurs: dict[str, Any], *, same: bool) -> tuple[Personne | None, list[Personne]]:
        """The person of a line and the namesakes kept apart. `same`: a human says that the namesake is the person.

        Raises CourrielPris.
        """
        key = fold(f"{valeurs['prenom']} {valeurs['nom']}")
        owner = self.by_email.get(valeurs["courriel"] or "")
        if owner is not None:
            if owner.cle != key:
                raise CourrielPris(owner)
            return owner, []
        namesakes = list(self.by_name[key])
        close = [one for one in namesakes if same or _is_close(one, valeurs)]
        return (close[0], []) if len(close) == 1 else (None, namesakes)


def _is_close(personne: Personne, valeurs: dict[str, Any]) -> bool:
    if personne.telephones & {valeurs["telephone"], valeurs["mobile"]}:
        return True
    place = any(poste.collectivite == valeurs["collectivite"] for poste in personne.postes)
    job = any(poste.fonction == valeurs["fonction"] for poste in personne.postes)
    apart = personne.email and valeurs["courriel"] and personne.email != valeurs["courriel"]
    return (place and job) if apart else (place or job)
