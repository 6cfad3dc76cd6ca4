"""A master with two replicas that three sentinels watch: killed, asked or cut off, another one becomes master."""

import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import redis

from playground.stage import LOOPBACK
from tests.support.ports import free_port
from tests.support.redis_forms import until
from tests.support.redis_server import program

NAME = "main"
NOTICED_AFTER = 3000
"""Milliseconds without an answer after which a sentinel takes a server for dead; 30,000 is what it comes with."""

DURABLE = ("appendonly yes", "appendfsync always", 'save ""', "repl-diskless-sync-delay 0")
PAUSED = 12_000
"""Milliseconds without writes around a change that is asked for: the old master learns after 10 s at most."""

WAYS = ("killed", "asked", "paused", "cut off")
"""How a master comes to an end.

It is killed: the system still delivers to its replicas what it had sent. It is asked to hand over to another, with or
without its writes being paused before. Or it is cut off from its replicas first, as by the death of a whole machine.
"""

UNREAD = 0.3
"""Seconds of writes that a master took in after it was cut off."""

RULES = (
    "sentinel monitor {name} {host} {port} 2",
    "sentinel down-after-milliseconds {name} {noticed}",
    "sentinel failover-timeout {name} 3000",
    "sentinel parallel-syncs {name} 2",
)


class Server:
    """One server or sentinel, with a configuration of its own that sentinels rewrite, on a port it keeps."""

    def __init__(self, *lines: str, sentinel: bool = False) -> None:
        self.port = free_port()
        self._directory = Path(tempfile.mkdtemp(prefix="gr-"))
        self._configuration = self._directory / "redis.conf"
        own = (f"port {self.port}", f"bind {LOOPBACK}", f"dir {self._directory}")
        self._configuration.write_text("\n".join([*own, *lines]) + "\n")
        self._kind = ["--sentinel"] if sentinel else []
        self._process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis(host=LOOPBACK, port=self.port, socket_timeout=1, decode_responses=True)

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [program(), str(self._configuration), *self._kind]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self.client.ping)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, wherever it is."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End it and throw its data away."""
        self.kill()
        self.client.close()
        shutil.rmtree(self._directory, ignore_errors=True)


class WatchedRedis:
    """Redis as careful deployments have it; what is done to it is done to whichever server is master at that moment.

    Args:
        needed: replicas that a master must have heard of a second ago, or it takes no writes.

    """

    def __init__(self, needed: int = 1) -> None:
        lines = [*DURABLE, f"min-replicas-to-write {needed}", "min-replicas-max-lag 1"]
        first = Server(*lines)
        followers = [Server(*lines, f"replicaof {LOOPBACK} {first.port}") for _ in range(2)]
        self.servers = [first, *followers]
        rules = [rule.format(name=NAME, host=LOOPBACK, port=first.port, noticed=NOTICED_AFTER) for rule in RULES]
        self.sentinels = [Server(*rules, sentinel=True) for _ in range(3)]
        self.url = "redis+sentinel://" + ",".join(f"{LOOPBACK}:{each.port}" for each in self.sentinels) + f"/{NAME}/0"
        self._dead: list[Server] = []
        self._frozen: list[Server] = []

    @property
    def master(self) -> Server:
        """The server that most sentinels name."""
        named = [self._named_by(each) for each in self.sentinels]
        most = max(named, key=named.count)
        return next(server for server in self.servers if server.port == most)

    @staticmethod
    def _named_by(sentinel: Server) -> int:
        return int(sentinel.client.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", NAME)[1])

    @property
    def takeovers(self) -> int:
        """How often another server became master, whoever brought that about; a stalled machine does too."""
        return max(map(self._epoch, self.sentinels))

    def newest(self) -> str:
        """Give the address of the server that became master last; a sentinel may hear of it two seconds later."""
        latest = max(self.sentinels, key=self._epoch)
        return f"redis://{LOOPBACK}:{self._named_by(latest)}"

    @staticmethod
    def _epoch(sentinel: Server) -> int:
        return int(_told(sentinel.client.execute_command("SENTINEL MASTER", NAME))["config-epoch"])

    # ------------------------------------------------------------ one server, as the experiments know it

    def start(self) -> None:
        """Start what was killed."""
        while self._dead:
            self._dead.pop().start()

    def kill(self) -> None:
        """Kill the master."""
        self._dead.append(self.master)
        self._dead[-1].kill()

    def signal(self, number: signal.Signals) -> None:
        """Make the master hang, or the one that was made to hang go on."""
        if number == signal.SIGSTOP:
            self._frozen.append(self.master)
        server = self._frozen.pop() if number == signal.SIGCONT else self.master
        server.signal(number)

    # ------------------------------------------------------------ another master

    def replace(self, way: str) -> None:
        """Have another master by one of the ``WAYS``, once the servers have settled after the last time."""
        self.settle()
        before = self.master
        {
            "killed": self.kill,
            "asked": self._ask,
            "paused": self._pause_and_ask,
            "cut off": self._cut_off,
        }[way]()
        until(lambda: self.master is not before and self._is_whole(at_least=1), within=30)
        self.start()

    def _ask(self) -> None:
        until(self._is_asked)

    def _pause_and_ask(self) -> None:
        """Let the replicas read all there is first: what they have not read is lost to whoever becomes master."""
        self.master.client.execute_command("CLIENT PAUSE", PAUSED, "WRITE")
        until(self._has_been_read)
        self._ask()

    def _has_been_read(self) -> bool:
        about = self.master.client.info("replication")
        read = [about[f"slave{number}"]["offset"] for number in range(about["connected_slaves"])]
        return all(offset >= about["master_repl_offset"] for offset in read)

    def _cut_off(self) -> None:
        """Kill the master while its replicas have not read what it took in of late, and never will."""
        followers = [server for server in self.servers if server is not self.master]
        for server in followers:
            server.signal(signal.SIGSTOP)
        time.sleep(UNREAD)
        self.kill()
        for server in followers:
            server.kill()
            server.start()

    def _is_asked(self) -> bool:
        return bool(self.sentinels[0].client.execute_command("SENTINEL FAILOVER", NAME))

    def _is_whole(self, *, at_least: int) -> bool:
        about = self.master.client.info("replication")
        return about["role"] == "master" and about["connected_slaves"] >= at_least

    def settle(self) -> None:
        """Wait until all servers follow one master and all sentinels agree on it."""
        until(
            lambda: len({self._named_by(each) for each in self.sentinels}) == 1 and self._is_whole(at_least=2),
            within=40,
        )

    # ------------------------------------------------------------ from beginning to end

    def __enter__(self) -> Self:
        for server in [*self.servers, *self.sentinels]:
            server.start()
        until(lambda: self._is_whole(at_least=2))
        until(lambda: all(self._knows_all(each) for each in self.sentinels))
        return self

    @staticmethod
    def _knows_all(sentinel: Server) -> bool:
        known = _told(sentinel.client.execute_command("SENTINEL MASTER", NAME))
        return (int(known["num-slaves"]), int(known["num-other-sentinels"])) == (2, 2)

    def __exit__(self, *_: object) -> None:
        for server in [*self.sentinels, *self.servers]:
            server.close()


def _told(about: Any) -> dict[str, str]:
    return about if isinstance(about, dict) else dict(zip(about[::2], about[1::2], strict=True))
