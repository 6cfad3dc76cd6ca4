"""Fixtures for the providers' tests: servers and sessions that are closed at the end, and two throwaway keys."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.providers.support import Clock, Script, Step

Play = Callable[..., Awaitable[Script]]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Make a session as a careless caller does: without any time-out."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
        yield session


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    """Start servers that answer as scripted."""
    servers: list[TestServer] = []

    async def start(*steps: Step) -> Script:
        script = Script(list(steps))
        server = TestServer(script.app, host="127.0.0.1")
        await server.start_server(shutdown_timeout=0.01)
        servers.append(server)
        script.url = str(server.make_url("")).rstrip("/")
        return script

    yield start
    for server in servers:
        await server.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
