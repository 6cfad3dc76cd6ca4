"""Every secret that is in play, and every place in which none of them may stand."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from redis.asyncio import Redis

from playground.stage import Stage

JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}")
PRESIGNED = re.compile(r"signature=\w{16,}")


@dataclass
class Secrets:
    """What was handed out or configured, by what it is."""

    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scene: Stage, **others: str) -> "Secrets":
        """Begin with a stage's credentials."""
        keys = scene.keys
        own = {"signing secret": keys.signing_secret, "bot token": keys.bot_token, "app token": keys.app_token}
        return cls({**own, "api token": keys.api_token, "api key": keys.api_key, **others})

    def add(self, what: str, *values: str) -> None:
        """Note more."""
        self.known |= {f"{what} {number}": value for number, value in enumerate(values)}

    def leaks(self, text: str) -> list[str]:
        """Give what stands in a text, in any spelling, and what merely looks like a token or a presigned link."""
        found = [what for what, value in self.known.items() if any(each in text for each in _spellings(value))]
        shapes = {"a join token": JWT, "a presigned link": PRESIGNED}
        return found + [what for what, shape in shapes.items() if shape.search(text)]

    def found_in(self, places: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what stands where."""
        found = {place: self.leaks(text) for place, text in places.items()}
        return {place: leaks for place, leaks in found.items() if leaks}


def _spellings(value: str) -> set[str]:
    bare = base64.b64encode(value.encode()).decode().rstrip("=")
    return {value, quote(value, safe=""), json.dumps(value)[1:-1], bare[: len(bare) - 1]}


# ---------------------------------------------------------------- places


def slack_places(scene: Stage) -> dict[str, str]:
    """Give what everybody in the workspace can read, and every call but those that one person alone is answered by."""
    workspace = scene.slack.workspace
    public = [one for channel in workspace.channels for one in workspace.messages(channel)]
    calls = [call for call in scene.slack.calls if call.method != "chat.postEphemeral"]
    return {
        "a message": "\n".join(map(repr, public)),
        "a call to Slack": "\n".join(f"{call.method} {call.args!r}" for call in calls),
    }


def provider_places(scene: Stage) -> dict[str, str]:
    """Give what the provider is asked for: its logs are not ours to keep clean, but Slack's secrets have no place."""
    calls = [f"{dict(call.path)} {dict(call.query)} {call.request}" for call in scene.provider.calls]
    return {"a call to the provider": "\n".join(calls)}


async def redis_places(redis: Redis) -> dict[str, str]:
    """Give every key with its value, of every type."""
    readers: Mapping[bytes, Any] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
        b"stream": redis.xrange,
        b"none": redis.exists,  # gone since it was listed
    }
    keys = [key async for key in redis.scan_iter(count=1000)]
    return {f"Redis at {key!r}": f"{key!r} {await readers[await redis.type(key)](key)!r}" for key in keys}


@asynccontextmanager
async def everything_sent_to_redis(redis_url: str) -> AsyncIterator[list[str]]:
    """Listen to every command that Redis takes, also of what is gone again soon."""
    heard: list[str] = []
    listening = asyncio.Event()

    async def listen() -> None:
        async with Redis.from_url(redis_url, socket_timeout=None) as client, client.monitor() as monitor:
            listening.set()
            while True:
                heard.append(str((await monitor.next_command())["command"]))

    task = asyncio.create_task(listen())
    await listening.wait()
    yield heard
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def places(*found: Mapping[str, str], **more: Iterable[str] | str) -> dict[str, str]:
    """Put places together."""
    others = {name: value if isinstance(value, str) else "\n".join(value) for name, value in more.items()}
    return {name: text for each in (*found, others) for name, text in each.items()}
