"""Rows of the access matrix: seats."""

from tests.acces.lignes import HIDDEN, POST_ONLY, RESERVED, Ligne, pk_of
from tests.acces.objets import Objets

_OF_A = {"agent_a": 200, "gestionnaire_a": 200, "responsable": 200, "administrateur": 200}


def _sheet(objets: Objets) -> dict:
    return {"slug": objets.formation.slug}


LIGNES: dict[str, Ligne] = {
    "formations:formation_detail": Ligne(arguments=_sheet, sauf={"sans_poste": RESERVED}),
    "formations:formation_archiver": Ligne(
        RESERVED, arguments=_sheet, sauf={"sans_poste": HIDDEN, "responsable": 200, "administrateur": 200}
    ),
    "formations:inscrire": Ligne(POST_ONLY.connecte, arguments=_sheet),
    "formations:recapitulatif": Ligne(POST_ONLY.connecte, arguments=_sheet),
    "formations:inscription_list": Ligne(),
    "formations:inscription_detail": Ligne(HIDDEN, arguments=pk_of("inscription"), sauf=_OF_A),
    "formations:inscription_desister": Ligne(HIDDEN, arguments=pk_of("inscription"), sauf=_OF_A),
    "formations:inscription_remplacer": Ligne(HIDDEN, arguments=pk_of("inscription"), sauf=_OF_A),
    "formations:inscription_preciser": Ligne(HIDDEN, arguments=pk_of("inscription"), sauf=_OF_A),
    "formations:inscription_repondre": Ligne(POST_ONLY.connecte, arguments=pk_of("inscription")),
    "formations:inscription_besoin": Ligne(POST_ONLY.connecte, arguments=pk_of("inscription")),
    "formations:inscription_lot": Ligne(HIDDEN, arguments=lambda objets: {"lot": objets.inscription.lot}, sauf=_OF_A),
}
