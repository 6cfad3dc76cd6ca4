"""What a channel has chosen is kept while it is used, and nothing else is kept."""

import asyncio
import json

from redis.asyncio import Redis

from bot.channel_rules import TTL, ChannelRules
from bot.domain.ids import ChannelId
from bot.domain.rules import Circle, Limit, Rules
from bot.keys import rules_key

HERE, THERE = ChannelId("CGENERAL"), ChannelId("CDESIGN")


async def test_a_channel_that_has_chosen_nothing_follows_the_deployment(redis: Redis) -> None:
    usual = Rules(record=Circle.HOST)

    assert await ChannelRules(redis, usual).of(HERE) == usual


async def test_a_choice_holds_in_its_channel_alone_and_on_every_replica(redis: Redis) -> None:
    chosen = await ChannelRules(redis, Rules()).choose(HERE, {"record": "host", "guests": "nothing"})

    other = ChannelRules(redis, Rules())
    assert await other.of(HERE) == chosen == Rules(record=Circle.HOST, guests=Limit.NOTHING)
    assert await other.of(THERE) == Rules()


async def test_what_was_not_chosen_goes_on_following_the_deployment(redis: Redis) -> None:
    await ChannelRules(redis, Rules()).choose(HERE, Rules(record=Circle.HOST).model_dump())

    rules = await ChannelRules(redis, Rules(end=Circle.HOST)).of(HERE)

    assert (rules.record, rules.end) == (Circle.HOST, Circle.HOST)


async def test_choices_stay_for_as_long_as_they_are_asked_for(redis: Redis) -> None:
    rules = ChannelRules(redis, Rules())
    await rules.choose(HERE, {"record": "host"})
    await redis.expire(rules_key(HERE), 5)

    await rules.of(HERE)

    assert TTL - 5 < await redis.ttl(rules_key(HERE)) <= TTL


async def test_choices_outlive_a_quiet_year(redis: Redis) -> None:
    await ChannelRules(redis, Rules()).choose(HERE, {"record": "host"})

    assert await redis.ttl(rules_key(HERE)) > 365 * 86_400


async def test_a_choice_that_only_a_newer_replica_knows_is_there_after_an_older_one_has_changed_another(
    redis: Redis,
) -> None:
    await redis.set(rules_key(HERE), '{"record": "host", "end": "kings", "moon": 1}', ex=60)

    await ChannelRules(redis, Rules()).choose(HERE, {"live": "host"})

    found = json.loads(await redis.get(rules_key(HERE)))
    assert found == {"record": "host", "live": "host", "end": "kings", "moon": 1}


async def test_going_back_to_the_usual_leaves_nothing_behind(redis: Redis) -> None:
    rules = ChannelRules(redis, Rules())
    await rules.choose(HERE, {"record": "host"})

    assert await rules.choose(HERE, {"record": "members"}) == Rules()
    assert not await redis.exists(rules_key(HERE))


async def test_what_another_version_wrote_is_read_as_far_as_it_makes_sense(redis: Redis) -> None:
    await redis.set(rules_key(HERE), '{"record": "host", "end": "kings", "moon": 1}', ex=60)

    assert await ChannelRules(redis, Rules()).of(HERE) == Rules(record=Circle.HOST)


async def test_of_many_who_choose_at_the_same_moment_nobodys_choice_is_lost(redis: Redis) -> None:
    rules = ChannelRules(redis, Rules())
    chosen = {"record": "host", "end": "host", "live": "host", "watch": "members", "guests": "join"}

    await asyncio.gather(*(rules.choose(HERE, {name: value}) for name, value in chosen.items()))

    assert (await rules.of(HERE)).model_dump(mode="json") == Rules().model_dump(mode="json") | chosen
