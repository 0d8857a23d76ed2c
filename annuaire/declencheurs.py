"""Triggers of the annuaire."""

from extranet.lib.declencheurs import Declencheur

# A consent is a proof (RGPD art. 7): what was accepted, by whom and when does not change.
DECLENCHEURS = [
    Declencheur(
        nom="consentement_en_ajout_seul",
        table="annuaire_consentement",
        sqlite=(
            """CREATE TRIGGER consentement_en_ajout_seul_update BEFORE UPDATE ON annuaire_consentement
            WHEN OLD.sens IS NOT NEW.sens OR OLD.version IS NOT NEW.version OR OLD.texte IS NOT NEW.texte
                OR OLD.le IS NOT NEW.le OR OLD.par_id IS NOT NEW.par_id
            BEGIN SELECT RAISE(ABORT, 'consentement_en_ajout_seul'); END""",
            """CREATE TRIGGER consentement_en_ajout_seul_delete BEFORE DELETE ON annuaire_consentement
            BEGIN SELECT RAISE(ABORT, 'consentement_en_ajout_seul'); END""",
        ),
        quand="BEFORE UPDATE OR DELETE",
        postgresql="""
        BEGIN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'consentement_en_ajout_seul' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF OLD.sens IS DISTINCT FROM NEW.sens OR OLD.version IS DISTINCT FROM NEW.version
                OR OLD.texte IS DISTINCT FROM NEW.texte OR OLD.le IS DISTINCT FROM NEW.le
                OR OLD.par_id IS DISTINCT FROM NEW.par_id THEN
                RAISE EXCEPTION 'consentement_en_ajout_seul' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END""",
    ),
]
