"""Tells what Slack sent from what anybody could have sent, before a byte of it is parsed."""

import hashlib
import hmac
from collections.abc import Mapping

from bot.clock import Clock

TOLERANCE = 300
"""Seconds that a request may be old (docs.slack.dev, Verifying requests from Slack)."""
VERSION = "v0"


class SlackSignature:
    """Checks the signature of requests from Slack."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._secret = signing_secret.encode()
        self._clock = clock

    def is_valid(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether Slack signed these raw bytes within the last five minutes; never raises."""
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16 and signature.isascii()):  # noqa: PLR2004 - no real time is longer
            return False
        if abs(self._clock().timestamp() - int(timestamp)) > TOLERANCE:
            return False
        signed = b":".join((VERSION.encode(), timestamp.encode(), body))
        wanted = f"{VERSION}={hmac.new(self._secret, signed, hashlib.sha256).hexdigest()}"
        return hmac.compare_digest(wanted, signature)
