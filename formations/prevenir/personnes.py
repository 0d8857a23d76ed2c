"""Who is to be told: the gestionnaires of a collectivité, those who give its visas, the responsables."""

from typing import TYPE_CHECKING

from django.db.models import Q

from collectivites.enums import Domaine
from collectivites.models import Agent, Poste
from collectivites.refus import responsables
from formations.enums import PolitiqueVisa
from formations.models import Inscription, RegleVisa, SessionFormation
from notifications.audience import readers_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collectivites.models import Collectivite


def keepers(collectivite: "Collectivite") -> list[Agent]:
    """The gestionnaires in office there."""
    postes = Poste.objects.gestionnaires_of([collectivite]).select_related("agent").order_by("pk")
    return list({poste.agent_id: poste.agent for poste in postes}.values())


def visers(collectivite: "Collectivite") -> list[Agent]:
    """Who is asked for a visa: whom the mairie named, while they may still give it.

    Else its gestionnaires, and who signs where there are none; who signs alone when it wants the mayor’s. Nobody where
    it wants none.
    """
    regle = RegleVisa.objects.filter(collectivite=collectivite).first()
    politique = regle.politique if regle else PolitiqueVisa.GESTIONNAIRE
    if politique == PolitiqueVisa.SANS:
        return []
    in_force = Poste.objects.in_force().filter(collectivite=collectivite, agent__is_active=True, agent__efface_le=None)
    postes = list(in_force.select_related("agent").order_by("pk"))
    signing = {one.agent_id: one.agent for one in postes if one.is_signataire}
    managing = {one.agent_id: one.agent for one in postes if one.gestionnaire}
    may = signing if politique == PolitiqueVisa.SIGNATAIRE else {**signing, **managing}
    named = [may[pk] for pk in (regle.viseur_id, regle.suppleant_id) if pk in may] if regle else []
    asked = signing if politique == PolitiqueVisa.SIGNATAIRE else managing or signing
    return named or list(asked.values())


def not_convened(inscriptions: "Iterable[Inscription]") -> list[Inscription]:
    """Who holds a convocation learns by it that its date moves or goes: it is sent again or taken back, with the file
    that their agenda follows (`seances.convocations.update_due`). The others are told by us.
    """
    return [one for one in inscriptions if one.sequence_envoyee is None]


def mairie(inscription: Inscription) -> list[Agent]:
    """The gestionnaires of its collectivité, and who asked for it while they may still follow it there."""
    found, asker = keepers(inscription.collectivite), inscription.demandee_par
    if asker is not None and asker not in found and asker.pk != inscription.agent_id:
        here = [poste for poste in asker.postes_en_cours if poste.collectivite_id == inscription.collectivite_id]
        if any(poste.gestionnaire or poste.is_signataire for poste in here):
            found.append(asker)
    return found


def organisers(session: SessionFormation) -> list[Agent]:
    """Its contact while they answer for the training, else the responsables."""
    contact = session.contact
    if contact is not None and contact.is_active and contact.answers_for(Domaine.FORMATIONS):
        return [contact]
    return [poste.agent for poste in responsables(Domaine.FORMATIONS)]


def interested(session: SessionFormation) -> list[Agent]:
    """Whom a new session is told to: gestionnaires, and those who follow its theme, among those who may read it."""
    managing = Poste.objects.in_force().filter(gestionnaire=True).values("agent")
    follow = Q(abonnements__objet=f"theme:{session.formation.theme_id}")
    readers = readers_of(session.formation.diffusion)
    return list(readers.filter(follow | Q(pk__in=managing), is_active=True).distinct())
