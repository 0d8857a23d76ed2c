"""What the search brings to the other apps, to the commands and to `veille`."""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from collectivites.droits import TOUT, grant
from collectivites.enums import Domaine
from extranet.lib.apports import AFaire, Boucle, Composition, Echeance, Gardable, Sorte, Traitement
from extranet.lib.francais import en_lettres
from search import personnes
from search.engines import est_reparti, moteur_de_base
from search.engines.base import MoteurInjoignable
from search.enums import StatutQuestion
from search.envoi import Envoi
from search.etat import read_state
from search.gardees import conservation
from search.gardees.alertes import write_alerts
from search.gardees.courriel import composition
from search.gardees.partout import gardable
from search.indexation import desindexer, indexer, refill
from search.models import Epingle, QuestionRecherche, RechercheDuMois, SearchEntry, Synonyme
from search.permissions import can_run_search
from search.questions import SORTE
from search.synonymes import deliver
from search.verification import renew, repair
from search.vocabulaire import learn, recount

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collectivites.demo import Monde
    from collectivites.models import Agent, Collectivite

__all__ = [
    "a_faire",
    "boucles",
    "compositions",
    "demo",
    "desindexer",
    "donnees_personnelles",
    "echeances",
    "effacer",
    "fusionner",
    "gardables",
    "indexer",
    "installer",
    "reprendre",
    "restent_du_lieu",
    "sante",
    "sortes",
    "temoins_fusion",
    "temoins_reprise",
    "traitements",
]

PAS = timedelta(minutes=5)
# Seconds between two looks at what the cluster must learn.
ENVOI = 0.25
DROITS = {
    Synonyme: TOUT,
    Epingle: TOUT,
    QuestionRecherche: ("view", "change"),
    RechercheDuMois: ("view",),
}


def installer() -> None:
    """Synonyms never given before; an index that is empty is filled, when the search comes to an older installation."""
    deliver()
    for model, actions in DROITS.items():
        grant(Domaine.CONTENU, model, actions)
    if not SearchEntry.objects.exists():
        refresh()


def demo(monde: "Monde") -> None:
    """The ground floor writes its people in bulk; what comes after writes its own entries."""
    refresh()


def echeances() -> list[Echeance]:
    return [
        Echeance("alertes", write_alerts, every=timedelta(minutes=10)),
        Echeance("mots-nouveaux", learn_recent, every=PAS),
        Echeance("index-ancienne-analyse", renew, every=timedelta(minutes=1)),
        Echeance("index-verifie", mend, heure="4:20"),
        Echeance("index-de-la-nuit", refresh, heure="3:40"),
        Echeance("recherches-anciennes", personnes.purge, heure="3:25"),
    ]


def boucles() -> list[Boucle]:
    """Changes reach the cluster while who made them still looks at the page."""
    return [Boucle("recherche", Envoi().send_due, ENVOI)] if est_reparti() else []


def gardables() -> list[Gardable]:
    return [gardable()]


def compositions() -> list[Composition]:
    return [composition()]


def mend() -> None:
    """A cluster that is away is mended another night: until then the outbox keeps what it has to learn."""
    with suppress(MoteurInjoignable):
        repair()


def sante() -> dict[str, str | int]:
    """What answers, what it says of itself, and the changes it does not know yet."""
    state = read_state()
    late = timezone.now() - state.plus_ancienne if state.plus_ancienne else timedelta()
    first = state.moteurs[0]
    return {
        "recherche_moteur": first.nom,
        "recherche_repond": "oui" if first.ok else "non",
        "recherche_detail": first.detail,
        "recherche_entrees": state.entrees,
        "recherche_entrees_du_moteur": first.entrees,
        "recherche_changements_en_attente": state.attente,
        "recherche_plus_ancien_changement_s": int(late.total_seconds()),
    }


def learn_recent() -> int:
    return learn(timezone.now() - 3 * PAS)


def refresh() -> int:
    """Each object gives its entry again, since time alone changes some: a poste begins, a name changes elsewhere."""
    for _done in refill():
        pass
    moteur_de_base().tidy()
    return recount()


def sortes() -> list[Sorte]:
    return [Sorte(SORTE, "accueil", "Recherche", "Une réponse à ce que vous cherchiez sans le trouver.")]


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    """For the responsables of the content: what was looked for and not found. One query."""
    if not can_run_search(agent):
        return []
    number = QuestionRecherche.objects.filter(statut=StatutQuestion.A_TRAITER).count()
    if not number:
        return []
    many = "s" if number > 1 else ""
    return [
        AFaire(
            titre=f"{en_lettres(number, 'f').capitalize()} recherche{many} sans réponse",
            url=f"{reverse('admin_recherches_sans_reponse:index')}?statut={StatutQuestion.A_TRAITER}",
            action="Répondre",
            icone="search",
            area="accueil",
            detail="Quelqu’un n’a pas trouvé et vous dit ce qu’il cherchait.",
        )
    ]


def donnees_personnelles(agent: "Agent") -> dict:
    return personnes.held_about(agent) | conservation.held_about(agent)


def effacer(agent: "Agent") -> None:
    personnes.erase(agent)
    conservation.erase(agent)


def restent_du_lieu() -> dict[str, str]:
    return {"search.questionrecherche.collectivite": "une question a été posée par la commune d’alors"}


def fusionner(garde: "Agent", retire: "Agent") -> None:
    personnes.merge(garde, retire)
    conservation.merge(garde, retire)


def reprendre(garde: "Collectivite", retiree: "Collectivite") -> None:
    conservation.take_over(garde, retiree)


def temoins_reprise(garde: "Collectivite", retiree: "Collectivite") -> "list[QuerySet]":
    return conservation.beside_places(garde, retiree)


def temoins_fusion(garde: "Agent", retire: "Agent") -> "list[QuerySet]":
    return conservation.beside(garde, retire)


def traitements() -> list[Traitement]:
    return [personnes.TRAITEMENT, conservation.TRAITEMENT]
