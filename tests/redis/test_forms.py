"""Every command is as old as promised, and a Redis behind TLS, a name and a number does as well as any."""

import asyncio
import threading

import pytest
import redis as blocking_redis

from tests.redis.commands import documented, knows_its_commands, newer_than_promised, watch
from tests.redis.secured import DATABASE, secured, with_tls
from tests.story.test_redis_forms import meets_and_records, stops_and_sees_the_file
from tests.support.bench import Bench, bench
from tests.support.keys import assert_keys_expire

END = "that-is-all"


@pytest.mark.soak
async def test_the_story_with_tls_a_name_and_a_database_of_its_own() -> None:
    server = with_tls()
    if server is None:
        pytest.skip("no server on this machine speaks TLS")
    with secured(server) as redis:
        async with bench(redis.url) as world:
            await meets_and_records(world)
            await stops_and_sees_the_file(world)
        assert list(redis.admin.info("keyspace")) == [f"db{DATABASE}"]
        assert not redis.admin.acl_log(), "the bot was kept from something"
        assert_keys_expire(redis.admin)


async def test_the_story_needs_no_command_younger_than_redis_6_2(world: Bench) -> None:
    sent: set[tuple[str, ...]] = set()
    with blocking_redis.Redis.from_url(world.redis_url) as client:
        if not knows_its_commands(client):
            pytest.skip("a server this old does not know how old its commands are; the stories show that it has them")
        watching = threading.Thread(target=lambda: sent.update(map(tuple, watch(client, END))))
        watching.start()
        while not any("monitor" in each["cmd"] for each in client.client_list()):
            await asyncio.sleep(0.01)
        await meets_and_records(world)
        await stops_and_sees_the_file(world)
        await world.bot.services.work.sweep()
        client.get(END)
        await asyncio.to_thread(watching.join)
        docs = documented(client)

    used = {words[0].upper() for words in sent}
    assert {"EVAL", "HSET", "SET", "XADD", "ZADD"} <= used
    assert sorted({young for words in sent for young in newer_than_promised(list(words), docs)}) == []
