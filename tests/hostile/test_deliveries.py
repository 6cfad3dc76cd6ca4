"""Webhooks from somebody who has seen a good one: altered, replayed, spelt oddly, or about somebody else's room."""

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from playground.provider_keys import SigningKey
from tests.edges.place import Place, place
from tests.hostile.forged import own_mistakes
from tests.hostile.letters import joined, sent
from tests.invariants.hostile import compact, footprint, settled_footprint
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")
STRANGER = SigningKey("somebody else's")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(shared: Bench) -> Place:
    """Give a channel with a meeting in it."""
    found = place(shared)
    await found.meeting()
    return found


@pytest_asyncio.fixture(loop_scope="module")
async def store(shared: Bench) -> Any:
    """Give the Redis of the shared world, as it is."""
    async with Redis.from_url(shared.redis_url) as client:
        yield client


@pytest.fixture(autouse=True)
def nobody_is_at_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing that anybody sends is logged as a mistake of the bot's."""
    yield
    assert own_mistakes(caplog) == []


async def all_sent(world: Bench, letters: list[tuple[bytes, dict[str, str]]]) -> list[int]:
    """Deliver many on one connection, each with headers of its own."""

    async def one(client: aiohttp.ClientSession, body: bytes, headers: dict[str, str]) -> int:
        async with client.post(f"{world.bot.url}/webhooks/realtimekit", data=body, headers=headers) as answer:
            return answer.status

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=4)) as client:
        return await asyncio.gather(*[one(client, *letter) for letter in letters])


# ------------------------------------------------------------ altered


async def test_no_byte_of_a_body_can_be_altered_left_out_or_added(here: Place, store: Redis) -> None:
    world, body = here.world, joined(here.room)
    signature = {"rtk-signature": world.stage.provider.sign("realtimekit", body)}
    before = await settled_footprint(world, store)
    flipped = [body[:i] + bytes([body[i] ^ 1]) + body[i + 1 :] for i in range(len(body))]
    without = [body[:i] + body[i + 1 :] for i in range(len(body))]
    longer = [body[:i] + b" " + body[i:] for i in range(len(body) + 1)]

    answers = await all_sent(world, [(each, signature) for each in {*flipped, *without, *longer} - {body}])

    assert set(answers) == {401}
    assert await footprint(world, store) == before


async def test_no_byte_of_a_signature_can_be_altered(here: Place, store: Redis) -> None:
    world, body = here.world, joined(here.room)
    raw = base64.b64decode(world.stage.provider.sign("realtimekit", body))
    before = await settled_footprint(world, store)
    altered = [raw[:i] + bytes([raw[i] ^ 1]) + raw[i + 1 :] for i in range(len(raw))]
    altered += [raw[:-1], raw[1:], raw + b"\0", b"\0" + raw, raw[::-1], bytes(256), b"\xff" * 256, raw * 2]
    spelt = [base64.b64encode(each).decode() for each in altered]
    spelt += [raw.hex(), base64.urlsafe_b64encode(raw).decode().rstrip("="), base64.b64encode(raw).decode()[:-2]]

    answers = await all_sent(world, [(body, {"rtk-signature": each}) for each in spelt])

    assert set(answers) == {401}
    assert await footprint(world, store) == before


async def test_a_good_signature_beside_a_bad_one_vouches_for_nothing_but_its_own_body(
    here: Place, store: Redis
) -> None:
    world, forged = here.world, joined(here.room, "Forged")
    good = world.stage.provider.sign("realtimekit", joined(here.room))
    before = await settled_footprint(world, store)
    pairs = [
        {"rtk-signature": good, "dyte-signature": STRANGER.sign_text(forged)},
        {"dyte-signature": good},
        {"rtk-signature": f"{good},{STRANGER.sign_text(forged)}"},
        {"rtk-signature": f"v1={STRANGER.sign_text(forged)}"},
        {"RTK-SIGNATURE": STRANGER.sign_text(forged)},
        {"rtk-signature": "none", "authorization": "Bearer x"},
    ]

    assert set(await all_sent(world, [(forged, pair) for pair in pairs])) == {401}
    assert await footprint(world, store) == before


# ------------------------------------------------------------ about somebody else's room


async def test_a_room_that_is_almost_ours_is_not_ours(here: Place, store: Redis) -> None:
    """Every customer of the provider has events signed by the same key, and chooses titles and names freely."""
    world, ours = here.world, here.room
    before = await settled_footprint(world, store)
    others = [
        ours.upper(),
        ours + "\0",
        f" {ours}",
        f"{ours} ",
        ours + "/",
        "realtimekit:" + ours,
        ours[:-1],
        ours + "}",
    ]
    others += [ours.replace("-", "\u2010"), f"{{{ours}}}", ours + "|" + ours, "*", "", "\u202e" + ours[::-1]]
    letters = [joined(other) for other in others]
    letters += [
        compact(json.loads(joined("theirs")) | {"meetingId": ours}),
        joined("theirs", name=joined(ours).decode()),
    ]
    letters += [
        compact({"event": "meeting.participantJoined", "meeting": [{"id": ours}], "participant": {"peerId": "p"}})
    ]

    assert {await sent(world, letter) for letter in letters} == {200}

    await asyncio.sleep(0.1)
    after = await footprint(world, store)
    assert replace(after, counters=before.counters) == before


async def test_foreign_events_that_name_no_webhook_do_not_hide_that_our_own_have_stopped(
    here: Place, store: Redis
) -> None:
    world = here.world
    before = (await settled_footprint(world, store)).counters
    headers = {"rtk-signature": world.stage.provider.sign("realtimekit", joined("theirs"))}

    assert await all_sent(world, [(joined("theirs"), headers)]) == [200]

    await asyncio.sleep(0.3)
    assert (await footprint(world, store)).counters == before
