"""The rows of the questions in the access matrix, and of what changed between two versions."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, OF_THE_AREA, RESERVED, Ligne, pk_of
from tests.acces.objets import Objets

_UNKNOWN = {"sans_poste": HIDDEN}


def _theme(objets: Objets) -> dict:
    return {"slug": objets.ressource.theme.slug}


def _in_theme(objets: Objets) -> dict:
    return {**_theme(objets), "pk": objets.echange.pk}


QUESTIONS = {
    "ressources:version_comparer": Ligne(arguments=pk_of("version"), sauf=_UNKNOWN),
    "ressources:theme_ask": Ligne(FORM_ONLY, arguments=_theme),
    "ressources:theme_answer": Ligne(FORM_ONLY, arguments=_in_theme),
    "ressources:echange_accept": Ligne(FORM_ONLY, arguments=pk_of("echange")),
    "ressources:echange_settle": Ligne(FORM_ONLY, arguments=pk_of("echange")),
    # What stands behind names people: the responsables alone.
    "ressources:question_publish": Ligne(RESERVED, arguments=pk_of("echange"), sauf=OF_THE_AREA.sauf),
    "ressources:question_list": Ligne(),
    "ressources:question_detail": Ligne(arguments=pk_of("question"), sauf=_UNKNOWN),
    "ressources:question_update": Ligne(RESERVED, arguments=pk_of("question"), sauf=OF_THE_AREA.sauf),
    "ressources:question_withdraw": Ligne(FORM_ONLY, arguments=pk_of("question")),
    "ressources:question_restore": Ligne(FORM_ONLY, arguments=pk_of("question")),
    "ressources:question_still_valid": Ligne(FORM_ONLY, arguments=pk_of("question")),
}
