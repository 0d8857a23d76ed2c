"""The same bytes once in a deposit: those that came twice at the same moment are refused first."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOTIF = "Ce fichier était deux fois dans ce dépôt\u00a0: l’autre reste."


def refuse_the_later(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Their files, that no row names any more, are swept at night."""
    lines = apps.get_model("ressources", "FichierDepose").objects.exclude(etat="refuse")
    sooner = lines.filter(depot=models.OuterRef("depot"), sha256=models.OuterRef("sha256"), pk__lt=models.OuterRef("pk"))
    later = list(lines.filter(models.Exists(sooner)).values_list("pk", flat=True))
    lines.filter(pk__in=later).update(etat="refuse", motif=MOTIF, file="", texte="", analyse="non_lu")


class Migration(migrations.Migration):
    dependencies = [("ressources", "0005_examen_des_actes")]

    operations = [
        migrations.RunPython(refuse_the_later, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="fichierdepose",
            constraint=models.UniqueConstraint(
                condition=models.Q(("etat", "refuse"), _negated=True),
                fields=("depot", "sha256"),
                name="depose_une_fois_par_depot",
            ),
        ),
    ]
