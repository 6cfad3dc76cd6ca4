"""Invariant 6: what nobody vouches for is neither parsed nor kept, and costs nothing but an answer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from redis.asyncio import Redis

from playground.provider_keys import SigningKey, process_key
from tests.invariants.hostile import (
    FORM,
    JSON,
    compact,
    footprint,
    meet_request,
    nested,
    send,
    send_bytes,
    settled_footprint,
    slack_headers,
)
from tests.invariants.replicas import replicas
from tests.invariants.tools import edits_are_free, meeting_id, slots
from tests.support.bench import Bench, bench

WEBHOOKS = "/webhooks/realtimekit"
SECRET = "a-path-that-nobody-guesses"
STRANGER = SigningKey("somebody else's")


@pytest.fixture
async def guarded(redis_url: str) -> AsyncIterator[Bench]:
    """Give a world with a secret path and a meeting."""
    async with bench(redis_url, WEBHOOK_PATH_SECRET=SECRET) as world:
        edits_are_free(world.stage)
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        yield world


def joined(room: str) -> bytes:
    """Give a webhook that would show somebody in the meeting."""
    meeting = {"id": room, "sessionId": "s-1"}
    person = {"peerId": "p-1", "userDisplayName": "Mallory"}
    return compact({"event": "meeting.participantJoined", "meeting": meeting, "participant": person})


async def test_deliveries_that_nobody_vouches_for_are_refused_and_leave_nothing_behind(
    guarded: Bench, redis: Redis
) -> None:
    provider, url = guarded.stage.provider, f"{guarded.bot.url}{WEBHOOKS}/{SECRET}"
    body = joined(meeting_id(guarded).partition(":")[2])
    signed = provider.sign("realtimekit", body)
    before = await settled_footprint(guarded, redis)

    async def sent(where: str = url, what: bytes = body, **how: Any) -> int:
        return await provider.deliver_raw("realtimekit", where, what, **how)

    assert await sent(signature="") == 401, "unsigned"
    assert await sent(signature="Zm9yZ2Vk") == 401, "forged"
    assert await sent(signature="not base64 at all") == 401
    assert await sent(signature="A" * 100_000) in {400, 401}
    assert await sent(signature=STRANGER.sign_text(body)) == 401, "another key"
    assert await sent(what=body.replace(b"Mallory", b"mallory"), signature=signed) == 401, "an altered byte"
    assert await sent(what=body + b" ", signature=signed) == 401, "one byte more"
    assert await sent(what=b"not json", signature="") == 401, "not parsed before it is verified"
    assert await sent(what=nested(30_000), signature="") == 401
    assert await sent(what=b"x" * 300_000) == 413, "too large"
    assert await sent(where=f"{guarded.bot.url}{WEBHOOKS}/a-guess") == 404
    assert await sent(where=f"{guarded.bot.url}{WEBHOOKS}") == 404
    assert await sent(where=f"{guarded.bot.url}/webhooks/zoom/{SECRET}") == 404
    assert await sent(where=f"{guarded.bot.url}/webhooks/dyte/{SECRET}") == 404, "of a service that is not used"
    assert await footprint(guarded, redis) == before


async def test_what_one_service_signed_is_not_taken_at_the_others_door(redis_url: str, redis: Redis) -> None:
    dyte = {"DYTE_ORG_ID": "an-organization", "DYTE_API_KEY": "a-key", "DYTE_API_URL": "http://127.0.0.1:9/v2"}
    pem = process_key("dyte").public_pem
    async with bench(redis_url, public=False, PROVIDER="realtimekit", DYTE_WEBHOOK_KEY=pem, **dyte) as world:
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        before = await settled_footprint(world, redis)
        body, door = joined(meeting_id(world).partition(":")[2]), f"{world.bot.url}/webhooks"
        provider = world.stage.provider
        assert await provider.deliver_raw("realtimekit", f"{door}/dyte", body) == 401
        assert await provider.deliver_raw("dyte", f"{door}/realtimekit", body) == 401
        assert await provider.deliver_raw("dyte", f"{door}/dyte", body) == 200, "but Dyte has no such meeting"
        after = await footprint(world, redis)
        assert replace(after, counters=before.counters) == before


async def test_authentic_but_foreign_deliveries_change_nothing(guarded: Bench, redis: Redis) -> None:
    provider, url = guarded.stage.provider, f"{guarded.bot.url}{WEBHOOKS}/{SECRET}"
    ours = joined(meeting_id(guarded).partition(":")[2])
    before = await settled_footprint(guarded, redis)

    assert await provider.deliver_raw("realtimekit", url, ours, webhook_id="another-apps-webhook") == 200
    assert await provider.deliver_raw("realtimekit", url, joined("another-apps-room")) == 200
    assert await provider.deliver_raw("realtimekit", url, joined("../../accounts")) == 200
    foreign = {"event": "recording.statusUpdate", "recording": {"id": "r-9", "status": "UPLOADED"}}
    assert await provider.deliver_raw("realtimekit", url, compact(foreign)) == 200
    for bad in (b"not json", b"", b"[]", b"null", b'"text"', b"\xff\xfe", nested(30_000), b"9" * 5000):
        assert await provider.deliver_raw("realtimekit", url, bad) == 400, bad[:20]
    await asyncio.sleep(0.1)
    after = await footprint(guarded, redis)
    assert replace(after, counters=before.counters) == before
    assert await provider.deliver_raw("realtimekit", url, ours) == 200
    await guarded.until(lambda: "Mallory" in guarded.card().text)


async def test_without_the_providers_key_nothing_is_believed(redis_url: str, redis: Redis) -> None:
    async with bench(redis_url, public=False, REALTIMEKIT_WEBHOOK_KEY_URL="http://127.0.0.1:9/key") as world:
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        before = await settled_footprint(world, redis)
        body = joined(meeting_id(world).partition(":")[2])
        url = f"{world.bot.url}{WEBHOOKS}"
        assert await world.stage.provider.deliver_raw("realtimekit", url, body) == 503, "to be sent again"
        assert await footprint(world, redis) == before


async def test_requests_that_slack_did_not_sign_are_refused_and_leave_nothing_behind(
    guarded: Bench, redis: Redis
) -> None:
    url = f"{guarded.bot.url}/slack/events"
    body = meet_request(guarded, "Mallory's meeting", "design")
    good, now = slack_headers(guarded, body), int(time.time())
    before = await settled_footprint(guarded, redis)
    stamp, seal = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    bad: list[dict[str, str]] = [
        {"Content-Type": FORM},
        {stamp: good[stamp]},
        {seal: good[seal]},
        {**good, seal: ""},
        {**good, seal: good[seal][:-1]},
        {**good, seal: good[seal].upper()},
        {**good, seal: good[seal].replace("v0=", "v1=")},
        {**good, seal: "v0=" + "0" * 64},
        {**good, seal: "v0=schlüssel"},
        *({**good, stamp: odd} for odd in ("", "soon", "1e9", "-1", "٣", "1" * 400, str(now + 1), f"{now}.0", "nan")),
        slack_headers(guarded, body, at=now - 301),
        slack_headers(guarded, body, at=now + 400),
    ]
    for headers in bad:
        assert await send(url, body, headers) == 401, headers
    assert await send(url, body + b"&text=Other", good) == 401, "altered"
    raw = b"X-Slack-Request-Timestamp: " + str(now).encode() + b"\r\nX-Slack-Signature: v0=\xff\xfe\x80\r\n"
    assert await send_bytes(url, raw, body) in {400, 401}
    assert await send_bytes(url, raw.replace(str(now).encode(), b"\xd9\xa3\xff"), body) in {400, 401}
    assert await send(url, b"x" * 300_000, good) == 413
    assert await footprint(guarded, redis) == before


async def test_signed_rubbish_is_never_our_mistake_and_what_is_not_readable_is_not_written_down(
    guarded: Bench, redis: Redis
) -> None:
    url = f"{guarded.bot.url}/slack/events"
    before = await settled_footprint(guarded, redis)
    unreadable = [
        *((JSON, each) for each in (b"", b"[]", b"null", b"1", b'"text"', b"{", b"\xff\xfe", b"9" * 5000)),
        *((FORM, b"payload=" + each) for each in (b"", b"%7B", b"null", b"[]", b"%22text%22", b"%FF")),
        (FORM, b"\xff\xfe\x00"),
        (FORM, b"no equals sign"),
        (JSON, nested(30_000)),
    ]
    for kind, body in unreadable:
        assert await send(url, body, slack_headers(guarded, body, kind)) == 400, body[:40]
    assert await footprint(guarded, redis) == before

    readable: list[Any] = [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [], "user": {"id": "UANA"}},
        {"type": "block_actions", "actions": "all", "user": ["UANA"], "channel": "CGENERAL"},
        {"type": "event_callback", "event": None, "event_id": 7},
        {"type": "event_callback", "event_id": "\ud800"},
        {"type": ["block_actions"], "trigger_id": {"a": 1}},
        {"command": "/meet"},
        {"command": "/meet", "text": "\ud800", "user_id": "UANA", "channel_id": "CDESIGN", "trigger_id": "\udfff"},
    ]
    for payload in readable:
        body = b"payload=" + quote(json.dumps(payload)).encode()
        assert await send(url, body, slack_headers(guarded, body)) in {200, 400}, payload
    for depth in (100, 300, 900, 990, 1000, 3000):
        body = nested(depth)
        assert await send(url, body, slack_headers(guarded, body, JSON)) in {200, 400}, depth
    await guarded.says("bo", "design", "/meet Design talk")
    card = await guarded.has_card("design")
    assert card.text.startswith("Design talk")


async def test_a_replayed_request_does_nothing_twice_on_whichever_replica(guarded: Bench, redis: Redis) -> None:
    body = meet_request(guarded, "Design talk", "design")
    headers = slack_headers(guarded, body)
    async with replicas(guarded, 2) as bots:
        urls = [f"{bot.url}/slack/events" for bot in bots]
        assert set(await asyncio.gather(*[send(url, body, headers) for url in urls * 5])) == {200}
        await guarded.has_card("design")
        before = await settled_footprint(guarded, redis)
        assert set(await asyncio.gather(*[send(url, body, headers) for url in urls])) == {200}
        after = await settled_footprint(guarded, redis)
    assert slots(guarded, "design") == ["card"]
    assert (after.messages, after.provider_calls) == (before.messages, before.provider_calls)
    assert len(guarded.stage.provider.calls_of("create_meeting")) == 2
    assert guarded.private("ana") == []
