"""Try the verifiers and the parsers for as long as one likes: ``python -m tests.hostile.fuzz --minutes 5``.

Half of the time goes to inputs that Hypothesis makes up, one target after the other; the other half to a running bot,
a process of its own on a real Redis, behind real HTTP. It ends with an error at the first input that was not held.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.storm import Forger, Tally, storm
from tests.hostile.targets import TARGETS
from tests.support.process import outside_bench
from tests.support.redis_server import redis_server

AT_A_TIME = 500


def made_up(seconds: float, number: int) -> Counter[str]:
    """Try every target in turn until the time is over; gives how many inputs each was tried on."""
    tried: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for name in TARGETS:
            _try(name, number, tried)
            number += 1
    return tried


def _try(name: str, number: int, tried: Counter[str]) -> None:
    check, strategies = TARGETS[name]

    @seed(number)
    @settings(max_examples=AT_A_TIME, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(*strategies))
    def held(inputs: tuple[object, ...]) -> None:
        tried[name] += 1
        check(*inputs)

    held()


async def at_a_bot(seconds: float, number: int) -> tuple[Tally, list[str]]:
    """Send what is signed and makes no sense; gives what was answered, and what the bot logged with a traceback."""
    with redis_server() as url:
        async with outside_bench(url) as (world, process):
            forger = Forger(world.stage, random.Random(number))  # noqa: S311 - it muddles, and guards nothing
            tally = await storm(process.url, forger.signed | forger.unsigned, seconds=seconds)
            await world.says("ana", "design", "/meet Still here")
            await world.has_card("design")
            return tally, [line for line in process.log.splitlines() if '"exception"' in line]


def main() -> None:
    """Run for the minutes given and tell what was tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    given_ = parser.parse_args()
    say(f"seed {given_.seed}")
    tried = made_up(given_.minutes * 30, given_.seed)
    for name, count in tried.items():
        say(f"{count:>9,}  {name}")
    tally, errors = asyncio.run(at_a_bot(given_.minutes * 30, given_.seed))
    for kind, count in tally.tried.items():
        say(f"{count:>9,}  {kind}")
    total = sum(tried.values()) + sum(tally.tried.values())
    say(f"{total:>9,}  inputs; answers {dict(sorted(tally.answers.items()))}; {len(errors)} tracebacks in the log")
    say("\n".join(sorted({line[:400] for line in errors})[:10]))
    sys.exit(1 if errors or set(tally.server_errors) - {503} else 0)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
