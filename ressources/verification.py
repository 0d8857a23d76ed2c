"""« Toujours valable »: somebody has read a resource again and answers for it until the next date."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from collectivites.journal import record
from extranet.lib.francais import en_lettres
from extranet.lib.mois import add_months
from ressources.enums import Fiabilite
from ressources.models import ReglagesRessources, RessourcePage
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

MAX_ANNEES = 10
CHAMPS = ("verifie_le", "verifie_par", "a_verifier_avant")


def why_too_far(day: date) -> str:
    """Why nobody would read again before that day; empty when it is near enough."""
    if day <= add_months(timezone.localdate(), 12 * MAX_ANNEES):
        return ""
    return f"Cette date est dans plus de {en_lettres(MAX_ANNEES)} ans. Donnez-en une plus proche."


@transaction.atomic
def still_valid(page: RessourcePage, *, par: "Agent", collectivite: "Collectivite | None") -> RessourcePage:
    """Checked today by `par`; the next date is that of the territory’s rhythm. The draft under way, if any, keeps it.

    Raises RessourceRefusee for what was replaced, archived or said outdated: one click must not bring it back.
    """
    page = RessourcePage.objects.select_for_update().get(pk=page.pk)
    if page.archivee_le or not page.live or page.fiabilite in {Fiabilite.PERIME, Fiabilite.REMPLACE}:
        raise RessourceRefusee(
            f"«\u00a0{page.title}\u00a0» n’est plus en usage\u00a0: modifiez la fiche si le document vaut encore."
        )
    today = timezone.localdate()
    before = page.a_verifier_avant
    page.verifie_le = today
    page.verifie_par = f"{par}, {collectivite.nom}" if collectivite else str(par)
    page.a_verifier_avant = add_months(today, max(ReglagesRessources.load().mois_verification, 1))
    page.save(update_fields=CHAMPS, clean=False)
    _keep_in_drafts(page)
    record(
        "ressource.verifiee",
        page,
        agent=par,
        collectivite=collectivite,
        libelle=page.title,
        etait=before.isoformat() if before else "",
        devient=page.a_verifier_avant.isoformat(),
    )
    return page


def _keep_in_drafts(page: RessourcePage) -> None:
    """Publishing what was being written must not bring the old dates back."""
    said = {name: page._meta.get_field(name).value_to_string(page) for name in CHAMPS}
    kept = {page.latest_revision_id, page.live_revision_id} - {None}
    for revision in Revision.objects.filter(pk__in=kept):
        revision.content |= said
        revision.save(update_fields=["content"])
