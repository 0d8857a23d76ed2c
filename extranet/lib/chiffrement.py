"""What the database keeps encrypted: not readable in a copy of it."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "decrypt", "encrypt"]


def encrypt(usage: str, text: str) -> str:
    """`usage` names what is kept: what was encrypted for one use opens for no other."""
    return _fernet(usage).encrypt(text.encode()).decode()


def decrypt(usage: str, text: str) -> str:
    """Reads what any of the keys has written. Raises InvalidToken when none of them did."""
    return _fernet(usage).decrypt(text.encode()).decode()


def _fernet(usage: str) -> MultiFernet:
    """The first key writes; those before it (`SECRET_KEY_FALLBACKS`) still read, until what they wrote is gone."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(usage, secret)) for secret in secrets])


def _key(usage: str, secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"{usage}:{secret}".encode()).digest())
