"""Meetings over several replicas that are killed all the time: what was acknowledged must not be lost.

Run it with ``python -m tests.soak.kills --kills 1000 --meetings 300 --replicas 3``, or ``--kills 0 --terms 300`` for
replicas that are replaced in order; see docs/reliability.md.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console

from bot.redis_connection import connect
from playground.faults import ANY_CALL
from playground.slack_faults import ANY_METHOD, RESPONSE_URL, SlackFault
from playground.stage import Stage
from playground.timers import Pace
from tests.soak.autopsy import of_meeting, of_wish
from tests.soak.havoc import Havoc
from tests.soak.ledger import People
from tests.soak.story import Story, populate
from tests.soak.verdict import Verdict, judge
from tests.soak.witness import Witness
from tests.support.fleet import DurableRedis, Fleet, fleet, lift_workspace_limits
from tests.support.watched_redis import WAYS, WatchedRedis

PACE = Pace(start_seconds=0.3, upload_seconds=0.5, empty_seconds=1.5, retry_seconds=0.4, second=0.05)
HISTORY = {f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a run is to be."""

    kills: int = 100
    terms: int = 0
    meetings: int = 40
    replicas: int = 3
    every: float = 1.0
    redis_kills: int = 0
    redis_hangs: int = 0
    failovers: int = 0
    handovers: int = 0
    paused_handovers: int = 0
    cuts: int = 0
    needed: int = 1
    history: bool = False
    webhooks: bool = True
    latency: float = 0.15
    poll_seconds: float = 2.0
    settle_within: float = 240.0
    seed: int = 1

    @property
    def takeovers(self) -> dict[str, int]:
        """How often another Redis is to take over, by the ways of ``WAYS``; a master needs ``needed`` replicas."""
        return dict(zip(WAYS, (self.failovers, self.handovers, self.paused_handovers, self.cuts), strict=True))

    @property
    def ends(self) -> int:
        """How many replicas are to be ended."""
        return self.kills + self.terms


@dataclass
class Run:
    """One run of a plan."""

    plan: Plan
    fleet: Fleet
    redis: Redis
    random: Random
    say: Say

    async def carry_out(self) -> Verdict:
        """Let people meet while processes die, wait until everything has settled, and judge."""
        scene = self.fleet.stage
        lift_workspace_limits(scene)
        scene.slack.scopes.update(HISTORY if self.plan.history else ())
        scene.provider.faults.webhooks.drop_all = not self.plan.webhooks
        be_as_far_away(scene, self.plan.latency)
        people, witness = People(scene.slack), Witness(self.redis, self._newest)
        self.fleet.balancer.witnesses.append(witness)
        havoc = Havoc(self.fleet, self.random, self.plan.every, looking_back=witness.look_back)
        await self._live_through(havoc, people)
        scene.provider.faults.webhooks.double = False
        await scene.provider.deliveries.settled()
        await witness.done()
        verdict = await self._settled(people)
        self._note(verdict, havoc, witness)
        return verdict

    @property
    def _newest(self) -> Callable[[], str] | None:
        redis = self.fleet.redis
        return redis.newest if isinstance(redis, WatchedRedis) else None

    async def _live_through(self, havoc: Havoc, people: People) -> None:
        over = self.plan.ends * self.plan.every
        troubles = (
            havoc.end_replicas(self.plan.kills, self.plan.terms),
            havoc.trouble_redis(self.plan.redis_kills, self.plan.redis_hangs, over=over, takeovers=self.plan.takeovers),
        )
        async with asyncio.TaskGroup() as group:
            shaking = group.create_task(self._shake_webhooks())
            going_on = asyncio.gather(*troubles)
            await self._meet(havoc, people, going_on)
            await going_on
            shaking.cancel()

    async def _meet(self, havoc: Havoc, people: People, going_on: "asyncio.Future[tuple[None, None]]") -> None:
        """Spread the meetings over the ends of replicas, none in a crowd because it had to wait."""
        channels = populate(self.fleet.stage, self.plan.meetings)
        apart = self.plan.ends * self.plan.every / len(channels)
        stories: list[asyncio.Task[None]] = []
        for number, channel in enumerate(channels):
            while havoc.ended + 1 < number * self.plan.ends / len(channels) and not going_on.done():
                await asyncio.sleep(0.1)
            if number % 10 == 0:
                self.say(f"{number} meetings begun, {havoc.ended} replicas ended")
            random = Random(number + 1000 * self.plan.seed)  # noqa: S311 - a run that can be made again
            story = Story(self.fleet.stage, people, channel, random, f"Meeting {number}")
            stories.append(asyncio.create_task(story.told()))
            await asyncio.sleep(apart)
        await asyncio.gather(*stories)

    async def _shake_webhooks(self) -> None:
        """Have webhooks doubled and out of order for a while, again and again."""
        faults = self.fleet.stage.provider.faults.webhooks
        faults.shuffle_seconds = 0.5
        while True:
            faults.double, faults.shuffle = self.random.random() < 0.3, self.random.choice((0, 0, 3))
            await asyncio.sleep(1)

    async def _settled(self, people: People) -> Verdict:
        """Judge until nothing is wrong any more, or until it will not get better."""
        began = time.monotonic()
        while True:
            verdict = await self._judged(people)
            took = time.monotonic() - began
            if not verdict.faults or took > self.plan.settle_within:
                verdict.figures["seconds until nothing was wrong"] = round(took)
                await self._look_into(verdict.suspects)
                return verdict
            await asyncio.sleep(0.5)

    async def _judged(self, people: People) -> Verdict:
        """Judge; what a busy machine's Redis is too slow to tell is asked again, so that no run is lost over it."""
        while True:
            with suppress(RedisError):
                return await judge(self.fleet.stage, self.redis, people)
            await asyncio.sleep(1)

    async def _look_into(self, suspects: list[str]) -> None:
        for key in suspects[:5]:
            look = of_meeting if ":" in key else of_wish
            for line in await look(self.fleet, self.redis, key):
                self.say(line)

    def _note(self, verdict: Verdict, havoc: Havoc, witness: Witness) -> None:
        calls = Counter(call.method for call in self.fleet.stage.slack.calls)
        verdict.lost_events = witness.lost
        verdict.figures |= {
            "replicas killed": havoc.kills,
            "replicas asked to end": f"{havoc.ended - havoc.kills}, the slowest within {havoc.slowest:.1f} s",
            "Redis killed, made to hang": f"{havoc.redis_kills}, {havoc.redis_hangs}",
            "another Redis took over": dict(havoc.taken_over),
            "another Redis took over unasked": havoc.took_over_unasked,
            "events that it did not know": len(witness.forgotten),
            "webhooks accepted, refused": f"{witness.accepted}, {witness.refused}",
            "requests that met a dead replica": self.fleet.balancer.broken,
            "doubled without trouble at that moment": self._unexplained(verdict, havoc),
            "Slack calls among the last 5000": dict(calls.most_common()),
        }

    def _unexplained(self, verdict: Verdict, havoc: Havoc) -> list[str]:
        """Find doubled messages without trouble between Slack's taking an earlier copy and its answer's being noted."""
        noted = self.plan.latency + 0.5

        def explained(at: float) -> bool:
            return any(began - noted <= at <= ended + 0.1 for began, ended in havoc.troubles)

        def until_trouble(at: float) -> float:
            return round(min((began - at for began, _ in havoc.troubles if began >= at), default=-1.0), 1)

        return [
            f"{each.where}: trouble {[until_trouble(at) for at in each.times]} s later"
            for each in verdict.doubled_messages
            if not all(map(explained, each.times))
        ]


def be_as_far_away(scene: Stage, seconds: float) -> None:
    """Let Slack and the provider take effect at once and answer late: that is when a crash does most harm."""
    scene.slack.faults.add(ANY_METHOD, SlackFault("delay", seconds=seconds), times=1_000_000)
    scene.slack.faults.add(RESPONSE_URL, SlackFault("delay", seconds=seconds), times=1_000_000)
    scene.provider.faults.slow(ANY_CALL, seconds, after=True, times=1_000_000_000)


async def run(plan: Plan, say: Say = lambda _line: None) -> Verdict:
    """Carry a plan out."""
    server = partial(WatchedRedis, plan.needed) if any(plan.takeovers.values()) else DurableRedis
    settings = {"POLL_SECONDS": str(plan.poll_seconds), "LOG_LEVEL": "info"}
    async with fleet(plan.replicas, pace=PACE, server=server, **settings) as running:
        redis = connect(running.redis.url)
        try:
            verdict = await Run(plan, running, redis, Random(plan.seed), say).carry_out()  # noqa: S311 - a run that can be made again
        finally:
            await redis.aclose()
        trouble = [line for replica in running.replicas for line in replica.log.splitlines() if '"error"' in line]
        verdict.figures["errors logged"] = len(trouble)
        for line in trouble[-10:]:
            say(line[:1500])
        return verdict


def plan_from_command_line() -> Plan:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in vars(Plan()).items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(default, bool):
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=default)
        else:
            parser.add_argument(option, type=type(default), default=default)
    return Plan(**vars(parser.parse_args()))


def main() -> None:
    """Run and report; the exit code says whether anything was lost or wrong."""
    out = Console(soft_wrap=True, highlight=False, markup=False)
    plan = plan_from_command_line()
    out.print(plan)
    verdict = asyncio.run(run(plan, out.print))
    for line in verdict.lines():
        out.print(line)
    raise SystemExit(1 if verdict.faults else 0)


if __name__ == "__main__":
    main()
