"""Rows of the access matrix: visas. The link without account has its own tests; a wrong one is closed to all alike."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, RESERVED, Ligne

# Gestionnaires, and who signs for a mairie.
_GIVERS = {"gestionnaire_a": 200, "secretaire_b": 200, "elue_b": 200}

LIGNES: dict[str, Ligne] = {
    "formations:visa_list": Ligne(RESERVED, sauf=_GIVERS),
    "formations:visa_regle": Ligne(RESERVED, sauf=_GIVERS),
    "formations:visa_lien_revoquer": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "formations:visa_lien": Ligne(HIDDEN, anonyme=HIDDEN, arguments=lambda objets: {"jeton": "jamais-donne"}),
}
