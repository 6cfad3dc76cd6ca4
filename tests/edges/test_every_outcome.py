"""Each word of the metrics, brought about: what nobody has seen counted is not known to be counted.

Not here: ``slack_trouble``, and ``unreadable``, which takes the two minutes in which another replica may open it.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.domain.ids import MeetingId
from bot.keys import meeting_key
from tests.edges.place import Place, place, town
from tests.edges.test_operating import OPERATING, shows
from tests.hostile.forged import answer_to, click, command, sends_body
from tests.hostile.letters import joined, sent
from tests.invariants.hostile import JSON, send, slack_headers
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, POLL_SECONDS="0.5") as world:
        yield world


def name(metric: str, **labels: str) -> str:
    written = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    return f"greenroom_{metric}{{{written}}}"


def acknowledged(kind: str, outcome: str) -> str:
    return name("acknowledgement_seconds_count", kind=kind, outcome=outcome)


def carried_out(kind: str, outcome: str) -> str:
    return name("wish_seconds_count", kind=kind, outcome=outcome)


def delivered(outcome: str) -> str:
    return name("webhooks_total", outcome=outcome, provider="realtimekit")


async def counted(world: Bench, *metrics: str) -> None:
    """Hold that each of these was counted at least once."""
    for metric in metrics:
        await shows(world.bot.url, metric)


# ------------------------------------------------------------ what Slack sends


async def test_a_form_is_counted_as_opened_as_to_be_mended_and_as_taken(here: Place) -> None:
    await here.meeting()
    await here.world.says("ana", here.id, "/record options")
    await here.world.fills("ana", watermark="no address")
    assert here.world.mistakes("ana")
    await here.world.stage.slack.dismiss("ana", here.world.form("ana").id)

    await counted(here.world, acknowledged("command", "opened"), acknowledged("form", "to_mend"))


async def test_what_cannot_be_read_is_counted_as_such(shared: Bench) -> None:
    url = f"{shared.bot.url}/slack/events"

    assert await send(url, b"[]", slack_headers(shared, b"[]", JSON)) == 400

    await counted(shared, acknowledged("unread", "not_readable"))


@pytest.mark.soak
async def test_a_body_that_stays_away_is_counted_as_too_slow_at_both_doors(shared: Bench) -> None:
    async def dawdles(path: str) -> int:
        async def body() -> AsyncIterator[bytes]:
            yield b"a"
            await asyncio.sleep(20)

        async with aiohttp.ClientSession() as client, client.post(f"{shared.bot.url}{path}", data=body()) as answer:
            return answer.status

    assert await asyncio.gather(dawdles("/slack/events"), dawdles("/webhooks/realtimekit")) == [408, 503]

    await counted(shared, acknowledged("unread", "too_slow"), delivered("too_slow"))


# ------------------------------------------------------------ what is carried out


async def test_what_the_service_does_not_do_is_counted_as_its_trouble(here: Place) -> None:
    here.world.stage.provider.faults.fail("create_meeting", 400)
    await here.asks("ana", "/meet Weekly sync")

    await counted(here.world, carried_out("command", "provider_trouble"))


async def test_what_a_person_is_told_instead_of_a_form_is_counted(here: Place) -> None:
    await here.meeting()
    here.world.stage.slack.faults.error("views.open", "expired_trigger_id")

    await here.asks("ana", "/record options")

    await counted(here.world, carried_out("command", "told"))


async def test_what_nobody_listens_to_is_counted(shared: Bench) -> None:
    event = {"type": "reaction_added", "user": "UANA"}
    body = json.dumps({"type": "event_callback", "event_id": "Ev0NOBODY", "event": event}).encode()

    assert await send(f"{shared.bot.url}/slack/events", body, slack_headers(shared, body, JSON)) == 200

    await counted(shared, carried_out("event", "unheard"))


async def test_a_mistake_of_our_own_is_counted(here: Place) -> None:
    await here.meeting()
    broken = MeetingId("realtimekit:written-by-nobody")
    async with Redis.from_url(here.world.redis_url) as redis:
        await redis.hset(meeting_key(broken), mapping={"version": 1, "json": "{"})
        await redis.expire(meeting_key(broken), 60)

    await answer_to(here, click(here.world, here.cards[-1], action_id="join", value=broken))

    await counted(here.world, carried_out("button", "trouble"))


async def test_a_wish_that_comes_again_is_counted_as_repeated(here: Place) -> None:
    body = command(here.world, here.id, "help")
    async with here.answered("ana"):
        assert await sends_body(here.world, body) == 200
    await counted(here.world, carried_out("command", "done"))
    async with Redis.from_url(here.world.redis_url) as redis:
        while await redis.exists(*[key async for key in redis.scan_iter(match="greenroom:runs:wish:*")] or ["none"]):
            for key in [key async for key in redis.scan_iter(match="greenroom:*wish:*")]:
                await redis.delete(key)

    assert await sends_body(here.world, body) == 200

    await counted(here.world, carried_out("command", "repeated"))


async def test_a_wish_that_is_tried_again_is_counted_among_the_retries(redis_process: str) -> None:
    """A key in the way of the meetings' index is a Redis that refuses: a wish is tried until it is gone."""
    async with town(redis_process, POLL_SECONDS="0.3") as world, Redis.from_url(world.redis_url) as redis:
        here = place(world)
        await redis.delete("meet:index")
        await redis.set("meet:index", "in the way", ex=60)
        await world.says("ana", here.id, "/meet Design talk")

        await counted(world, name("retries_total", what="wish"))
        await redis.delete("meet:index")
        await here.card()


# ------------------------------------------------------------ webhooks


async def streamed(url: str, piece: bytes, times: int) -> int:
    """Send a body that does not say beforehand how long it is."""

    async def body() -> AsyncIterator[bytes]:
        for _ in range(times):
            yield piece

    async with aiohttp.ClientSession() as client, client.post(url, data=body()) as answer:
        return answer.status


async def test_each_way_of_taking_a_webhook_is_counted(here: Place) -> None:
    await here.meeting()
    body = joined(here.room)

    async def answers(what: bytes, **how: Any) -> int:
        return await sent(here.world, what, **how)

    own = next(iter(here.world.stage.provider.rooms.webhooks.values())).id
    assert [await answers(body, webhook_id=own) for _ in range(2)] == [200, 200]
    assert await answers(body, webhook_id="another-apps") == 200
    assert await answers(b"not json") == 400
    assert await streamed(f"{here.world.bot.url}/webhooks/realtimekit", b"x" * 100_000, 3) == 413

    await counted(here.world, *map(delivered, ("taken", "nothing_new", "foreign", "bad_payload", "too_large")))


async def test_a_key_that_cannot_be_had_is_counted(redis_process: str) -> None:
    async with town(redis_process, public=False, REALTIMEKIT_WEBHOOK_KEY_URL="http://127.0.0.1:9/key") as world:
        assert await sent(world, b"{}") == 503

        await counted(world, delivered("key_unavailable"))


# ------------------------------------------------------------ without Redis


async def test_what_redis_does_not_take_is_counted_at_both_doors_and_so_are_the_tries_that_follow(
    redis_process: str,
) -> None:
    async with town(redis_process) as world:
        here = place(world)
        await here.meeting()
        async with Redis.from_url(world.redis_url) as redis:
            await redis.config_set("maxmemory", "1")  # a Redis that is full refuses every write
            try:
                assert await sends_body(world, command(world, here.id, "help")) == 503
                assert await sent(world, joined(here.room, "Zoe", "p-zoe")) == 503
            finally:
                await redis.config_set("maxmemory", "0")

        await counted(world, acknowledged("command", "not_now"), delivered("not_stored"))


# ------------------------------------------------------------ what is explained


HERE = {"opened", "to_mend", "not_readable", "too_slow", "provider_trouble", "repeated", "not_now", "not_stored"}
HERE |= {"told", "trouble", "unheard", "nothing_new", "foreign", "bad_payload", "key_unavailable", "too_large"}
ELSEWHERE = {"taken", "not_slack", "done", "refused", "again", "unreadable", "slack_trouble"}
ELSEWHERE |= {"bad_signature", "ok", "unavailable", "not_found", "rejected", "cancelled"}


async def test_every_word_that_is_explained_is_brought_about_by_some_test() -> None:
    table = OPERATING.read_text().partition("## What is counted")[2].partition("## Alerts")[0]
    rows = [line for line in table.splitlines() if "`outcome`" in line]
    words = {word for line in rows for word in re.findall(r"`([a-z_]+)`", line.rpartition("|")[0])}
    own = {"kind", "outcome", "provider", "method", "operation", "what", "ratelimited"}
    kinds = {"command", "button", "form", "shortcut", "event", "other", "unread"}

    assert {word for word in words if not word.startswith("greenroom_")} - own - kinds == HERE | ELSEWHERE
