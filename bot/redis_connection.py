"""One Redis client for every form of address: a server, a socket, Sentinel, or Cluster."""

import contextlib
import re
import time
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlencode

from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis, RedisCluster
from redis.asyncio.connection import parse_url
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.exceptions import RedisError

CONNECTIONS = 128
PATIENCE = 5.0
"""Seconds to wait for a free connection, and for an answer; the bot reads nothing that blocks for longer."""
SENTINEL_PORT = 26379
CONNECT_PATIENCE = 3.0
LOOK_EVERY = 1.0
"""Seconds after which the sentinels are asked again who is master."""
OF_SENTINELS = "sentinel_"
"""How options begin that are for the sentinels alone."""


def connect(url: str) -> Redis:
    """Give a client; nothing is sent yet.

    Args:
        url: ``redis://``, ``rediss://``, ``unix://``, ``redis+sentinel://one:26379,two:26379/service/db``,
            ``redis+cluster://host:port``, or the last two with ``rediss``; the forms that pydocket takes as well.

    """
    scheme = url.partition("://")[0]
    if scheme.endswith("+sentinel"):
        return _by_sentinel(url, tls=scheme.startswith("rediss"))
    if scheme.endswith("+cluster"):
        plain = url.replace("+cluster", "", 1)
        cluster = RedisCluster.from_url(plain, socket_timeout=PATIENCE, socket_connect_timeout=CONNECT_PATIENCE)
        return cast("Redis", cluster)  # the commands that the bot uses are the same
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=PATIENCE,
        socket_timeout=PATIENCE,
        socket_connect_timeout=CONNECT_PATIENCE,
    )
    return Redis.from_pool(pool)


def connect_untimed(url: str) -> Redis:
    """Give a client for whoever keeps the time of a whole batch: redis-py's own limits cost more than a command.

    Sentinel and Cluster have more to wait for than one connection, and keep theirs.
    """
    if "+" in url.partition("://")[0]:
        return connect(url)
    pool = ConnectionPool.from_url(
        url, max_connections=CONNECTIONS, socket_timeout=None, socket_connect_timeout=CONNECT_PATIENCE
    )
    return Redis.from_pool(pool)


class _Watched(SentinelConnectionPool, BlockingConnectionPool):
    """Connections to the master that the sentinels name, waited for where all are in use, and closed with theirs."""

    _asked_at = -LOOK_EVERY

    async def ensure_connection(self, connection: Any) -> None:
        """Hand out no connection to a master that was replaced: it answers readers for ten seconds more."""
        if time.monotonic() - self._asked_at >= LOOK_EVERY:
            self._asked_at = time.monotonic()
            with contextlib.suppress(RedisError):  # without sentinels, what is connected still does
                await self.get_master_address()  # type: ignore[no-untyped-call]
        if connection.is_connected and (connection.host, connection.port) != self.master_address:
            await connection.disconnect()
        await super().ensure_connection(connection)

    async def aclose(self) -> None:
        """Close the connections to the master and to the sentinels; redis-py forgets the latter."""
        await super().aclose()
        for sentinel in self.sentinel_manager.sentinels:
            await sentinel.aclose()


def _by_sentinel(url: str, *, tls: bool) -> Redis:
    """Follow the master that the sentinels name, through every failover."""
    credentials, hosts, service, database, asked, own = _sentinel_parts(url)
    user, _, password = credentials.partition(":")
    options: dict[str, Any] = {
        "max_connections": CONNECTIONS,
        "timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": CONNECT_PATIENCE,
        **asked,
        "db": database,
        "username": unquote(user) or None,
        "password": unquote(password) or None,
        "ssl": tls,
    }
    sentinels: dict[str, Any] = {
        "max_connections": CONNECTIONS,  # after a failover, every connection asks where to go at the same moment
        "socket_timeout": CONNECT_PATIENCE,
        "socket_connect_timeout": CONNECT_PATIENCE,
        "ssl": tls,
        **{name: value for name, value in asked.items() if name.startswith("ssl_")},
        **own,
    }
    manager = Sentinel(hosts, sentinel_kwargs=sentinels)  # type: ignore[no-untyped-call]
    return Redis.from_pool(_Watched(service, manager, **options))  # type: ignore[no-untyped-call]


def _sentinel_parts(
    url: str,
) -> tuple[str, list[tuple[str, int]], str, int, dict[str, Any], dict[str, str]]:
    """Take an address apart: who, where, which service and database, what else it asks for, and what of sentinels."""
    rest, _, query = url.partition("://")[2].partition("?")
    place, _, path = rest.partition("/")
    credentials, _, hosts = place.rpartition("@")
    service, _, database = path.partition("/")
    found = [_host(host) for host in hosts.split(",")]
    words = parse_qsl(query)
    own = {name.removeprefix(OF_SENTINELS): word for name, word in words if name.startswith(OF_SENTINELS)}
    others = urlencode([(name, word) for name, word in words if not name.startswith(OF_SENTINELS)])
    asked = dict(parse_url(f"redis://?{others}"))  # read as in the address of a single server
    return credentials, found, unquote(service), int(database or 0), asked, own


def _host(text: str) -> tuple[str, int]:
    if re.search(r":\d+$", text):
        host, _, port = text.rpartition(":")
        return host.strip("[]"), int(port)
    return text.strip("[]"), SENTINEL_PORT
