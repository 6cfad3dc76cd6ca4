"""Inputs of every kind that comes in from outside: anything at all, and almost-good ones."""

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from tests.support.stories import nasty

SAMPLES = [
    json.loads(file.read_text())
    for file in sorted((Path(__file__).parents[1] / "samples").glob("*/*.json"))
    if file.parent.name in {"dyte", "realtimekit"}
]
CLICK: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "UANA", "username": "ana", "team_id": "T1"},
    "team": {"id": "T1", "domain": "greenroom"},
    "channel": {"id": "CGENERAL", "name": "general"},
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "CGENERAL", "is_ephemeral": False},
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.slack.com/actions/T1/2/x",
    "enterprise": None,
    "actions": [{"type": "button", "action_id": "join", "block_id": "b", "value": "realtimekit:room-1"}],
}
COMMAND = {
    "command": "/meet",
    "text": "Weekly sync <@UBO|bo> --record",
    "user_id": "UANA",
    "channel_id": "CGENERAL",
    "team_id": "T1",
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.slack.com/commands/T1/2/x",
}
EVENT: dict[str, Any] = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {"type": "app_home_opened", "user": "UANA", "channel": "D1"},
    "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
}
FORM: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "UANA", "username": "ana", "team_id": "T1"},
    "team": {"id": "T1", "domain": "greenroom"},
    "trigger_id": "1.2.abc",
    "response_urls": [],
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "recording_form",
        "hash": "1.a",
        "private_metadata": '{"channel": "CGENERAL", "about": "realtimekit:room-1"}',
        "blocks": [{"type": "input", "block_id": "prefix", "element": {"type": "plain_text_input"}}],
        "state": {"values": {"prefix": {"prefix": {"type": "plain_text_input", "value": "standup"}}}},
    },
}

any_text = st.text(st.characters(exclude_categories=())) | nasty
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.sampled_from(["", "0", "Z", "x" * 3000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)


def changed(value: Any, draw: st.DrawFn) -> Any:
    """Give the value with something in it replaced, taken away, or put in."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 4)) == 0:
        return draw(any_json)
    copy = value.copy()
    where: Any = draw(st.sampled_from(sorted(copy))) if isinstance(copy, dict) else draw(st.integers(0, len(copy) - 1))
    match draw(st.integers(0, 5)):
        case 0:
            del copy[where]
        case 1 if isinstance(copy, dict):
            copy[draw(any_text)] = draw(any_json)
        case _:
            copy[where] = changed(copy[where], draw)
    return copy


@st.composite
def almost(draw: st.DrawFn, seeds: list[Any]) -> Any:
    """Give one of these with up to three changes."""
    value = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 3))):
        value = changed(value, draw)
    return value


@st.composite
def damaged(draw: st.DrawFn, good: st.SearchStrategy[bytes]) -> bytes:
    """Give bytes of which some were altered, taken away or put in."""
    body = bytearray(draw(good))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(body)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _form(value: Any) -> bytes:
    return b"payload=" + quote(json.dumps(value)).encode()


@st.composite
def _spelt(draw: st.DrawFn, value: st.SearchStrategy[Any]) -> bytes:
    style: dict[str, Any] = draw(st.sampled_from([{}, {"indent": 3}, {"separators": (",", ":")}, {"sort_keys": False}]))
    return json.dumps(draw(value), ensure_ascii=draw(st.booleans()), **style).encode("utf-8", "surrogatepass")


webhook_bodies = (
    st.binary()
    | _spelt(any_json)
    | _spelt(almost(SAMPLES))
    | damaged(st.sampled_from(SAMPLES).map(_json))
    | st.integers(1, 5000).map(lambda depth: b'{"a":' * depth + b"1" + b"}" * depth)
)
signature_headers = (
    st.none()
    | any_text
    | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \t\r\n", max_size=700)
    | st.binary(min_size=250, max_size=260).map(lambda raw: base64.b64encode(raw).decode())
)
stamps = any_text | st.integers().map(str) | st.sampled_from(["1795262400", "1795262399", "+1795262400", "1795262400 "])
seals = any_text | st.text("0123456789abcdef", min_size=64, max_size=64).map("v0=".__add__)
slack_headers = st.dictionaries(any_text, any_text, max_size=2) | st.fixed_dictionaries(
    {"X-Slack-Request-Timestamp": stamps, "X-Slack-Signature": seals}
)
payloads = almost([CLICK, COMMAND, EVENT, FORM])
fields = st.dictionaries(
    st.sampled_from([*COMMAND, "payload", "ssl_check", "type", "user", "actions", "event"]) | st.text(), st.text()
)
slack_bodies = (
    st.binary()
    | _spelt(any_json | payloads)
    | payloads.map(_form)
    | damaged(st.sampled_from([_form(CLICK), _form(FORM), urlencode(COMMAND).encode(), _json(EVENT)]))
    | fields.map(lambda form: urlencode({**COMMAND, **form}).encode())
)
content_types = st.sampled_from(["application/json", "application/x-www-form-urlencoded", "", "text/plain"]) | any_text
PIECES = (
    "--record",
    "—record",
    "--region",
    "=",
    "eu",
    "<@U1|ana>",
    "<!channel>",
    "<http:",
    "<#C1|",
    "&amp;",
    "“",
    "start",
)
texts = (
    any_text
    | st.lists(st.sampled_from(PIECES) | any_text, max_size=12).map(" ".join)
    | st.tuples(st.sampled_from(PIECES) | st.text(min_size=1, max_size=4), st.integers(1, 20_000)).map(
        lambda pair: (pair[0] * pair[1])[:20_000]
    )
)
values = any_text | st.lists(st.sampled_from(["realtimekit:r", "end", "rec-1", "", "x"]) | any_text, max_size=4).map(
    "|".join
)
clicks = (
    st.fixed_dictionaries({"value": values | any_json})
    | st.fixed_dictionaries({"selected_option": any_json | st.fixed_dictionaries({"value": values | any_json})})
    | st.dictionaries(st.sampled_from(["value", "selected_option", "action_id"]), any_json)
)
codes = any_text | st.text("abcXYZ019_-", min_size=24, max_size=24)
