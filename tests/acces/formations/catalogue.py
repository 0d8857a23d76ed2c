"""Rows of the access matrix: the catalogue."""

from tests.acces.lignes import HIDDEN, STEP, Ligne

LIGNES: dict[str, Ligne] = {
    "formations:catalogue": Ligne(),
    "formations:session_detail": Ligne(
        STEP, arguments=lambda objets: {"numero": objets.session.numero}, sauf={"sans_poste": HIDDEN}
    ),
}
