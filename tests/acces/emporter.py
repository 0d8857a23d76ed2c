"""Rows of the access matrix: taking away, sharing."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, NO_POSTE, Ligne
from tests.acces.objets import Objets


def _sheet(objets: Objets) -> dict:
    return {"pk": objets.ressource.pk}


def _unknown(objets: Objets) -> dict:
    return {"uuid": "00000000-0000-0000-0000-000000000000"}


def _never_given(objets: Objets) -> dict:
    return {"jeton": "jamais-donne"}


# A lot is its asker’s alone; the addresses of feeds and links are keys, whose states have their own tests.
EMPORTER: dict[str, Ligne] = {
    "ressources:emporter": Ligne(),
    "ressources:emporter_compte": Ligne(),
    "ressources:emporter_xlsx": Ligne(sauf={"sans_poste": 302}),
    "ressources:lot_detail": Ligne(HIDDEN, arguments=_unknown),
    "ressources:lot_archive": Ligne(HIDDEN, arguments=_unknown),
    "ressources:flux_list": Ligne(sauf=NO_POSTE),
    "ressources:flux_revoquer": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "ressources:flux_atom": Ligne(HIDDEN, HIDDEN, arguments=_never_given),
    "ressources:flux_ics": Ligne(HIDDEN, HIDDEN, arguments=_never_given),
    "ressources:envoyer": Ligne(arguments=_sheet, sauf={"sans_poste": HIDDEN}),
    "ressources:envoyer_personnes": Ligne(arguments=_sheet, sauf={"sans_poste": HIDDEN}),
    "ressources:partage_create": Ligne(arguments=_sheet, sauf={"sans_poste": HIDDEN}),
    "ressources:partage_list": Ligne(sauf=NO_POSTE),
    "ressources:partage_revoquer": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "ressources:partage": Ligne(HIDDEN, HIDDEN, arguments=_never_given),
}
