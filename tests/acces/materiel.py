"""The rows of the lending in the access matrix."""

from tests.acces.lignes import (
    FORM_ONLY,
    HIDDEN,
    INVITERS,
    NO_POSTE,
    OF_THE_AREA,
    POST_ONLY,
    RESERVED,
    STEP,
    Ligne,
    pk_of,
)
from tests.acces.objets import Objets

# Who looks after a thing of A; its readers are told whom to ask.
_OWNERS = {"gestionnaire_a": 200, "responsable": 200, "administrateur": 200, "sans_poste": HIDDEN}


def _thing(objets: Objets) -> dict:
    return {"pk": objets.papier.materiel_id}


THING, THING_FORM = Ligne(RESERVED, arguments=_thing, sauf=_OWNERS), Ligne(FORM_ONLY, arguments=_thing)

# A loan that A asks B for: its parties and the responsables know it, the gestionnaires of each side act on it.
_STRANGERS = {"sans_poste": HIDDEN}


def _loan(connecte: int = 200, **sauf: int) -> Ligne:
    return Ligne(connecte, arguments=lambda objets: {"numero": objets.pret.numero}, sauf=_STRANGERS | sauf)


_GESTIONNAIRES = {"gestionnaire_a": 200, "secretaire_b": 200}
# Gestionnaires and signataires of the two parties of a loan.
_CONTRACTORS = {"gestionnaire_a": 200, "secretaire_b": 200, "elue_b": 200}


def _contract(name: str, connecte: int = 200) -> Ligne:
    return Ligne(connecte, arguments=pk_of(name), sauf={} if connecte == FORM_ONLY else {"sans_poste": HIDDEN})


def _number(objets: Objets) -> dict:
    return {"numero": objets.convention.pret.numero}


MATERIEL = {
    # Loans: those of the collectivité acted for, whose gestionnaires ask and answer.
    "materiel:pret_create": Ligne(
        RESERVED,
        arguments=lambda objets: {"pk": objets.ailleurs.pk},
        sauf=_GESTIONNAIRES,
    ),
    "materiel:demande_list": Ligne(sauf=NO_POSTE),
    "materiel:pret_list": Ligne(sauf=NO_POSTE),
    "materiel:pret_detail": _loan(),
    "materiel:message_create": _loan(STEP),
    "materiel:message_photo": Ligne(
        arguments=lambda objets: {"numero": objets.pret.numero, "pk": objets.message.pk}, sauf=_STRANGERS
    ),
    "materiel:pret_repondre": _loan(STEP),
    "materiel:proposition_repondre": _loan(STEP),
    "materiel:pret_modifier": _loan(RESERVED, **_GESTIONNAIRES),
    "materiel:pret_annuler": _loan(RESERVED, **_GESTIONNAIRES),
    "materiel:pret_non_retire": _loan(RESERVED, secretaire_b=200),
    # The contract of a loan of A to B: both parties read it, few sign it, few hand it over, nobody else knows it.
    "materiel:convention_list": Ligne(sauf=NO_POSTE),
    "materiel:cadre_create": Ligne(RESERVED, sauf=_CONTRACTORS),
    "materiel:convention_detail": _contract("convention"),
    "materiel:convention_pdf": _contract("convention"),
    "materiel:convention_signer": _contract("convention", FORM_ONLY),
    "materiel:convention_scan": _contract("convention", FORM_ONLY),
    "materiel:convention_copie": _contract("convention", FORM_ONLY),
    "materiel:cadre_resilier": Ligne(
        RESERVED, arguments=pk_of("convention"), sauf=dict.fromkeys(_CONTRACTORS, STEP) | {"sans_poste": HIDDEN}
    ),
    "materiel:convention_prepare": Ligne(FORM_ONLY, arguments=_number),
    "materiel:pret_clore": Ligne(FORM_ONLY, arguments=_number),
    "materiel:pret_agenda": Ligne(arguments=_number, sauf={"sans_poste": HIDDEN}),
    "materiel:fiche_pret": Ligne(arguments=_number, sauf={"sans_poste": HIDDEN}),
    "materiel:remise": Ligne(RESERVED, arguments=_number, sauf={"sans_poste": HIDDEN}),
    "materiel:retour": Ligne(RESERVED, arguments=_number, sauf={"sans_poste": HIDDEN}),
    "materiel:constat_detail": _contract("constat"),
    "materiel:photo_constat": _contract("photo_constat"),
    "materiel:incident_detail": _contract("incident"),
    "materiel:constat_du_materiel": Ligne(
        arguments=lambda objets: {"pk": objets.incident.materiel_id}, sauf={"sans_poste": HIDDEN}
    ),
    # The accounts of mutual help: totals for everybody in office.
    "materiel:entraide": Ligne(sauf=NO_POSTE),
    # The calendar of a commune: its address is the key, and a wrong one answers nobody.
    "materiel:agenda_lien": Ligne(sauf=NO_POSTE),
    "materiel:agenda_revoquer": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "materiel:agenda_ics": Ligne(HIDDEN, HIDDEN, arguments=lambda objets: {"jeton": "jamais-donne"}),
    # Posting a thing and looking after it: the gestionnaires, each for their own commune, and the responsables.
    "materiel:materiel_create": Ligne(RESERVED, sauf=INVITERS),
    "materiel:photo_create": POST_ONLY,
    "materiel:importer": Ligne(RESERVED, sauf=INVITERS),
    "materiel:etiquettes": Ligne(RESERVED, sauf=INVITERS),
    "materiel:materiel_update": THING,
    "materiel:materiel_preview": THING,
    "materiel:materiel_statut": THING,
    "materiel:materiel_transferer": THING,
    "materiel:materiel_copy": THING_FORM,
    "materiel:materiel_take_back": THING_FORM,
    "materiel:papier_list": THING,
    "materiel:papier_remove": Ligne(FORM_ONLY, arguments=pk_of("papier")),
    "materiel:papier_fichier": Ligne(
        arguments=lambda objets: {"pk": objets.papier.pk, "nom": objets.papier.nom}, sauf={"sans_poste": HIDDEN}
    ),
    # Lending: what is published is everybody's to read; the days that an owner keeps are for its gestionnaires.
    "materiel:materiel_list": Ligne(),
    "materiel:materiel_detail": Ligne(
        arguments=lambda objets: {"slug": objets.fiche_materiel.slug}, sauf={"sans_poste": RESERVED}
    ),
    "materiel:carte": Ligne(),
    "materiel:nos_materiels": Ligne(sauf=NO_POSTE),
    "materiel:garder": Ligne(RESERVED, arguments=pk_of("materiel"), sauf=_OWNERS),
    "materiel:engagement_release": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    # Needs: everybody in office reads them; that of B is answered by the gestionnaires of the others.
    "materiel:besoin_list": Ligne(),
    "materiel:besoin_repondre": Ligne(
        RESERVED, arguments=pk_of("besoin"), sauf={"gestionnaire_a": 200, "sans_poste": RESERVED}
    ),
    "materiel:besoin_clore": Ligne(FORM_ONLY, arguments=pk_of("besoin")),
    "materiel:besoin_bilan": OF_THE_AREA,
}
