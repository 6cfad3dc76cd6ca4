"""Invariant 7: no secret stands where it has no business, at the loudest log level and through every mishap."""

import json
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from redis.asyncio import Redis

from bot.domain.ids import MeetingId
from bot.keys import meeting_key
from playground.provider_livestreams import INGEST
from playground.slack_faults import RESPONSE_URL
from playground.workspace_values import Message
from tests.invariants.hostile import compact, send, slack_headers
from tests.invariants.secrets import (
    Secrets,
    everything_sent_to_redis,
    places,
    provider_places,
    redis_places,
    slack_places,
)
from tests.invariants.tools import edits_are_free, meeting_id
from tests.support.bench import Bench, button, elements
from tests.support.process import BotProcess, outside_bench

PATH_SECRET = "a-path-that-nobody-guesses"
STORAGE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCY"
ARCHIVE = {"type": "aws", "access_key": "AKIA-archive", "secret": STORAGE_SECRET, "bucket": "b", "region": "r"}
STORED = {"RECORDING_STORAGE_PROFILES": json.dumps({"archive": ARCHIVE}), "RECORDING_STORAGE": "archive"}
BROKEN = "realtimekit:written-by-a-version-that-nobody-remembers"

WAYS: dict[str, dict[str, Any]] = {
    "realtimekit": {},
    "dyte": {"provider": "dyte"},
    "socket mode": {"socket_mode": True, "LOG_FORMAT": "console"},
}


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=[] if way == "realtimekit" else [pytest.mark.soak]) for way in WAYS]
)
async def test_no_secret_stands_where_it_has_no_business(way: str, redis_url: str, redis: Redis) -> None:
    async with AsyncExitStack() as stack:
        heard = await stack.enter_async_context(everything_sent_to_redis(redis_url))
        given = {"WEBHOOK_PATH_SECRET": PATH_SECRET, **STORED, **WAYS[way]}
        world, process = await stack.enter_async_context(outside_bench(redis_url, **given))
        secrets = Secrets.of(world.stage, **{"path secret": PATH_SECRET, "storage secret": STORAGE_SECRET})
        edits_are_free(world.stage)
        await redis.hset(meeting_key(MeetingId(BROKEN)), mapping={"version": 1, "json": "{"})
        await the_journey(world, secrets)
        await the_mishaps(world, process, secrets)
        secrets.add("response url", *world.stage.slack.response_urls._known)
        secrets.add("socket ticket", *(call.answer["url"] for call in world.stage.slack.calls if "url" in call.answer))
        searched = places(
            slack_places(world.stage),
            await redis_places(redis),
            log=process.log,
            metrics=await page(f"{process.url}/metrics"),
            health=await page(f"{process.url}/readyz"),
            commands=heard,
        )
        asked = provider_places(world.stage)
    assert len(heard) > 100
    assert "unexpected trouble" in process_said(searched["log"])
    assert STORAGE_SECRET in asked["a call to the provider"]
    assert secrets.found_in(searched) == {}
    theirs = {"path secret", "storage secret"}
    ours = Secrets({what: each for what, each in secrets.known.items() if what not in theirs})
    assert ours.found_in(asked) == {}


def process_said(log: str) -> str:
    """Insist that the bot spoke at all."""
    assert len(log) > 1000
    return log


async def page(url: str) -> str:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


async def the_journey(world: Bench, secrets: Secrets) -> None:
    """Live through a meeting, and note every secret that is handed out on the way."""
    await world.says("ana", "general", "/meet Weekly sync @bo")
    card = await world.has_card()
    for user in ("ana", "bo", "ana"):
        await goes_in(world, user, card, secrets)
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.until(lambda: world.has_reply("Recording ready"))
    await watches(world, secrets)
    await gets_the_voices(world, secrets)
    await goes_live(world, secrets)


async def gets_the_voices(world: Bench, secrets: Secrets) -> None:
    """Have each person's own sound recorded, and get a link to each file."""
    await world.says("ana", "general", "/record tracks")
    await world.until(lambda: world.reply("Recording each person's own sound since"))
    await world.presses("ana", world.reply("Recording each person's own sound since"), "record_stop")
    await world.until(lambda: world.has_reply("Each person's own sound is ready"))
    ready = next(m for m in world.replies() if "Each person's own sound is ready" in m.text)
    before = len(world.private("bo"))
    await world.presses("bo", ready, "tracks_files")
    await world.until(lambda: len(world.private("bo")) > before)
    links = [each["url"] for each in elements(world.private("bo")[-1])]
    assert links
    for number, link in enumerate(links):
        secrets.add(f"link to voice {number}", link)


async def goes_live(world: Bench, secrets: Secrets) -> None:
    """Be shown to the public, whose address everybody may know, with a key that lets anybody broadcast instead."""
    before = len(world.private("ana"))
    await world.says("ana", "general", "/meet live")
    await world.until(lambda: len(world.private("ana")) > before)
    await world.presses("ana", world.private("ana")[-1], "live_start")
    await world.until(lambda: world.has_reply("Live to the public"))
    [livestream] = world.stage.provider.rooms.livestreams.values()
    secrets.add("stream key", livestream.stream_key)
    secrets.add("ingest server", INGEST)


async def goes_in(world: Bench, user: str, card: Message, secrets: Secrets) -> None:
    link = await world.link_of(user, card)
    token = await world.token_from(link)
    secrets.add(f"code of {user}", link.rpartition("/")[2])
    secrets.add(f"token of {user}", token)
    await world.stage.provider.enter(token)


async def watches(world: Bench, secrets: Secrets) -> None:
    ready = next(message for message in world.replies() if "Recording ready" in message.text)
    before = len(world.private("bo"))
    await world.presses("bo", ready, "record_watch")
    await world.until(lambda: len(world.private("bo")) > before)
    secrets.add("link to the file", button(world.private("bo")[-1], "open_link")["url"])


async def the_mishaps(world: Bench, process: BotProcess, secrets: Secrets) -> None:
    """Have everything go wrong that might be written about, with secrets in the very words of the refusals."""
    slack, provider, card = world.stage.slack, world.stage.provider, world.card()
    # The provider can only say what it knows; it never hears of the links that the bot makes, nor of the other's keys.
    foreign = "api token" if provider.rooms.of("dyte") else "api key"
    told = " ".join(each for what, each in secrets.known.items() if what != foreign and not what.startswith("code"))
    slack.faults.error("chat.update", "invalid_blocks")
    slack.faults.drop_before("chat.update")
    await provider.enter_stranger(meeting_id(world).partition(":")[2], "Zoe")
    echo = {"success": False, "error": {"code": 400, "message": f"Bearer {told} is not allowed"}}
    for status in (400, 401, 403, 409):
        provider.faults.fail("start_recording", status, body=echo)
        await heard_of(world, "cy", "record_start", card)
    provider.faults.fail("start_recording", 200, body=f"<html>{told}</html>")
    await heard_of(world, "cy", "record_start", card)
    await goes_off_air(world, echo)
    provider.faults.drop("get_recording")
    ready = next(message for message in world.replies() if "Recording ready" in message.text)
    await heard_of(world, "cy", "record_watch", ready)
    link = await world.link_of("di", card)
    secrets.add("code of di", link.rpartition("/")[2])
    provider.faults.fail("add_participant", 500, body=echo)
    async with aiohttp.ClientSession() as browser, browser.post(link, allow_redirects=False) as answer:
        assert answer.status == 503
        assert not secrets.leaks((await answer.text()).replace(link, ""))
    for fault in (slack.faults.drop_before, slack.faults.server_error):
        fault(RESPONSE_URL)
        await heard_of(world, "cy", "join", card)
    await rubbish(world, process, told)
    await world.until(lambda: not slack.faults.waiting()["calls"])


async def goes_off_air(world: Bench, echo: dict[str, Any]) -> None:
    """Have a stop and a start refused in words that hold the stream key."""
    provider, reply = world.stage.provider, world.reply("Live to the public")
    for operation in ("stop_livestream", "get_active_livestream"):
        provider.faults.fail(operation, 400, body=echo)
        await heard_of(world, "cy", "live_stop", reply)
    [livestream] = provider.rooms.livestreams.values()
    provider.life.livestreams.break_off(livestream)
    await world.until(lambda: world.has_reply("The livestream failed"))
    provider.faults.fail("start_livestream", 403, body=echo)
    await heard_of(world, "cy", "live_start", world.reply("The livestream failed"))


async def heard_of(world: Bench, user: str, action: str, message: Message) -> None:
    """Press a button and wait until the person was told something."""
    before = len(world.private(user))
    await world.presses(user, message, action, stale=True)
    await world.until(lambda: len(world.private(user)) > before)


async def rubbish(world: Bench, process: BotProcess, told: str) -> None:
    """Have a listener fall over a broken meeting and both doors refuse bodies, all with secrets in their hands."""
    slack, provider = world.stage.slack, world.stage.provider
    payload = {
        "type": "block_actions",
        "user": {"id": "UANA"},
        "channel": {"id": "CGENERAL"},
        "team": {"id": "T0GREENROOM"},
        "response_url": slack.response_urls.make("CGENERAL", "UANA"),
        "token": told,
        "actions": [{"type": "button", "action_id": "join", "block_id": "b", "value": BROKEN, "text": told}],
    }
    before = len(world.private("ana"))
    if slack.socket_mode:
        await slack.delivery.interaction(payload)
    else:
        body = urlencode({"payload": json.dumps(payload)}).encode()
        assert await send(f"{process.url}/slack/events", body, slack_headers(world, body)) == 200
    await world.until(lambda: len(world.private("ana")) > before)
    name = next(iter(provider.rooms.webhooks.values())).provider
    for secret in (PATH_SECRET, "a-guess"):
        url = f"{process.url}/webhooks/{name}/{secret}"
        assert await provider.deliver_raw(name, url, told.encode(), signature="") in {401, 404}
        assert await provider.deliver_raw(name, url, compact({"event": told})) in {200, 404}
