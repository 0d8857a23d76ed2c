from django.db import migrations

from search.engines import moteur_de_base


class Migration(migrations.Migration):
    """The tables of the engine inside the database, which no model describes."""

    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(lambda apps, editor: moteur_de_base().create(), migrations.RunPython.noop)]
