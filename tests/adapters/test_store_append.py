"""What webhooks tell is put behind a meeting without reading it first, and nobody can tell but by the clock."""

import asyncio
import random
from functools import partial, reduce

from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import MeetingId, PeerId, RecordingId, SessionId, UserId
from bot.keys import meeting_key, posts_key
from bot.lagging import TTL
from bot.store import FOLD_AT, MeetingStore
from tests.support.clock import Clock
from tests.support.stories import MEETING, at, crowd, told

ID = MEETING.id
JOINED = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo \n \U0001f9d1\u200d\U0001f680 «x»", at(1))


async def seen_by_another(redis: Redis) -> tuple[object, int]:
    saved = await MeetingStore(redis, Clock()).get(ID)
    assert saved
    return saved.meeting, saved.version


async def behind(redis: Redis) -> bytes | None:
    found: bytes | None = await redis.hget(meeting_key(ID), "news")
    return found


async def test_what_was_appended_is_in_the_meeting_for_everybody(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)

    changed = await store.append(ID, [JOINED])

    assert changed
    assert (changed.before, changed.after) == (MEETING, told(JOINED))
    assert await seen_by_another(redis) == (told(JOINED), 2)
    assert await behind(redis), "the meeting itself was not written again"


async def test_an_appended_event_leaves_the_thread_behind_until_it_is_shown(store: MeetingStore) -> None:
    await store.add(MEETING)
    await store.settle(ID, 1)

    await store.append(ID, [JOINED])

    assert await store.stale() == [ID]
    await store.settle(ID, 2)
    assert await store.stale() == []


async def test_an_event_that_is_told_again_changes_nothing(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)
    await store.append(ID, [JOINED])
    await store.settle(ID, 2)

    again = await store.append(ID, [JOINED])

    assert again is not None
    assert not again
    assert (await seen_by_another(redis))[1] == 2
    assert await store.stale() == []


async def test_that_it_changes_nothing_is_not_believed_where_redis_has_lost_it(
    store: MeetingStore, redis: Redis
) -> None:
    await store.add(MEETING)
    before = await redis.dump(meeting_key(ID))
    await store.append(ID, [JOINED])
    await redis.restore(meeting_key(ID), TTL * 1000, before, replace=True)  # as after a crash of Redis

    await store.append(ID, [JOINED])

    assert (await seen_by_another(redis))[0] == told(JOINED)


async def test_of_an_unknown_or_forgotten_meeting_nothing_is_kept(store: MeetingStore, redis: Redis) -> None:
    assert await store.append(MeetingId("dyte:nowhere"), [JOINED]) is None
    await store.add(MEETING)
    await redis.delete(meeting_key(ID))

    assert await store.append(ID, [JOINED]) is None
    assert not await redis.exists(meeting_key(ID))


async def test_many_replicas_append_and_change_at_once_and_nothing_is_lost(redis: Redis) -> None:
    stores = [MeetingStore(redis, Clock()) for _ in range(3)]
    await stores[0].add(MEETING)
    story = [*crowd(60), e.RoomClosed(at(90), UserId("UANA")), e.RecordingUpdated(RecordingId("r1"), "RECORDING")]
    chance = random.Random(7)  # noqa: S311 - only shuffles

    async def tell(event: e.Event) -> None:
        store = chance.choice(stores)
        await asyncio.sleep(chance.random() / 20)
        if chance.random() < 0.3:
            await store.update(ID, partial(apply, event=event))
        else:
            await store.append(ID, [event])

    await asyncio.gather(*(tell(event) for event in story * 2))

    for store in stores:
        saved = await store.get(ID)
        assert saved
        assert saved.meeting == reduce(apply, story, MEETING)
    assert (await seen_by_another(redis))[0] == reduce(apply, story, MEETING)


async def test_what_lies_behind_is_folded_in_before_it_grows_long(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)
    story = crowd(100)
    for event in story:
        await store.append(ID, [event])

    assert len(await behind(redis) or b"") < FOLD_AT + 1000
    assert await seen_by_another(redis) == (reduce(apply, story, MEETING), len(story) + 1)


async def test_a_change_takes_in_what_lies_behind(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)
    await store.append(ID, [JOINED])

    await store.update(ID, partial(apply, event=e.RoomClosed(at(5), UserId("UANA"))))

    assert await behind(redis) is None
    assert (await seen_by_another(redis))[0] == told(JOINED, e.RoomClosed(at(5), UserId("UANA")))


async def test_the_meeting_of_a_recording_that_was_appended_is_found(store: MeetingStore) -> None:
    await store.add(MEETING)

    await store.append(ID, [e.RecordingUpdated(RecordingId("r9"), "RECORDING")])

    assert await store.meeting_of("realtimekit", RecordingId("r9")) == ID


async def test_every_event_moves_the_end_of_the_keys_on(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)
    await redis.hset(posts_key(ID), "card", "{}")
    for key in (meeting_key(ID), posts_key(ID)):
        await redis.expire(key, 60)

    await store.append(ID, [JOINED])

    for key in (meeting_key(ID), posts_key(ID)):
        assert await redis.ttl(key) > 60, key
