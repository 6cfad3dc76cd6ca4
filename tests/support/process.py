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

import aiohttp

from playground.stage import LOOPBACK, Stage, free_port

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


@asynccontextmanager
async def bot_process(environment: Mapping[str, str], *, port: int | None = None) -> AsyncIterator[BotProcess]:
    """Run one bot process and end it when the context does."""
    process = BotProcess(environment, port=port)
    try:
        await process.start()
        yield process
    finally:
        process.close()


def environment_for(scene: Stage, redis_url: str, **others: str) -> dict[str, str]:
    """Give a stage's environment for processes that share one Redis."""
    return {**scene.environment(), "REDIS_URL": redis_url, "POLL_SECONDS": "3600", "LOG_LEVEL": "debug", **others}
