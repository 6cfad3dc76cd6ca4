"""Child processes with a port, and the processor time that any process has used."""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Child:
    """A server in a process of its own."""

    pid: int
    port: int


@asynccontextmanager
async def child(module: str, *arguments: str, environment: Mapping[str, str]) -> AsyncIterator[Child]:
    """Run a module of this directory that prints its port once it listens.

    Raises:
        RuntimeError: it ended, or said nothing in time.

    """
    given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=PIPE, stderr=said, cwd=ROOT, env=given | dict(environment)
        )
        try:
            yield Child(process.pid, await _port(process))
        except Exception:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace"))
            raise
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await _end(process)


async def _port(process: Process) -> int:
    if process.stdout is None:
        raise RuntimeError("the child has no output")
    try:
        async with asyncio.timeout(START_SECONDS):
            return int(await process.stdout.readline())
    except (ValueError, TimeoutError):
        raise RuntimeError("a server did not start") from None


async def _end(process: Process) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def cpu_seconds(pid: int) -> float:
    """Give the processor time of all threads of a process, to the nanosecond (Linux only).

    The number is the kernel's clock of that process, as ``clock_getcpuclockid`` makes it.
    """
    return time.clock_gettime((~pid << 3) | 2)


def machine_busy_seconds() -> float:
    """Give the processor time that the whole machine has spent, on whatever, since it came up (Linux only)."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _waiting, interrupts, soft, stolen = ticks[:8]
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")
