"""Codes sent by mail to somebody who is already in: kept in the session, ten minutes and three tries long."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

ESSAIS = 3


class CodeEnSession:
    """The code that waits in this session under `key`, with what it is for."""

    def __init__(self, request: HttpRequest, key: str) -> None:
        self.session, self.key = request.session, f"code_{key}"

    @property
    def state(self) -> dict:
        """What waits; nothing once it has lived or been missed three times."""
        state = self.session.get(self.key) or {}
        alive = state and time.time() - state["a"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        return state if alive and state["essais"] < ESSAIS else {}

    @property
    def code(self) -> str:
        return self.state.get("code", "")

    def start(self, **what: str) -> str:
        """A new code, in place of the one that waited."""
        code = get_adapter().generate_login_code()
        self.session[self.key] = {**what, "code": code, "a": time.time(), "essais": 0}
        return code

    def miss(self) -> None:
        state = self.state
        if state:
            self.session[self.key] = {**state, "essais": state["essais"] + 1}

    def clear(self) -> None:
        self.session.pop(self.key, None)
