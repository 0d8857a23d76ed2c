"""Rows of the access matrix: the catalogue."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, NO_POSTE, STEP, Ligne

LIGNES: dict[str, Ligne] = {
    "formations:catalogue": Ligne(),
    "formations:calendrier": Ligne(),
    # The calendars: their address is the key, and a wrong one answers nobody.
    "formations:agenda_lien": Ligne(sauf=NO_POSTE),
    "formations:agenda_revoquer": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "formations:agenda_ics": Ligne(HIDDEN, HIDDEN, arguments=lambda objets: {"jeton": "jamais-donne"}),
    "formations:session_detail": Ligne(
        STEP, arguments=lambda objets: {"numero": objets.session.numero}, sauf={"sans_poste": HIDDEN}
    ),
}
