"""Measure what hostile requests cost, as told in docs/reliability.md: ``python -m tests.hostile.measure``."""

import argparse
import asyncio
import gzip
import random
import time

from redis.asyncio import Redis

from tests.hostile.crowd import HALF_A_BODY, HALF_A_HEAD, HALF_A_WEBHOOK, SILENT, are_gone, crowd, look
from tests.hostile.fuzz import say
from tests.hostile.storm import Forger, Request, storm
from tests.hostile.wire import DOORS
from tests.invariants.hostile import Footprint, footprint
from tests.support.bench import Bench
from tests.support.process import BotProcess, outside_bench
from tests.support.redis_server import redis_server

CROWDS = {
    "silent": SILENT,
    "half a head": HALF_A_HEAD,
    "half a body to Slack's door": HALF_A_BODY,
    "half a body to the webhooks' door": HALF_A_WEBHOOK,
}
BOMB = gzip.compress(bytes(100_000_000))
FULL_HEAD = {f"X-{number}": "a" * 8000 for number in range(100)}


async def forged(world: Bench, process: BotProcess, redis: Redis, each: int) -> None:
    """Send what nobody vouches for, and look whether anything changed anywhere."""
    before = await _at_rest(world, redis)
    forger = Forger(world.stage, random.Random(1))  # noqa: S311 - it muddles, and guards nothing
    began = time.monotonic()
    tally = await storm(process.url, forger.unsigned, each=each)
    seconds = time.monotonic() - began
    changed = int(await footprint(world, redis) != before)
    number = sum(tally.tried.values())
    say(f"forged: {number:,} tried in {seconds:.1f} s, {tally.refused:,} refused {dict(sorted(tally.answers.items()))}")
    say(f"        state changes and calls: {changed}; 5xx: {tally.server_errors or 0}")


async def _at_rest(world: Bench, redis: Redis) -> Footprint:
    while True:
        seen = await footprint(world, redis)
        await asyncio.sleep(0.5)
        if await footprint(world, redis) == seen:
            return seen


async def bombs(process: BotProcess, each: int) -> None:
    """Send packed bodies, and heads of 800 kB."""

    def bomb(door: str) -> Request:
        return door, {"Content-Encoding": "gzip"}, BOMB

    makers = {door: (lambda door=door: bomb(door)) for door in DOORS}
    tally = await storm(process.url, makers, each=each)
    say(f"bombs:  {sum(tally.tried.values()):,} of {len(BOMB):,} bytes that are 100 MB: {dict(tally.answers)}")
    heads = await storm(process.url, {door: (lambda door=door: (door, FULL_HEAD, b"")) for door in DOORS}, each=each)
    say(f"heads:  {sum(heads.tried.values()):,} of 800 kB: {dict(heads.answers)}")


async def main(number: int, each: int) -> None:
    """Measure everything at one bot."""
    with redis_server() as url:
        async with outside_bench(url) as (world, process), Redis.from_url(url) as redis:
            await world.says("ana", "general", "/meet Weekly sync")
            await world.has_card()
            await look(world, process)
            say(f"before                  {await look(world, process)}")
            await forged(world, process, redis, each)
            say(f"after forged ones       {await look(world, process)}")
            await bombs(process, each)
            say(f"after bombs             {await look(world, process)}")
            for name, says in CROWDS.items():
                async with crowd(process.url, number, says) as lines:
                    began = time.monotonic()
                    say(f"{number:,} {name}:\n        meanwhile       {await look(world, process)}")
                    gone = await are_gone(lines, within=30)
                    say(f"        {'all let go' if gone else 'NOT let go'} after {time.monotonic() - began:.1f} s")
                say(f"        afterwards      {await look(world, process)}")
            broken = [row for row in process.log.splitlines() if '"exception"' in row]
            say(f"tracebacks in the log: {len(broken)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--each", type=int, default=1000, help="requests of each kind")
    given = parser.parse_args()
    asyncio.run(main(given.connections, given.each))
