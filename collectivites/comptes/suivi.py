"""What allauth tells us: sessions that begin, factors and passwords that change. Connected by `collectivites.apps`.

Changes go to the journal, in the transaction of the change where there is one. Entries and refusals go to the server's
own log (`extranet.securite`): they are traces of security, not acts, and watch nobody's work.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from collectivites.comptes import sessions
from collectivites.comptes.second_facteur import FACTEURS
from collectivites.journal import record
from collectivites.models import Agent

log = logging.getLogger("extranet.securite")


def connect() -> None:
    """Called once, when the apps are ready."""
    user_logged_in.connect(_begin_session, dispatch_uid="comptes.begin_session")
    user_login_failed.connect(_log_refusal, dispatch_uid="comptes.log_refusal")
    account.user_logged_in.connect(_log_entry, dispatch_uid="comptes.log_entry")
    account.login_code_rejected.connect(_log_wrong_code, dispatch_uid="comptes.log_wrong_code")
    account.password_changed.connect(_record_password, dispatch_uid="comptes.password_changed")
    account.password_set.connect(_record_password, dispatch_uid="comptes.password_set")
    account.password_reset.connect(_record_password, dispatch_uid="comptes.password_reset")
    mfa.authentication_failed.connect(_log_wrong_code, dispatch_uid="comptes.log_wrong_factor")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="comptes.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="comptes.factor_removed")
    mfa.authenticator_reset.connect(_codes_renewed, dispatch_uid="comptes.codes_renewed")


def _begin_session(request: HttpRequest, **kwargs: Any) -> None:
    sessions.start(request)


def _log_entry(request: HttpRequest, user: Agent, **kwargs: Any) -> None:
    log.info("entree agent=%s ip=%s", user.pk, _ip(request))


def _log_refusal(request: HttpRequest | None = None, **kwargs: Any) -> None:
    log.warning("refus motif=mot_de_passe ip=%s", _ip(request))


def _log_wrong_code(request: HttpRequest, user: Agent, **kwargs: Any) -> None:
    log.warning("refus motif=code agent=%s ip=%s", user.pk, _ip(request))


def _ip(request: HttpRequest | None) -> str:
    return get_adapter().get_client_ip(request) if request is not None else "-"


def _record_password(user: Agent, **kwargs: Any) -> None:
    record("mot_de_passe.change", user, agent=user)


def _factor_added(request: HttpRequest, user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever just proved a new factor has given it; sessions opened without it elsewhere end."""
    if authenticator.type in FACTEURS:
        record("second_facteur.ajoute", user, agent=user, genre=authenticator.type)
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        sessions.close_sessions(user, keep=request.session.session_key)
    else:
        # So that looking at the codes writes nothing.
        authenticator.wrap().mark_as_viewed()


def _factor_removed(user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in FACTEURS:
        record("second_facteur.retire", user, agent=user, genre=authenticator.type)


def _codes_renewed(user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    record("codes_de_secours.renouveles", user, agent=user)
    authenticator.wrap().mark_as_viewed()
