"""The rounds: every server in its turn, each time with a process and a Redis of its own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from benchmarks.figures import Table
from benchmarks.measure import Amount, Bench, Measured, until
from benchmarks.outside import WEBHOOK_ID
from benchmarks.processes import Child, child, cpu_seconds
from benchmarks.traffic import USER, Signer, slash_commands
from bot.clock import utcnow
from bot.domain.ids import ChannelId, MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.embedded_redis import embedded_redis
from bot.store import MeetingStore

SECRET, TOKEN = "benchmark-signing-secret-0123456789", "xoxb-benchmark"
STREAM = "greenroom:stream"
"""Where pydocket keeps what is to be done now and what is being done."""
PATIENCE = 120.0
PAUSE = 0.1
CALM = 0.03
"""The share of a core below which a server without a worker has nothing to do."""

COMMAND, WEBHOOK = "A slash command, acknowledged", "A webhook, accepted"
BARE, BOLT, EAGER = "bare handler", "Bolt, its defaults", "Bolt, process_before_response"
ACKNOWLEDGED, CARRIED_OUT = "Greenroom, acknowledged durably", "Greenroom, and carried out in the same process"
ACCEPTED, FOLLOWED = "Greenroom, accepted durably", "Greenroom, and the threads written in the same process"
REPEATED = "Greenroom, repeated deliveries"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Args:
        rounds: how often.
        amount: how many requests each time.
        rooms: how many meetings the webhooks are about.

    """

    rounds: int
    amount: Amount
    rooms: int


FULL = Plan(rounds=7, amount=Amount(warming=150, steady=300, flat_out=2000), rooms=245)
QUICK = Plan(rounds=1, amount=Amount(warming=14, steady=25, flat_out=101), rooms=14)


@dataclass
class Results:
    """What the rounds found."""

    redis_version: str = ""
    commands: dict[str, list[Measured]] = field(
        default_factory=lambda: {name: [] for name in (ACKNOWLEDGED, CARRIED_OUT, BARE, BOLT, EAGER)}
    )
    webhooks: dict[str, list[Measured]] = field(
        default_factory=lambda: {name: [] for name in (ACCEPTED, REPEATED, FOLLOWED, BARE)}
    )

    def tables(self) -> list[Table]:
        """Give a table for each path."""
        return [
            Table(COMMAND, self.commands, {BARE: "bare", BOLT: "Bolt"}),
            Table(WEBHOOK, self.webhooks, {BARE: "bare"}),
        ]


@dataclass(frozen=True, slots=True)
class Scene:
    """What all rounds share: the world around the servers, and the signed webhooks."""

    world: Child
    public_key: str
    rooms: tuple[str, ...]
    arrivals: list[bytes]
    amount: Amount
    results: Results

    def environment(self, redis_url: str) -> dict[str, str]:
        """Give the settings of a server."""
        world = f"http://127.0.0.1:{self.world.port}"
        return {
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": f"{world}/slack/api/",
            "REALTIMEKIT_ACCOUNT_ID": "account",
            "REALTIMEKIT_APP_ID": "app",
            "REALTIMEKIT_API_TOKEN": "benchmark",
            "REALTIMEKIT_API_URL": world,
            "REALTIMEKIT_WEBHOOK_KEY_URL": f"{world}/key",
            "PUBLIC_URL": "http://127.0.0.1:9",
            "PUBLIC_KEY": self.public_key,
            "REDIS_URL": redis_url,
            "POLL_SECONDS": "3600",
            "PORT": "0",
        }

    def commands(self) -> list[bytes]:
        """Sign new slash commands."""
        response_url = f"http://127.0.0.1:{self.world.port}/response"
        return slash_commands(self.amount.total, secret=SECRET, response_url=response_url)


async def run_rounds(rounds: int, plan: Plan, tell: Callable[[str], None]) -> Results:
    """Measure everything again and again, one server after the other, so that slow minutes meet them all alike."""
    signer, results = Signer(), Results()
    rooms = tuple(f"room-{number:06d}-0000-4000-8000-000000000000" for number in range(plan.rooms))
    arrivals = signer.arrivals(rooms, plan.amount.total, webhook_id=WEBHOOK_ID)
    async with child("outside", environment={"PUBLIC_KEY": signer.pem()}) as world:
        scene = Scene(world, signer.pem(), rooms, arrivals, plan.amount, results)
        turns = [_acknowledging, _bare, _bolt, _whole, _eager_bolt]
        for number in range(rounds):
            tell(f"round {number + 1} of {rounds}")
            for turn in turns[number % len(turns) :] + turns[: number % len(turns)]:
                await turn(scene)
    return results


async def _acknowledging(scene: Scene) -> None:
    async with _bench(scene, "server_greenroom acknowledging", _is_calm) as bench:
        scene.results.commands[ACKNOWLEDGED].append(await bench.measure(scene.commands(), scene.amount))
        scene.results.webhooks[ACCEPTED].append(await bench.measure(scene.arrivals, scene.amount))
        scene.results.webhooks[REPEATED].append(await bench.measure(scene.arrivals, scene.amount))


async def _whole(scene: Scene) -> None:
    async with _bench(scene, "server_greenroom", _all_is_done) as bench:
        scene.results.commands[CARRIED_OUT].append(await bench.measure(scene.commands(), scene.amount))
        scene.results.webhooks[FOLLOWED].append(await bench.measure(scene.arrivals, scene.amount))


async def _bare(scene: Scene) -> None:
    async with _bench(scene, "server_bare", _is_calm) as bench:
        scene.results.commands[BARE].append(await bench.measure(scene.commands(), scene.amount))
        scene.results.webhooks[BARE].append(await bench.measure(scene.arrivals, scene.amount))


async def _bolt(scene: Scene) -> None:
    async with _bench(scene, "server_bolt", _is_calm) as bench:
        scene.results.commands[BOLT].append(await bench.measure(scene.commands(), scene.amount))


async def _eager_bolt(scene: Scene) -> None:
    async with _bench(scene, "server_bolt process_before_response", _is_calm) as bench:
        scene.results.commands[EAGER].append(await bench.measure(scene.commands(), scene.amount))


AtRest = Callable[[Redis, int], Awaitable[None]]
"""Waits until a server, whose process is the number, has nothing left to do."""


@asynccontextmanager
async def _bench(scene: Scene, server_and_options: str, at_rest: AtRest) -> AsyncIterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="gr-") as directory:
        async with embedded_redis(Path(directory)) as url, Redis.from_url(url) as redis:
            info = await redis.info("server")
            scene.results.redis_version = _version(info)
            await _add_meetings(redis, scene.rooms)
            async with child(*server_and_options.split(), environment=scene.environment(url)) as server:
                await at_rest(redis, server.pid)
                helpers = [scene.world.pid]
                yield Bench(server.port, server.pid, info["process_id"], helpers, partial(at_rest, redis, server.pid))


def _version(info: dict[str, Any]) -> str:
    return f"{info.get('server_name', 'redis')} {info.get('valkey_version', info['redis_version'])}"


async def _add_meetings(redis: Redis, rooms: tuple[str, ...]) -> None:
    """Write the meetings down, each in a channel of its own, because a channel takes one message a second."""
    store = MeetingStore(redis, utcnow)
    for number, room in enumerate(rooms):
        channel = ChannelId(f"C{number:08d}")
        await store.add(
            Meeting(
                id=MeetingId(f"realtimekit:{room}"),
                title="Weekly sync",
                channel=channel,
                home=channel,
                host=UserId(USER),
                created_at=utcnow(),
            )
        )


async def _is_calm(_redis: Redis, pid: int) -> None:
    """Wait until the process does next to nothing: what is written down after an answer is counted too."""

    async def calm() -> bool:
        before = cpu_seconds(pid)
        await asyncio.sleep(PAUSE)
        return cpu_seconds(pid) - before < CALM * PAUSE

    await until(calm, PATIENCE)


async def _all_is_done(redis: Redis, _pid: int) -> None:
    """Wait until every wish is carried out and every thread shows its meeting."""
    store = MeetingStore(redis, utcnow)

    async def done() -> bool:
        return not await redis.xlen(STREAM) and not await store.stale()

    await until(done, PATIENCE)
