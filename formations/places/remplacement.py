"""A colleague of the same commune in place of somebody: the seat never goes through the waiting list."""

from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import ATTENDUES, Acte, Origine, StatutInscription, Visa
from formations.models import Inscription
from formations.places import delais, histoire, situation
from formations.places.promotion import wake_after
from formations.places.retraits import check_not_seen, reread
from formations.places.verrous import lock, lock_agents, places
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent

PROPOSEE = (
    "Acceptez d’abord la place proposée : vous pourrez ensuite la donner à un collègue. "
    "Sinon, laissez-la à la personne suivante."
)


@rejoue
def remplacer(
    inscription: Inscription, colleague: "Agent", auteur: "Agent", visa: Visa, motif: str = ""
) -> Inscription:
    """Their seat, with `visa` for the newcomer, who leaves the waiting list if they were in it.

    Raises InscriptionRefusee for a seat that is only offered, once the session has begun, or when the colleague is in
    it already, in another of the training, or taken elsewhere; SessionChangee for the seat of somebody who was seen
    there.
    """
    with places():
        session = lock(inscription.session_id)
        lock_agents([inscription.agent_id, colleague.pk])
        old = reread(inscription, ATTENDUES)
        if not old.is_held:
            raise InscriptionRefusee(PROPOSEE)
        check_not_seen(old)
        delais.check_not_started(session, timezone.now())
        known = situation.read(session, [colleague.pk])
        state = known.deja.get(colleague.pk)
        if state is not None and state != StatutInscription.ATTENTE:
            raise InscriptionRefusee(f"{colleague.nom_complet} a déjà une place dans cette session.")
        if colleague.pk in known.pris:
            raise InscriptionRefusee(f"{colleague.nom_complet} suit déjà une autre formation à ce moment-là.")
        if colleague.pk in known.double:
            raise InscriptionRefusee(
                f"{colleague.nom_complet} a déjà une place dans une autre session de cette formation."
            )
        return _swap(old, colleague, auteur, visa, motif, waits=state is not None)


def _swap(old: Inscription, colleague: "Agent", auteur: "Agent", visa: Visa, motif: str, *, waits: bool) -> Inscription:
    now, before, session = timezone.now(), old.statut, old.session
    old.statut, old.statut_le, old.tenue_jusqua, old.motif = StatutInscription.REMPLACEE, now, None, motif
    old.sequence += 1
    old.save(update_fields=["statut", "statut_le", "tenue_jusqua", "motif", "sequence"])
    new = Inscription(session=session, agent=colleague, collectivite=old.collectivite, demandee_par=auteur)
    if waits:
        new = session.inscriptions.waiting().select_related("agent").get(agent=colleague)
        new.collectivite = old.collectivite  # they may wait for another of their communes: the seat stays where it is
    left = new.statut
    new.remplace, new.origine, new.visa, new.statut_le = old, Origine.REMPLACEMENT, visa, now
    new.visa_par, new.visa_le = (auteur, now) if visa == Visa.ACCORDE else (None, None)
    new.statut = StatutInscription.CONFIRMEE
    if visa == Visa.ATTENDU:
        new.statut, new.tenue_jusqua = StatutInscription.TENUE, delais.visa_deadline(session, now)
    new.save()
    histoire.write(
        [
            histoire.line(Acte.REMPLACEE, old, auteur, de=before, motif=motif, par=new.pk),
            histoire.line(Acte.INSCRITE, new, auteur, de=left, remplace=old.pk),
        ]
    )
    wake_after([old.agent_id], session.pk)
    return new
