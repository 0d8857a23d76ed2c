"""Giving back a seat or a rank: by the person or their mairie, by a visa refused, by a deadline."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.noms import de_nom
from extranet.lib.tour import rejoue
from formations.enums import ATTENDUES, OUVERTES, Acte, StatutInscription
from formations.models import Inscription, SessionFormation
from formations.places import delais, histoire
from formations.places.promotion import promote, wake_after
from formations.places.verrous import lock, places
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent

DEPART = "La personne a quitté sa collectivité."


def reread(inscription: Inscription, statuts: tuple[StatutInscription, ...] = OUVERTES) -> Inscription:
    """As it stands under the lock of its session. Raises SessionChangee when it is in another state."""
    now = Inscription.objects.select_related("agent", "collectivite").get(pk=inscription.pk)
    if now.statut not in statuts:
        raise SessionChangee(
            f"L’inscription {de_nom(now.agent.nom_complet)} est « {now.get_statut_display()} » : "
            "ceci ne s’y applique plus. Rechargez la page."
        )
    return now


def check_not_seen(one: Inscription) -> None:
    """Raises SessionChangee for somebody who has been noted there: it is a proof, and their hours stay attested."""
    if one.emargements.filter(minutes__gt=0).exists():
        raise SessionChangee(f"{one.agent.nom_complet} est noté présent : l’attestation dira ses heures.")


@rejoue
def desister(
    inscription: Inscription, auteur: "Agent | None", motif: str, *, meme_commencee: bool = False
) -> Inscription:
    """The seat goes to the first who waits, in the same transaction. The rank is not kept: a new request is at the end.

    Raises InscriptionRefusee without a reason, and for the seat of a session that has begun unless `meme_commencee`
    (somebody who is erased); SessionChangee when there is nothing to give back any more, or for somebody who was seen
    there, whoever asks for it.
    """
    if not motif.strip():
        raise InscriptionRefusee("Dites pourquoi, en quelques mots : la place servira à quelqu’un d’autre.")
    with places():
        session = lock(inscription.session_id)
        one = reread(inscription)
        if one.is_expected and not meme_commencee:
            delais.check_not_started(session, timezone.now())
        check_not_seen(one)
        one.tardif = bool(session.limite_desistement and timezone.localdate() > session.limite_desistement)
        leave(session, one, StatutInscription.DESISTEE, Acte.DESISTEE, auteur, motif)
        promote(session)
        return one


def leave(
    session: SessionFormation,
    one: Inscription,
    statut: StatutInscription,
    acte: Acte,
    auteur: "Agent | None",
    motif: str = "",
    now: datetime | None = None,
) -> None:
    """Out of the session, which is locked; the caller promotes once all those who leave have left."""
    held, before = one.statut in ATTENDUES, one.statut
    one.statut, one.statut_le, one.motif, one.tenue_jusqua = statut, now or timezone.now(), motif, None
    one.sequence += 1
    one.save(
        update_fields=["statut", "statut_le", "motif", "tenue_jusqua", "tardif", "sequence"]
        + ["visa", "visa_par", "visa_le"]
    )
    histoire.write([histoire.line(acte, one, auteur, de=before, motif=motif)])
    if held:
        session.occupees -= 1
        wake_after([one.agent_id], session.pk)
