"""Join tokens: RS256 JWTs with the claims that Dyte documents, and what is wrong with those that let nobody in."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playground.provider_flavours import Flavour
from playground.provider_keys import process_key
from playground.rooms import Meeting, Participant, Rooms, new_id, preset_id

_HEADER = {"alg": "RS256", "typ": "JWT"}
_KEY = "join tokens"


class TokenRefused(Exception):
    """A token lets nobody in, for a reason in words that the room page shows."""


class JoinTokens:
    """Mints the tokens that let people in, and reads them back."""

    def __init__(self, rooms: Rooms, now: Callable[[], datetime]) -> None:
        self._rooms, self._now = rooms, now

    def mint(self, flavour: Flavour, place: Participant) -> str:
        """Make a token for a participant, unlike every other."""
        now = self._now()
        claims = {
            "orgId": flavour.tenant,
            "meetingId": place.meeting_id,
            "participantId": place.id,
            "presetId": preset_id(place.preset_name),
            "iat": int(now.timestamp()),
            "exp": int((now + flavour.token_life).timestamp()),
            "jti": new_id(),
        }
        signed = f"{_part(_HEADER)}.{_part(claims)}"
        return f"{signed}.{_text(process_key(_KEY).sign(signed.encode()))}"

    def admit(self, token: str) -> tuple[Meeting, Participant]:
        """Find whose token this is.

        Raises:
            TokenRefused: it lets nobody in.

        """
        claims = _claims(token)
        if claims["exp"] <= self._now().timestamp():
            raise TokenRefused("This link has expired. Ask for a new one.")
        place = self._rooms.participants.get(claims["participantId"])
        if place is None:
            raise TokenRefused("This link belongs to another service. Ask for a new one.")
        if place.removed:
            raise TokenRefused("You no longer have a place in this meeting.")
        meeting = self._rooms.meetings[place.meeting_id]
        if meeting.status == "INACTIVE":
            raise TokenRefused("This meeting has been closed. Nobody can join it any more.")
        return meeting, place


def _claims(token: str) -> dict[str, Any]:
    try:
        signed, _, signature = token.rpartition(".")
        genuine = _text(process_key(_KEY).sign(signed.encode())) == signature
        claims: dict[str, Any] = json.loads(_bytes(signed.partition(".")[2])) if genuine else {}
    except (ValueError, binascii.Error):
        claims = {}
    if not claims:
        raise TokenRefused("This link is not complete, or is not one of ours. Ask for a new one.")
    return claims


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
