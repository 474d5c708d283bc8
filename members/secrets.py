"""What second factors rest on, kept encrypted: a copy of the database alone signs nobody in."""

import base64
import hashlib
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

logger = logging.getLogger(__name__)


def encrypt(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """The secret; one that nobody knows where SECRET_KEY is another by now."""
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken:
        logger.error("The secret of a second factor was encrypted with another SECRET_KEY")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def renew(text: str) -> str:
    """The same secret, encrypted with the SECRET_KEY of today; as it is where no known key opens
    it."""
    try:
        return _box().rotate(text.encode()).decode()
    except InvalidToken:
        return text


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_of(key)) for key in keys])


def _key_of(secret: str) -> bytes:
    digest = hashlib.sha256(f"members.secrets:{secret}".encode()).digest()
    return base64.urlsafe_b64encode(digest)
