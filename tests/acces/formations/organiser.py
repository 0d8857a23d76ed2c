"""Rows of the access matrix: what the responsables do of the sessions."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, OF_THE_AREA, RESERVED, STEP, Ligne
from tests.acces.objets import Objets


def _numero(objets: Objets) -> dict:
    return {"numero": objets.session.numero}


def _seat(objets: Objets) -> dict:
    return {"numero": objets.session.numero, "pk": objets.inscription.pk}


def _kept(arguments: object, status: int = 200) -> Ligne:
    """A proposed session is read by all those in office: to them it says whose page this is."""
    return Ligne(
        RESERVED, arguments=arguments, sauf={"sans_poste": HIDDEN, "responsable": status, "administrateur": status}
    )


PAGE, FORM, SEAT = _kept(_numero), Ligne(FORM_ONLY, arguments=_numero), _kept(_seat)

LIGNES: dict[str, Ligne] = {
    "formations:organiser": OF_THE_AREA,
    "formations:session_create": OF_THE_AREA,
    "formations:session_manage": PAGE,
    "formations:session_mails": PAGE,
    "formations:session_journal": PAGE,
    "formations:session_export": PAGE,
    "formations:session_update": PAGE,
    "formations:session_dates": PAGE,
    "formations:session_open": FORM,
    "formations:session_keep": FORM,
    "formations:session_cancel": PAGE,
    "formations:session_next": _kept(_numero, STEP),
    "formations:session_book": PAGE,
    "formations:session_write": PAGE,
    "formations:session_remind": FORM,
    "formations:session_unenrol": SEAT,
    "formations:session_priority": SEAT,
    "formations:session_seat": Ligne(FORM_ONLY, arguments=_seat),
}
