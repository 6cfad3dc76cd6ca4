"""What stands in Slack is written down, and Slack's limits are kept by all replicas together."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.domain.ids import ChannelId, MeetingId
from bot.keys import ban_key, card_gate_key, gate_key, posts_line
from bot.posts import Post, Posts
from tests.support.stories import MEETING

CHANNEL, OTHER = ChannelId("CGENERAL"), ChannelId("CDESIGN")
CARD = Post(home=CHANNEL, channel=CHANNEL, ts="1.1", digest="abc")


async def test_what_was_recorded_is_read_back_slot_by_slot(posts: Posts) -> None:
    await posts.record(MEETING.id, "card", CARD)
    await posts.record(MEETING.id, "ready:r1", Post(home=CHANNEL, channel=CHANNEL, gone=True))
    await posts.record(MEETING.id, "card", CARD.model_copy(update={"digest": "def"}))

    assert await posts.read(MEETING.id) == {
        "card": CARD.model_copy(update={"digest": "def"}),
        "ready:r1": Post(home=CHANNEL, channel=CHANNEL, gone=True),
    }
    assert await posts.read(MeetingId("dyte:nowhere")) == {}


async def test_what_was_never_made_is_forgotten(posts: Posts) -> None:
    await posts.record(MEETING.id, "card", CARD)
    await posts.forget(MEETING.id, "card")
    await posts.forget(MEETING.id, "card")

    assert await posts.read(MEETING.id) == {}


async def test_of_many_who_want_to_post_one_gets_the_turn(redis_url: str) -> None:
    clients = [Redis.from_url(redis_url) for _ in range(3)]
    waits = await asyncio.gather(*(Posts(clients[n % 3]).may_post(MEETING.id, CHANNEL) for n in range(12)))
    for client in clients:
        await client.aclose()

    assert waits.count(0) == 1
    assert max(waits) <= 1


async def test_each_channel_has_turns_of_its_own(posts: Posts) -> None:
    assert await posts.may_post(MEETING.id, CHANNEL) == 0
    assert await posts.may_post(MEETING.id, OTHER) == 0
    assert await posts.may_post(MEETING.id, CHANNEL) > 0


async def test_a_turn_comes_back_after_a_second(posts: Posts, redis: Redis) -> None:
    await posts.may_post(MEETING.id, CHANNEL)
    assert 900 < await redis.pttl(gate_key(posts_line(CHANNEL))) <= 1000

    await redis.pexpire(gate_key(posts_line(CHANNEL)), 1)
    await asyncio.sleep(0.01)
    assert await posts.may_post(MEETING.id, CHANNEL) == 0


async def test_each_card_is_edited_once_in_three_seconds(posts: Posts, redis: Redis) -> None:
    assert await posts.may_edit_card(MEETING.id, CHANNEL) == 0
    assert 2 < await posts.may_edit_card(MEETING.id, CHANNEL) <= 3
    assert await posts.may_edit_reply(CHANNEL) == 0
    assert 2900 < await redis.pttl(card_gate_key(MEETING.id)) <= 3000


async def test_a_closed_method_opens_by_itself(posts: Posts, redis: Redis) -> None:
    assert await posts.banned_for("chat.update") == 0
    await posts.ban("chat.update", 12.5)
    assert 12 < await posts.banned_for("chat.update") <= 12.5
    assert await posts.banned_for("chat.postMessage") == 0

    await redis.pexpire(ban_key("chat.update"), 1)
    await asyncio.sleep(0.01)
    assert await posts.banned_for("chat.update") == 0


@pytest.mark.parametrize("seconds", [0, 0.0001, -3])
async def test_even_the_shortest_closing_has_an_end(posts: Posts, redis: Redis, seconds: float) -> None:
    await posts.ban("chat.update", seconds)

    assert await redis.pttl(ban_key("chat.update")) <= 1


async def test_a_shorter_closing_does_not_open_a_longer_one(posts: Posts) -> None:
    await posts.ban("chat.update", 60)
    await posts.ban("chat.update", 1)

    assert await posts.banned_for("chat.update") > 50
