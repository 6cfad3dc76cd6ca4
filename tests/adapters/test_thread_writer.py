"""One writing of a thread: in order, each slot by itself, and never without the lock."""

from collections.abc import AsyncIterator, Mapping

import pytest
from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.ids import ChannelId, MeetingId, RecordingId, UserId
from bot.errors import ChatBusy, MessageRefused
from bot.keys import gate_key, posts_line, thread_lock_key
from bot.locks import Lock, Locks
from bot.posts import Post, Posts
from bot.thread_writer import HomeRefused, InviteRefused, LeaseLost, ThreadWriter
from bot.views.thread import digest, render_thread
from tests.support.chat_double import ChatDouble
from tests.support.scene import Scene
from tests.support.stories import MEETING, told

R1 = RecordingId("r1")
HOME = ChannelId("CGENERAL")
READY = told(e.RecordingUpdated(R1, "UPLOADED"))


@pytest.fixture
async def lock(locks: Locks) -> AsyncIterator[Lock]:
    async with locks.attempt(thread_lock_key(MEETING.id)) as held:
        assert held
        yield held


class Flickering(Posts):
    """Turns at posting that come back just after somebody was told to wait."""

    def __init__(self, redis: Redis, *turns: float) -> None:
        super().__init__(redis)
        self.turns = list(turns)
        self.asked: list[ChannelId] = []

    async def may_post(self, meeting: MeetingId, channel: ChannelId, *, first: bool = False) -> float:
        """Give the next turn."""
        del meeting, first
        self.asked.append(channel)
        return self.turns.pop(0)


async def stands(posts: Posts, chat: ChatDouble) -> Mapping[str, Post]:
    """Have a card stand."""
    message = render_thread(MEETING)[0]
    posted = await chat.post(HOME, message, thread=None, mark={})
    await posts.record(MEETING.id, "card", Post(home=HOME, channel=HOME, ts=posted.ts, digest=digest(message)))
    chat.calls.clear()
    return await posts.read(MEETING.id)


async def test_no_reply_overtakes_another_that_waits_for_its_turn(redis: Redis, lock: Lock, chat: ChatDouble) -> None:
    posts = Flickering(redis, 0.2, 0.0)
    wait = await ThreadWriter(READY, await stands(posts, chat), lock, posts, chat).write()

    assert wait == 0.2
    assert chat.calls == []


async def test_no_reply_overtakes_another_that_is_looked_for(posts: Posts, lock: Lock, chat: ChatDouble) -> None:
    standing = {**await stands(posts, chat), "recording:r1": Post(home=HOME, channel=HOME)}
    chat.next("find", refused=ChatBusy("conversations.replies", 9))
    wait = await ThreadWriter(READY, standing, lock, posts, chat).write()

    assert wait == 9
    assert chat.calls == [("find", "recording:r1")]


async def test_somebody_who_is_invited_does_not_wait_for_the_channel(
    redis: Redis, lock: Lock, chat: ChatDouble
) -> None:
    posts = Flickering(redis, 0.2, 0.0)
    meeting = MEETING.model_copy(update={"invited": (UserId("UBO"),)})
    wait = await ThreadWriter(meeting, {}, lock, posts, chat).write()

    assert wait == 0.2
    assert chat.slots() == ["invite:UBO"]


async def test_a_thread_that_is_as_it_must_be_costs_nothing(posts: Posts, lock: Lock, chat: ChatDouble) -> None:
    standing = await stands(posts, chat)

    assert await ThreadWriter(MEETING, standing, lock, posts, chat).write() == 0
    assert chat.calls == []


async def test_what_is_written_down_says_what_stands_where(posts: Posts, lock: Lock, chat: ChatDouble) -> None:
    await ThreadWriter(MEETING, {}, lock, posts, chat).write()

    card = chat.one("card")
    assert await posts.read(MEETING.id) == {
        "card": Post(home=HOME, channel=HOME, ts=card.ts, digest=digest(card.message))
    }
    assert card.mark == {"meeting": MEETING.id, "slot": "card"}


async def test_that_something_is_being_posted_is_written_down_first(posts: Posts, lock: Lock, chat: ChatDouble) -> None:
    seen: list[Mapping[str, Post]] = []

    async def look() -> None:
        seen.append(await posts.read(MEETING.id))

    chat.next("post", before=look)
    await ThreadWriter(MEETING, {}, lock, posts, chat).write()

    assert seen == [{"card": Post(home=HOME, channel=HOME)}]


class Dying(Posts):
    """As written to by a process that is killed before it gets to count a post."""

    async def posted(self, channel: ChannelId) -> None:
        """Get no further."""
        raise RuntimeError(f"killed before counting a post in {channel}")


async def test_that_something_was_posted_is_written_down_before_anything_else(
    redis: Redis, lock: Lock, chat: ChatDouble
) -> None:
    posts = Dying(redis)
    with pytest.raises(RuntimeError):
        await ThreadWriter(MEETING, {}, lock, posts, chat).write()

    assert (await posts.read(MEETING.id))["card"].ts == chat.one("card").ts


async def test_without_the_lock_nothing_is_written(posts: Posts, lock: Lock, chat: ChatDouble, redis: Redis) -> None:
    standing = await stands(posts, chat)
    await redis.set(thread_lock_key(MEETING.id), "another's", ex=60)
    with pytest.raises(LeaseLost):
        await ThreadWriter(READY, standing, lock, posts, chat).write()
    assert chat.calls == []

    silent = told(e.ProviderChecked(MEETING.created_at, answered=False))
    with pytest.raises(LeaseLost):
        await ThreadWriter(silent, standing, lock, posts, chat).write()
    assert chat.calls == []


async def test_a_place_and_a_person_that_refuse_are_told_apart(posts: Posts, lock: Lock, chat: ChatDouble) -> None:
    chat.closed = {"CGENERAL": "not_in_channel", "DUBO": "user_disabled"}
    with pytest.raises(HomeRefused, match="not_in_channel") as home:
        await ThreadWriter(MEETING, {}, lock, posts, chat).write()
    assert not isinstance(home.value, InviteRefused)

    chat.closed.pop("CGENERAL")
    meeting = MEETING.model_copy(update={"invited": (UserId("UBO"),)})
    with pytest.raises(InviteRefused, match="user_disabled") as person:
        await ThreadWriter(meeting, await stands(posts, chat), lock, posts, chat).write()
    assert person.value.message.to == "UBO"


async def test_a_reply_that_is_refused_even_in_words_is_left_out_and_the_others_stand(
    scene: Scene, chat: ChatDouble
) -> None:
    await scene.shows(e.RecordingUpdated(R1, "INVOKED"))
    await scene.tells(e.RecordingUpdated(RecordingId("r2"), "UPLOADED", invoked_at=MEETING.created_at))
    for _ in ("with blocks", "in words"):
        chat.next("post", refused=MessageRefused("msg_too_long"))
    await scene.settles()

    assert chat.slots() == ["card", "recording:r1", "ready:r2"]
    assert not await scene.is_stale()


async def test_news_that_are_said_in_words_alone_are_still_shown_in_the_channel(
    posts: Posts, lock: Lock, chat: ChatDouble, redis: Redis
) -> None:
    standing = await stands(posts, chat)
    chat.picky = True
    await ThreadWriter(READY, standing, lock, posts, chat).write()
    await redis.delete(gate_key(posts_line(HOME)))
    await ThreadWriter(READY, await posts.read(MEETING.id), lock, posts, chat).write()

    said = chat.one("ready:r1").message
    assert (said.blocks, said.broadcast) == ((), True)
    assert said.text == "Weekly sync: *Recording ready*"
