"""Kept searches of the demo: those of a secretary and of a responsable, on what the areas have just told.

An alert of each has not said the last results yet: the next mail has something to say.
"""

from typing import TYPE_CHECKING

from search.enums import FrequenceAlerte
from search.gardees.garder import keep
from search.gardees.listes import keys_of, listes, read

if TYPE_CHECKING:
    from collectivites.demo import Monde

# Who, in which list, what is asked, the name given, how often; how many of the last results are still to be told.
GARDEES = (
    ("odile-vuillermet", "ressources", "theme=urbanisme", "Urbanisme", FrequenceAlerte.QUOTIDIENNE, 2),
    ("odile-vuillermet", "formations", "q=secourisme", "Secourisme", FrequenceAlerte.HEBDOMADAIRE, 1),
    ("odile-vuillermet", "recherche", "q=cimetière", "Tout sur le cimetière", FrequenceAlerte.HEBDOMADAIRE, 0),
    ("odile-vuillermet", "materiel", "quoi=barnum", "Barnums", FrequenceAlerte.JAMAIS, 0),
    ("nathalie-perrot", "annuaire", "fonction=metier:secretaires", "Secrétaires", FrequenceAlerte.HEBDOMADAIRE, 1),
)


def keep_some(monde: "Monde") -> None:
    for who, liste, query, nom, frequence, to_tell in GARDEES:
        agent = monde.agent(who)
        place = agent.postes_en_cours[0].collectivite
        asked = read(listes()[liste], query, agent, place)
        kept = keep(agent, listes()[liste], asked, nom=nom, frequence=frequence)
        moment = min(monde.instant(-6, "10:20"), kept.created_at)
        if kept.depart is not None:
            told = set(keys_of(kept.liste, kept.parametres, agent)[to_tell:])
            kept.depart = [key for key in kept.depart if key in told]
        kept.created_at = kept.verifiee_le = moment
        kept.save()
