"""Commands from hostile keyboards, and requests that come twice: nothing steers Slack, and nothing is done twice."""

import asyncio
import json
import time
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from redis.asyncio import Redis

import bot.exchanged as ours
from bot.keys import WISH_KEPT
from bot.slack.signature import TOLERANCE
from bot.views.thread import render_thread
from playground.workspace_values import Message
from tests.edges.place import Place, place
from tests.hostile.forged import command, own_mistakes, sends_body
from tests.invariants.hostile import JSON, send, settled_footprint, slack_headers
from tests.support.bench import PATIENCE, Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

TITLES = {
    "everybody": "<!channel> <!here> <!everyone> @channel @here",
    "everybody, escaped": "&lt;!channel&gt; &amp;lt;!here&amp;gt;",
    "a group": "<!subteam^S1|@all> <!date^1392734382^{date}|x>",
    "a link that lies": "<https://evil.example|https://good.example>",
    "half a mention": "<@UBO <#CGENERAL| <!chan <https://x | > >>> <<<",
    "a script": "<script>alert(1)</script>",
    "control characters": "a\x00b\x1b[31mc\x07\x08\x7f\u0085\u2028\u2029d",
    "the other direction": "\u202egpj.exe\u202c \u2066x\u2069 \u200f\u200e\u061c",
    "nothing to see": "\u200b\u2060\ufeff\u00ad\u2063",
    "3,000 letters": "ab " * 1000,
    "3,000 in one word": "x" * 3000,
    "smart quotes": "“Plan ‘B’” — „now“ «then» …",  # noqa: RUF001 - as phones make them
    "faces": "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 " * 60,
    "stacked letters": "Z\u0351\u036b\u0343" * 400,
    "markup": "*bold* _it_ ~no~ `code` ```block``` > quote\n• list :tada:",
    "braces": '{"type":"header"} ${HOME} %s {0} {{x}} \\n \\u202e',
    "pipes": "a|b|c",
    "50 kB": "long <@UBO> --record-not " * 2000,
    "unfinished links": "<http:" * 3000,
    "half an option": "--region --region= --record=no",
}
STEERING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.fixture(autouse=True)
def nobody_is_at_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing that anybody sends is logged as a mistake of the bot's."""
    yield
    assert own_mistakes(caplog) == []


def harmless(message: Message | ours.Message) -> bool:
    """Tell whether a message calls nobody, links nowhere and holds nothing that steers the text around it."""
    marked, plain = message.text, ""
    for string, is_plain in _strings(message.blocks):
        plain, marked = (plain + string, marked) if is_plain else (plain, marked + string)
    seen = (marked + plain).replace("\n", "").replace("\u200d", "")
    called = any(
        call in marked for call in ("<!channel", "<!here", "<!everyone", "<!subteam", "<https://evil", "<script")
    )
    return not called and {unicodedata.category(c) for c in seen}.isdisjoint(STEERING)


def _strings(value: Any, *, plain: bool = False) -> Iterator[tuple[str, bool]]:
    """Give what is shown, and whether it is plain text, in which nothing is markup; a button's value is not shown."""
    if isinstance(value, str):
        yield value, plain
    elif isinstance(value, dict):
        for key, inner in value.items():
            is_plain = value.get("type") == "plain_text" or key == "accessibility_label"
            yield from () if key == "value" else _strings(inner, plain=is_plain)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


async def test_whatever_is_typed_becomes_a_meeting_or_an_answer_that_steers_nothing(shared: Bench) -> None:
    async def typed(text: str) -> tuple[Place, str]:
        here = place(shared)
        assert await sends_body(shared, command(shared, here.id, text)) == 200
        await shared.until(lambda: here.cards or here.answers("ana"))
        return here, text

    places = await asyncio.gather(*[typed(text) for text in TITLES.values()])

    shown = [message for here, _ in places for message in (*here.cards, *here.answers("ana"))]
    assert [message.text for message in shown if not harmless(message)] == []
    assert sum(bool(here.cards) for here, _ in places) == len(TITLES) - 2  # two have options that there are not


async def test_a_title_that_stands_in_the_way_of_another_is_as_harmless_in_answers(shared: Bench) -> None:
    here = place(shared)
    async with here.answered("ana"):  # about whom to ring, once the card stands
        await sends_body(shared, command(shared, here.id, TITLES["everybody"]))
    for text in (TITLES["50 kB"].replace("--record-not", ""), TITLES["the other direction"], "join", "status", "end"):
        async with here.answered("ana"):
            await sends_body(shared, command(shared, here.id, text))
    await here.presses("ana", here.answers("ana")[-1], "meeting_end")
    for word in ("status", "end"):
        async with here.answered("ana"):
            await sends_body(shared, command(shared, here.id, word))

    assert [message.text for message in (*here.cards, *here.answers("ana")) if not harmless(message)] == []


async def test_a_name_that_steers_is_as_harmless_on_the_card(shared: Bench) -> None:
    here = place(shared)
    await here.meeting()
    for name in ("<!channel>", "\u202eeve\u202c", "<https://evil.example|Join>", "x" * 5000, "\u200b"):
        await shared.stage.provider.enter_stranger(here.room, name)

    async with asyncio.timeout(PATIENCE):
        while len((meeting := await here.stored()).inside) < 5:
            await asyncio.sleep(0.02)
    assert all(harmless(message) for message in render_thread(meeting))


async def test_odd_forms_are_read_or_refused_and_never_fatal(shared: Bench) -> None:
    url = f"{shared.bot.url}/slack/events"
    good = command(shared, place(shared).id, "help")
    bodies: list[tuple[str, bytes]] = [
        ("", good + b"&text=status"),
        ("", b"&".join(b"field%d=x" % n for n in range(15_000))),
        ("", b"a=" + b"%41" * 80_000),
        ("", b"=&" * 100_000 + b"="),
        ("", b"payload=%7B%7D&payload=%5B%5D"),
        ("", b"%ff%fe=%00"),
        ("", b"a=%zz%"),
        ("", "text=\ufeff".encode("utf-16")),
        ("application/json; charset=utf-7", b"+AHs-+AH0-"),
        ("application/jsonp", b"{}"),
        ("APPLICATION/JSON", b'{"type":"url_verification","challenge":"x"}'),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        (JSON, b'{"type":"event_callback","event":{"type":"message"},"event_id":"' + b"E" * 100_000 + b'"}'),
        (JSON, b'{"type":"url_verification","challenge":{"a":["<script>"]}}'),
        (JSON, b'{"type":"url_verification"}'),
        (JSON, b"[" * 200_000),
        (JSON, b'{"a":' * 900 + b"1" + b"}" * 900),
        (JSON, b'{"command":"/meet","text":7}'),
        (JSON, b'{"type":"view_submission","view":{}}'),
        (JSON, b'{"type":"block_suggestion","action_id":"x","user":{},"view":null}'),
        (JSON, b'{"type":"event_callback","event":{},"authorizations":[{}]}'),
    ]
    for kind, body in bodies:
        status = await send(url, body, slack_headers(shared, body, kind or "application/x-www-form-urlencoded"))
        assert status in {200, 400}, body[:60]
    await asyncio.sleep(0.2)


async def test_text_is_read_in_time_however_it_is_made(shared: Bench) -> None:
    """Nobody may keep everyone else waiting with what he types."""
    for piece in (
        "<http:",
        "<@U",
        "<!a^",
        "<#C|",
        "--region ",
        "--region=",
        "—record ",
        "'",
        "“",
        "&amp;",
        "\u200d",
        "<",
        "| ",
    ):
        body = b"payload=" + quote(json.dumps({"command": "/meet", "text": piece * (30_000 // len(piece))})).encode()
        began = time.monotonic()
        assert await sends_body(shared, body) == 200
        async with asyncio.timeout(3):
            assert await sends_body(shared, b"ssl_check=1") == 200
        assert time.monotonic() - began < 1.5, piece


# ------------------------------------------------------------ replays


async def test_a_wish_that_comes_again_when_the_queue_has_forgotten_it_does_nothing(shared: Bench) -> None:
    here = place(shared)
    body = command(shared, here.id, "Weekly sync")
    assert await sends_body(shared, body, at=time.time() - 100) == 200
    await here.card()
    async with Redis.from_url(shared.redis_url) as redis:
        before = await settled_footprint(shared, redis)
        for key in [key async for key in redis.scan_iter(match="greenroom:*wish:*")]:
            await redis.delete(key)

        assert await sends_body(shared, body, at=time.time()) == 200
        after = await settled_footprint(shared, redis)

    assert (after.messages, after.provider_calls) == (before.messages, before.provider_calls)
    assert len(here.cards) == 1
    assert here.answers("ana") == []


async def test_a_request_outlives_neither_its_five_minutes_nor_our_memory_of_it(shared: Bench) -> None:
    """A request may be dated five minutes ahead and so be good for ten; what it did is remembered for longer."""
    here = place(shared)
    body = command(shared, here.id, "Weekly sync")
    headers = slack_headers(shared, body, at=int(time.time()) - TOLERANCE + 1)
    url = f"{shared.bot.url}/slack/events"

    assert await send(url, body, headers) == 200
    await here.card()
    while await send(url, body, headers) == 200:
        await asyncio.sleep(0.1)

    assert await send(url, body, headers) == 401
    assert len(here.cards) == 1
    assert WISH_KEPT.total_seconds() > 100 * 2 * TOLERANCE


async def test_a_request_dated_ahead_is_good_for_five_minutes_at_most(shared: Bench) -> None:
    body = urlencode({"ssl_check": "1"}).encode()

    assert await sends_body(shared, body, at=time.time() + TOLERANCE - 5) == 200
    assert await sends_body(shared, body, at=time.time() + TOLERANCE + 5) == 401
