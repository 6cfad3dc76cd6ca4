"""What goes wrong while people meet: processes are killed or asked to end, and Redis is killed or hangs."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random

from tests.support.fleet import Fleet, Replica
from tests.support.watched_redis import WatchedRedis

AFTER_A_REQUEST = 0.25
"""Seconds after a request within which a process may be killed, to meet the middle of things."""


@dataclass
class Havoc:
    """Ends replicas at random moments, every other time just after one was handed a request.

    Args:
        fleet: what is to suffer.
        random: what chooses.
        every: seconds between two ends, on average.
        ended: how many replicas were ended.
        kills: how many of them were killed.
        slowest: seconds that one took that was asked to end, at most.
        redis_kills: the same of Redis.
        redis_hangs: how many times it was made to hang.
        taken_over: how many times a replica of it took over, and how that had come.
        looking_back: told, after each time that one took over, when that had begun.
        troubles: from when to when each trouble lasted, by the wall clock; a kill is a moment, and a replica that
            was asked to end is no trouble.

    """

    fleet: Fleet
    random: Random
    every: float
    ended: int = 0
    kills: int = 0
    slowest: float = 0
    redis_kills: int = 0
    redis_hangs: int = 0
    taken_over: Counter[str] = field(default_factory=Counter)
    looking_back: Callable[[float], Awaitable[None]] = lambda _: asyncio.sleep(0)
    troubles: list[tuple[float, float]] = field(default_factory=list)

    async def end_replicas(self, kills: int, terms: int) -> None:
        """Kill so many and ask so many to end, in any order; each is started again at once, and one is always there."""
        ways = [self._killed] * kills + [self._asked] * terms
        self.random.shuffle(ways)
        async with asyncio.TaskGroup() as restarting:  # one that does not come back ends the experiment
            while ways:
                await asyncio.sleep(self.random.expovariate(1 / self.every))
                victims = [replica for replica in self.fleet.replicas if replica.alive]
                if len(victims) < min(2, len(self.fleet.replicas)):
                    continue
                victim = await self._chosen(victims)
                victim.alive = False
                restarting.create_task(ways.pop()(victim))
                self.ended += 1

    async def _chosen(self, victims: list[Replica]) -> Replica:
        if self.random.random() < 0.5:
            return self.random.choice(victims)
        handed: asyncio.Queue[Replica] = asyncio.Queue()
        self.fleet.balancer.handed = handed.put_nowait
        try:
            async with asyncio.timeout(2):
                victim = await handed.get()
        except TimeoutError:
            victim = self.random.choice(victims)
        self.fleet.balancer.handed = lambda _replica: None
        await asyncio.sleep(self.random.uniform(0, AFTER_A_REQUEST))
        return victim if victim.alive else self.random.choice(victims)

    async def _killed(self, victim: Replica) -> None:
        self.kills += 1
        self.troubles.append((time.time(), time.time()))
        await victim.kill()
        await victim.start()

    async def _asked(self, victim: Replica) -> None:
        """Replace it as a deployment does."""
        self.slowest = max(self.slowest, await victim.end())
        await victim.start()

    async def trouble_redis(self, kills: int, hangs: int, *, over: float, takeovers: Mapping[str, int]) -> None:
        """Kill Redis, let it hang and have others take over so many times in that many seconds, in turns."""
        troubles = [self._kill_redis] * kills + [self._hang_redis] * hangs
        troubles += [partial(self._take_over, way) for way, number in takeovers.items() for _ in range(number)]
        self.random.shuffle(troubles)
        for trouble in troubles:
            await asyncio.sleep(over / (len(troubles) + 1))
            began = time.time()
            await trouble()
            self.troubles.append((began, time.time()))

    async def _kill_redis(self) -> None:
        """Kill it; a moment later it is back with what it wrote down."""
        self.fleet.redis.kill()
        self.redis_kills += 1
        await asyncio.sleep(self.random.uniform(0.2, 1.5))
        await asyncio.to_thread(self.fleet.redis.start)

    async def _hang_redis(self) -> None:
        self.fleet.redis.signal(signal.SIGSTOP)
        self.redis_hangs += 1
        await asyncio.sleep(self.random.uniform(1, 4))
        self.fleet.redis.signal(signal.SIGCONT)

    async def _take_over(self, way: str) -> None:
        """Have another Redis take over, and look at once what it knows."""
        assert isinstance(self.fleet.redis, WatchedRedis), "nobody watches this Redis"
        began = time.time()
        await asyncio.to_thread(self.fleet.redis.replace, way)
        self.taken_over[way] += 1
        await self.looking_back(began)

    @property
    def took_over_unasked(self) -> int:
        """How often another Redis took over unasked: sentinels mistake a stall for a death."""
        redis = self.fleet.redis
        return redis.takeovers - self.taken_over.total() if isinstance(redis, WatchedRedis) else 0
