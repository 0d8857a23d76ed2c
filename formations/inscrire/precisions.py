"""What one may still say of a seat: meal, carpooling, a private need; and those with whom one may travel."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.models import Poste
from extranet.lib.typographie import space
from formations.enums import ATTENDUES, Acte, Covoiturage
from formations.inscrire import besoins
from formations.models import Inscription
from formations.places import histoire
from formations.places.retraits import reread

if TYPE_CHECKING:
    from collectivites.models import Agent


@transaction.atomic
def change(
    inscription: Inscription,
    auteur: "Agent",
    *,
    repas: bool,
    covoiturage: Covoiturage,
    places: int = 0,
    besoin: str = "",
    effacer: bool = False,
) -> Inscription:
    """A need that is typed takes the place of the former one, `effacer` takes it away; neither leaves it as it is.

    Raises SessionChangee once the seat is no longer awaited.
    """
    one = reread(inscription)
    said = {"repas": repas, "covoiturage": covoiturage, "covoiturage_places": places}
    if any(getattr(one, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(one, name, value)
        one.save(update_fields=list(said))
        histoire.write([histoire.line(Acte.PRECISEE, one, auteur, de=one.statut)])
    if besoin.strip() or effacer:
        besoins.write(one, besoin)
    return one


@dataclass(frozen=True)
class Passager:
    """Somebody of the same session who has agreed to be known by those who travel there."""

    agent: "Agent"
    commune: str
    de: str
    mots: str
    propose: bool
    telephone: str
    courriel: str


def carpool(inscription: Inscription) -> list[Passager]:
    """Those who offer or look for a seat, offers first; nobody for whoever has no seat there yet. Two queries."""
    if inscription.statut not in ATTENDUES:
        return []
    rows = Inscription.objects.filter(session=inscription.session_id, statut__in=ATTENDUES).exclude(covoiturage="")
    found = list(rows.exclude(pk=inscription.pk).select_related("agent", "collectivite").order_by("pk"))
    postes = {
        (poste.agent_id, poste.collectivite_id): poste
        for poste in Poste.objects.in_force().filter(agent__in=[one.agent_id for one in found]).select_related("agent")
    }
    people = [_traveller(one, postes.get((one.agent_id, one.collectivite_id))) for one in found]
    return sorted(people, key=lambda one: not one.propose)


def _traveller(one: Inscription, poste: Poste | None) -> Passager:
    offers = one.covoiturage == Covoiturage.PROPOSE
    seats = one.covoiturage_places or 1
    words = f"propose {seats} place{'s' if seats > 1 else ''}" if offers else "cherche une place"
    number, mail = (poste.numero, poste.adresse) if poste else ("", "")
    return Passager(one.agent, one.collectivite.nom, one.collectivite.de_nom, space(words), offers, number, mail)
