"""A storm of bad requests at a running bot, counted by what was answered."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp

from playground.provider_keys import SigningKey
from playground.slack_sending import signature
from playground.stage import Stage
from tests.hostile.inputs import CLICK, COMMAND, EVENT, FORM, SAMPLES

STRANGER = SigningKey("a stranger's")
LANES = 8
ODD: tuple[Any, ...] = (None, True, 0, -1, 1e308, "", "x" * 5000, [], {}, [[]], "\x00", "<!channel>", "realtimekit:x")

Request = tuple[str, dict[str, str], bytes]


@dataclass
class Tally:
    """What was tried, and what came of it."""

    tried: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        """Requests answered with 4xx."""
        return sum(number for status, number in self.answers.items() if 400 <= status < 500)

    @property
    def server_errors(self) -> dict[int, int]:
        """Answers of 5xx, by status."""
        return {status: number for status, number in self.answers.items() if status >= 500}


def damaged(chance: random.Random, body: bytes) -> bytes:
    """Alter some bytes."""
    found = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(found))
        found[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 4))
    return bytes(found)


def changed(chance: random.Random, value: Any) -> Any:
    """Replace, take away or add something somewhere inside."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.2:
        return chance.choice(ODD)
    copy = value.copy()
    where: Any = chance.choice(sorted(copy)) if isinstance(copy, dict) else chance.randrange(len(copy))
    if chance.random() < 0.2:
        del copy[where]
    else:
        copy[where] = changed(chance, copy[where])
    return copy


class Forger:
    """Makes requests that nobody vouches for, and signed ones that make no sense."""

    def __init__(self, scene: Stage, chance: random.Random) -> None:
        self._scene = scene
        self._chance = chance
        self.unsigned: dict[str, Callable[[], Request]] = {
            "webhook, unsigned": lambda: ("/webhooks/realtimekit", {}, self._event()),
            "webhook, another's key": lambda: self._webhook(STRANGER.sign_text),
            "webhook, altered": self._altered,
            "webhook, noise for a signature": lambda: self._webhook(lambda _: chance.randbytes(256).hex()),
            "webhook, packed": lambda: ("/webhooks/realtimekit", {"Content-Encoding": "gzip"}, chance.randbytes(300)),
            "webhook, nobody's": lambda: (f"/webhooks/{chance.randbytes(9).hex()}", {}, b"{}"),
            "Slack, unsigned": lambda: ("/slack/events", {}, urlencode(COMMAND).encode()),
            "Slack, another's secret": lambda: self._slack(damaged(chance, self._command()), secret="a guess"),
            "Slack, an hour old": lambda: self._slack(self._command(), at=time.time() - 3600),
            "Slack, too large": lambda: ("/slack/events", {}, bytes(300_000)),
            "a join code": lambda: (f"/join/{quote(chance.randbytes(18))}", {}, b""),
        }
        self.signed: dict[str, Callable[[], Request]] = {
            "webhook, signed rubbish": lambda: self._signed_webhook(
                json.dumps(changed(chance, self._sample())).encode()
            ),
            "webhook, signed and damaged": lambda: self._signed_webhook(damaged(chance, self._event())),
            "click, signed rubbish": lambda: self._slack(
                b"payload=" + quote(json.dumps(changed(chance, CLICK))).encode()
            ),
            "form, signed rubbish": lambda: self._slack(
                b"payload=" + quote(json.dumps(changed(chance, FORM))).encode()
            ),
            "command, signed rubbish": lambda: self._slack(self._command()),
            "event, signed rubbish": lambda: self._slack(
                json.dumps(changed(chance, EVENT)).encode(), "application/json"
            ),
            "Slack, signed and damaged": lambda: self._slack(damaged(chance, self._command())),
        }

    def _sample(self) -> Any:
        return self._chance.choice(SAMPLES)

    def _event(self) -> bytes:
        return json.dumps(self._sample()).encode()

    def _webhook(self, sign: Callable[[bytes], str]) -> Request:
        body = self._event()
        return "/webhooks/realtimekit", {"rtk-signature": sign(body)}, body

    def _altered(self) -> Request:
        body = self._event()
        at = self._chance.randrange(len(body))
        altered = body[:at] + bytes([body[at] ^ self._chance.randint(1, 255)]) + body[at + 1 :]
        return "/webhooks/realtimekit", {"rtk-signature": self._sign(body)}, altered

    def _signed_webhook(self, body: bytes) -> Request:
        return "/webhooks/realtimekit", {"rtk-signature": self._sign(body)}, body

    def _sign(self, body: bytes) -> str:
        return self._scene.provider.sign("realtimekit", body)

    def _command(self) -> bytes:
        fields = {**COMMAND, "trigger_id": self._chance.randbytes(8).hex(), "response_url": ""}
        fields[self._chance.choice(sorted(fields))] = str(self._chance.choice(ODD))
        return urlencode(
            fields | {"text": self._chance.choice(("help", "status", "\u202e", "x" * 3000, "--no"))}
        ).encode()

    def _slack(
        self, body: bytes, kind: str = "application/x-www-form-urlencoded", *, secret: str = "", at: float = 0
    ) -> Request:
        stamp = str(int(at or time.time()))
        seal = signature(secret or self._scene.keys.signing_secret, stamp, body)
        headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": seal}
        return "/slack/events", headers, body


async def storm(url: str, makers: dict[str, Callable[[], Request]], *, seconds: float = 0, each: int = 0) -> Tally:
    """Send requests of every kind in turn: for some seconds, or so many of each."""
    tally, ends = Tally(), time.monotonic() + seconds
    names = [name for _ in range(each) for name in makers] if each else []

    def kinds() -> AsyncIterator[str]:
        async def forever() -> AsyncIterator[str]:
            while names if each else time.monotonic() < ends:
                for name in [names.pop()] if each else makers:
                    yield name

        return forever()

    async def lane(client: aiohttp.ClientSession) -> None:
        async for name in kinds():
            path, headers, body = makers[name]()
            method = "GET" if path.startswith("/join") else "POST"
            async with client.request(method, url + path, data=body or None, headers=headers) as answer:
                await answer.read()
            tally.tried[name] += 1
            tally.answers[answer.status] += 1

    async with client_of(LANES) as client:
        await asyncio.gather(*[lane(client) for _ in range(LANES)])
    return tally


@asynccontextmanager
async def client_of(connections: int) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a client that keeps few connections, and adds no header of its own to what is packed."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), timeout=aiohttp.ClientTimeout(total=20)
    ) as client:
        yield client
