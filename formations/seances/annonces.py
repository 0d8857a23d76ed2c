"""What the end of a session tells: to each person their attestation and the question of their opinion, to each mairie
those of its agents.
"""

from collections import defaultdict

from django.urls import reverse

from collectivites.models import Poste
from extranet.lib.francais import NBSP, en_lettres
from extranet.lib.typographie import space
from formations.models import Attestation, Inscription
from formations.prevenir.sortes import ATTESTATION, ATTESTATIONS_RECUES, EVALUATION
from notifications.envoi import notify


def tell_closed(inscriptions: list[Inscription], attestations: list[Attestation]) -> None:
    """In the transaction of the closing; once each."""
    for one in attestations:
        _tell_attested(one)
    for one in inscriptions:
        if one.minutes:
            ask_opinion(one)
    _tell_mairies(attestations)


def _tell_attested(attestation: Attestation) -> None:
    one = attestation.inscription
    notify(
        [one.agent],
        ATTESTATION,
        space(f"Votre attestation est prête : {one.session.titre}"),
        url=reverse("formations:attestation_detail", args=[attestation.numero]),
        texte=space(attestation.resultat),
        action="Voir mon attestation",
        icone="patch-check",
        collectivite=one.collectivite,
        objet=one,
        cle=f"formation-attestation:{attestation.pk}",
    )


def ask_opinion(one: Inscription) -> None:
    notify(
        [one.agent],
        EVALUATION,
        space(f"Deux minutes pour dire ce que vous en avez pensé : {one.session.titre}"),
        url=reverse("formations:evaluation_create", args=[one.session.numero]),
        texte=space("Vos réponses sont gardées sans votre nom."),
        action="Donner mon avis",
        icone="chat-square-text",
        collectivite=one.collectivite,
        objet=one,
        cle=f"formation-evaluation:{one.pk}",
    )


def _tell_mairies(attestations: list[Attestation]) -> None:
    """One line for each mairie, whatever the number of its agents."""
    places = defaultdict(list)
    for attestation in attestations:
        places[attestation.inscription.collectivite].append(attestation)
    keepers = defaultdict(list)
    for poste in Poste.objects.gestionnaires_of(places).select_related("agent"):
        keepers[poste.collectivite_id].append(poste.agent)
    for place, given in places.items():
        session = given[0].inscription.session
        own = {one.inscription.agent_id for one in given}
        count = len(given)
        notify(
            [agent for agent in keepers[place.pk] if own != {agent.pk}],
            ATTESTATIONS_RECUES,
            f"{en_lettres(count, 'f').capitalize()} attestation{'s' if count > 1 else ''}{NBSP}: {session.titre}",
            url=f"{reverse('formations:bilan')}?annee={session.date_debut.year}",
            texte=", ".join(sorted(one.inscription.agent.nom_complet for one in given)),
            action="Voir les formations de mes agents",
            icone="patch-check",
            collectivite=place,
            cle=f"formation-attestations:{session.pk}:{place.pk}",
        )
