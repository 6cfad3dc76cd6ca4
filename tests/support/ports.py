"""Ports for what is killed and comes back."""

import itertools
import os
import socket
from contextlib import suppress

from playground.stage import LOOPBACK

_ports = itertools.count(10_000 + os.getpid() * 50 % 20_000)


def free_port() -> int:
    """Find a port below those that outgoing connections take, so that nobody has it while its bot is dead."""
    while True:
        port = next(_ports)
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return port
