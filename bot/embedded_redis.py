"""A Redis of the bot's own for a deployment that names none: a child on a private socket, its data on disk.

Two locks keep one writer on the data. The bot's lock is held by the living Greenroom. The server's lock is handed to
the server at its start and held by it alone, so it is free exactly when no server writes any more, however the bot
and the server came to their ends.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from platformdirs import user_data_dir

from bot.embedded_files import Places, find_server, try_lock
from bot.errors import SettingsError

logger = logging.getLogger(__name__)

GRACE_SECONDS = 0.5
"""How long a server without a parent may take to end by itself before it is adopted; Redis looks every 0.1 s."""

READY_SECONDS = 60.0
"""How long reading the data back may take."""

STOP_SECONDS = 10.0
PAUSE = 0.02

# Run by a small Python that turns into the server: nothing of ours runs between a fork and an exec.
# 1 is PR_SET_PDEATHSIG; a parent that is gone already will not send the signal any more.
TIE_TO_PARENT = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


@asynccontextmanager
async def embedded_redis(
    directory: Path | None = None,
    *,
    program: Path | None = None,
    tied: bool = sys.platform == "linux",
    share: bool = False,
) -> AsyncIterator[str]:
    """Run a Redis for as long as the block lasts, and give its address.

    Args:
        directory: where the data is kept; in the user's data directory by default.
        program: the server to run; the one that comes with the package, or one on the PATH, by default.
        tied: whether the server ends when this process does, however it does.
        share: whether the server of a living Greenroom will do, as for a look at it from the command line.

    Raises:
        SettingsError: when it cannot be run, with what to do instead.

    """
    places = Places(directory or Path(user_data_dir("greenroom")) / "redis")
    lock = try_lock(places.bot_lock)
    address = f"unix://{quote(str(places.socket))}"
    if lock is None:
        if share and await answering(places.socket) is not None:
            yield address
            return
        raise SettingsError(["Another Greenroom on this machine uses the embedded Redis; set REDIS_URL to share one"])
    try:
        server = Server(places, program or find_server(), tied=tied)
        async with server.running():
            yield address
    finally:
        os.close(lock)


# ---------------------------------------------------------------- the server


class Server:
    """One server process, ours or adopted, kept alive while it is wanted."""

    def __init__(self, places: Places, program: Path, *, tied: bool) -> None:
        self._places = places
        self._program = program
        self._tied = tied
        self._process: Process | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have it answer inside the block, start it again if it dies, and end it after the block."""
        try:
            await self._start()
            keeper = asyncio.create_task(self._keep(), name="embedded-redis")
            try:
                yield
            finally:
                keeper.cancel()
                await asyncio.wait([keeper])
        finally:
            await self._stop()

    async def _keep(self) -> None:
        while True:
            await self._gone()
            logger.warning("The embedded Redis ended, starting it again")
            try:
                await self._start()
            except (SettingsError, OSError):
                logger.exception("The embedded Redis does not start")
                await asyncio.sleep(1)

    async def _start(self) -> None:
        lock = await self._lock_or_adopt()
        if lock is None:
            logger.info("Using an embedded Redis that was still running")
            return
        try:
            await self._spawn(lock)
        finally:
            os.close(lock)  # from here on only the server has it
        await self._until_ready()

    async def _lock_or_adopt(self) -> int | None:
        """Wait for a server that lost its parent to end; if it does not, make it ours and give None."""
        for waited in _steps(READY_SECONDS):
            lock = try_lock(self._places.server_lock)
            if lock is not None:
                return lock
            if waited >= GRACE_SECONDS and await answering(self._places.socket):
                self._process = None
                return None
            await asyncio.sleep(PAUSE)
        raise SettingsError([f"The Redis on {self._places.data} neither answers nor ends; end it, or set REDIS_URL"])

    async def _spawn(self, lock: int) -> None:
        tie = [sys.executable, "-I", "-S", "-c", TIE_TO_PARENT, str(os.getpid())] if self._tied else []
        kept = ("PATH", "LD_LIBRARY_PATH", "LANG")  # the rest of the environment holds secrets
        with self._places.server_log.open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                *tie,
                *_command(self._program, self._places),
                stdin=DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=[lock],
                env={name: os.environ[name] for name in kept if name in os.environ},
                start_new_session=True,  # Ctrl-C is for the bot, which still needs its Redis to finish
            )

    async def _until_ready(self) -> None:
        for _ in _steps(READY_SECONDS):
            if await answering(self._places.socket):
                return
            if self._process is None or self._process.returncode is not None:
                break
            await asyncio.sleep(PAUSE)
        said = self._places.server_log.read_text(errors="replace").strip().splitlines()[-3:]
        raise SettingsError([f"The embedded Redis does not start: {' / '.join(said)}; set REDIS_URL to use another"])

    def _ended(self) -> bool:
        lock = try_lock(self._places.server_lock)
        if lock is not None:
            os.close(lock)
        return lock is not None

    async def _gone(self) -> None:
        """Wait until nobody writes to the data any more."""
        if self._process is not None:
            await self._process.wait()
        while not self._ended():  # noqa: ASYNC110 - nobody is told when a lock becomes free
            await asyncio.sleep(PAUSE * 5)

    async def _stop(self) -> None:
        for way in (signal.SIGTERM, signal.SIGKILL):
            if self._ended():
                break
            await self._send(way)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._gone(), STOP_SECONDS)
        if self._process is not None:
            await self._process.wait()

    async def _send(self, way: signal.Signals) -> None:
        """Signal our child, or an adopted server after asking it who it is: a number kept may be another's by now."""
        ours = self._process is not None and self._process.returncode is None
        pid = self._process.pid if ours and self._process else await answering(self._places.socket)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, way)


def _steps(seconds: float) -> list[float]:
    return [step * PAUSE for step in range(int(seconds / PAUSE))]


def _command(program: Path, places: Places) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(places.socket),
        "unixsocketperm": "700",
        "dir": str(places.data),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [str(program), *(part for name, value in options.items() for part in (f"--{name}", value))]


async def answering(socket: Path) -> int | None:
    """Give the process id of the server that answers on a socket; None where none does, or it is still loading."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_unix_connection(str(socket))
            try:
                writer.write(b"PING\r\nINFO server\r\n")
                if await reader.readline() != b"+PONG\r\n":
                    return None
                length = int((await reader.readline())[1:])
                info = (await reader.readexactly(length)).decode(errors="replace")
            finally:
                writer.close()
                await writer.wait_closed()
    except (OSError, EOFError, ValueError, TimeoutError):
        return None
    return int(info.partition("process_id:")[2].split()[0])
