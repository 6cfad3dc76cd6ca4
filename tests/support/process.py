"""The bot as operating-system processes, which can be frozen, killed and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import aiohttp

from bot.embedded_files import find_server
from playground.rooms import ProviderName
from playground.stage import LOOPBACK, Stage, free_port, stage
from playground.timers import Pace
from tests.support.bench import QUICK, Bench
from tests.support.redis_server import _wait_for

STARTS_WITHIN = 20.0
ROOT = Path(__file__).parents[2]


class BotProcess:
    """One ``python -m bot``; it keeps its port over restarts, as behind a load balancer.

    Args:
        environment: the bot's settings, without its port.
        port: where it listens, any free port by default.

    """

    def __init__(self, environment: Mapping[str, str], *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._environment = {**_own_environment(), **environment, "PORT": str(self.port)}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by ``close``
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None, "the bot was not started"
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it has written to its output streams, over all restarts."""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def launch(self) -> None:
        """Start it without waiting until it can be reached."""
        command = [sys.executable, "-m", "bot"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL
        )

    async def start(self) -> None:
        """Start it and wait until it takes work in."""
        self.launch()
        await self.ready()

    async def ready(self) -> None:
        """Wait until ``/readyz`` says that work can be taken in."""
        async with asyncio.timeout(STARTS_WITHIN), aiohttp.ClientSession() as client:
            while not await self._is_ready(client):
                assert self._process is not None
                assert self._process.poll() is None, self.log
                await asyncio.sleep(0.02)

    async def _is_ready(self, client: aiohttp.ClientSession) -> bool:
        try:
            async with client.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def kill(self) -> None:
        """End it at once, wherever it is (``kill -9``)."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def freeze(self) -> None:
        """Stop it wherever it is, without its knowing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        self._signal(signal.SIGCONT)

    async def stop(self) -> int:
        """Ask it to end (``SIGTERM``) and give its exit code."""
        self._signal(signal.SIGTERM)
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait, 20)

    async def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        await self.start()

    def close(self) -> None:
        """End it if it runs, and throw its output away."""
        self.kill()
        self._log.close()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


def _own_environment() -> dict[str, str]:
    """Give what a Python needs to run, and none of this process's settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}


class RedisProcess:
    """A Redis of one's own that writes everything down, so that it can be killed and started again."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="gr-")
        self._socket = Path(self._directory.name) / "s"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        server = os.environ.get("TEST_REDIS_SERVER") or str(find_server())
        where = ["--port", "0", "--unixsocket", str(self._socket), "--dir", self._directory.name]
        durable = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        self._process = subprocess.Popen([server, *where, *durable], stdout=subprocess.DEVNULL)
        _wait_for(self._socket)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._directory.cleanup()


@asynccontextmanager
async def bot_process(environment: Mapping[str, str], *, port: int | None = None) -> AsyncIterator[BotProcess]:
    """Run one bot process and end it when the context does."""
    process = BotProcess(environment, port=port)
    try:
        await process.start()
        yield process
    finally:
        process.close()


def environment_for(
    scene: Stage, redis_url: str, *, provider: ProviderName = "realtimekit", socket_mode: bool = False, **others: str
) -> dict[str, str]:
    """Give a stage's environment for processes that share one Redis."""
    given = scene.environment(provider=provider, socket_mode=socket_mode)
    return {**given, "REDIS_URL": redis_url, "POLL_SECONDS": "3600", "LOG_LEVEL": "debug", **others}


@asynccontextmanager
async def outside_bench(
    redis_url: str,
    *,
    provider: ProviderName = "realtimekit",
    socket_mode: bool = False,
    pace: Pace = QUICK,
    **others: str,
) -> AsyncIterator[tuple[Bench, BotProcess]]:
    """Run the simulators here and the bot as a process of its own; ``others`` are environment variables."""
    async with stage(provider=provider, socket_mode=socket_mode, pace=pace) as scene:
        port = free_port()
        url = f"http://{LOOPBACK}:{port}"
        scene.slack.bot_url = None if socket_mode else url
        given = {"PUBLIC_URL": url} | others
        environment = environment_for(scene, redis_url, provider=provider, socket_mode=socket_mode, **given)
        async with bot_process(environment, port=port) as process:
            if socket_mode:
                await scene.slack.sockets.until_connected(1)
            yield Bench(scene, None, redis_url), process
