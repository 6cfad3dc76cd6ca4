"""Measures one server: its processor time for a request, its latency at a fixed rate, and how much it takes at most."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.load import closed_loop, open_loop
from benchmarks.processes import cpu_seconds, machine_busy_seconds

RATE = 50.0
CONNECTIONS = 16
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Amount:
    """How many requests are sent: before anything is measured, at the fixed rate, and as fast as they are answered."""

    warming: int
    steady: int
    flat_out: int

    @property
    def total(self) -> int:
        """How many requests one measurement takes."""
        return self.warming + self.steady + self.flat_out


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in one round.

    Args:
        cpu: processor milliseconds of the server for a request, sent as fast as they are answered, everything included
            that the server still does because of them afterwards.
        redis_cpu: the same of Redis.
        p50: milliseconds from when a request was due to its answer, at the fixed rate.
        p99: the same.
        throughput: requests answered in a second, sent as fast as they are answered.
        others: how many of the machine's cores were busy with something else meanwhile.

    """

    cpu: float
    redis_cpu: float
    p50: float
    p99: float
    throughput: float
    others: float


@dataclass(frozen=True, slots=True)
class Bench:
    """One server under test and those around it.

    Args:
        port: where it listens.
        pid: its process.
        redis_pid: the process of its Redis.
        helpers: other processes of this benchmark.
        at_rest: waits until the server has nothing left to do.

    """

    port: int
    pid: int
    redis_pid: int
    helpers: Sequence[int]
    at_rest: Callable[[], Awaitable[None]]

    async def measure(self, requests: Sequence[bytes], amount: Amount) -> Measured:
        """Send requests in three parts and look at the clocks."""
        warming, steady, flat_out = _parts(requests, amount)
        await closed_loop(self.port, warming, CONNECTIONS)
        await self.at_rest()
        before, busy = self._clocks(), machine_busy_seconds()
        began = time.perf_counter()
        waits = sorted(await open_loop(self.port, steady, RATE))
        await self.at_rest()
        server, redis = cpu_seconds(self.pid), cpu_seconds(self.redis_pid)
        seconds = await closed_loop(self.port, flat_out, CONNECTIONS)
        await self.at_rest()
        spent, elapsed = self._clocks() - before, time.perf_counter() - began
        return Measured(
            cpu=(cpu_seconds(self.pid) - server) / len(flat_out) * 1000,
            redis_cpu=(cpu_seconds(self.redis_pid) - redis) / len(flat_out) * 1000,
            p50=statistics.median(waits) * 1000,
            p99=waits[int(len(waits) * 0.99)] * 1000,
            throughput=len(flat_out) / seconds,
            others=max(0.0, machine_busy_seconds() - busy - spent) / elapsed,
        )

    def _clocks(self) -> float:
        return time.process_time() + sum(cpu_seconds(pid) for pid in (self.pid, self.redis_pid, *self.helpers))


def _parts(requests: Sequence[bytes], amount: Amount) -> tuple[Sequence[bytes], Sequence[bytes], Sequence[bytes]]:
    if len(requests) != amount.total:
        raise ValueError(f"{amount.total} requests are needed, not {len(requests)}")
    first, second = amount.warming, amount.warming + amount.steady
    return requests[:first], requests[first:second], requests[second:]


async def until(holds: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Wait for something.

    Raises:
        TimeoutError: it did not come about.

    """
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - another process is looked at
            await asyncio.sleep(PAUSE)
