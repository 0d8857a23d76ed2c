"""Where a collectivité hands its things over: its mairie, and the places it already gave."""

from collectivites.models import Collectivite
from materiel.models import Materiel

AUTRE, PROPOSES = "autre", 3


def lieux_of(collectivite: Collectivite, courant: str = "") -> list[str]:
    """« Atelier municipal, 12 rue de l’Industrie »: the current one, those of its last things, then the mairie."""
    last = Materiel.objects.filter(collectivite=collectivite).exclude(lieu="").order_by("-pk")
    given = list(dict.fromkeys(last.values_list("lieu", flat=True)[:50]))[:PROPOSES]
    home = "Siège" if collectivite.is_epci else "Mairie"
    address = ", ".join(filter(None, [collectivite.adresse, collectivite.ville or collectivite.nom]))
    return list(dict.fromkeys(filter(None, [courant, *given, f"{home}, {address}"[:200]])))
