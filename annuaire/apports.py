"""What the annuaire brings to the other pages."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.module_loading import import_string

from annuaire import annonces, personnes
from annuaire.consulter.gardable import gardable
from annuaire.fiche import absences, relecture
from annuaire.fiche.encart import own_card
from annuaire.installation import install, plant
from annuaire.invitations import SORTE
from annuaire.models import Invitation
from annuaire.permissions import can_invite, can_invite_somewhere
from annuaire.photos import depot
from annuaire.tenir import fusions, importation, lieux
from collectivites.models import Territoire
from extranet.lib.apports import AFaire, Echeance, Encart, Gardable, Lien, Onglet, Sorte, Traitement

if TYPE_CHECKING:
    from wagtail.models import Page

    from collectivites.demo import Monde
    from collectivites.models import Agent, Collectivite


def onglet() -> Onglet:
    return Onglet("annuaire", "Annuaire", reverse("annuaire:index"), "people-fill", ordre=30)


def installer() -> None:
    install()


def planter(accueil: "Page") -> None:
    plant(accueil)


def demo(monde: "Monde") -> None:
    """Loaded when asked for: it is not for a process that serves pages."""
    import_string("annuaire.demo.load")(monde)


def liens_pied(agent: "Agent | None") -> list[Lien]:
    if agent is None or not agent.codes_lecture:
        return []
    return [Lien("Les mairies", reverse("annuaire:collectivite_list"), "building", "annuaire")]


def actions_rapides(agent: "Agent", collectivite: "Collectivite | None") -> list[Lien]:
    if collectivite is None or not can_invite(agent, collectivite):
        return []
    return [Lien("Inviter un·e collègue", reverse("annuaire:invitation_create"), "person-plus", "annuaire")]


def gardables() -> list[Gardable]:
    return [gardable()]


def sortes() -> list[Sorte]:
    day, week = "quotidien", "hebdomadaire"
    return [
        Sorte(
            SORTE,
            "annuaire",
            "Invitation acceptée",
            "Quand une personne que vous avez invitée entre.",
            pour=can_invite_somewhere,
        ),
        Sorte(
            annonces.FICHE,
            "annuaire",
            "Votre fiche modifiée",
            "Quand une autre personne change votre fiche de l’annuaire.",
            frequence=day,
        ),
        Sorte(
            annonces.RELIRE,
            "annuaire",
            "Votre fiche à relire",
            "Une fois par an, pour que l’annuaire reste juste.",
            frequence=week,
        ),
        Sorte(
            annonces.ABSENCE,
            "annuaire",
            "Absences et remplacements",
            "Quand vous répondez pour quelqu’un, ou qu’une personne de votre mairie s’absente.",
        ),
    ]


def echeances() -> list[Echeance]:
    return [
        Echeance("invitations-passees", forget_invitations, heure="3:25"),
        Echeance("fusions-anciennes", fusions.forget_old, heure="3:10"),
        Echeance("reunions-anciennes", lieux.forget_old, heure="3:12"),
        Echeance("imports-delaisses", importation.forget_stale, every=timedelta(hours=1)),
        Echeance("portraits-orphelins", depot.sweep, heure="3:35"),
        Echeance("absences-passees", absences.forget_past, heure="3:45"),
        Echeance("fiches-a-relire", relecture.remind, heure="6:30"),
    ]


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    """One’s own card, once a year. No query of its own."""
    if collectivite is None or not relecture.is_stale(agent):
        return []
    return [
        AFaire(
            titre="Votre fiche est-elle toujours juste\u00a0?",
            url=reverse("annuaire:ma_fiche"),
            action="Relire ma fiche",
            icone="person-check",
            area="annuaire",
            detail="Un an a passé. Confirmez-la en un clic, ou corrigez-la.",
        )
    ]


def encarts_agent(agent: "Agent", lecteur: "Agent") -> list[Encart]:
    return own_card(agent) if agent.pk == lecteur.pk else []


def traitements() -> list[Traitement]:
    return [personnes.TRAITEMENT]


def forget_invitations() -> int:
    """The names of those who did not come are not kept; the journal says what was done."""
    return Invitation.objects.over(Territoire.load().jours_effacement).delete()[0]


def donnees_personnelles(agent: "Agent") -> dict:
    return personnes.held_about(agent)


def effacer(agent: "Agent") -> None:
    personnes.erase(agent)


def fusionner(garde: "Agent", retire: "Agent") -> None:
    personnes.merge(garde, retire)


def reprendre(garde: "Collectivite", retiree: "Collectivite") -> None:
    """Numbers to call at night, and the invitations that wait; where both have one, that of `garde` stays."""
    known = set(garde.astreintes.values_list("libelle", flat=True))
    retiree.astreintes.exclude(libelle__in=known).update(collectivite=garde)
    waiting = Invitation.objects.pending().filter(collectivite=retiree)
    asked = Invitation.objects.pending().filter(collectivite=garde).values_list("email", flat=True)
    waiting.exclude(email__in=list(asked)).update(collectivite=garde)


def restent() -> dict[str, str]:
    return {
        "annuaire.consentement.par": "une preuve ne change pas",
        "annuaire.distinction.autre": "dit de deux fiches, dont l’une n’est plus",
        "annuaire.distinction.un": "dit de deux fiches, dont l’une n’est plus",
        "annuaire.distinction.par": "un acte passé",
        "annuaire.fusion.defaite_par": "un acte passé",
        "annuaire.fusion.par": "un acte passé",
    }
