"""The near end of ``tests.support.launcher``, the process that forks bots."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.process import ROOT


class Launcher:
    """The process that forks bots."""

    def __init__(self) -> None:
        self._logs = tempfile.TemporaryDirectory(prefix="gr-logs-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.launcher"],
            cwd=ROOT,
            env={name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def log(self, name: str) -> Path:
        """Give the file that a bot writes to."""
        return Path(self._logs.name) / name

    def start(self, environment: Mapping[str, str], name: str) -> int:
        """Start a bot and give its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"env": dict(environment), "log": str(self.log(name))}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End every bot."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(20)
        self._logs.cleanup()
