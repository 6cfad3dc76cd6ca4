"""A real Redis for tests, one for each test process, emptied between tests.

``TEST_REDIS_SERVER`` names another server to test against than the one that is bundled.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from bot.embedded_files import find_server


@contextmanager
def redis_server(*options: str) -> Iterator[str]:
    """Run a server on a private socket and give its address."""
    directory = Path(tempfile.mkdtemp(prefix="gr-"))
    socket = directory / "s"
    command = [program(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(directory)]
    process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
    try:
        _wait_for(socket)
        yield f"unix://{socket}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)


def program() -> str:
    """Give the server to test against."""
    return os.environ.get("TEST_REDIS_SERVER") or str(find_server())


def _wait_for(socket: Path) -> None:
    client = redis.Redis(unix_socket_path=str(socket))
    for _ in range(500):
        try:
            client.ping()
        except redis.exceptions.ConnectionError:
            time.sleep(0.01)
        else:
            client.close()
            return
    raise RuntimeError("the test's Redis did not start")
