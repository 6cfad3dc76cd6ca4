"""Takes in what Slack sends: verified, done at once or written down as a wish, and only then acknowledged."""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from redis.exceptions import RedisError

from bot.clock import Clock, utcnow
from bot.log import bind
from bot.seal import Seal
from bot.slack.inline import OPENED, TAKEN_IN, TO_MEND, Inline, Payload
from bot.slack.kinds import OTHER, kind_of
from bot.slack.sent import RECEIVED
from bot.slack.shape import has_slacks_shape
from bot.slack.signature import SlackSignature

log = logging.getLogger(__name__)

PATIENCE = 2.5
"""Seconds in which a wish must be written down; Slack waits for three."""

WriteDown = Callable[[str, str], Awaitable[None]]
"""Makes a wish durable under a key; the same key is carried out once."""

Observe = Callable[[str, str, float], None]
"""Told of everything that came in: its kind, what became of it, and the seconds until that was known."""

WORDS = {OPENED: "answered with a form", TAKEN_IN: "written down", TO_MEND: "given back to be mended"}
"""What became of a request, for the log."""

UNREAD = "unread"
"""The kind of what was not even parsed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack is told; ``payload`` is what a form that was submitted is to do."""

    status: int
    text: str = ""
    payload: Payload | None = None


NOT_SLACK = Answer(401, "not signed by Slack")
NOT_READABLE = Answer(400, "not readable")
NOT_NOW = Answer(503, "not written down, try again")
TAKEN = Answer(200)


class Inbox:
    """Where Slack's requests arrive, by HTTP or by Socket Mode."""

    def __init__(
        self,
        signature: SlackSignature,
        seal: Seal,
        inline: Inline,
        write_down: WriteDown,
        observe: Observe,
        clock: Clock = utcnow,
    ) -> None:
        self._clock = clock
        self._signature = signature
        self._inline = inline
        self._seal = seal
        self._write_down = write_down
        self._observe = observe

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take in one HTTP request; a 200 means that it is written down, or done."""
        started = time.perf_counter()
        if not self._signature.is_valid(headers, body):
            self._observe(UNREAD, "not_slack", time.perf_counter() - started)
            return NOT_SLACK
        payload = read(headers.get("Content-Type", ""), body)
        if payload is None or not has_slacks_shape(payload):
            self._observe(UNREAD, "not_readable", time.perf_counter() - started)
            return NOT_READABLE
        if payload.get("type") == "url_verification" or payload.get("ssl_check"):
            self._observe(OTHER, "taken", time.perf_counter() - started)
            return Answer(200, str(payload.get("challenge", "")))
        return await self.accept(payload)

    def gave_up(self, seconds: float) -> None:
        """Note a request whose body did not arrive in time."""
        self._observe(UNREAD, "too_slow", seconds)

    async def accept(self, payload: Payload) -> Answer:
        """Do what cannot wait, and write down what is left; what is not written down must not be acknowledged."""
        if not has_slacks_shape(payload):  # by Socket Mode: to have it sent again would not make it better
            self._observe(UNREAD, "not_readable", 0)
            return TAKEN
        payload.pop("token", None)  # Slack's old verification token, of no use to anybody
        key, kind, started = wish_name(payload), kind_of(payload), time.perf_counter()
        with bind(reference(key)):
            payload[RECEIVED] = self._clock().isoformat()  # after it was named: a repetition comes later
            done = await self._inline.handle(payload, key, reference(key))
            patience = PATIENCE - (time.perf_counter() - started)
            kept = done.left is None or await self._keep(key, json.dumps(done.left).encode(), patience)
            seconds = time.perf_counter() - started
            self._observe(kind, done.outcome if kept else "not_now", seconds)
            if kept:
                log.info("a %s was %s", kind, WORDS[done.outcome], extra={"seconds": round(seconds, 4)})
        return Answer(200, payload=done.answer) if kept else NOT_NOW

    async def _keep(self, key: str, payload: bytes, patience: float) -> bool:
        try:
            async with asyncio.timeout(patience):
                await self._write_down(key, self._seal.seal(payload))
        except (RedisError, OSError, TimeoutError) as trouble:
            log.error("a wish could not be written down: %s", type(trouble).__name__)  # noqa: TRY400 - no bug
            return False
        return True


def read(content_type: str, body: bytes) -> Payload | None:
    """Parse a verified body: a form with fields or with a ``payload``, or JSON; None where it is neither."""
    try:
        text = body.decode()
        if content_type.startswith("application/json"):
            found = json.loads(text)
        else:
            form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))
            found = json.loads(form["payload"]) if "payload" in form else form
        # Half a letter (a lone surrogate), or a depth that cannot be written down, is not readable either.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def wish_name(payload: Payload) -> str:
    """Name a wish by what Slack sent, so that a second delivery of the same one falls together with the first.

    Events carry an id of their own. Commands and clicks are told apart by all that they say: each brings a
    ``trigger_id`` and a ``response_url`` that no other has. A form that is submitted again with the same answers,
    because the acknowledgement was lost, is the same wish although it has a new ``trigger_id``.
    """
    unique = payload.get("event_id") or json.dumps(_told_apart(payload), sort_keys=True)
    return hashlib.sha256(str(unique).encode()).hexdigest()[:32]


def _told_apart(payload: Payload) -> Any:
    if payload.get("type") != "view_submission":
        return payload
    view, user = payload["view"], payload.get("user") or {}
    return "view_submission", user.get("id"), [view.get(part) for part in ("id", "hash", "private_metadata", "state")]


def reference(key: str) -> str:
    """Give the short id by which a wish is found in the log, and which a person is told when something went wrong."""
    return key[:6]
