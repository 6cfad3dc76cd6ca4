"""What the tests on a real Redis can ask for; no key without an end may be left behind by any of them."""

from collections.abc import Iterator

import pytest
import redis as blocking_redis
from redis.asyncio import Redis

from bot.locks import Locks
from bot.posts import Posts
from bot.store import MeetingStore
from tests.support.chat_double import ChatDouble
from tests.support.clock import Clock
from tests.support.keys import assert_keys_expire
from tests.support.scene import Scene


@pytest.fixture(autouse=True)
def _every_key_expires(request: pytest.FixtureRequest) -> Iterator[None]:
    if "redis_url" not in request.fixturenames:
        yield
        return
    url = request.getfixturevalue("redis_url")
    yield
    with blocking_redis.Redis.from_url(url) as client:
        assert_keys_expire(client)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(redis: Redis, clock: Clock) -> MeetingStore:
    return MeetingStore(redis, clock)


@pytest.fixture
def posts(redis: Redis) -> Posts:
    return Posts(redis)


@pytest.fixture
def locks(redis: Redis) -> Locks:
    return Locks(redis)


@pytest.fixture
def chat() -> ChatDouble:
    return ChatDouble()


@pytest.fixture
def scene(redis: Redis, clock: Clock, chat: ChatDouble) -> Scene:
    return Scene(redis, clock, chat)
