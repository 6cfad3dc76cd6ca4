"""Keep what Redis must not hold in the clear: sealed with a key that only the deployment has."""

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import BotError

VERSION = "s1."
"""Stands before every sealed text, so that another way of sealing can be told apart one day."""

NONCE_BYTES = 12
KEY_BYTES = 32
NAME_BYTES = 18


class SealBroken(BotError):
    """A text that was not sealed with this key, or was changed since."""


class Seal:
    """Seals bytes into text with AES-GCM; equal bytes never look equal.

    Args:
        key_material: a secret of the deployment that all replicas share; the key is derived from it.

    """

    def __init__(self, key_material: str) -> None:
        if not key_material:
            raise ValueError("a seal needs key material")
        self._cipher = AESGCM(_derived(key_material, b"greenroom seal 1"))
        self._names = _derived(key_material, b"greenroom names 1")

    def seal(self, data: bytes) -> str:
        """Make a text that only ``open`` with the same key material reads."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, data, VERSION.encode())
        return VERSION + base64.urlsafe_b64encode(sealed).decode()

    def name(self, of: str) -> str:
        """Make a word that nobody else can guess, and always the same one of the same text."""
        made = hmac.digest(self._names, of.encode(), "sha256")
        return base64.urlsafe_b64encode(made[:NAME_BYTES]).decode()

    def open(self, text: str) -> bytes:
        """Give back what was sealed.

        Raises:
            SealBroken: for anything that ``seal`` did not make with this key.

        """
        if not text.startswith(VERSION):
            raise SealBroken("the text is not sealed, or in a way this version does not know")
        try:
            sealed = _decoded(text.removeprefix(VERSION))
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], VERSION.encode())
        except (ValueError, InvalidTag):
            raise SealBroken("the text was sealed with another key, or changed since") from None


def _derived(key_material: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key_material.encode())


def _decoded(text: str) -> bytes:
    """Undo base64, and refuse the spellings that mean the same bytes: a seal has one form."""
    data = base64.b64decode(text, altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(data).decode() != text:
        raise ValueError("not the form that seal writes")
    return data
