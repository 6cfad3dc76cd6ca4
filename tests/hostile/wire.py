"""Requests byte by byte, as no honest client writes them, and a look at a process from outside."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

CUT, SILENT = 0, -1
"""In place of a status: the line was cut without an answer, or nothing came in time."""

DOORS = ("/webhooks/realtimekit", "/slack/events")


@asynccontextmanager
async def line(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection and leave it without ceremony."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


def head(path: str, *headers: bytes | str, method: str = "POST") -> bytes:
    """Write the head of a request."""
    lines = [each.encode() if isinstance(each, str) else each for each in headers]
    return b"\r\n".join([f"{method} {path} HTTP/1.1\r\nHost: greenroom".encode(), *lines, b"\r\n"])


def whole(path: str, body: bytes, *headers: bytes | str) -> bytes:
    """Write a request with its true length."""
    return head(path, *headers, f"Content-Length: {len(body)}") + body


async def status_of(reader: asyncio.StreamReader, *, within: float = 5.0) -> int:
    """Read the status of the next answer that is not "go on"."""
    try:
        async with asyncio.timeout(within):
            first = await reader.readline()
            if b" 100 " in first:
                await reader.readline()
                first = await reader.readline()
    except TimeoutError:
        return SILENT
    except ConnectionError:
        return CUT
    return int(first.split()[1]) if first.startswith(b"HTTP/") else CUT


async def answer_to(url: str, request: bytes, *, within: float = 5.0) -> int:
    """Send these bytes on a connection of their own and give the status."""
    async with line(url) as (reader, writer):
        with suppress(ConnectionError):
            writer.write(request)
            await writer.drain()
        return await status_of(reader, within=within)


async def is_let_go(reader: asyncio.StreamReader, *, within: float) -> bool:
    """Wait until the other side hangs up, whatever it says before."""
    try:
        async with asyncio.timeout(within):
            while await reader.read(65_536):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def numbers_of(pid: int) -> tuple[int, int]:
    """Give the resident memory of a process in kB and how many file descriptors it has open."""
    words = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = next(int(row.split()[1]) for row in words if row.startswith("VmRSS:"))
    return resident, len(list(Path(f"/proc/{pid}/fd").iterdir()))


def middle(seconds: Iterable[float]) -> float:
    """Give the median."""
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2]


def connections_to(url: str) -> int:
    """Count the connections that stand open at the port of ``url``, on the server's side (Linux, proc(5))."""
    port = f":{urlsplit(url).port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    established = "01"
    return sum(local.endswith(port) and state == established for _, local, _, state, *_ in map(str.split, lines))
