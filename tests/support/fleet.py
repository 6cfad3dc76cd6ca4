"""Several bots that are one: processes on one Redis behind a balancer, to be killed, frozen and started again."""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from playground.slack_rates import RateLimits
from playground.stage import LOOPBACK, Stage, stage
from playground.timers import Pace
from tests.support.forks import Launcher
from tests.support.ports import free_port
from tests.support.process import RedisProcess, environment_for
from tests.support.watched_redis import WatchedRedis

STARTS_WITHIN = 30.0
NOTICED_AFTER = 0.15
"""Seconds for which a balancer still sends to a process that is gone."""

SLACK_AS_WIDE_AS_NEEDED = RateLimits(generosity=100, per_minute={"chat.update": 60_000})
"""Slack's limits per workspace lifted, its limit per channel kept: a run holds in minutes what a team holds in days."""


class Replica:
    """One bot; it keeps its port over restarts. ``taking`` is what the balancer thinks, ``alive`` what is so."""

    def __init__(self, launcher: Launcher, environment: Mapping[str, str], name: str) -> None:
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.name = name
        self.taking = self.alive = False
        self._launcher = launcher
        self._environment = {**environment, "PORT": str(self.port)}
        self.pid = 0

    @property
    def log(self) -> str:
        """Everything it has written, over all restarts."""
        return self._launcher.log(self.name).read_text(errors="replace")

    async def start(self) -> None:
        """Start it and wait until it takes work in."""
        if await self._answers():
            raise RuntimeError(f"{self.name} was to be dead, and answers")
        self.launch()
        end = time.monotonic() + STARTS_WITHIN
        async with aiohttp.ClientSession() as client:
            while not await self._is_ready(client):
                if time.monotonic() > end:
                    raise TimeoutError(self.log[-2000:])
                if not self.is_there:
                    self.launch()  # as whoever supervises it would: it ends where Redis is away at its start
                await asyncio.sleep(0.05)
        self.taking = self.alive = True

    async def _answers(self) -> bool:
        async with aiohttp.ClientSession() as client:
            return await self._is_ready(client)

    def launch(self) -> None:
        """Start it without waiting until it can be reached."""
        self.pid = self._launcher.start(self._environment, self.name)

    @property
    def is_there(self) -> bool:
        """Whether the process exists."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def _is_ready(self, client: aiohttp.ClientSession) -> bool:
        with suppress(aiohttp.ClientError):
            async with client.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        return False

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def kill(self) -> None:
        """End it at once (``kill -9``); the balancer notices a moment later."""
        await self._ended_by(signal.SIGKILL)

    async def end(self) -> float:
        """Ask it to end (SIGTERM), as every deployment does; gives the seconds it took."""
        began = time.monotonic()
        await self._ended_by(signal.SIGTERM)
        return time.monotonic() - began

    async def _ended_by(self, number: signal.Signals) -> None:
        self.alive = False
        self.send(number)
        noticed = time.monotonic() + NOTICED_AFTER
        while self.is_there or self.taking:
            self.taking = self.taking and time.monotonic() < noticed
            await asyncio.sleep(0.01)


Witness = Callable[[web.Request, bytes, int], None]
"""Told of every request that was answered: the request, its body, the status."""


@dataclass
class Balancer:
    """Takes requests and hands each to one replica, as a load balancer does; a broken connection is a 502."""

    replicas: list[Replica] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    handed: Callable[[Replica], None] = lambda _replica: None
    broken: int = 0
    _turn: Callable[[], int] = field(default_factory=lambda: itertools.count().__next__)
    _client: aiohttp.ClientSession | None = None

    async def open(self, port: int) -> web.AppRunner:
        """Listen."""
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        self._client = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._hand_on)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, port).start()
        return runner

    async def close(self) -> None:
        """Disconnect."""
        if self._client:
            await self._client.close()

    def choose(self) -> Replica | None:
        """Give the next replica that takes requests."""
        taking = [replica for replica in self.replicas if replica.taking]
        return taking[self._turn() % len(taking)] if taking else None

    async def _hand_on(self, request: web.Request) -> web.Response:
        body, replica = await request.read(), self.choose()
        if replica is None:
            return web.Response(status=502, text="nobody is there")
        assert self._client is not None
        self.handed(replica)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        try:
            async with self._client.request(
                request.method, replica.url + request.path_qs, data=body, headers=headers, allow_redirects=False
            ) as answer:
                told = await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError):
            self.broken += 1
            return web.Response(status=502, text="the connection broke")
        for witness in self.witnesses:
            witness(request, body, answer.status)
        kept = {name: answer.headers[name] for name in ("Content-Type", "Location") if name in answer.headers}
        return web.Response(status=answer.status, body=told, headers=kept)


class DurableRedis(RedisProcess):
    """A Redis that survives being killed, and can be made to hang."""

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send_signal(number)


@dataclass
class Fleet:
    """The simulators, a Redis, and the replicas behind their balancer."""

    stage: Stage
    redis: DurableRedis | WatchedRedis
    balancer: Balancer
    launcher: Launcher

    @property
    def replicas(self) -> list[Replica]:
        """The bots."""
        return self.balancer.replicas


@asynccontextmanager
async def fleet(
    replicas: int,
    *,
    pace: Pace,
    started: bool = True,
    server: Callable[[], DurableRedis | WatchedRedis] = DurableRedis,
    **others: str,
) -> AsyncIterator[Fleet]:
    """Run a stage with so many bots on a server of this kind; ``others`` are environment variables."""
    async with AsyncExitStack() as stack:
        launcher = Launcher()
        stack.callback(launcher.close)
        redis = stack.enter_context(server())
        scene = await stack.enter_async_context(stage(pace=pace))
        balancer, port = Balancer(), free_port()
        stack.push_async_callback(balancer.close)
        runner = await balancer.open(port)
        stack.push_async_callback(runner.cleanup)
        url = f"http://{LOOPBACK}:{port}"
        scene.slack.bot_url = url
        given = environment_for(scene, redis.url) | {"PUBLIC_URL": url, "LOG_LEVEL": "warning"} | others
        balancer.replicas = [Replica(launcher, given, f"bot-{number}") for number in range(replicas)]
        if started:
            await asyncio.gather(*(replica.start() for replica in balancer.replicas))
        yield Fleet(scene, redis, balancer, launcher)


def lift_workspace_limits(scene: Stage) -> None:
    """Let Slack and the provider take as many calls as a whole day's meetings in minutes need."""
    scene.slack._install.rates.limits = SLACK_AS_WIDE_AS_NEEDED
    scene.provider.limits["realtimekit"] = ()
