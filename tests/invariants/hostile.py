"""Requests that nobody honest sends, and a way to see that they left nothing behind."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from redis.asyncio import Redis

from playground.slack_payloads import command_fields
from playground.slack_sending import signature
from tests.support.bench import Bench

MINUTE = 60
LOOKS = 3
"""How often in a row the world must look the same to count as settled."""
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


async def what_redis_holds(redis: Redis) -> dict[str, Any]:
    """Give everything that the bot keeps, and the name of every wish; not what is gone within the minute."""
    keys = {key.decode(): key async for key in redis.scan_iter(count=1000)}
    lasting = {name: key for name, key in keys.items() if name.startswith("meet:") and await redis.ttl(key) > MINUTE}
    kept = {name: await redis.dump(key) for name, key in lasting.items()}
    return {**kept, "wishes": sorted(name for name in keys if name.startswith("greenroom:runs:wish:"))}


@dataclass(frozen=True)
class Footprint:
    """What the world looks like from every side at one moment."""

    redis: Mapping[str, Any]
    counters: Mapping[str, Any]
    slack_calls: int
    messages: int
    provider_calls: int


async def footprint(world: Bench, redis: Redis) -> Footprint:
    """Look at everything that a request could change."""
    slack, provider = world.stage.slack, world.stage.provider
    held = await what_redis_holds(redis)
    counters = {name: held.pop(name) for name in list(held) if name.startswith("meet:heard:")}
    return Footprint(held, counters, len(slack.calls), slack.workspace.version, len(provider.calls))


async def every_wish_is_done(redis: Redis) -> bool:
    """Tell whether no listener is still at work: one may wait a second for its card, and seem asleep."""
    wishes = [key async for key in redis.scan_iter(match="meet:wish:*")]
    return all([await redis.hexists(wish, "done") for wish in wishes])


async def settled_footprint(world: Bench, redis: Redis) -> Footprint:
    """Look once nothing is going on any more."""
    await world.settles()
    while not await every_wish_is_done(redis):
        await asyncio.sleep(0.02)
    looks = [await footprint(world, redis)]
    while len(looks) < LOOKS or any(look != looks[-1] for look in looks[-LOOKS:]):
        await asyncio.sleep(0.1)
        looks.append(await footprint(world, redis))
    return looks[-1]


# ---------------------------------------------------------------- Slack


def slack_headers(world: Bench, body: bytes, kind: str = FORM, *, at: float | None = None) -> dict[str, str]:
    """Sign a body as Slack does."""
    stamp = str(int(time.time() if at is None else at))
    signed = signature(world.stage.keys.signing_secret, stamp, body)
    return {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed}


def meet_request(world: Bench, text: str, channel: str = "general") -> bytes:
    """Give the body of a command as Slack sends it."""
    slack = world.stage.slack
    here, ana = slack.workspace.channel(channel), slack.workspace.user("ana")
    url = slack.response_urls.make(here.id, ana.id, typed_command=f"/meet {text}")
    return urlencode(command_fields(slack.workspace, here, ana, "/meet", text, url)).encode()


async def send(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a request and give the status."""
    async with aiohttp.ClientSession() as client, client.post(url, data=body, headers=headers) as answer:
        return answer.status


async def send_bytes(url: str, headers: bytes, body: bytes) -> int:
    """Send a request whose headers no client would write; give the status, 0 where the line was cut."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    writer.write(head.encode() + headers + b"\r\n" + body)
    await writer.drain()
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1]) if line else 0


def nested(depth: int) -> bytes:
    """Give JSON that is this deep."""
    return b'{"a":' * depth + b"1" + b"}" * depth


def compact(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
