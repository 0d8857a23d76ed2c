"""The second factor: an application's code, a passkey, or a recovery code. A code by mail is never one.

Source: ASVS 5.0 §6.3.3, §6.4.3.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from collectivites.comptes.sessions import close_sessions
from collectivites.journal import record
from collectivites.models import Agent, Collectivite
from extranet.lib import chiffrement

USAGE = "second_facteur"
FACTEURS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(agent: Agent) -> bool:
    """Recovery codes alone are none: they only replace one that is there. One query."""
    return Authenticator.objects.filter(user=agent, type__in=FACTEURS).exists()


def passed(request: HttpRequest) -> bool:
    """True when this session gave a second factor. No query."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def recently_proved(request: HttpRequest) -> bool:
    """True when this session gave, lately, the second factor, or anything for an account without one. One query."""
    records = get_authentication_records(request, request.user)
    if has_second_factor(request.user):
        records = [record for record in records if record["method"] == "mfa"]
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def may_remove(authenticator: Authenticator) -> bool:
    """The last factor of whoever must have one stays, until another is there."""
    if authenticator.type not in FACTEURS or not authenticator.user.must_have_second_factor:
        return True
    others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTEURS).exclude(pk=authenticator.pk)
    return others.exists()


@transaction.atomic
def reset_second_factor(agent: Agent, *, by: Agent, collectivite: Collectivite | None = None) -> None:
    """For whoever lost telephone, key and recovery codes. The sessions close; the next login asks for a new factor."""
    Authenticator.objects.filter(user=agent).delete()
    close_sessions(agent)
    record("second_facteur.remis_a_zero", agent, agent=by, collectivite=collectivite)


def use_once(agent: Agent, code: str) -> bool:
    """False when `code` was already given: a code seen over a shoulder is worth nothing (ASVS 6.5.1).

    allauth remembers it for one period only, less than a tolerant server accepts it.
    """
    life = settings.MFA_TOTP_TOLERANCE * 2 + 1
    digits = "".join(filter(str.isdigit, code))
    return cache.add(f"totp:{agent.pk}:{digits}", 1, timeout=life * 30)


def encrypt(text: str) -> str:
    """Secrets of second factors are not readable in a copy of the database."""
    return chiffrement.encrypt(USAGE, text)


def decrypt(text: str) -> str:
    return chiffrement.decrypt(USAGE, text)


def set_demo_totp(agent: Agent, secret: str) -> None:
    """Gives `agent` the application secret `secret` (base 32), for the demonstration: `current_code` opens it."""
    Authenticator.objects.filter(user=agent, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(agent, secret)


def current_code(secret: str) -> str:
    """The code that an application would show now for this secret, as six digits."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))
