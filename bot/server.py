"""One aiohttp application: Slack's requests, the handlers' pages, and what operators look at."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.scrape import Scrape
from bot.services import SERVICES, Services
from bot.slack.inbox import Inbox

log = logging.getLogger(__name__)

BODY_MAX = 256 * 1024
"""Bytes of a request; more is answered with 413."""
PATIENCE = 2.5
LAST_ANSWERS = 3.0
"""Seconds at the end for requests that were in hand when the listener was closed."""

HEADERS_MAX = 80
"""Headers of a request, each of 8 kB at most; a chain of proxies adds some twenty."""
FIRST_REQUEST = 10.0
"""Seconds in which a new connection must have brought the whole head of a request."""
KEPT_OPEN = 630.0
"""Seconds for which a connection is kept for the next request: longer than any proxy keeps it, so that none sends a
request on a line that is being closed (Google's load balancers keep theirs for 600)."""
LINGERING = 1.0
"""Seconds for which the rest of a refused body is taken in, so that its sender gets to read the answer."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Front:
    """Answers Slack and the operators."""

    def __init__(self, inbox: Inbox, services: Services, redis: Redis, scrape: Scrape) -> None:
        self._inbox = inbox
        self._services = services
        self._redis = redis
        self._scrape = scrape

    def application(self, routes: Iterable[web.RouteDef]) -> web.Application:
        """Build the application with the handlers' routes in it."""
        app = web.Application(client_max_size=BODY_MAX, middlewares=[only_plain])
        app[SERVICES] = self._services
        app.router.add_post("/slack/events", self.slack_events)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)
        app.router.add_routes(list(routes))
        return app

    async def slack_events(self, request: web.Request) -> web.Response:
        """Take in everything that Slack sends."""
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
        except TimeoutError:
            self._inbox.gave_up(PATIENCE)
            return web.Response(status=408, text="too slow")
        answer = await self._inbox.receive(request.headers, body)
        return web.Response(status=answer.status, text=answer.text)

    async def healthz(self, _request: web.Request) -> web.Response:
        """Tell that the process answers."""
        return web.json_response({"ok": True})

    async def readyz(self, _request: web.Request) -> web.Response:
        """Tell whether work can be taken in: Redis answers and the worker runs."""
        checks = {"redis": await self._redis_answers(), "worker": self._services.work.is_running}
        return web.json_response({"ok": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)

    async def _redis_answers(self) -> bool:
        try:
            async with asyncio.timeout(2):
                return bool(await self._redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def metrics(self, _request: web.Request) -> web.Response:
        """Give what Prometheus collects."""
        page = await self._scrape.page()
        return web.Response(body=page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


@web.middleware
async def only_plain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a body that is packed: nobody honest sends one, and nothing is opened before it is verified."""
    if request.headers.get("Content-Encoding", "").strip().lower() not in {"", "identity"}:
        raise web.HTTPUnsupportedMediaType(text="packed bodies are not taken")
    return await handler(request)


class Door:
    """Lets go of whoever holds a connection and never asks for anything.

    Args:
        patience: seconds in which the first request must have come.

    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._asked: set[object] = set()
        self._since: dict[object, float] = {}

    async def watch(self, runner: web.AppRunner) -> None:
        """Look at every connection, again and again."""
        while runner.server is not None:
            self._look(runner.server, asyncio.get_running_loop().time())
            await asyncio.sleep(self._patience / 5)

    def _look(self, server: web.Server, now: float) -> None:
        here = server.connections
        self._asked.intersection_update(here)
        silent = [one for one in here if one not in self._asked]
        self._since = {one: self._since.get(one, now) for one in silent}
        for one in silent:
            if now - self._since[one] >= self._patience:
                one.force_close()

    @property
    def note(self) -> Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]:
        """The middleware that notes who has asked for something."""

        @web.middleware
        async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._asked.add(request.protocol)
            return await handler(request)

        return noted


class NotOurs(logging.Filter):
    """Makes one line of what strangers do wrong on the wire, which aiohttp tells as an error with a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every other record pass."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError | ConnectionError):
            return True
        log.info("a request broke off or was none: %s", type(error).__name__)
        return False


async def listen(
    app: web.Application, host: str, port: int, *, patience: float = FIRST_REQUEST
) -> tuple[web.AppRunner, int]:
    """Serve an application; gives its runner, to be cleaned up, and the port it got."""
    door = Door(patience)
    app.middlewares.append(door.note)
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=LAST_ANSWERS,
        logger=_wire_log(),
        auto_decompress=False,
        max_headers=HEADERS_MAX,
        keepalive_timeout=KEPT_OPEN,
        lingering_time=LINGERING,
    )
    app.cleanup_ctx.append(lambda _: _watching(door, runner))
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, int(runner.addresses[0][1])


async def _watching(door: Door, runner: web.AppRunner) -> AsyncIterator[None]:
    task = asyncio.create_task(_from_the_start(door, runner), name="door")
    yield
    task.cancel()
    await asyncio.wait([task])


def _wire_log() -> logging.Logger:
    found = logging.getLogger("bot.wire")
    found.addFilter(NOT_OURS)
    return found


NOT_OURS = NotOurs()
