"""The bot's own Redis keeps what it was told, whoever dies, and never has two writers."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from docket import Docket, Worker
from redis.asyncio import Redis

from bot.embedded_files import find_server
from bot.embedded_redis import answering, embedded_redis
from bot.errors import SettingsError

NOWHERE = Path("/nowhere/valkey-server")

PARENT = """
import asyncio, sys
from pathlib import Path
from redis.asyncio import Redis
from bot.embedded_redis import answering, embedded_redis

async def main():
    async with embedded_redis(Path(sys.argv[1]), tied=sys.argv[2] == "tied") as url:
        async with Redis.from_url(url) as redis:
            await redis.set("wish", "kept")
        print(await answering(Path(sys.argv[1]) / "redis.sock"), flush=True)
        await asyncio.sleep(60)

if sys.argv[3] == "uvloop":
    import uvloop
    uvloop.run(main())
else:
    asyncio.run(main())
"""

WRITER = """
import asyncio, sys
from pathlib import Path
from redis.asyncio import Redis
from bot.embedded_redis import embedded_redis

async def main():
    async with embedded_redis(Path(sys.argv[1])) as url, Redis.from_url(url) as redis:
        while True:
            print(await redis.incr("writes"), flush=True)

asyncio.run(main())
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    """Give a directory with a short name, as people's data directories have."""
    with tempfile.TemporaryDirectory(prefix="gr-") as name:
        yield Path(name) / "redis"


@pytest.fixture(params=["bundled", "installed"])
def program(request: pytest.FixtureRequest) -> Path:
    """Give each server that this machine has: the packaged one, and one from the PATH."""
    try:
        return find_server() if request.param == "bundled" else find_server(NOWHERE)
    except SettingsError:
        pytest.skip("no such server on this machine")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(url, decode_responses=True) as redis:
        yield redis


@asynccontextmanager
async def parent(directory: Path, *how: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Run another Greenroom's embedded Redis in a process of its own; give that process and the server's number."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(directory), *how, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    try:
        assert process.stdout
        yield process, int(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def next_server(directory: Path, dead: int) -> int:
    """Wait for a server that is not the dead one."""
    async with asyncio.timeout(5):
        while True:
            pid = await answering(directory / "redis.sock")
            if pid and pid != dead:
                return pid
            await asyncio.sleep(0.01)


async def test_writes_are_there_after_a_clean_end(directory: Path, program: Path) -> None:
    async with embedded_redis(directory, program=program) as url, connected(url) as redis:
        await redis.set("wish", "kept")
    async with embedded_redis(directory, program=program) as url, connected(url) as redis:
        assert await redis.get("wish") == "kept"


async def test_it_is_private_and_has_no_port(directory: Path, program: Path) -> None:
    async with embedded_redis(directory, program=program) as url, connected(url) as redis:
        assert url.startswith("unix:///")
        assert await redis.config_get("port", "appendonly") == {"port": "0", "appendonly": "yes"}
        assert mode(directory) == 0o700
        assert mode(directory / "redis.sock") & 0o077 == 0


async def test_nothing_is_left_running_afterwards(directory: Path, program: Path) -> None:
    async with embedded_redis(directory, program=program):
        pid = await answering(directory / "redis.sock")
        assert pid
    assert not alive(pid)


async def test_a_killed_server_comes_back_with_every_write(directory: Path, program: Path) -> None:
    async with embedded_redis(directory, program=program) as url:
        first = await answering(directory / "redis.sock")
        assert first
        async with connected(url) as redis:
            await asyncio.gather(*(redis.set(f"wish:{number}", number) for number in range(50)))
            os.kill(first, signal.SIGKILL)
        second = await next_server(directory, first)
        async with connected(url) as redis:
            assert len(await redis.keys("wish:*")) == 50
    assert not alive(second)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
async def test_a_killed_parent_takes_the_server_along_and_the_next_one_has_every_write(
    directory: Path, loop: str
) -> None:
    async with parent(directory, "tied", loop) as (process, server):
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with embedded_redis(directory) as url, connected(url) as redis:
            assert await redis.get("wish") == "kept"
            assert await answering(directory / "redis.sock") != server


async def test_an_orphan_is_adopted_and_ended_in_the_end(directory: Path) -> None:
    async with parent(directory, "loose", "asyncio") as (process, server):
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with embedded_redis(directory) as url, connected(url) as redis:
            assert await redis.get("wish") == "kept"
            assert await answering(directory / "redis.sock") == server
        assert await answering(directory / "redis.sock") is None


async def test_an_adopted_server_that_dies_is_started_again(directory: Path) -> None:
    async with parent(directory, "loose", "asyncio") as (process, server):
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with embedded_redis(directory) as url, connected(url) as redis:
            os.kill(server, signal.SIGKILL)
            await next_server(directory, server)
            assert await redis.get("wish") == "kept"


async def test_a_second_greenroom_is_told_to_share(directory: Path) -> None:
    async with parent(directory, "tied", "asyncio") as (_, server):
        with pytest.raises(SettingsError, match="Another Greenroom on this machine uses the embedded Redis"):
            async with embedded_redis(directory):
                pytest.fail("two writers")

        assert await answering(directory / "redis.sock") == server


async def test_a_second_one_in_the_same_process_is_refused_too(directory: Path) -> None:
    async with embedded_redis(directory) as url:
        with pytest.raises(SettingsError, match="set REDIS_URL to share one"):
            async with embedded_redis(directory):
                pytest.fail("two writers")
        async with connected(url) as redis:
            assert await redis.ping()


async def test_a_long_directory_gets_a_short_socket_elsewhere_and_the_same_each_time(
    directory: Path, program: Path
) -> None:
    deep = directory / ("d" * 60) / ("e" * 60)
    async with embedded_redis(deep, program=program) as first, connected(first) as redis:
        await redis.set("wish", "kept")
        place = Path(first.removeprefix("unix://"))
        assert len(os.fsencode(place)) < 100
        assert mode(place.parent) == 0o700
    async with embedded_redis(deep, program=program) as second, connected(second) as redis:
        assert (second, await redis.get("wish")) == (first, "kept")
    place.parent.rmdir()


async def test_a_directory_with_blanks_and_signs_is_no_trouble(directory: Path, program: Path) -> None:
    async with embedded_redis(directory / "my data?#%41", program=program) as url, connected(url) as redis:
        assert await redis.ping()


@pytest.mark.parametrize("form", ["{url}", "{url}?db=0"])
async def test_pydocket_works_with_the_address(directory: Path, form: str) -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async with (
        embedded_redis(directory) as url,
        Docket(name="test", url=form.format(url=url)) as docket,
        Worker(docket) as worker,
    ):
        docket.register(work)
        await docket.add(work)()
        await worker.run_until_finished()

    assert done.is_set()


async def test_a_server_that_does_not_start_says_why_and_leaves_the_place_free(directory: Path, program: Path) -> None:
    async with embedded_redis(directory, program=program) as url, connected(url) as redis:
        await redis.set("wish", "kept")
    manifest = directory / "appendonlydir" / "appendonly.aof.manifest"
    good = manifest.read_text()
    manifest.write_text("not a manifest\n")

    with pytest.raises(SettingsError, match=r"does not start: .*manifest.*; set REDIS_URL"):
        async with embedded_redis(directory, program=program):
            pytest.fail("started on broken data")

    manifest.write_text(good)
    async with embedded_redis(directory, program=program) as url, connected(url) as redis:
        assert await redis.get("wish") == "kept"


async def test_a_program_that_is_no_server_is_an_error_of_the_settings(directory: Path) -> None:
    with pytest.raises(SettingsError, match="does not start"):
        async with embedded_redis(directory, program=Path("/bin/false")):
            pytest.fail("started")


async def test_a_place_that_cannot_be_used_is_an_error_of_the_settings(directory: Path) -> None:
    directory.write_text("a file")  # noqa: ASYNC240 - nothing else runs yet

    with pytest.raises(SettingsError, match=r"The embedded Redis cannot use .*; set REDIS_URL"):
        async with embedded_redis(directory):
            pytest.fail("started")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_the_server_is_not_handed_the_bots_secrets_and_hears_no_control_c(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hidden")
    async with embedded_redis(directory):
        pid = await answering(directory / "redis.sock")
        assert pid
        assert b"xoxb-hidden" not in Path(f"/proc/{pid}/environ").read_bytes()  # noqa: ASYNC240 - no disk is read
        assert os.getpgid(pid) != os.getpgid(0)


@pytest.mark.soak
async def test_no_write_that_was_answered_is_lost_however_often_the_parent_is_killed(directory: Path) -> None:
    answered = 0
    for kill in range(10):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, str(directory), stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
        )
        assert process.stdout
        first = int(await process.stdout.readline())
        assert first > answered
        await asyncio.sleep(0.01 * kill)
        process.kill()
        rest = (await process.stdout.read()).splitlines(keepends=True)
        await process.wait()
        answered = max([first, *(int(line) for line in rest if line.endswith(b"\n"))])

    async with embedded_redis(directory) as url, connected(url) as redis:
        assert int(await redis.get("writes")) >= answered


def test_without_the_packaged_server_one_on_the_path_is_used(tmp_path: Path) -> None:
    installed = tmp_path / "redis-server"
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)

    assert find_server(NOWHERE, str(tmp_path)) == installed


def test_without_any_server_there_is_advice(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set REDIS_URL, or install valkey-server or redis-server"):
        find_server(NOWHERE, str(tmp_path))


async def test_a_socket_that_nobody_or_something_else_listens_on_is_not_answering(directory: Path) -> None:
    directory.mkdir()  # noqa: ASYNC240 - nothing else runs yet
    place = directory / "redis.sock"
    assert await answering(place) is None

    async def mumble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"-LOADING the data\r\n")
        writer.close()

    async with await asyncio.start_unix_server(mumble, sock=_listening(place)):
        assert await answering(place) is None


def _listening(place: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(place))
    return listening
