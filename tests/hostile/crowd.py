"""A crowd of connections that want nothing, or want it slowly, and what the others notice of them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.hostile.forged import command
from tests.hostile.wire import head, line, middle, numbers_of
from tests.invariants.hostile import slack_headers
from tests.support.bench import Bench
from tests.support.process import BotProcess

GOOD = 40
"""Good requests by which the latency is measured."""


@dataclass(frozen=True)
class Look:
    """How a bot is doing: its memory in kB, its open files, and how long good requests take, in ms."""

    memory: int
    files: int
    middle: float
    worst: float

    def __str__(self) -> str:
        """Give a row of a table."""
        return f"{self.memory / 1024:6.1f} MB  {self.files:5d} files  {self.middle:6.1f} ms  worst {self.worst:6.1f} ms"


async def look(world: Bench, process: BotProcess) -> Look:
    """Measure with good traffic: signed commands, written down and acknowledged."""
    seconds = [await _acknowledged(world, process) for _ in range(GOOD)]
    memory, files = numbers_of(process.pid)
    return Look(memory, files, middle(seconds) * 1000, max(seconds) * 1000)


async def _acknowledged(world: Bench, process: BotProcess) -> float:
    body = command(world, "general", "status")
    began = time.monotonic()
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{process.url}/slack/events", data=body, headers=slack_headers(world, body)) as answer,
    ):
        assert answer.status == 200
    return time.monotonic() - began


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def crowd(url: str, number: int, says: bytes = b"") -> AsyncIterator[list[Line]]:
    """Hold so many connections, each of which says the same and then nothing."""
    async with AsyncExitStack() as stack:
        lines: list[Line] = []
        for _ in range(number):
            lines.append(await stack.enter_async_context(line(url)))
            lines[-1][1].write(says)
        await asyncio.sleep(0.2)
        yield lines


async def are_gone(lines: list[Line], *, within: float) -> bool:
    """Wait until the other side has hung up on all of them."""

    async def gone(reader: asyncio.StreamReader) -> None:
        try:
            while await reader.read(65_536):
                pass
        except ConnectionError:
            return

    try:
        async with asyncio.timeout(within):
            await asyncio.gather(*[gone(reader) for reader, _ in lines])
    except TimeoutError:
        return False
    return True


SILENT = b""
HALF_A_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * 4000
HALF_A_BODY = head("/slack/events", "Content-Length: 200000") + b"x" * 100_000
HALF_A_WEBHOOK = head("/webhooks/realtimekit", "Content-Length: 200000") + b"x" * 100_000
