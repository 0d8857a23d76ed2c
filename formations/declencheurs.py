"""Triggers of the training: they count the seats, keep nobody in two places, and leave the history as it was written.

`formations_inscription` moves, the seats of the session, those of the commune and the half-days of the person follow;
the CHECK and UNIQUE constraints of those tables then refuse what must never be, whatever path wrote it.
"""

from extranet.lib.declencheurs import Declencheur
from formations.enums import PLACEES

TENUES = ", ".join(f"'{statut.value}'" for statut in PLACEES)
COMPTE = "formations_inscription"


def _give_back(row: str) -> str:
    return f"""
        DELETE FROM formations_demijourneeprise WHERE inscription_id = {row}.id;
        UPDATE formations_sessioncommune SET occupees = occupees - 1
            WHERE session_id = {row}.session_id AND collectivite_id = {row}.collectivite_id;
        UPDATE formations_sessionformation SET occupees = occupees - 1 WHERE id = {row}.session_id;
    """  # noqa: S608 - our own names


def _take(row: str, once: str) -> str:
    """`once` is how each engine leaves a row of the commune that is there already."""
    before, after = once.split("|")
    return f"""
        INSERT {before} INTO formations_sessioncommune (session_id, collectivite_id, quota, occupees)
            SELECT s.id, {row}.collectivite_id, CASE WHEN s.quotas_leves THEN NULL ELSE s.quota_commune END, 0
            FROM formations_sessionformation s WHERE s.id = {row}.session_id {after};
        UPDATE formations_sessioncommune SET occupees = occupees + 1
            WHERE session_id = {row}.session_id AND collectivite_id = {row}.collectivite_id;
        UPDATE formations_sessionformation SET occupees = occupees + 1 WHERE id = {row}.session_id;
        INSERT INTO formations_demijourneeprise (agent_id, demi_journee, inscription_id)
            SELECT {row}.agent_id, c.demi_journee, {row}.id FROM formations_creneau c
            WHERE c.session_id = {row}.session_id;
    """  # noqa: S608 - our own names


SQLITE, POSTGRES = "OR IGNORE|", "|ON CONFLICT (session_id, collectivite_id) DO NOTHING"
MOVED = (
    f"(OLD.statut IN ({TENUES})) IS DISTINCT FROM (NEW.statut IN ({TENUES})) OR OLD.session_id <> NEW.session_id "
    "OR OLD.agent_id <> NEW.agent_id OR OLD.collectivite_id <> NEW.collectivite_id"
)
MOVED_SQLITE = MOVED.replace("IS DISTINCT FROM", "IS NOT")

PLACES = Declencheur(
    nom="inscription_compte_les_places",
    table=COMPTE,
    sqlite=(
        f"""CREATE TRIGGER inscription_compte_les_places_insert AFTER INSERT ON {COMPTE}
        WHEN NEW.statut IN ({TENUES}) BEGIN {_take("NEW", SQLITE)} END""",
        f"""CREATE TRIGGER inscription_compte_les_places_rend AFTER UPDATE ON {COMPTE}
        WHEN OLD.statut IN ({TENUES}) AND ({MOVED_SQLITE}) AND NOT (NEW.statut IN ({TENUES}))
        BEGIN {_give_back("OLD")} END""",
        f"""CREATE TRIGGER inscription_compte_les_places_prend AFTER UPDATE ON {COMPTE}
        WHEN NEW.statut IN ({TENUES}) AND ({MOVED_SQLITE}) AND NOT (OLD.statut IN ({TENUES}))
        BEGIN {_take("NEW", SQLITE)} END""",
        f"""CREATE TRIGGER inscription_compte_les_places_deplace AFTER UPDATE ON {COMPTE}
        WHEN NEW.statut IN ({TENUES}) AND OLD.statut IN ({TENUES}) AND ({MOVED_SQLITE})
        BEGIN {_give_back("OLD")} {_take("NEW", SQLITE)} END""",
        f"""CREATE TRIGGER inscription_compte_les_places_delete AFTER DELETE ON {COMPTE}
        WHEN OLD.statut IN ({TENUES}) BEGIN {_give_back("OLD")} END""",
    ),
    quand="AFTER INSERT OR UPDATE OR DELETE",
    postgresql=f"""
    BEGIN
        IF TG_OP = 'UPDATE' AND NOT ({MOVED}) THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' AND OLD.statut IN ({TENUES}) THEN
            {_give_back("OLD")}
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.statut IN ({TENUES}) THEN
            {_take("NEW", POSTGRES)}
        END IF;
        RETURN NULL;
    END""",
)


def _hold(row: str) -> str:
    return f"""
        INSERT INTO formations_demijourneeprise (agent_id, demi_journee, inscription_id)
            SELECT i.agent_id, {row}.demi_journee, i.id FROM formations_inscription i
            WHERE i.session_id = {row}.session_id AND i.statut IN ({TENUES});
    """  # noqa: S608 - our own names


def _free(row: str) -> str:
    return f"""
        DELETE FROM formations_demijourneeprise WHERE demi_journee = {row}.demi_journee AND inscription_id IN (
            SELECT id FROM formations_inscription WHERE session_id = {row}.session_id);
    """  # noqa: S608 - our own names


DATES = "OLD.demi_journee <> NEW.demi_journee OR OLD.session_id <> NEW.session_id"

HORAIRES = Declencheur(
    nom="creneau_occupe_les_inscrits",
    table="formations_creneau",
    sqlite=(
        f"""CREATE TRIGGER creneau_occupe_les_inscrits_insert AFTER INSERT ON formations_creneau
        BEGIN {_hold("NEW")} END""",
        f"""CREATE TRIGGER creneau_occupe_les_inscrits_update AFTER UPDATE ON formations_creneau WHEN {DATES}
        BEGIN {_free("OLD")} {_hold("NEW")} END""",
        f"""CREATE TRIGGER creneau_occupe_les_inscrits_delete AFTER DELETE ON formations_creneau
        BEGIN {_free("OLD")} END""",
    ),
    quand="AFTER INSERT OR UPDATE OR DELETE",
    postgresql=f"""
    BEGIN
        IF TG_OP = 'UPDATE' AND NOT ({DATES}) THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            {_free("OLD")}
        END IF;
        IF TG_OP <> 'DELETE' THEN
            {_hold("NEW")}
        END IF;
        RETURN NULL;
    END""",
)

# A rank is given once, and is nobody else’s afterwards (I5).
RANGS = Declencheur(
    nom="inscription_rang_donne_une_fois",
    table=COMPTE,
    sqlite=(
        f"""CREATE TRIGGER inscription_rang_donne_une_fois_update BEFORE UPDATE ON {COMPTE}
        WHEN OLD.rang IS NOT NULL AND NEW.rang IS NOT OLD.rang
        BEGIN SELECT RAISE(ABORT, 'inscription_rang_donne_une_fois'); END""",
    ),
    quand="BEFORE UPDATE",
    postgresql="""
    BEGIN
        IF OLD.rang IS NOT NULL AND NEW.rang IS DISTINCT FROM OLD.rang THEN
            RAISE EXCEPTION 'inscription_rang_donne_une_fois' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END""",
)

# Who did what, when: written once. The free words may be blanked when a person is erased.
ECRIT = (
    "OLD.session_id <> NEW.session_id OR OLD.acte <> NEW.acte OR OLD.de <> NEW.de OR OLD.vers <> NEW.vers "
    "OR OLD.created_at <> NEW.created_at"
)
HISTOIRE = Declencheur(
    nom="mouvement_en_ajout_seul",
    table="formations_mouvement",
    sqlite=(
        f"""CREATE TRIGGER mouvement_en_ajout_seul_update BEFORE UPDATE ON formations_mouvement
        WHEN {ECRIT} OR OLD.inscription_id IS NOT NEW.inscription_id
        BEGIN SELECT RAISE(ABORT, 'mouvement_en_ajout_seul'); END""",
        """CREATE TRIGGER mouvement_en_ajout_seul_delete BEFORE DELETE ON formations_mouvement
        BEGIN SELECT RAISE(ABORT, 'mouvement_en_ajout_seul'); END""",
    ),
    quand="BEFORE UPDATE OR DELETE",
    postgresql=f"""
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'mouvement_en_ajout_seul' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF {ECRIT} OR OLD.inscription_id IS DISTINCT FROM NEW.inscription_id THEN
            RAISE EXCEPTION 'mouvement_en_ajout_seul' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END""",
)

DECLENCHEURS = [PLACES, HORAIRES, RANGS, HISTOIRE]
