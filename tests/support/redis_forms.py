"""The forms in which grown-up deployments have Redis: behind Sentinel, and as a Cluster."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import redis

from playground.stage import LOOPBACK, free_port
from tests.support.ports import free_port as port_below_outgoing_ones
from tests.support.redis_server import program

BUS = 10_000


@contextmanager
def server(*options: str, port: int, kind: str = "") -> Iterator[redis.Redis]:
    """Run a server on a port of this machine and give a client of it."""
    directory = Path(tempfile.mkdtemp(prefix="gr-"))
    common = ["--port", str(port), "--bind", LOOPBACK, "--save", "", "--dir", str(directory)]
    command = [program(), *common, *options]
    if kind == "sentinel":
        config = directory / "sentinel.conf"
        config.write_text("\n".join([f"port {port}", f"bind {LOOPBACK}", f"dir {directory}", *options]) + "\n")
        command = [program(), str(config), "--sentinel"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(host=LOOPBACK, port=port)
    try:
        until(client.ping)
        yield client
    finally:
        client.close()
        process.kill()
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)


def until(holds: Callable[[], object], *, within: float = 20.0) -> None:
    """Wait for a server to come round."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if holds():
                return
        except redis.exceptions.RedisError:
            pass
        time.sleep(0.02)
    raise TimeoutError("a Redis did not come round")


def _port_with_bus() -> int:
    """Find a port whose bus is free too: it lies so much higher, and a 6.2 cannot be told another."""
    while True:
        port = port_below_outgoing_ones()
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port + BUS))
            return port


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster of one node that owns every slot: it refuses what crosses slots as a large one does."""
    port = _port_with_bus()
    with server("--cluster-enabled", "yes", port=port) as client:
        client.execute_command("CLUSTER ADDSLOTS", *range(16384))
        until(lambda: "ok" in str(dict(client.execute_command("CLUSTER INFO"))["cluster_state"]))
        yield f"redis+cluster://{LOOPBACK}:{port}"


@contextmanager
def sentinel() -> Iterator[tuple[str, redis.Redis]]:
    """Run a master, a replica and a sentinel; gives the address, and the sentinel for making it fail over."""
    first, second, watch = free_port(), free_port(), free_port()
    rules = [
        f"sentinel monitor main {LOOPBACK} {first} 1",
        "sentinel down-after-milliseconds main 1000",
        "sentinel failover-timeout main 5000",
    ]
    with ExitStack() as stack:
        stack.enter_context(server("--repl-diskless-sync-delay", "0", port=first))
        replica = stack.enter_context(server("--replicaof", LOOPBACK, str(first), port=second))
        until(lambda: replica.info("replication")["master_link_status"] == "up")
        watcher = stack.enter_context(server(*rules, port=watch, kind="sentinel"))
        until(lambda: watcher.execute_command("SENTINEL REPLICAS", "main"))
        yield f"redis+sentinel://{LOOPBACK}:{watch}/main/0", watcher
