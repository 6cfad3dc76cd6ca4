"""One aiohttp application: Slack's requests, the handlers' pages, and what operators look at."""

import asyncio
import logging
from collections.abc import Iterable

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.command_names import NAMED
from bot.door import BODY_MAX, FIRST_REQUEST, HTTP_RULES, Door, body_of, only_modest, too_large
from bot.scrape import Scrape
from bot.services import SERVICES, Services
from bot.slack.inbox import Inbox

log = logging.getLogger(__name__)

PATIENCE = 2.5
LAST_ANSWERS = 3.0
"""Seconds at the end for requests that were in hand when the listener was closed."""


class Front:
    """Answers Slack and the operators."""

    def __init__(self, inbox: Inbox, services: Services, redis: Redis, scrape: Scrape) -> None:
        self._inbox = inbox
        self._services = services
        self._redis = redis
        self._scrape = scrape

    def application(self, routes: Iterable[web.RouteDef]) -> web.Application:
        """Build the application with the handlers' routes in it."""
        app = web.Application(client_max_size=BODY_MAX, middlewares=[only_modest])
        app[SERVICES] = self._services
        app[NAMED] = self._services.named
        app.router.add_post("/slack/events", self.slack_events)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)
        app.router.add_routes(list(routes))
        return app

    async def slack_events(self, request: web.Request) -> web.Response:
        """Take in everything that Slack sends."""
        try:
            body = await body_of(request, within=PATIENCE)
        except TimeoutError:
            self._inbox.gave_up(PATIENCE)
            return web.Response(status=408, text="too slow")
        if body is None:
            return too_large()
        answer = await self._inbox.receive(request.headers, body)
        if answer.payload is not None:
            return web.json_response(answer.payload)
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


async def listen(
    app: web.Application, host: str, port: int, *, patience: float = FIRST_REQUEST
) -> tuple[web.AppRunner, int]:
    """Serve an application; gives its runner, to be cleaned up, and the port it got.

    Args:
        app: what is served.
        host: the network interface.
        port: 0 for any that is free.
        patience: seconds in which whoever connects must have asked for something.

    """
    door = Door(patience)
    app.middlewares.append(door.middleware)
    app.on_shutdown.append(door.close)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=LAST_ANSWERS, **HTTP_RULES)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    door.open(runner)
    return runner, int(runner.addresses[0][1])
