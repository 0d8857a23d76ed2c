"""The project as an app: its commands, template filters and the triggers around migrations."""

from django import forms
from django.apps import AppConfig, apps
from django.core import checks
from django.core.management import call_command
from django.core.validators import MaxLengthValidator
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

from extranet.lib import pliage
from extranet.lib.declencheurs import create_all, drop_all
from extranet.lib.sceau import check_certificat

# In place of Django's, which repeats what was sent; a field that says better says it itself.
HORS_LISTE = "Choisissez une réponse de la liste."
TROP_LONG = "%(limit_value)d caractères au plus\u00a0: il y en a %(show_value)d. Raccourcissez votre texte."


def _teach_functions(sender: type, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    pliage.teach(connection)


def _drop_triggers(sender: AppConfig, using: str, **kwargs: object) -> None:
    drop_all(connections[using])


def _create_triggers(sender: AppConfig, using: str, **kwargs: object) -> None:
    create_all(connections[using])
    # The table of the shared cache, without which no login could be counted; nothing to do on SQLite.
    call_command("createcachetable", database=using, verbosity=0)


class ExtranetConfig(AppConfig):
    name = "extranet"
    verbose_name = "extranet"

    def ready(self) -> None:
        for field in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField):
            field.default_error_messages["invalid_choice"] = HORS_LISTE
        forms.ModelMultipleChoiceField.default_error_messages["invalid_choice"] = HORS_LISTE
        forms.ModelMultipleChoiceField.default_error_messages["invalid_pk_value"] = HORS_LISTE
        MaxLengthValidator.message = TROP_LONG
        checks.register(check_certificat, checks.Tags.security)
        # Sent once per app with models, all before and all after the run: one app is enough to frame it.
        framing = apps.get_app_config("contenttypes")
        pre_migrate.connect(_drop_triggers, sender=framing, dispatch_uid="extranet.drop_triggers")
        connection_created.connect(_teach_functions, dispatch_uid="extranet.teach_functions")
        post_migrate.connect(_create_triggers, sender=framing, dispatch_uid="extranet.create_triggers")
