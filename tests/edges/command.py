"""The command line as operators run it: ``python -m bot`` in a process of its own, with a clean environment."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def clean(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Give an environment that holds these settings and nothing else of the machine's."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "COLUMNS": "160",
        **settings,
    }


async def launch(home: Path, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    """Start a command in an empty directory."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=home,
        env=clean(home, settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def greenroom(home: Path, *arguments: str, **settings: str) -> Ended:
    """Run a command to its end."""
    process = await launch(home, *arguments, **settings)
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())
