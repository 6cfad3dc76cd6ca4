"""What of HTTP is taken at all, before anybody looks at what is asked for: plain bodies, few headers, no dawdling."""

import asyncio
import logging
from typing import Any

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

log = logging.getLogger(__name__)

BODY_MAX = 256 * 1024
"""Bytes of a request; more is answered with 413."""
FIRST_REQUEST = 10.0
"""Seconds in which a new connection must have brought the whole head of a request."""
KEPT_OPEN = 630.0
"""Seconds for which a connection is kept for its next request. A proxy must be the first to close one, or else it
sends requests on lines that are being closed; Google's load balancers keep theirs for 600."""
LINGERING = 1.0
"""Seconds for which the rest of a refused body is still taken in, so that its sender gets to read the answer."""
HEADERS_MAX = 80
"""Headers of a request, each of 8 kB at most; a chain of proxies adds some twenty."""


class Manners(logging.Filter):
    """Makes one line of what strangers do wrong on the wire; aiohttp makes an error with a traceback of each."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every other record pass."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError | ConnectionError):
            return True
        log.info("what came was no request, or broke off: %s", type(error).__name__)
        return False


def _wire() -> logging.Logger:
    wire = logging.getLogger("bot.wire")
    wire.addFilter(Manners())
    return wire


HTTP_RULES: dict[str, Any] = {
    "auto_decompress": False,
    "keepalive_timeout": KEPT_OPEN,
    "lingering_time": LINGERING,
    "logger": _wire(),
    "max_headers": HEADERS_MAX,
}
"""How aiohttp is to treat the wire (aiohttp.web.AppRunner)."""


@web.middleware
async def only_modest(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse large bodies, and packed ones: nobody honest packs, and nothing is unpacked before it is verified."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "").strip().lower() not in {"", "identity"}:
        return web.Response(status=415, text="packed bodies are not taken")
    if (request.content_length or 0) > BODY_MAX:
        return too_large()
    return await handler(request)


async def body_of(request: web.Request, *, within: float) -> bytes | None:
    """Read a body whole; None where it is too large.

    Args:
        request: whose body.
        within: seconds in which it must have come.

    Raises:
        TimeoutError: it did not come in time.

    """
    if request.content.is_eof():
        body = request.content.read_nowait()  # it came along with the head, as honest ones do
        return body if len(body) <= BODY_MAX else None
    async with asyncio.timeout(within):
        return await _read(request)


async def _read(request: web.Request) -> bytes | None:
    """Read what comes.

    aiohttp's own ``read`` raises then. The error keeps what was read until the garbage collector comes by, which
    is seldom: hundreds of megabytes, for whoever sends a few thousand such bodies.
    """
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_MAX:
            return None
    return bytes(body)


def too_large() -> web.Response:
    """Refuse a body for its size."""
    return web.Response(status=413, text=f"at most {BODY_MAX} bytes are taken")


class Door:
    """Lets go of whoever holds a connection and never asks for anything.

    Args:
        patience: seconds until then.

    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._asked: set[object] = set()
        self._silent_since: dict[object, float] = {}
        self._watch: asyncio.Task[None] | None = None

    @property
    def middleware(self) -> Middleware:
        """Note who has asked for something."""

        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._asked.add(request.protocol)
            return await handler(request)

        return note

    def open(self, runner: web.AppRunner) -> None:
        """Begin to look after the connections of a runner that was set up."""
        self._watch = asyncio.create_task(self._look_after(runner), name="door")

    async def close(self, _: web.Application) -> None:
        """Stop."""
        if self._watch:
            self._watch.cancel()

    async def _look_after(self, runner: web.AppRunner) -> None:
        while server := runner.server:
            self._let_go(server, asyncio.get_running_loop().time())
            await asyncio.sleep(self._patience / 5)

    def _let_go(self, server: web.Server, now: float) -> None:
        here = server.connections
        self._asked.intersection_update(here)
        silent = [one for one in here if one not in self._asked]
        self._silent_since = {one: self._silent_since.get(one, now) for one in silent}
        for one in silent:
            if now - self._silent_since[one] >= self._patience:
                one.force_close()
