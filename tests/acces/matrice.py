"""The access matrix: each address, and the status that each person of the cast gets there."""

from collections.abc import Callable

from search.gardees.jetons import Arret
from tests.acces.emporter import EMPORTER
from tests.acces.formations import FORMATIONS
from tests.acces.lignes import (
    DOOR,
    FORM_ONLY,
    HIDDEN,
    INVITERS,
    NO_POSTE,
    OF_THE_AREA,
    OPEN,
    POST_ONLY,
    RESERVED,
    STEP,
    STEP_NOT_DUE,
    Ligne,
    pk_of,
    proved,
)
from tests.acces.materiel import MATERIEL
from tests.acces.objets import Objets
from tests.acces.questions import QUESTIONS
from tests.acces.tenir import TENIR
from tests.ressources.photos import version_of

CARD_OF_A = Ligne(arguments=lambda objets: {"slug": objets.cast.agent_a.slug}, sauf={"sans_poste": HIDDEN})
NOTHING_TO_TAKE = Ligne(sauf={"sans_poste": STEP})  # back to the page, which says so
OF_AGENT_A = Ligne(FORM_ONLY, arguments=pk_of("notification"))


def _deposit(**arguments: Callable[[Objets], object]) -> Ligne:
    """A deposit is its author's alone."""
    words = {"uuid": lambda objets: objets.depose.depot_id} | arguments
    return Ligne(
        HIDDEN, arguments=lambda objets: {name: of(objets) for name, of in words.items()}, sauf={"agent_a": 200}
    )


_DEPOSED = {"pk": lambda objets: objets.depose.pk}
# Who may change a sheet of A; its readers are told whom to ask.
_EDITORS = {"agent_a": 200, "gestionnaire_a": 200, "responsable": 200, "administrateur": 200, "sans_poste": HIDDEN}
SHEET = Ligne(RESERVED, arguments=pk_of("ressource"), sauf=_EDITORS)
SHEET_FORM = Ligne(FORM_ONLY, arguments=pk_of("ressource"))
_KEEPERS = {"agent_a": 200, "gestionnaire_a": 200, "responsable": 200, "administrateur": 200}


def _card(objets: Objets) -> dict:
    return {"slug": objets.cast.agent_a.slug}


CARD = Ligne(RESERVED, arguments=_card, sauf=_KEEPERS | {"sans_poste": HIDDEN})
CARD_FORM = Ligne(FORM_ONLY, arguments=_card)
MATRICE = {
    # Open to anybody: what the law wants read, and the health probe.
    "home:accessibilite": OPEN,
    "home:donnees_personnelles": OPEN,
    "home:mentions_legales": OPEN,
    "home:sante": OPEN,
    "home:plan_du_site": Ligne(),
    "collectivites:agir_pour": Ligne(STEP),  # a visit leads home; the form is tested with its rights
    # The way in.
    "account_login": DOOR,
    "account_request_login_code": DOOR,
    "account_confirm_login_code": STEP_NOT_DUE,
    "account_login_password": DOOR,
    "mfa_login_webauthn": STEP_NOT_DUE,
    "mfa_authenticate": STEP_NOT_DUE,
    "account_inactive": OPEN,
    "account_reset_password": OPEN,
    "account_confirm_password_reset_code": STEP_NOT_DUE,
    "account_complete_password_reset": STEP_NOT_DUE,
    "account_password_reset_completed": OPEN,
    "account_logout": Ligne(),
    "_util/login/": STEP_NOT_DUE,
    "wagtailcore_login": STEP_NOT_DUE,
    "wagtailcore_authenticate_with_password": Ligne(
        HIDDEN, arguments=lambda objets: {"page_view_restriction_id": 1, "page_id": 1}
    ),
    # One's own account.
    "mfa_list_webauthn": Ligne(),
    "mfa_index": Ligne(),
    "compte_notice": Ligne(),
    "compte_proteger": Ligne(),
    "compte_adresse": proved(STEP, 200),
    "compte_adresse_code": STEP_NOT_DUE,
    "compte_session": Ligne(),
    "usersessions_list": Ligne(),
    "account_change_password": Ligne(STEP),  # no password yet: the page that chooses one
    "account_set_password": proved(STEP, 200),
    "mfa_activate_totp": proved(STEP, 200),
    "mfa_deactivate_totp": Ligne(HIDDEN),
    "mfa_add_webauthn": proved(STEP, 200),
    "mfa_edit_webauthn": Ligne(STEP, arguments=pk_of("cle"), sauf={"responsable": HIDDEN, "administrateur": HIDDEN}),
    "mfa_remove_webauthn": Ligne(STEP, arguments=pk_of("cle"), sauf={"responsable": HIDDEN, "administrateur": HIDDEN}),
    "mfa_view_recovery_codes": Ligne(HIDDEN),
    "mfa_download_recovery_codes": Ligne(HIDDEN),
    "mfa_generate_recovery_codes": proved(STEP, 200),
    "account_reauthenticate": Ligne(STEP),  # no password: a code, or the second factor
    "account_reauthenticate_code": Ligne(),
    "mfa_reauthenticate": STEP_NOT_DUE,
    "mfa_reauthenticate_webauthn": STEP_NOT_DUE,
    # The search: open to whoever has an account, its results are those of the reader.
    "search:recherche": Ligne(),
    "search:suggestions": Ligne(),
    "search:suivre": POST_ONLY,
    # Kept searches: one’s own. Without a list to keep a search of, back to them.
    "search:gardee_list": Ligne(),
    "search:gardee_create": Ligne(STEP, sauf=NO_POSTE),
    "search:gardee_update": Ligne(HIDDEN, arguments=pk_of("gardee"), sauf={"agent_a": 200}),
    "search:gardee_stop": Ligne(FORM_ONLY, arguments=pk_of("gardee")),
    "search:gardee_delete": Ligne(FORM_ONLY, arguments=pk_of("gardee")),
    # The address of a mail is the right: whoever holds it stops that alert, and does nothing else.
    "search:alerte_stop": Ligne(anonyme=200, arguments=lambda objets: {"jeton": Arret(objets.gardee.pk).sign()}),
    # Annuaire: without a poste, one's own card only.
    "annuaire:index": Ligne(),
    "annuaire:agent_detail": CARD_OF_A,
    "annuaire:carte": Ligne(),
    "annuaire:numeros": Ligne(),
    "annuaire:astreinte_edit": Ligne(
        RESERVED,
        arguments=lambda objets: {"slug": objets.cast.a.slug},
        sauf={"gestionnaire_a": 200, "responsable": 200, "administrateur": 200, "sans_poste": HIDDEN},
    ),
    "annuaire:collectivite_list": Ligne(),
    "annuaire:collectivite_detail": Ligne(
        arguments=lambda objets: {"slug": objets.cast.a.slug}, sauf={"sans_poste": HIDDEN}
    ),
    # Keeping a card: its person, those who keep the cards of its collectivité, the annuaire.
    "annuaire:fiche_update": CARD,
    "annuaire:photo_update": CARD,
    "annuaire:photo_withdraw": CARD_FORM,
    "annuaire:photo": Ligne(
        arguments=lambda objets: {"cle": objets.photo.cle, "taille": "vignette"}, sauf={"sans_poste": HIDDEN}
    ),
    "annuaire:ma_fiche": Ligne(STEP),
    "annuaire:fiche_confirm": POST_ONLY,
    "annuaire:visibilite": Ligne(),
    "annuaire:mes_donnees": Ligne(),
    "annuaire:mes_donnees_json": Ligne(),
    "annuaire:mes_donnees_pdf": Ligne(),
    "annuaire:absence_list": CARD,
    "annuaire:absence_update": Ligne(HIDDEN, arguments=pk_of("absence"), sauf=_KEEPERS),
    "annuaire:absence_end": Ligne(FORM_ONLY, arguments=pk_of("absence")),
    "annuaire:absence_delete": Ligne(FORM_ONLY, arguments=pk_of("absence")),
    # Taking it away: one's own poste is what one could take, and without one there is nothing.
    "annuaire:emporter": Ligne(),
    "annuaire:trombinoscope": NOTHING_TO_TAKE,
    "annuaire:telephones": NOTHING_TO_TAKE,
    "annuaire:tableau_xlsx": NOTHING_TO_TAKE,
    "annuaire:tableau_csv": NOTHING_TO_TAKE,
    "annuaire:cartes": NOTHING_TO_TAKE,
    "annuaire:adresses": NOTHING_TO_TAKE,
    "annuaire:agent_carte": CARD_OF_A,
    "annuaire:agent_code": CARD_OF_A,
    "annuaire:agent_code_svg": CARD_OF_A,
    "annuaire:agent_code_png": CARD_OF_A,
    # Inviting: who answers for a collectivité. The link is its own right: its states have their own tests.
    "annuaire:invitation_create": Ligne(RESERVED, sauf=INVITERS),
    "annuaire:invitation_list": Ligne(RESERVED, sauf=INVITERS),
    "annuaire:invitation_resend": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "annuaire:invitation_withdraw": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "invitation": Ligne(HIDDEN, anonyme=HIDDEN, arguments=lambda objets: {"token": "faux"}),
    # Notifications: one's own; those of others are tested by POST in their own tests.
    "notifications:notification_list": Ligne(),
    "notifications:archive_list": Ligne(),
    "notifications:preferences": Ligne(),
    "notifications:notification_mark_all_read": POST_ONLY,
    "notifications:notification_mark_read": OF_AGENT_A,
    "notifications:notification_archive": OF_AGENT_A,
    "notifications:notification_unarchive": OF_AGENT_A,
    "notifications:follow": POST_ONLY,
    "notifications:unfollow": POST_ONLY,
    # Files: a document that no page uses is known to those who manage its collection.
    "ressources:document": Ligne(
        HIDDEN,
        arguments=lambda objets: {"pk": objets.document.pk, "nom": objets.document.filename},
        sauf={"administrateur": 200},
    ),
    # Depositing, changing one's documents, reviewing those of others.
    "ressources:deposer": Ligne(302, sauf=NO_POSTE),
    "ressources:lecteurs": Ligne(sauf=NO_POSTE),
    "ressources:depot": _deposit(),
    "ressources:fichier_create": Ligne(FORM_ONLY, arguments=lambda objets: {"uuid": objets.depose.depot_id}),
    "ressources:fichier_detail": _deposit(**_DEPOSED),
    "ressources:fichier_remove": Ligne(
        FORM_ONLY, arguments=lambda objets: {"uuid": objets.depose.depot_id, "pk": objets.depose.pk}
    ),
    "ressources:document_list": Ligne(sauf=NO_POSTE),
    "ressources:ressource_update": SHEET,
    "ressources:ressource_preview": SHEET,
    "ressources:ressource_archive": SHEET,
    "ressources:ressource_submit": SHEET_FORM,
    "ressources:ressource_take_back": SHEET_FORM,
    "ressources:version_create": SHEET_FORM,
    "ressources:remarque_traiter": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": objets.ressource.pk, "echange": 1}),
    "ressources:version_withdraw": Ligne(
        RESERVED,
        arguments=lambda objets: {"pk": objets.ressource.fichiers.get().versions.get().pk},
        sauf=_EDITORS,
    ),
    "ressources:importer": OF_THE_AREA,
    "ressources:relecture_list": OF_THE_AREA,
    "ressources:relecture_detail": Ligne(
        RESERVED, arguments=pk_of("ressource"), sauf={"responsable": 302, "administrateur": 302}
    ),
    "ressources:relecture_note": SHEET_FORM,
    "ressources:rendition": Ligne(HIDDEN, arguments=lambda objets: {"pk": 1}),
    "ressources:image": Ligne(HIDDEN, arguments=lambda objets: {"pk": 1}),
    # Reading: the readers of the sheet, that is of its diffusion; the log, those who look after it.
    "ressources:ressource_list": Ligne(),
    "ressources:photo_list": Ligne(),
    "ressources:photo_detail": Ligne(
        arguments=lambda objets: {"pk": objets.image.page_id}, sauf={"sans_poste": HIDDEN}
    ),
    "ressources:photo_accord": Ligne(
        RESERVED, arguments=lambda objets: {"pk": objets.image.page_id}, sauf={**_KEEPERS, "sans_poste": HIDDEN}
    ),
    **{
        f"ressources:{taille}": Ligne(
            arguments=lambda objets: {"pk": version_of(objets.image).pk}, sauf={"sans_poste": HIDDEN}
        )
        for taille in ("photo_vignette", "photo_ecran", "photo_web")
    },
    "ressources:fichier_image": Ligne(
        HIDDEN, arguments=lambda objets: {"uuid": objets.depose.depot_id, "pk": objets.depose.pk}
    ),
    "ressources:theme_detail": Ligne(arguments=lambda objets: {"slug": objets.ressource.theme.slug}),
    "ressources:favori_list": Ligne(),
    "ressources:fichier": Ligne(
        arguments=lambda objets: {"pk": objets.version.pk, "nom": objets.version.nom}, sauf={"sans_poste": HIDDEN}
    ),
    "ressources:apercu": Ligne(arguments=pk_of("version"), sauf={"sans_poste": HIDDEN}),
    "ressources:page_image": Ligne(HIDDEN, arguments=lambda objets: {"pk": objets.version.pk, "numero": 1}),
    # A model is filled by its readers who have a poste; marked by who may change its sheet. The list is a help page.
    "ressources:remplir": Ligne(arguments=pk_of("version_modele"), sauf={"sans_poste": HIDDEN}),
    "ressources:modele": Ligne(RESERVED, arguments=pk_of("version_modele"), sauf=_EDITORS),
    "ressources:champ_list": Ligne(),
    "ressources:acte": Ligne(arguments=pk_of("reprise"), sauf={"sans_poste": HIDDEN}),
    "ressources:telechargements": Ligne(
        RESERVED,
        arguments=pk_of("ressource"),
        sauf={"agent_a": 200, "responsable": 200, "administrateur": 200, "sans_poste": HIDDEN},
    ),
    "ressources:favori": SHEET_FORM,
    "ressources:avis": SHEET_FORM,
    "ressources:reprise": SHEET_FORM,
    "ressources:echange_create": SHEET_FORM,
    "ressources:echange_repondre": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1, "echange": 1}),
    "ressources:echange_traiter": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1, "echange": 1}),
    "ressources:demande_list": Ligne(),
    "ressources:demande_create": Ligne(sauf=NO_POSTE),
    "ressources:demande_soutenir": Ligne(FORM_ONLY, arguments=pk_of("demande")),
    "ressources:demande_repondre": Ligne(arguments=pk_of("demande"), sauf=NO_POSTE),
    "ressources:demande_clore": Ligne(FORM_ONLY, arguments=pk_of("demande")),
    # After publication: one's own list; who has read, for those who look after the sheet.
    "ressources:verification_list": Ligne(),
    "ressources:toujours_valable": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "ressources:lecture": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "ressources:version_relire": Ligne(FORM_ONLY, arguments=lambda objets: {"pk": 1}),
    "ressources:lecture_list": Ligne(
        RESERVED,
        arguments=pk_of("version"),
        sauf={"gestionnaire_a": 200, "responsable": 200, "administrateur": 200, "sans_poste": HIDDEN},
    ),
    **EMPORTER,
    **FORMATIONS,
    **MATERIEL,
    **QUESTIONS,
    **TENIR,
}

_A_ONLY = {"gestionnaire_a": 200, "secretaire_a": 200, "agent_a": 200, "partage_ab": 200}

# One row per type of page and per state of what has a diffusion. Legal pages are `home:…` above.
PAGES = {
    "accueil": Ligne(),
    "formations": Ligne(),
    "formation": Ligne(sauf={"sans_poste": RESERVED}),
    "actualites": Ligne(),
    "pour_tous": Ligne(sauf={"sans_poste": RESERVED}),
    "pour_a": Ligne(RESERVED, sauf=_A_ONLY),
    "brouillon": Ligne(HIDDEN),
    "a_venir": Ligne(HIDDEN),
    "finie": Ligne(HIDDEN),
    "boite": Ligne(),
    "ressource": Ligne(sauf={"sans_poste": RESERVED}),
    "materiels": Ligne(),
    "annuaire": Ligne(),
    "fiche_materiel": Ligne(sauf={"sans_poste": RESERVED}),
    "modele": Ligne(sauf={"sans_poste": RESERVED}),
    "reglement": Ligne(sauf={"sans_poste": RESERVED}),
    "aide": Ligne(),
    "questions": Ligne(),
}
