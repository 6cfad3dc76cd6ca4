"""Keep what Redis must not hold in the clear: sealed with a key that only the deployment has."""

import base64
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
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"greenroom seal 1")
        self._cipher = AESGCM(derived.derive(key_material.encode()))

    def seal(self, data: bytes) -> str:
        """Make a text that only ``open`` with the same key material reads."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, data, VERSION.encode())
        return VERSION + base64.urlsafe_b64encode(sealed).decode()

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


def _decoded(text: str) -> bytes:
    """Undo base64, and refuse the spellings that mean the same bytes: a seal has one form."""
    data = base64.b64decode(text, altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(data).decode() != text:
        raise ValueError("not the form that seal writes")
    return data
