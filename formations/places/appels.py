"""Under 24 hours from the beginning, the list no longer moves by itself: somebody is called, says yes, has the seat."""

from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import Acte, StatutInscription, Visa
from formations.models import Inscription
from formations.places import delais, histoire, situation
from formations.places.en_poste import in_office
from formations.places.promotion import lift_due_quotas
from formations.places.retraits import reread
from formations.places.verrous import lock, lock_agents, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent


@rejoue
def placer(inscription: Inscription, auteur: "Agent") -> Inscription:
    """The free seat to who has just said yes: confirmed, or held until the visa. Whoever was called before and did not
    answer keeps their rank.

    Raises SessionChangee for who waits no more or when nobody is to be called, InscriptionRefusee without a seat for
    them.
    """
    now = timezone.now()
    with places():
        session = lock(inscription.session_id)
        one = reread(inscription, (StatutInscription.ATTENTE,))
        if delais.regime_of(session, now) != delais.Regime.APPEL:
            raise SessionChangee("On n’appelle la liste d’attente que dans les 24 heures d’avant la session.")
        lock_agents([one.agent_id])
        lift_due_quotas(session, now)
        known = situation.read(session, [one.agent_id])
        if session.is_full or not known.room_for(session, one.collectivite_id):
            raise InscriptionRefusee(f"Il n’y a plus de place pour {one.agent.nom_complet} dans cette session.")
        if one.agent_id in known.pris:
            raise InscriptionRefusee(f"{one.agent.nom_complet} suit une autre formation à ce moment-là.")
        if not in_office([one]):
            gone = f"{one.agent.nom_complet} n’est plus {one.collectivite.a_nom}"
            raise InscriptionRefusee(f"{gone} : appelez la personne suivante.")
        one.statut, one.statut_le = StatutInscription.CONFIRMEE, now
        if one.visa == Visa.ATTENDU:
            one.statut, one.tenue_jusqua = StatutInscription.TENUE, delais.visa_deadline(session, now)
        one.save(update_fields=["statut", "statut_le", "tenue_jusqua"])
        histoire.write([histoire.line(Acte.OFFRE_PRISE, one, auteur, de=StatutInscription.ATTENTE, rang=one.rang)])
        return one
