"""Meetings in Redis: nothing that was told is lost, whoever else is writing."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import ChannelId, LivestreamId, MeetingId, PeerId, RecordingId, SessionId, UserId
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting
from bot.errors import StoreBusy
from bot.keys import INDEX, channel_key, livestream_key, meeting_key, posts_key, recording_key
from bot.lagging import SETTLED_FOR, TTL
from bot.posts import Post, Posts
from bot.store import ATTEMPTS, MeetingStore, Saved
from tests.support.clock import Clock
from tests.support.stories import MEETING, at, told

ID = MEETING.id
JOINED = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))
NOWHERE = MeetingId("dyte:nowhere")


async def now(store: MeetingStore) -> Meeting:
    saved = await store.get(ID)
    assert saved
    return saved.meeting


async def is_stale(store: MeetingStore) -> bool:
    saved = await store.get(ID)
    assert saved
    return saved.is_stale


# ---------------------------------------------------------------- reading and writing


async def test_what_was_added_is_read_back_and_its_thread_is_behind(store: MeetingStore) -> None:
    meeting = told(JOINED, e.RecordingUpdated(RecordingId("r1"), "THINKING", size=7), title="R&D 🧑‍🚀 «x»")
    await store.add(meeting)

    saved = await store.get(ID)
    assert saved
    assert saved.meeting == meeting
    assert (saved.version, saved.rendered, saved.is_stale) == (1, 0, True)


async def test_adding_a_meeting_again_leaves_the_first_as_it_is(store: MeetingStore) -> None:
    await store.add(MEETING)
    await store.update(ID, partial(apply, event=JOINED))
    await store.add(MEETING.model_copy(update={"title": "another"}))

    assert await now(store) == told(JOINED)


async def test_an_unknown_meeting_is_none_and_is_not_made_by_a_change(store: MeetingStore, redis: Redis) -> None:
    assert await store.get(NOWHERE) is None
    assert await store.update(NOWHERE, partial(apply, event=JOINED)) is None
    assert await store.current(ChannelId("CNOWHERE")) is None
    assert await store.meeting_of("dyte", RecordingId("r9")) is None
    assert await store.settle(NOWHERE, 1) is None
    assert await redis.keys() == []


async def test_a_change_tells_what_was_before_and_what_is_after(store: MeetingStore) -> None:
    await store.add(MEETING)
    changed = await store.update(ID, partial(apply, event=JOINED))

    assert changed
    assert (changed.before, changed.after) == (MEETING, told(JOINED))


async def test_a_change_that_changes_nothing_writes_nothing(store: MeetingStore, redis: Redis) -> None:
    await store.add(told(JOINED))
    before = await redis.dump(meeting_key(ID))
    changed = await store.update(ID, partial(apply, event=JOINED))

    assert changed is not None
    assert not changed
    assert changed.before is changed.after
    assert await redis.dump(meeting_key(ID)) == before


# ---------------------------------------------------------------- somebody else is faster


class Raced(MeetingStore):
    """A store in which something happens after each reading, as on another replica."""

    def __init__(self, redis: Redis, clock: Clock, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(redis, clock)
        self.meanwhile = meanwhile

    async def get(self, meeting_id: MeetingId) -> Saved | None:
        """Read a meeting, and lose the race from here on."""
        saved = await super().get(meeting_id)
        await self.meanwhile()
        return saved


async def test_a_lost_race_is_run_again_on_what_the_other_wrote(
    store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await store.add(MEETING)
    seen: list[Meeting] = []

    def change(meeting: Meeting) -> Meeting:
        seen.append(meeting)
        return apply(meeting, e.RoomClosed(at(9)))

    await Raced(redis, clock, partial(store.update, ID, partial(apply, event=JOINED))).update(ID, change)

    assert seen == [MEETING, told(JOINED)]
    assert await now(store) == told(JOINED, e.RoomClosed(at(9)))


async def test_three_replicas_that_write_at_once_lose_nothing(redis_url: str, clock: Clock) -> None:
    clients = [Redis.from_url(redis_url) for _ in range(3)]
    stores = [MeetingStore(client, clock) for client in clients]
    await stores[0].add(MEETING)
    story = [e.ParticipantJoined(PeerId(f"p{n}"), SessionId("s1"), None, f"Guest {n}", at(n)) for n in range(60)]

    await asyncio.gather(*(stores[n % 3].update(ID, partial(apply, event=event)) for n, event in enumerate(story)))

    assert await now(stores[0]) == told(*story)
    saved = await stores[1].get(ID)
    assert saved
    assert saved.version == 61
    for client in clients:
        await client.aclose()


async def test_somebody_who_is_always_faster_makes_it_busy_in_the_end(
    store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await store.add(MEETING)
    with pytest.raises(StoreBusy):
        await Raced(redis, clock, partial(redis.hincrby, meeting_key(ID), "version", 1)).update(
            ID, partial(apply, event=JOINED)
        )

    saved = await store.get(ID)
    assert saved
    assert saved.meeting == MEETING
    assert saved.version == 1 + ATTEMPTS


# ---------------------------------------------------------------- which threads are behind


async def test_only_what_was_rendered_is_settled(store: MeetingStore) -> None:
    await store.add(MEETING)
    read = await store.get(ID)
    assert read
    await store.update(ID, partial(apply, event=JOINED))

    await store.settle(ID, read.version)
    assert await is_stale(store)
    assert await store.stale() == [ID]

    await store.settle(ID, read.version + 1)
    assert not await is_stale(store)
    assert await store.stale() == []


async def test_a_late_note_of_an_older_version_takes_nothing_back(store: MeetingStore) -> None:
    await store.add(MEETING)
    await store.update(ID, partial(apply, event=JOINED))
    await store.settle(ID, 2)
    await store.settle(ID, 1)

    assert not await is_stale(store)


async def test_settling_tells_for_how_long_the_thread_was_behind(store: MeetingStore, clock: Clock) -> None:
    await store.add(MEETING)
    clock.goes_on(seconds=4)
    assert await store.behind() == [4.0]
    assert await store.settle(ID, 1) == 4.0

    assert await store.behind() == []
    assert await store.settle(ID, 1) is None


async def test_a_thread_that_is_not_trusted_is_brought_up_to_date_again(store: MeetingStore) -> None:
    await store.add(MEETING)
    await store.settle(ID, 1)
    await store.distrust(ID)

    assert await store.stale() == [ID]


async def test_settled_meetings_are_forgotten_after_a_while_and_stale_ones_never(
    store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await store.add(MEETING)
    other = MEETING.model_copy(update={"id": MeetingId("realtimekit:room-2")})
    await store.add(other)
    await store.settle(ID, 1)
    assert await store.stale() == [other.id]
    assert await redis.zcard(INDEX) == 2

    for _ in range(5):
        clock.now += SETTLED_FOR / 2
        assert await store.stale() == [other.id]
    assert await redis.zrange(INDEX, 0, -1) == [other.id.encode()]


async def test_a_meeting_that_is_gone_is_not_looked_for_for_ever(
    store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await store.add(MEETING)
    await redis.delete(meeting_key(ID))
    clock.now += SETTLED_FOR * 2

    assert await store.stale() == []
    assert await redis.exists(INDEX) == 0


async def test_a_crash_between_index_and_meeting_loses_nothing(redis: Redis, clock: Clock) -> None:
    """The index is written first: what is in it may be nothing new, but what is new is always in it."""
    store = MeetingStore(redis, clock)
    await store.add(MEETING)
    await store.settle(ID, 1)
    clock.now += SETTLED_FOR * 2
    await store.stale()
    assert await redis.zcard(INDEX) == 0

    order = [command.decode() for command in await commands_of(redis, store)]
    assert order.index("ZADD") < order.index("EVAL")

    await redis.delete(INDEX)
    await redis.zadd(INDEX, {ID: clock().timestamp()})
    await redis.expire(INDEX, TTL)
    assert await store.stale() == [ID]


async def commands_of(redis: Redis, store: MeetingStore) -> list[bytes]:
    """Give the commands that a change sends, in the order in which the server took them."""
    await redis.config_set("slowlog-log-slower-than", 0)
    await redis.slowlog_reset()
    try:
        await store.update(ID, partial(apply, event=JOINED))
    finally:
        await redis.config_set("slowlog-log-slower-than", 10_000)
    entries = await redis.slowlog_get(20)
    return [entry["command"].split()[0].upper() for entry in reversed(entries)]


# ---------------------------------------------------------------- what else is known


async def test_a_channels_meeting_is_the_one_last_started_there(store: MeetingStore) -> None:
    channel = ChannelId("CGENERAL")
    await store.add(MEETING)
    await store.set_current(channel, NOWHERE)
    assert await store.current(channel) is None

    await store.set_current(channel, ID)
    saved = await store.current(channel)
    assert saved
    assert saved.meeting == MEETING


async def test_a_recordings_meeting_is_remembered_from_its_first_mention(store: MeetingStore) -> None:
    await store.add(MEETING)
    await store.update(ID, partial(apply, event=e.RecordingActed(RecordingId("r1"), "start", UserId("UBO"), at(1))))

    assert await store.meeting_of("realtimekit", RecordingId("r1")) == ID
    assert await store.meeting_of("dyte", RecordingId("r1")) is None


async def test_a_livestreams_meeting_is_remembered_under_the_providers_own_id(store: MeetingStore) -> None:
    await store.add(MEETING)
    again = LivestreamId("l1#2")
    await store.append(ID, [LivestreamActed(again, "start", UserId("UBO"), at(1))])

    assert await store.shown_by("realtimekit", LivestreamId("l1")) == ID
    assert await store.shown_by("dyte", LivestreamId("l1")) is None


async def test_the_time_of_a_check_is_kept_and_does_not_change_the_meeting(store: MeetingStore, clock: Clock) -> None:
    await store.add(MEETING)
    await store.settle(ID, 1)
    assert await store.last_check(ID) is None

    noted = await store.note_check(ID)
    assert noted == clock()
    assert await store.last_check(ID) == noted
    assert not await is_stale(store)


async def test_everything_is_kept_for_thirty_days_after_the_last_change(
    store: MeetingStore, posts: Posts, redis: Redis, clock: Clock
) -> None:
    channel, recording = ChannelId("CGENERAL"), RecordingId("r1")
    await store.add(MEETING)
    await store.set_current(channel, ID)
    await store.update(ID, partial(apply, event=e.RecordingUpdated(recording, "INVOKED")))
    await posts.record(ID, "card", Post(home=channel, channel=channel, ts="1.1"))
    livestream = LivestreamId("l1")
    await store.append(ID, [LivestreamUpdated(livestream, "LIVE")])
    parts = [recording_key("realtimekit", recording), livestream_key("realtimekit", livestream)]
    keys = [meeting_key(ID), posts_key(ID), channel_key(channel), *parts, INDEX]
    for key in keys:
        assert TTL - 5 <= await redis.ttl(key) <= TTL, key

    clock.goes_on(minutes=2)
    for key in (meeting_key(ID), posts_key(ID), INDEX):
        await redis.expire(key, 60)
    await store.update(ID, partial(apply, event=JOINED))
    for key in (meeting_key(ID), posts_key(ID), INDEX):
        assert await redis.ttl(key) > 60, key


async def test_looking_for_stale_threads_leaves_no_key_without_an_end(
    store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await store.add(MEETING)
    await redis.persist(INDEX)
    clock.goes_on(minutes=1)
    await store.stale()

    assert await redis.ttl(INDEX) > 0
