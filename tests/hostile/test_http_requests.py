"""Requests whose form is hostile: they cost an answer below 500, one line of log, and a bounded time."""

import asyncio
import gzip
import logging
import os
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.server import listen
from tests.hostile.wire import CUT, DOORS, answer_to, head, is_let_go, line, status_of, whole
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")
REFUSED = range(400, 500)
FEWEST_HEADERS = 50
"""As many as a chain of proxies may add."""
BOMB = gzip.compress(bytes(50_000_000))

PACKED = {
    "a bomb": ("gzip", BOMB),
    "a bomb in deflate": ("deflate", zlib.compress(bytes(5_000_000))),
    "no gzip at all": ("gzip", b"hello"),
    "half a gzip": ("gzip", BOMB[:50]),
    "no deflate at all": ("deflate", b"hello"),
    "brotli": ("br", b"\x8b\x02\x80hello\x03"),
    "zstandard": ("zstd", b"\x28\xb5\x2f\xfd"),
    "twice": ("gzip, gzip", BOMB),
    "in capitals": ("GZIP", b"hello"),
    "unheard of": ("rot13", b"uryyb"),
}

CHUNKED = "Transfer-Encoding: chunked"
MALFORMED: dict[str, tuple[tuple[bytes | str, ...], bytes]] = {
    "a chunk of no size": ((CHUNKED,), b"zz\r\nhello\r\n"),
    "a chunk that goes on": ((CHUNKED,), b"5\r\nhelloXXXX\r\n0\r\n\r\n"),
    "chunks and a length": ((CHUNKED, "Content-Length: 3"), b"5\r\nhello\r\n0\r\n\r\n"),
    "chunks not last": (("Transfer-Encoding: chunked, identity",), b"0\r\n\r\n"),
    "chunks of 300 kB": ((CHUNKED,), b"493e0\r\n" + b"x" * 300_000 + b"\r\n0\r\n\r\n"),
    "300 kB": (("Content-Length: 300000",), b"x" * 300_000),
    "less than nothing": (("Content-Length: -3",), b"hello"),
    "two lengths": (("Content-Length: 3", "Content-Length: 5"), b"hello"),
    "no number for a length": (("Content-Length: five",), b"hello"),
    "a length past all numbers": (("Content-Length: " + "9" * 30,), b"hello"),
    "a header of 64 kB": (("X-A: " + "a" * 65_536, "Content-Length: 0"), b""),
    "5,000 headers": ((*(f"X-{n}: a" for n in range(5000)), "Content-Length: 0"), b""),
    "more headers than anybody needs": ((*(f"X-{n}: a" for n in range(100)), "Content-Length: 0"), b""),
    "a NUL in a header": ((b"X-A: a\0b", "Content-Length: 0"), b""),
    "a signature that is no text": ((b"rtk-signature: \xff\xfe", b"X-Slack-Signature: \xff", "Content-Length: 0"), b""),
    "a type that is none": ((b"Content-Type: \xff/\xfe; charset=", "Content-Length: 0"), b""),
    "a form in parts": (("Content-Type: multipart/form-data; boundary=x", "Content-Length: 3"), b"abc"),
    "an expectation": (("Expect: a-banana", "Content-Length: 5"), b"hello"),
    "an upgrade": (("Connection: Upgrade", "Upgrade: websocket", "Content-Length: 0"), b""),
}
NO_REQUESTS = {
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200),
    "noise": b"\x00\xff" * 1500,
    "an address of 64 kB": head("/webhooks/" + "a" * 65_536, "Content-Length: 0"),
    "bytes in the address": b"GET /join/\xff\xfe HTTP/1.1\r\nHost: greenroom\r\n\r\n",
    "half a letter in the address": head("/webhooks/realtimekit/%ed%a0%80", "Content-Length: 0"),
    "a NUL in a join link": head("/join/%00%ff", "Content-Length: 0"),
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("packed", PACKED)
async def test_what_is_packed_is_refused_unopened(shared: Bench, door: str, packed: str) -> None:
    encoding, body = PACKED[packed]

    assert await answer_to(shared.bot.url, whole(door, body, f"Content-Encoding: {encoding}")) == 415


async def test_a_body_that_says_it_is_not_packed_is_taken(shared: Bench) -> None:
    for encoding in ("identity", ""):
        request = whole(DOORS[0], b"{}", f"Content-Encoding: {encoding}")
        assert await answer_to(shared.bot.url, request) == 401


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("malformed", MALFORMED)
async def test_what_is_malformed_is_refused_and_is_nobodys_mistake_here(
    shared: Bench, door: str, malformed: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers, body = MALFORMED[malformed]

    assert await answer_to(shared.bot.url, head(door, *headers) + body) in REFUSED
    assert troubles(caplog) == []


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("malformed", ["300 kB", "chunks of 300 kB", "chunks and a length", "two lengths"])
async def test_what_turns_out_malformed_late_is_refused_as_well(
    shared: Bench, door: str, malformed: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Then the head came first, and somebody may be reading the body already."""
    headers, body = MALFORMED[malformed]
    async with line(shared.bot.url) as (reader, writer):
        writer.write(head(door, *headers))
        await asyncio.sleep(0.03)
        with suppress(ConnectionError):
            writer.write(body)
            await writer.drain()
        assert await status_of(reader) in REFUSED
    assert troubles(caplog) == []


@pytest.mark.parametrize("noise", NO_REQUESTS)
async def test_what_is_no_request_is_refused_too(shared: Bench, noise: str, caplog: pytest.LogCaptureFixture) -> None:
    assert await answer_to(shared.bot.url, NO_REQUESTS[noise]) in REFUSED
    assert troubles(caplog) == []


def troubles(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give the lines by which strangers could fill the log: errors, and anything with a traceback."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING or r.exc_info or r.exc_text]


async def test_a_request_that_hides_behind_another_is_judged_by_itself(shared: Bench) -> None:
    """A length that is too short makes the rest of the body a second request."""
    behind = whole(DOORS[1], b"payload=%7B%7D")
    async with line(shared.bot.url) as (reader, writer):
        writer.write(head(DOORS[0], "Content-Length: 2") + b"{}" + behind)
        answers = await asyncio.wait_for(_read_answers(reader, 2), 5)
    assert answers == [401, 401]


async def _read_answers(reader: asyncio.StreamReader, number: int) -> list[int]:
    found: list[int] = []
    while len(found) < number:
        row = await reader.readline()
        if row.startswith(b"HTTP/"):
            found.append(int(row.split()[1]))
        length = int(row.split()[1]) if row.lower().startswith(b"content-length") else 0
        if length:
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(length)
    return found


async def test_as_many_headers_as_proxies_add_are_taken(shared: Bench) -> None:
    many = (f"X-Forwarded-{n}: {'a' * 200}" for n in range(FEWEST_HEADERS))

    assert await answer_to(shared.bot.url, whole(DOORS[0], b"{}", *many)) == 401


# ------------------------------------------------------------ slow senders


@pytest.mark.soak
async def test_a_body_that_stays_away_is_let_go_by_slacks_door(shared: Bench) -> None:
    """With 408, once Slack would not wait any longer either; and the line is not kept for the rest."""
    began = time.monotonic()
    async with line(shared.bot.url) as (reader, writer):
        writer.write(head(DOORS[1], "Content-Length: 100000") + b"hello")
        assert await status_of(reader, within=4) == 408
        assert await is_let_go(reader, within=2.5)
    assert time.monotonic() - began < 6


@asynccontextmanager
async def small_server(patience: float) -> AsyncIterator[str]:
    """Serve something small behind the bot's own door."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_route("*", "/", hello)
    runner, port = await listen(app, "127.0.0.1", 0, patience=patience)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def test_whoever_says_nothing_or_never_ends_is_let_go() -> None:
    async def dawdles(url: str, request: bytes) -> bool:
        async with line(url) as (reader, writer):
            sending = asyncio.create_task(_byte_by_byte(writer, request))
            gone = await is_let_go(reader, within=3)
            sending.cancel()
            return gone

    endless = b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(1000))
    async with small_server(0.2) as url:
        assert all(await asyncio.gather(dawdles(url, b""), dawdles(url, b"G"), dawdles(url, endless)))


async def _byte_by_byte(writer: asyncio.StreamWriter, request: bytes) -> None:
    for byte in request:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.02)


async def test_whoever_has_asked_once_may_keep_the_line() -> None:
    """Proxies do, for minutes, and send the next request of theirs on it."""
    async with small_server(0.1) as url, aiohttp.ClientSession() as proxy:
        for _ in range(3):
            async with proxy.get(url) as answer:
                assert answer.status == 200
                kept = answer.connection is None or answer.connection.transport is not None
            await asyncio.sleep(0.3)
        assert kept
        async with line(url) as (reader, writer):
            for _ in range(2):
                writer.write(head("/", method="GET"))
                assert await status_of(reader) == 200
                await reader.readuntil(b"hello")
                await asyncio.sleep(0.3)


async def test_a_slow_request_is_not_taken_for_silence() -> None:
    """Whoever has asked is waited for by the handler, with a patience of its own."""

    async def slow(request: web.Request) -> web.Response:
        return web.Response(text=(await request.read()).decode())

    app = web.Application()
    app.router.add_post("/", slow)
    runner, port = await listen(app, "127.0.0.1", 0, patience=0.1)
    async with line(f"http://127.0.0.1:{port}") as (reader, writer):
        writer.write(head("/", "Content-Length: 2") + b"o")
        await asyncio.sleep(0.4)
        writer.write(b"k")
        assert await status_of(reader) == 200
    await runner.cleanup()


async def test_a_cut_line_is_nobodys_mistake(shared: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for door in DOORS:
        async with line(shared.bot.url) as (_, writer):
            writer.write(head(door, "Content-Length: 100") + b"hello")
            await writer.drain()
            await asyncio.sleep(0.05)
    assert await answer_to(shared.bot.url, whole(DOORS[0], b"{}")) == 401
    assert await answer_to(shared.bot.url, head(DOORS[0], "Content-Length: 5"), within=0.1) < CUT
    assert troubles(caplog) == []
