"""Starts bots quickly: a process that has imported the program once and forks for each start.

It reads one JSON object a line (``env``, ``log``), answers with the child's number, and takes every child along
when its input ends. What runs in the child is what ``python -m bot`` runs; only the second of importing is spared.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any

from bot.__main__ import main


def serve() -> None:
    """Start a bot for every line until there are no more lines."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children: list[int] = []
    for line in sys.stdin:
        children.append(_start(json.loads(line)))
        sys.stdout.write(f"{children[-1]}\n")
        sys.stdout.flush()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _start(order: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(number, target)
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = ["greenroom"]
    try:
        main()
    except SystemExit as end:
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
    os._exit(0)


if __name__ == "__main__":
    serve()
