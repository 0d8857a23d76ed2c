"""Rows of the access matrix: plan."""

from tests.acces.lignes import FORM_ONLY, HIDDEN, INVITERS, NO_POSTE, OF_THE_AREA, POST_ONLY, RESERVED, Ligne, pk_of

# Gestionnaires of a commune, and the responsables.
_KEEPERS = Ligne(RESERVED, sauf=INVITERS)
# A census in preparation is known of the responsables alone; once open, of whoever works somewhere.
_CENSUS, _NEED = pk_of("campagne"), pk_of("besoin_formation")
_OF_CENSUS = {"sans_poste": HIDDEN}
_KEPT = Ligne(RESERVED, arguments=_CENSUS, sauf=INVITERS | _OF_CENSUS)
_LED = Ligne(RESERVED, arguments=_CENSUS, sauf=OF_THE_AREA.sauf)
# A need is that of A.
_OURS = Ligne(HIDDEN, arguments=_NEED, sauf={"gestionnaire_a": 200, "responsable": 200, "administrateur": 200})
_CENSUS_FORM, _NEED_FORM = Ligne(FORM_ONLY, arguments=_CENSUS), Ligne(FORM_ONLY, arguments=_NEED)

LIGNES: dict[str, Ligne] = {
    "formations:titre_list": _KEEPERS,
    "formations:titre_tous": _KEEPERS,
    "formations:titre_territoire": OF_THE_AREA,
    "formations:titre_tenir": POST_ONLY,
    "formations:titre_confirmer": POST_ONLY,
    "formations:titre_rendre": Ligne(FORM_ONLY, arguments=pk_of("inscription")),
    "formations:plan": Ligne(sauf=NO_POSTE),
    "formations:campagne_create": OF_THE_AREA,
    "formations:campagne_detail": Ligne(arguments=_CENSUS, sauf=NO_POSTE),
    "formations:campagne_update": _LED,
    "formations:campagne_reponses": _LED,
    "formations:campagne_statut": _CENSUS_FORM,
    "formations:besoin_list": _KEPT,
    "formations:besoin_create": _KEPT,
    "formations:besoin_copier": _CENSUS_FORM,
    "formations:besoin_complet": _CENSUS_FORM,
    "formations:besoin_update": _OURS,
    "formations:besoin_nommer": _OURS,
    "formations:besoin_delete": _NEED_FORM,
    "formations:besoin_deplacer": _NEED_FORM,
    "formations:ligne_list": _LED,
    "formations:ligne_reunir": _CENSUS_FORM,
    "formations:ligne_detail": Ligne(RESERVED, arguments=pk_of("ligne_plan"), sauf=OF_THE_AREA.sauf),
    "formations:ligne_session": Ligne(FORM_ONLY, arguments=pk_of("ligne_plan")),
    "formations:souhait_list": Ligne(sauf=NO_POSTE),
    "formations:souhait_aussi": Ligne(FORM_ONLY, arguments=pk_of("souhait")),
    "formations:souhait_repondre": Ligne(RESERVED, arguments=pk_of("souhait"), sauf=OF_THE_AREA.sauf),
}
