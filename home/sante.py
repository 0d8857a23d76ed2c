"""`/sante/`: is the service in order? One word for whoever asks, the figures for administrators.

No session is opened and nothing is written: a probe may ask every few seconds.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collectivites.enums import Domaine
from extranet.lib.apports import contributions
from notifications.models import Veille

_migrated = False


@login_not_required
@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """200 and « ok », or 503 and « panne »: the database answers, its migrations are applied, `veille` is alive."""
    checks = run_checks()
    sound = all(checks.values())
    answer: dict[str, object] = {"etat": "ok" if sound else "panne"}
    if checks["base"] and _is_administrator(request):
        answer |= {"controles": checks, **figures()}
    return JsonResponse(answer, status=200 if sound else 503)


def run_checks() -> dict[str, bool]:
    try:
        return {"base": True, "migrations": is_migrated(), "veille": Veille.objects.alive().exists()}
    except DatabaseError:
        return {"base": False, "migrations": False, "veille": False}


def is_migrated() -> bool:
    """Whether the database is at the version of the code; once true it stays so for the life of the process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    return _migrated


def figures() -> dict[str, object]:
    """What the apps say of themselves: age of the oldest mail, tasks waiting…"""
    told: dict[str, object] = {}
    for function in contributions("sante"):
        told |= function()
    return told


def _is_administrator(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    return request.user.answers_for(Domaine.ADMINISTRATION)
