"""A replica that was frozen while it wrote to a thread: what it sent may arrive after what its successor wrote."""

from functools import partial

from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.ids import PeerId, SessionId
from bot.errors import ChatUnavailable
from bot.keys import posts_key, thread_lock_key
from bot.posts import Post
from bot.reconciler import BUSY, Later
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene
from tests.support.stories import MEETING, at

JOINED = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))


async def taken_over(redis: Redis) -> None:
    """Let another process take the thread's lock."""
    await redis.set(thread_lock_key(MEETING.id), "another's", ex=60)


async def posted_by_another(redis: Redis) -> None:
    """Let another process take the lock, post the card too, and be done with it."""
    await taken_over(redis)
    card = Post(home=MEETING.home, channel=MEETING.home, ts="1800000000.000001", digest="newer")
    await redis.hset(posts_key(MEETING.id), "card", card.model_dump_json())
    await redis.hset(f"meet:{{{MEETING.id}}}:meeting", "rendered", "1")


async def test_an_edit_that_nobody_answered_and_during_which_the_lease_was_lost_is_made_again(
    scene: Scene, chat: ChatDouble, redis: Redis
) -> None:
    await scene.shows()
    await scene.tells(JOINED)
    chat.next("edit", before=partial(taken_over, redis), lost=ChatUnavailable("TimeoutError"))

    assert await scene.follows() == Later(BUSY)
    assert await scene.is_stale()
    assert (await scene.post("card")).digest == ""


async def test_a_late_post_takes_no_message_away_from_who_posted_meanwhile(
    scene: Scene, chat: ChatDouble, redis: Redis
) -> None:
    await scene.begins()
    chat.next("post", after=partial(posted_by_another, redis))

    assert await scene.follows() == Later(BUSY)
    assert (await scene.post("card")).ts == "1800000000.000001"
    assert await scene.is_stale()


async def test_a_late_post_that_nobody_made_again_is_the_message_from_then_on(
    scene: Scene, chat: ChatDouble, redis: Redis
) -> None:
    await scene.begins()
    chat.next("post", after=partial(taken_over, redis))
    assert await scene.follows() == Later(BUSY)

    await redis.delete(thread_lock_key(MEETING.id))
    await scene.settles()
    assert chat.slots() == ["card"]
    assert (await scene.post("card")).digest
