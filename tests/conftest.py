"""What every test can ask for."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import redis as blocking_redis
from redis.asyncio import Redis

from tests.support.bench import Bench, bench
from tests.support.keys import assert_keys_expire
from tests.support.redis_server import redis_server


def pytest_xdist_auto_num_workers() -> int:
    """Run two processes for each core: stories spend half their time waiting for Slack's own pace."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def redis_process() -> Iterator[str]:
    """Give the address of this test process's own server."""
    with redis_server() as url:
        yield url


@pytest.fixture
def redis_url(redis_process: str) -> str:
    """Give the address of an empty server."""
    with blocking_redis.Redis.from_url(redis_process) as client:
        client.flushall()
    return redis_process


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """Give a client of an empty server."""
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[Bench]:
    """Give a running bot on RealtimeKit; once it was stopped, every key that it left behind has an end."""
    async with bench(redis_url) as running:
        yield running
    with blocking_redis.Redis.from_url(redis_url) as client:
        assert_keys_expire(client)
