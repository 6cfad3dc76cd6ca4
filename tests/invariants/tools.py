"""Ways to break things, and to see what became of them."""

import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from redis.asyncio import Redis

from bot.domain.ids import MeetingId
from playground.faults import ProviderFaults
from playground.provider_gate import Logged
from playground.slack_faults import SlackFault
from playground.stage import Stage
from tests.support.bench import Bench

FOREVER = 10_000


def chance() -> random.Random:
    """Give a source of chance that pytest-randomly's seed, which every run names, makes repeatable."""
    return random.Random(random.getrandbits(64))  # noqa: S311 - it muddles, and guards nothing


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Stop a process for a while: it answers nobody and knows nothing of it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def redis_frozen(redis: Redis) -> AsyncIterator[None]:
    """Let Redis hang for a while."""
    pid = int((await redis.info("server"))["process_id"])
    with frozen(pid):
        yield


def no_edits(scene: Stage) -> None:
    """Let Slack refuse every post and every edit with a server error, until its faults are cleared."""
    for method in ("chat.postMessage", "chat.update"):
        scene.slack.faults.add(method, SlackFault("status", status=500, body="Internal Server Error"), FOREVER)


def edits_are_free(scene: Stage) -> None:
    """Let Slack not count edits, before the first of them; how its limits are kept is tried elsewhere."""
    scene.slack._install.rates.limits.per_minute["chat.update"] = 100_000


def drop_webhooks(scene: Stage) -> None:
    """Lose every webhook from here on."""
    scene.provider.faults.webhooks.drop_all = True


def meeting_id(world: Bench) -> MeetingId:
    """Give the id of the newest meeting."""
    room = list(world.stage.provider.rooms.meetings.values())[-1]
    return MeetingId(f"{room.provider}:{room.id}")


async def met(world: Bench, faults: ProviderFaults) -> None:
    """Wait until every fault that waits for a call has met one."""
    await world.until(lambda: not faults.calls)


def took_effect(scene: Stage, operation: str) -> list[Logged]:
    """Give the calls of an operation that the provider answered with success."""
    return [call for call in scene.provider.calls_of(operation) if 200 <= call.status < 300]


def slots(world: Bench, name: str = "general") -> list[str]:
    """Give the slot of every message that the bot posted to a channel and its threads, in order."""
    workspace = world.stage.slack.workspace
    messages = workspace.messages(workspace.channel(name).id)
    return [slot_of(message.metadata) for message in messages if message.user == workspace.bot.id]


def slot_of(metadata: dict[str, Any] | None) -> str:
    """Give the slot that a message was posted for."""
    return str((metadata or {}).get("event_payload", {}).get("slot"))
