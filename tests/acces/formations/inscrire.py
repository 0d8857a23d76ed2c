"""Rows of the access matrix: seats."""

from tests.acces.lignes import HIDDEN, STEP, Ligne, pk_of

_OF_A = {"agent_a": STEP, "gestionnaire_a": STEP, "responsable": STEP, "administrateur": STEP}

LIGNES: dict[str, Ligne] = {
    "formations:inscription_detail": Ligne(HIDDEN, arguments=pk_of("inscription"), sauf=_OF_A),
}
