"""Requests as Slack and RealtimeKit send them, signed beforehand, down to the bytes on the wire."""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SLACK_PATH = "/slack/events"
WEBHOOK_PATH = "/webhooks/realtimekit"
TEAM, USER, CHANNEL = "T0BENCHMARK", "U0BENCHMARK", "C0BENCHMARK"


def slash_commands(count: int, *, secret: str, response_url: str) -> list[bytes]:
    """Write ``/meet help`` many times, each with a trigger of its own, signed now."""
    return [_slash_command(secret, response_url) for _ in range(count)]


def _slash_command(secret: str, response_url: str) -> bytes:
    body = urlencode(
        {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "benchmark",
            "channel_id": CHANNEL,
            "channel_name": "general",
            "user_id": USER,
            "user_name": "ana",
            "command": "/meet",
            "text": "help",
            "api_app_id": "A0BENCHMARK",
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
        }
    ).encode()
    at = str(int(time.time()))
    signature = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return _post(
        SLACK_PATH,
        body,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signature}",
        },
    )


class Signer:
    """The provider's key."""

    def __init__(self) -> None:
        self._key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)

    def pem(self) -> str:
        """Give the public half, as the provider publishes it."""
        public = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return public.decode()

    def arrivals(self, rooms: Sequence[str], count: int, *, webhook_id: str) -> list[bytes]:
        """Write that people came, each a new one, into one room after the other."""
        return [self._arrival(rooms[number % len(rooms)], number, webhook_id) for number in range(count)]

    def _arrival(self, room: str, number: int, webhook_id: str) -> bytes:
        body = json.dumps(_arrival(room, number), separators=(",", ":")).encode()
        return _post(
            WEBHOOK_PATH,
            body,
            {
                "Content-Type": "application/json",
                "User-Agent": "node",
                "rtk-signature": base64.b64encode(self._key.sign(body, PKCS1v15(), SHA256())).decode(),
                "rtk-uuid": str(uuid.uuid4()),
                "rtk-webhook-id": webhook_id,
            },
        )


def _arrival(room: str, number: int) -> dict[str, object]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "event": "meeting.participantJoined",
        "meeting": {
            "id": room,
            "title": "Weekly sync",
            "roomName": f"{room[:6]}-{room[-6:]}",
            "sessionId": str(uuid.uuid5(uuid.NAMESPACE_OID, room)),
            "status": "LIVE",
            "createdAt": at,
            "startedAt": at,
            "organizedBy": {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, "org")), "name": "Benchmark"},
        },
        "participant": {
            "peerId": str(uuid.uuid4()),
            "userDisplayName": f"Person {number}",
            "customParticipantId": f"U{number:08d}",
            "presetName": "group_call_participant",
            "joinedAt": at,
        },
    }


def _post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body
