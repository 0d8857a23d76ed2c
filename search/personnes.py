"""What the search holds about a person: the questions they asked, and what names them."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from collectivites.effacement import NOM
from extranet.lib.apports import Traitement
from search import frequences
from search.analyse.mots import VIDES, mots
from search.models import QuestionRecherche, RechercheDuMois

if TYPE_CHECKING:
    from collectivites.models import Agent

TRAITEMENT = Traitement(
    code="recherche",
    intitule="Recherche",
    finalite="Trouver ce que chacun a le droit de voir, et aider à trouver ce qui manque.",
    base_legale="Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)",
    personnes="Personnes ayant un compte",
    donnees=(
        "Demandes faites quand rien n’est trouvé (texte, personne, collectivité, date) et leur réponse. Mots cherchés, "
        "comptés par mois sans la personne\u00a0; une empreinte du mois évite de compter deux fois le même compte. Une "
        "adresse de courriel ou un numéro de téléphone cherchés ne sont pas retenus."
    ),
    source="Les personnes qui cherchent",
    destinataires=(
        "Les demandes\u00a0: les responsables du contenu et les administrateurs. Les mots cherchés par cinq comptes au "
        "moins sont proposés à ceux qui peuvent y trouver quelque chose."
    ),
    conservation=(
        "Les demandes et les mots cherchés, douze mois\u00a0; les empreintes, jusqu’à la fin du mois. Les demandes "
        "d’une personne sont effacées avec sa fiche."
    ),
)


def held_about(agent: "Agent") -> dict[str, Any]:
    """Ready for JSON. What was searched is counted without the person, and cannot be given back."""
    questions = QuestionRecherche.objects.filter(auteur=agent).order_by("pk")
    return {
        "recherches_sans_reponse": [
            {
                "posee_le": one.created_at.isoformat(),
                "recherche": one.requete,
                "message": one.message,
                "etat": one.get_statut_display(),
                "reponse": one.reponse,
            }
            for one in questions
        ]
    }


def erase(agent: "Agent") -> None:
    """Their questions go, their fingerprints too; what others wrote no longer names them.

    Their entry goes with the blank row of the agent. The night counts the words of the index anew, and merges the pages
    where the database engine still holds, out of reach of any search, those of the entry.
    """
    QuestionRecherche.objects.filter(auteur=agent).delete()
    frequences.forget(agent)
    name = agent.nom_complet
    named = Q(requete__contains=name) | Q(message__contains=name) | Q(reponse__contains=name)
    for one in QuestionRecherche.objects.filter(named):
        one.requete, one.message = one.requete.replace(name, NOM)[:200], one.message.replace(name, NOM)
        one.reponse = one.reponse.replace(name, NOM)
        one.save()
    words = set(mots(name)) - VIDES
    if len(words) > 1:
        for counted in RechercheDuMois.objects.filter(cle__contains=max(words, key=len)):
            if words <= set(counted.cle.split()):
                counted.delete()


def merge(garde: "Agent", retire: "Agent") -> None:
    QuestionRecherche.objects.filter(auteur=retire).update(auteur=garde)
    QuestionRecherche.objects.filter(repondu_par=retire).update(repondu_par=garde)


def purge() -> int:
    """Forgets the questions of more than twelve months, and what `frequences` no longer keeps."""
    limit = frequences.month_of(timezone.localdate(), -frequences.MOIS_GARDES)
    return QuestionRecherche.objects.filter(created_at__date__lt=limit).delete()[0] + frequences.purge()
