"""Triggers of the ground floor."""

from extranet.lib.declencheurs import Declencheur

FIXED = ("created_at", "acte", "agent_id", "collectivite_id", "objet", "objet_id")

# The label and the data may be blanked (erasure of a person); who did what, and when, may not change. A row may go
# after the year during which CNIL 2021-122 lets such traces be kept.
DECLENCHEURS = [
    Declencheur(
        nom="journal_en_ajout_seul",
        table="collectivites_entreejournal",
        sqlite=(
            f"""CREATE TRIGGER journal_en_ajout_seul_update BEFORE UPDATE ON collectivites_entreejournal
            WHEN {" OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FIXED)}
            BEGIN SELECT RAISE(ABORT, 'journal_en_ajout_seul'); END""",
            """CREATE TRIGGER journal_en_ajout_seul_delete BEFORE DELETE ON collectivites_entreejournal
            WHEN OLD.created_at > datetime('now', '-365 days')
            BEGIN SELECT RAISE(ABORT, 'journal_en_ajout_seul'); END""",
        ),
        quand="BEFORE UPDATE OR DELETE",
        postgresql=f"""
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.created_at > now() - interval '365 days' THEN
                    RAISE EXCEPTION 'journal_en_ajout_seul' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN OLD;
            END IF;
            IF {" OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FIXED)} THEN
                RAISE EXCEPTION 'journal_en_ajout_seul' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END""",
    ),
]
