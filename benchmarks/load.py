"""The load generator: ready-made requests on kept-alive connections, at fixed times or as fast as they are answered."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HOST = "127.0.0.1"
EARLY = 0.002
"""Seconds before a request is due at which sleeping ends: an event loop's timers are only good to a millisecond."""


class Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answer: asyncio.Future[float] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to the server."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def ask(self, request: bytes) -> asyncio.Future[float]:
        """Send a request; gives the moment at which its answer was there.

        Raises:
            RuntimeError: the answer was anything but 200.

        """
        if self._transport is None:
            raise RuntimeError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Take in a part of an answer."""
        self._received += data
        if self._answer is None or not _is_whole(self._received):
            return
        arrived, answer, self._answer = time.perf_counter(), self._answer, None
        received, self._received = self._received, b""
        if received[9:12] == b"200":
            answer.set_result(arrived)
        else:
            answer.set_exception(RuntimeError(f"refused: {received[:300]!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what is under way."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or RuntimeError("the server hung up"))

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


def _is_whole(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return False
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(body) >= int(length or 0)


@dataclass
class Pool:
    """Connections that wait for a request; there is always one more."""

    port: int
    free: list[Connection] = field(default_factory=list)
    made: list[Connection] = field(default_factory=list)

    async def take(self) -> Connection:
        """Give a free connection, or a new one."""
        return self.free.pop() if self.free else await self.fresh()

    async def fresh(self) -> Connection:
        """Connect once more."""
        _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, self.port)
        self.made.append(connection)
        return connection


@asynccontextmanager
async def pool(port: int, connections: int) -> AsyncIterator[Pool]:
    """Have connections ready."""
    found = Pool(port)
    try:
        found.free = [await found.fresh() for _ in range(connections)]
        yield found
    finally:
        for connection in found.made:
            connection.close()


async def open_loop(port: int, requests: Sequence[bytes], rate: float) -> list[float]:
    """Send requests at fixed times, answered or not; gives each one's seconds since the time it was due."""
    async with pool(port, 8) as connections:
        start = time.perf_counter() + 0.05
        under_way = []
        for number, request in enumerate(requests):
            due = start + number / rate
            await _until(due)
            under_way.append(asyncio.create_task(_timed(connections, request, due)))
        return await asyncio.gather(*under_way)


async def _timed(connections: Pool, request: bytes, due: float) -> float:
    connection = await connections.take()
    arrived = await connection.ask(request)
    connections.free.append(connection)
    return arrived - due


async def _until(due: float) -> None:
    await asyncio.sleep(max(0.0, due - time.perf_counter() - EARLY))
    while time.perf_counter() < due:  # noqa: ASYNC110 - no event comes at a time of day
        await asyncio.sleep(0)  # answers are still read meanwhile


async def closed_loop(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Send each connection's next request when its last one is answered; gives the seconds that all took."""
    async with pool(port, connections) as ready:
        waiting = iter(requests)

        async def take_turns(connection: Connection) -> None:
            for request in waiting:
                await connection.ask(request)

        start = time.perf_counter()
        await asyncio.gather(*(take_turns(connection) for connection in ready.made))
        return time.perf_counter() - start
