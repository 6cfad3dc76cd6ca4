"""Rightly signed webhooks that come again much later, or are spelt oddly: understood, and taken once."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.meeting import Meeting
from tests.edges.place import Place, place
from tests.hostile.forged import own_mistakes
from tests.hostile.letters import joined, sent
from tests.invariants.hostile import compact
from tests.support.bench import PATIENCE, Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(shared: Bench) -> Place:
    """Give a channel with a meeting in it."""
    found = place(shared)
    await found.meeting()
    return found


@pytest.fixture(autouse=True)
def nobody_is_at_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing that anybody sends is logged as a mistake of the bot's."""
    yield
    assert own_mistakes(caplog) == []


# ------------------------------------------------------------ replayed


async def test_everything_that_was_delivered_changes_nothing_when_it_comes_again_later(shared: Bench) -> None:
    """An hour or a year later is the same to the bot: a signature has no time in it, so what is told counts."""
    here, provider = place(shared), shared.stage.provider
    heard = len(provider.deliveries.log)
    await here.runs()
    await here.asks("ana", "/record stop")
    await here.knows("UPLOADED")
    await provider.kick_all(here.room)
    await _until(here, lambda meeting: meeting.sessions and not meeting.live_sessions)
    await provider.enter_stranger(here.room, "Bob")  # and a second session is on
    await _until(here, lambda meeting: {each.name for each in meeting.inside} == {"Bob"})
    await provider.deliveries.settled()
    letters = [letter.body for letter in list(provider.deliveries.log)[heard:]]
    assert {json.loads(letter)["event"] for letter in letters} >= {"meeting.ended", "recording.statusUpdate"}
    before = await shared.bot.store.get((await here.stored()).id)

    for order in (letters, letters[::-1]):
        assert {await sent(shared, letter) for letter in order} == {200}

    after = await shared.bot.store.get((await here.stored()).id)
    assert after
    assert before
    assert (after.version, after.meeting) == (before.version, before.meeting)


async def _until(here: Place, holds: Callable[[Meeting], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds(await here.stored()):
            await asyncio.sleep(0.02)


# ------------------------------------------------------------ spelt oddly


def spellings(room: str, peer: str) -> dict[str, bytes]:
    """Spell one event in many ways that mean the same."""
    plain = json.loads(joined(room, f"Odd {peer}", peer))
    turned = {key: plain[key] for key in reversed(plain)}
    return {
        "with blanks": json.dumps(plain, indent=8).encode(),
        "with line ends": json.dumps(plain, indent="\t").replace("\n", "\r\n").encode(),
        "turned around": json.dumps(turned).encode(),
        "escaped": b"".join(b"\\u%04x" % c if chr(c).isalnum() else bytes([c]) for c in json.dumps(plain).encode()),
        "twice the key": joined(room, f"Odd {peer}", peer)[:-1] + b',"event":"meeting.participantJoined"}',
        "with more": compact(plain | {"new": {"deep": [[[[1e308, -0.0, None, True]]]]}, "": "", "\ud83d": "\udc00"}),
        "with great numbers": compact(plain | {"meeting": plain["meeting"] | {"createdAt": 10**400}}),
    }


@pytest.mark.parametrize("spelling", spellings("", ""))
async def test_a_signed_event_is_understood_however_its_json_is_spelt(here: Place, spelling: str) -> None:
    peer = f"p-{spelling.replace(' ', '-')}"

    assert await sent(here.world, spellings(here.room, peer)[spelling]) == 200

    assert peer in (await here.stored()).presences


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf{}",
        '{"event":"meeting.started"}'.encode("utf-16"),
        b'{"event":"caf\xe9"}',
        b"{}{}",
        b"{},",
        b"{'event':'x'}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":01}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b"[" * 100_000,
        b'{"event":"x"' + b" " * 200_000,
        b"\0" * 100,
    ],
    ids=range(14),
)
async def test_a_signed_body_that_is_no_json_is_refused_for_good(here: Place, body: bytes) -> None:
    assert await sent(here.world, body) == 400


async def test_values_of_another_kind_are_carried_or_left_out_and_never_fatal(here: Place) -> None:
    odd: list[Any] = [7, "7", -1, 1e400, True, None, [], {}, "\0", "x" * 20_000, [[]], {"id": here.room}]
    for value in odd:
        for path in ("meeting", "participant", "recording", "event"):
            body = compact(json.loads(joined(here.room)) | {path: value}).replace(b"Infinity", b"1e400")
            assert await sent(here.world, body) in {200, 400}, (path, value)
        meeting = {"id": here.room, "sessionId": value, "startedAt": value, "endedAt": value, "title": value}
        recording = {"id": "r-odd", "meetingId": here.room, "status": value, "fileSize": value, "startedTime": value}
        for event in ("meeting.started", "meeting.ended", "recording.statusUpdate"):
            body = compact({"event": event, "meeting": meeting, "recording": recording})
            assert await sent(here.world, body.replace(b"Infinity", b"1e400")) in {200, 400}, (event, value)
