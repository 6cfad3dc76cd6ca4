"""Who a browser belongs to: a signed note that it keeps, and that only this deployment can write."""

import base64
import hmac
import re
from datetime import timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.clock import Clock
from bot.domain.ids import UserId

SIGNED_IN_FOR = timedelta(hours=12)
"""How long a browser is believed; what somebody may see and do is asked anew each time all the same."""

VERSION = "v1"
"""Stands before every note, so that another way of writing them can be told apart one day."""

NOTE = re.compile(rf"{VERSION}\.([UW][A-Z0-9]{{1,30}})\.(\d{{1,12}})\.[\w-]{{43}}", re.ASCII)


class Visitors:
    """Writes and reads notes that hold a Slack user's id, an end, and nothing else.

    Args:
        key_material: a secret of the deployment that all replicas share; the key is derived from it.
        clock: the time.

    """

    def __init__(self, key_material: str, clock: Clock) -> None:
        if not key_material:
            raise ValueError("notes need key material")
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"greenroom visitors 1").derive(
            key_material.encode()
        )
        self._clock = clock

    def note(self, user: UserId) -> str:
        """Write a note for a person who has just signed in."""
        return self._written(user, int((self._clock() + SIGNED_IN_FOR).timestamp()))

    def read(self, note: str | None) -> UserId | None:
        """Tell whose note it is; None where it is no note of ours, was changed, or is past its end."""
        parts = NOTE.fullmatch(note or "")
        if not note or not parts:
            return None
        user, end = UserId(parts[1]), int(parts[2])
        if not hmac.compare_digest(self._written(user, end), note):
            return None
        return user if self._clock().timestamp() < end else None

    def _written(self, user: UserId, end: int) -> str:
        said = f"{VERSION}.{user}.{end}"
        proof = hmac.new(self._key, said.encode(), sha256).digest()
        return f"{said}.{base64.urlsafe_b64encode(proof).decode().rstrip('=')}"
