"""What must hold for any input at all: each check takes one input and fails if it is anything but read or refused."""

import asyncio
import base64
import json
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from functools import cache
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.apply import apply
from bot.domain.events import Ignored
from bot.domain.meeting import Meeting
from bot.errors import BadPayload, BadSignature, UserError
from bot.keys import code_key
from bot.log import ref_of
from bot.providers._events import parse_delivery
from bot.providers._rsa import FixedKey, Verifier
from bot.seal import Seal
from bot.slack.inbox import Inbox
from bot.slack.inline import Inline
from bot.slack.kinds import kind_of, name_of
from bot.slack.meeting_request import read_request
from bot.slack.recording_options import read_options
from bot.slack.respond import Respond
from bot.slack.signature import SlackSignature
from bot.slack.text import TITLE_MAX, clean_title, first_word, near_miss, rest
from bot.views import actions, filled
from bot.views.thread import render_thread
from playground.provider_keys import process_key
from playground.slack_sending import signature
from tests.support.stories import MEETING

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
SECRET = "a signing secret"
WORDS = ("start", "join", "status", "end", "help")
BLINK = 1.0
"""Seconds for which one input may keep everyone else waiting."""


def at_once(answer: Coroutine[Any, Any, Any]) -> Any:
    """Run what never waits for anything."""
    try:
        answer.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits for something")


@cache
def verifier() -> Verifier:
    """Give the provider's verifier, with its key in the settings."""
    return Verifier(FixedKey(process_key("fuzz").public_pem))


def webhook_body(body: bytes) -> None:
    """Hold that a signed body is a bad payload, or an event that a meeting takes in, keeps and shows."""
    try:
        delivery = parse_delivery(body, "hook")
    except BadPayload:
        return
    meeting = MEETING
    for event in delivery.events:
        if not isinstance(event, Ignored):
            meeting = apply(meeting, event)
    assert Meeting.model_validate_json(meeting.model_dump_json()) == meeting
    json.dumps([[message.text, message.blocks] for message in render_thread(meeting)]).encode()


def webhook_signature(body: bytes, header: str | None) -> None:
    """Hold that a signature that the provider did not make is refused, whatever it looks like."""
    try:
        at_once(verifier().verify(body, header))
    except BadSignature:
        return
    raw = base64.b64decode(header or "")
    assert raw == process_key("fuzz").sign(body)


def webhook_damaged(body: bytes, at: int, byte: int) -> None:
    """Hold that a good signature vouches for its body alone."""
    signed = process_key("fuzz").sign_text(body)
    at_once(verifier().verify(body, signed))
    altered = bytearray(body or b"x")
    altered[at % len(altered)] ^= byte % 255 + 1
    try:
        at_once(verifier().verify(bytes(altered), signed))
    except BadSignature:
        return
    raise AssertionError("an altered body was believed")


def slack_headers(headers: dict[str, str], body: bytes) -> None:
    """Hold that nobody but Slack has a valid signature."""
    assert not SlackSignature(SECRET, lambda: NOW).is_valid(headers, body)


def slack_body(content_type: str, body: bytes) -> None:
    """Hold that what Slack signs is not readable, or can be named, sealed, opened, dispatched and answered."""
    kept: list[str] = []

    async def write_down(_key: str, sealed: str) -> None:
        kept.append(sealed)

    seal = Seal(SECRET)
    inline = Inline(lambda _: None, lambda _: read_form, {}, None, None, lambda said: said)  # type: ignore[arg-type] - none is opened
    inbox = Inbox(SlackSignature(SECRET, lambda: NOW), seal, inline, write_down, lambda *_: None)
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": STAMP,
        "X-Slack-Signature": signature(SECRET, STAMP, body),
    }
    answer = asyncio.run(inbox.receive(headers, body))
    assert answer.status in {200, 400}, answer
    assert not (kept and answer.status != 200)
    for sealed in kept:
        payload = json.loads(seal.open(sealed))
        words: dict[str, Any] = {"/meet": WORDS}
        assert isinstance(kind_of(payload) + name_of(payload, words), str)
        AsyncBoltRequest(body=payload, mode="socket_mode")
        Respond(None, payload)  # type: ignore[arg-type] - what is looked at here is who is answered


def read_form(view: filled.View) -> dict[str, str]:
    """Read a form in every way that there is."""
    given = filled.values(view)
    for read in (given.text, given.number, given.choice, given.ticked, given.person, given.people):
        read("prefix")
    return {} if given.text("prefix") else {"prefix": "Please say how its name begins."}


def command_text(text: str) -> None:
    """Hold that any text is read, or answered in words; in a blink."""
    began = time.perf_counter()
    assert len(clean_title(text)) <= TITLE_MAX
    assert near_miss(text, WORDS) in {None, *WORDS}
    assert isinstance(first_word(text) + rest(text), str)
    assert read_request(text, regions=("eu",)).title
    assert all(read_options(text).wrong)
    assert time.perf_counter() - began < BLINK, "it takes too long"


def button_value(action: dict[str, Any]) -> None:
    """Hold that any click is about something, or out of date."""
    for unpack in (actions.unpack_recording, actions.unpack_choice, actions.unpack_request):
        try:
            parts = unpack(actions.about(action))
        except UserError:
            continue
        assert all(isinstance(part, str) for part in parts)


def join_code(code: str) -> None:
    """Hold that any code has a key in which it cannot be read, and any name a short reference."""
    try:
        key = code_key(code)
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in code)  # half a letter, which no address can hold
        return
    assert len(key) == len("meet:code:") + 64
    assert len(ref_of(code)) == 6
