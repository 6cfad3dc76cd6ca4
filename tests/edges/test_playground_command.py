"""``greenroom playground``: it opens, a meeting can be started in it, and it ends leaving nothing behind."""

import asyncio
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.cli import app
from playground.stage import free_port
from tests.edges.command import launch


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a directory with a short name, since a socket's path may not be long."""
    directory = Path(tempfile.mkdtemp(prefix="gr-"))
    yield directory
    shutil.rmtree(directory)


async def test_it_opens_and_ends_cleanly_however_it_is_told_to(home: Path) -> None:
    await asyncio.gather(opens_and_ends(home, signal.SIGINT), opens_and_ends(home, signal.SIGTERM, "--socket-mode"))

    assert not left_in(home)


async def opens_and_ends(home: Path, way: signal.Signals, *options: str) -> None:
    port = free_port()
    process = await launch(home, "playground", "--port", str(port), *options, TMPDIR=str(home))
    try:
        url = await opened(process)
        assert url == f"http://127.0.0.1:{port}"
        await a_meeting_can_be_started(url)
        children = children_of(process.pid)
        assert [name(child) for child in children if "server" in name(child)]
    finally:
        process.send_signal(way)
        _, err = await asyncio.wait_for(process.communicate(), 15)

    assert process.returncode == 0
    assert not [child for child in children if lives(child)]
    assert "Traceback" not in err.decode()


async def opened(process: asyncio.subprocess.Process) -> str:
    """Wait for the line that says where the page is."""
    assert process.stdout
    async with asyncio.timeout(20):
        async for line in process.stdout:
            if b"playground is open: " in line:
                return line.decode().partition("open: ")[2].strip()
    raise AssertionError("it ended before it opened")


async def a_meeting_can_be_started(url: str) -> None:
    async with aiohttp.ClientSession() as browser:
        async with browser.get(url) as page:
            assert page.status == 200
            assert "<!doctype html>" in (await page.text()).lower()
        typed = {"user": "UANA", "channel": "CGENERAL", "text": "/meet Hello"}
        async with browser.post(f"{url}/playground/command", json=typed, headers={"Origin": url}) as ack:
            assert (await ack.json())["ok"], await ack.text()
        async with asyncio.timeout(10):
            while "Hello: Started by" not in await seen(browser, url):
                await asyncio.sleep(0.05)


async def seen(browser: aiohttp.ClientSession, url: str) -> str:
    async with browser.get(f"{url}/playground/state", params={"as": "UANA"}) as state:
        return await state.text()


def left_in(home: Path) -> list[Path]:
    return list(home.iterdir())


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()


def test_a_port_that_is_taken_is_said_to_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        answer = CliRunner().invoke(app, ["playground", "--port", str(port)])

    assert answer.exit_code == 1
    assert answer.output == (
        f"The playground cannot open at 127.0.0.1:{port} (Address already in use). Choose another with --port.\n"
    )
