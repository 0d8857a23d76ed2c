"""The rows of those who keep the directory in the access matrix: its responsables, and nobody else."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, OF_THE_AREA, RESERVED, STEP, Ligne
from tests.acces.objets import Objets

_KEEPERS = ("responsable", "administrateur")


def _unknown(objets: Objets) -> dict:
    return {"pk": 999_999}


# A file is shown to whoever sent it, and these have sent none.
OF_ITS_SENDER = Ligne(RESERVED, arguments=_unknown, sauf=dict.fromkeys(_KEEPERS, HIDDEN))
ACT = Ligne(FORM_ONLY, arguments=_unknown)


TENIR = {
    "annuaire:double_list": OF_THE_AREA,
    "annuaire:double_part": Ligne(FORM_ONLY),
    "annuaire:fusion_create": Ligne(RESERVED, sauf=dict.fromkeys(_KEEPERS, STEP)),  # two cards are to be chosen first
    "annuaire:fusion_undo": ACT,
    "annuaire:place_merge": OF_THE_AREA,
    "annuaire:place_undo": ACT,
    "annuaire:import_create": OF_THE_AREA,
    "annuaire:import_detail": OF_ITS_SENDER,
    "annuaire:import_errors": OF_ITS_SENDER,
    "annuaire:import_forget": ACT,
}
