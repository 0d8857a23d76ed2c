from django.db import migrations

WITH_TITLES = "SELECT 1 FROM information_schema.columns WHERE table_name = 'search_vecteur' AND column_name = 'tsv_titre'"
APART = (
    "CREATE TABLE search_titre (id bigint PRIMARY KEY, audience integer NOT NULL, code text NOT NULL,"
    " tsv tsvector NOT NULL)",
    "INSERT INTO search_titre (id, audience, code, tsv) SELECT id, audience, code, tsv_titre FROM search_vecteur",
    "CREATE INDEX search_titre_tsv ON search_titre USING gin (tsv) WITH (fastupdate = off)",
    "ALTER TABLE search_vecteur DROP COLUMN tsv_titre",
)


def separate(apps, editor):
    """PostgreSQL read titles beside the row: an installation that did so moves them, a new one has nothing to do."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(WITH_TITLES)
        for statement in APART if cursor.fetchone() else ():
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_moteur")]

    operations = [migrations.RunPython(separate, migrations.RunPython.noop)]
