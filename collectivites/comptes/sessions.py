"""How long a session lives: eight hours without doing anything (half an hour for whoever must have a second factor),
twelve hours in all. Source: ASVS 5.0 §7.3, ProConnect's own twelve hours.

The times are kept in the session itself; the activity is written once in five minutes, so that reading writes nothing.
"""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from collectivites.models import Agent

OUVERTE, VUE, FERMEE = "session_ouverte_a", "session_vue_a", "session_fermee"
SANS_EFFET = "HTTP_X_SANS_ACTIVITE"  # header of what the page asks by itself: nobody did anything


class SessionsMiddleware:
    """Ends the sessions whose time has come, before anything is served, and notes the activity of the others.

    A session whose agent can no longer log in (account closed, password changed elsewhere) is deleted, so that
    reopening the account does not bring it back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if remaining(request) <= 0:
                end(request)
            elif SANS_EFFET not in request.META:
                note_activity(request)
        elif USER_KEY in request.session:
            end(request)
        return self.get_response(request)


def start(request: HttpRequest) -> None:
    """A session just opened, under a new key."""
    request.session[OUVERTE] = request.session[VUE] = int(time.time())
    request.session.pop(FERMEE, None)


def idle_limit(agent: Agent) -> int:
    """Seconds that this agent may leave the service alone."""
    short = agent.must_have_second_factor
    return settings.SESSION_INACTIVITE_RESPONSABLE if short else settings.SESSION_INACTIVITE


def remaining(request: HttpRequest) -> int:
    """Seconds before this session ends if nothing is done; 0 for a session that does not know when it began."""
    opened, seen = request.session.get(OUVERTE), request.session.get(VUE)
    if opened is None or seen is None:
        return 0
    return int(min(opened + settings.SESSION_DUREE_MAX, seen + idle_limit(request.user)) - time.time())


def longest(request: HttpRequest) -> int:
    """Seconds that the session can still live whatever is done."""
    return int(request.session.get(OUVERTE, 0) + settings.SESSION_DUREE_MAX - time.time())


def note_activity(request: HttpRequest, *, now: bool = False) -> None:
    """At most once per `SESSION_PAS_ACTIVITE`, unless `now`."""
    if not now and time.time() - request.session[VUE] < settings.SESSION_PAS_ACTIVITE:
        return
    request.session[VUE] = int(time.time())
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def end(request: HttpRequest) -> None:
    """Closes this session; the login page will say so."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    request.session[FERMEE] = True


def open_sessions(agent: Agent) -> list[UserSession]:
    """The sessions of `agent` that still live, the last used first. Two queries, and nothing is written."""
    tracked = UserSession.objects.filter(user=agent).order_by("-last_seen_at", "-pk")
    store = UserSession()._session_store()
    alive = set(
        store.get_model_class()
        .objects.filter(pk__in=[row.session_key for row in tracked], expire_date__gt=timezone.now())
        .values_list("pk", flat=True)
    )
    return [row for row in tracked if row.session_key in alive]


def close_sessions(agent: Agent, *, keep: str | None = None) -> int:
    """Closes all the sessions of `agent`, but the one whose key is `keep`. Returns how many."""
    rows = [row for row in UserSession.objects.filter(user=agent) if row.session_key != keep]
    for row in rows:
        row.end()
    return len(rows)
