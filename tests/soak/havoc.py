"""What goes wrong while people meet: processes are killed, and Redis is killed or hangs."""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from random import Random

from tests.support.fleet import Fleet, Replica

AFTER_A_REQUEST = 0.25
"""Seconds after a request within which a process may be killed, to meet the middle of things."""


@dataclass
class Havoc:
    """Kills replicas at random moments, every other time just after one was handed a request.

    Args:
        fleet: what is to suffer.
        random: what chooses.
        every: seconds between kills, on average.
        kills: how many there were.
        redis_kills: the same of Redis.
        redis_hangs: how many times it was made to hang.
        troubles: from when to when each trouble lasted, by the wall clock; a kill of a replica is a moment.

    """

    fleet: Fleet
    random: Random
    every: float
    kills: int = 0
    redis_kills: int = 0
    redis_hangs: int = 0
    troubles: list[tuple[float, float]] = field(default_factory=list)

    async def kill_replicas(self, number: int) -> None:
        """Kill so many, each started again at once; at least one is always there."""
        restarting: list[asyncio.Task[None]] = []
        while self.kills < number:
            await asyncio.sleep(self.random.expovariate(1 / self.every))
            victims = [replica for replica in self.fleet.replicas if replica.alive]
            if len(victims) < min(2, len(self.fleet.replicas)):
                continue
            victim = await self._chosen(victims)
            self.kills += 1
            victim.alive = False
            restarting.append(asyncio.create_task(self._killed(victim)))
        await asyncio.gather(*restarting)

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
        self.troubles.append((time.time(), time.time()))
        await victim.kill()
        await victim.start()

    async def trouble_redis(self, kills: int, hangs: int, *, over: float) -> None:
        """Kill Redis and let it hang so many times in that many seconds, in turns."""
        troubles = [self._kill_redis] * kills + [self._hang_redis] * hangs
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
