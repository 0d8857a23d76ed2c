"""Rows of the access matrix: days of a session, papers, opinions, figures."""

from formations.seances import porte
from tests.acces.lignes import FORM_ONLY, HIDDEN, RESERVED, Ligne, pk_of
from tests.acces.objets import Objets


def _numero(objets: Objets) -> dict:
    return {"numero": objets.session.numero}


def _jeton(objets: Objets) -> dict:
    first = objets.session.creneaux.order_by("demi_journee").first()
    return {"jeton": porte.address_of(first).rstrip("/").rpartition("/")[2]}


_HOLDERS = {"responsable": 200, "administrateur": 200, "sans_poste": HIDDEN}
HELD = Ligne(RESERVED, arguments=_numero, sauf=_HOLDERS)
# The seat of Alain is held until its visa: it has no letter yet, nor an attestation or an opinion.
NOT_YET = Ligne(HIDDEN, arguments=pk_of("inscription"))

LIGNES: dict[str, Ligne] = {
    "formations:session_convocations": HELD,
    "formations:session_presences": HELD,
    "formations:session_porte": HELD,
    "formations:session_clore": HELD,
    "formations:emargement_pdf": HELD,
    "formations:evaluation_bilan": HELD,
    "formations:session_feuille": Ligne(FORM_ONLY, arguments=_numero),
    "formations:feuille_fichier": Ligne(HIDDEN, arguments=lambda objets: {"pk": 999_999, "nom": "feuille.pdf"}),
    "formations:porte": Ligne(arguments=_jeton),
    "formations:convocation_pdf": NOT_YET,
    "formations:inscription_ics": NOT_YET,
    "formations:attestation_detail": Ligne(HIDDEN, arguments=lambda objets: {"numero": "2026-F-1-01"}),
    "formations:attestation_pdf": Ligne(HIDDEN, arguments=lambda objets: {"numero": "2026-F-1-01"}),
    "formations:evaluation_create": Ligne(HIDDEN, arguments=_numero),
    "formations:parcours": Ligne(),
    "formations:parcours_agent": Ligne(
        HIDDEN,
        arguments=lambda objets: {"slug": objets.cast.agent_a.slug},
        sauf={"agent_a": 200, "gestionnaire_a": 200, "responsable": 200, "administrateur": 200},
    ),
    "formations:bilan": Ligne(
        RESERVED, sauf={"gestionnaire_a": 200, "secretaire_b": 200, "responsable": 200, "administrateur": 200}
    ),
}
