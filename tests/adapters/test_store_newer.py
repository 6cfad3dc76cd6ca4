"""A replica that is older than what it finds takes in what it understands, and leaves the rest for a newer one.

That is how it is for as long as replicas of two versions run side by side, and after a step back to an older one.
"""

import json
from collections.abc import Iterator
from functools import partial, reduce
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import PeerId, RecordingId, SessionId, UserId
from bot.errors import WrittenByNewer
from bot.keys import meeting_key
from bot.lagging import TTL
from bot.news import written
from bot.store import FOLD_AT, MeetingStore
from tests.support.clock import Clock
from tests.support.stories import MEETING, at, crowd, told

ID = MEETING.id
JOINED = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))
KNOWN = (
    e.SessionStarted(SessionId("s1"), at(0)),
    e.RecordingActed(RecordingId("r1"), "start", UserId("UBO"), at(1)),
    e.RecordingMarked(RecordingId("r1"), UserId("UBO"), at(2)),
)
TELEPORTED = b'Teleported {"to":"the moon"}\n'
LOUDER = written([JOINED]).replace(b"}", b',"louder":true}')


def with_more(value: Any) -> Any:
    """Give a meeting's JSON as a newer replica would write it, with one field more in every part."""
    if isinstance(value, list):
        return [with_more(each) for each in value]
    if not isinstance(value, dict):
        return value
    ids = all(isinstance(each, dict) for each in value.values())  # such an object has a key for each thing, no fields
    return {key: with_more(each) for key, each in value.items()} | ({} if ids else {"since_next_year": 1})


def fields(value: Any) -> Iterator[str]:
    for key, each in value.items() if isinstance(value, dict) else ():
        yield key
        yield from fields(each)
    for each in value if isinstance(value, list) else ():
        yield from fields(each)


async def written_by_a_newer_one(redis: Redis, *, news: bytes = b"", **more: Any) -> bytes:
    """Lay a meeting down as a newer replica has it, and give its JSON."""
    plain = told(*KNOWN).model_dump(mode="json", exclude_defaults=True)
    found = json.dumps(with_more(plain) | more if not news else plain).encode()
    await redis.hset(meeting_key(ID), mapping={"version": 1, "json": found, "news": news})
    await redis.expire(meeting_key(ID), TTL)
    return found


async def lies_there(redis: Redis) -> tuple[bytes, bytes]:
    found = await redis.hmget(meeting_key(ID), "json", "news")
    return found[0] or b"", found[1] or b""


async def test_what_it_does_not_understand_of_a_meeting_is_there_as_it_was(store: MeetingStore, redis: Redis) -> None:
    before = await written_by_a_newer_one(redis)

    changed = await store.tell(ID, [JOINED])
    await store.append(ID, [e.RoomClosed(at(9), UserId("UANA"))])

    assert changed
    assert changed.after == told(*KNOWN, JOINED)
    after, news = await lies_there(redis)
    assert list(fields(json.loads(after))).count("since_next_year") > 4
    assert (after, news) == (before, written([JOINED, e.RoomClosed(at(9), UserId("UANA"))]))


@pytest.mark.parametrize("line", [TELEPORTED, LOUDER])
async def test_an_event_that_it_does_not_understand_stays_behind_the_meeting(
    store: MeetingStore, redis: Redis, line: bytes
) -> None:
    before = await written_by_a_newer_one(redis, news=line)

    await store.tell(ID, [e.RoomClosed(at(9), UserId("UANA"))])

    assert await lies_there(redis) == (before, line + written([e.RoomClosed(at(9), UserId("UANA"))]))


async def test_it_folds_nothing_however_much_lies_behind_and_a_newer_one_folds_all_of_it(
    store: MeetingStore, redis: Redis
) -> None:
    await written_by_a_newer_one(redis, news=TELEPORTED)
    story = crowd(100)

    for event in story:
        await store.append(ID, [event])

    _, news = await lies_there(redis)
    assert len(news) > FOLD_AT
    assert news == TELEPORTED + written(story)
    # One that knows what Teleported is finds nothing but what it knows, as this does here without that line.
    await redis.hset(meeting_key(ID), "news", news.removeprefix(TELEPORTED))
    newer = MeetingStore(redis, Clock())
    await newer.tell(ID, [JOINED])
    saved = await newer.get(ID)
    assert saved
    assert (saved.meeting, saved.whole) == (reduce(apply, [*story, JOINED], told(*KNOWN)), True)
    assert (await lies_there(redis))[1] == b""


async def test_what_it_tells_again_changes_nothing_and_marks_no_thread_stale(store: MeetingStore, redis: Redis) -> None:
    await written_by_a_newer_one(redis)
    await store.tell(ID, [JOINED])
    there = await lies_there(redis)

    again = [await store.tell(ID, [JOINED]), await store.append(ID, [JOINED])]

    assert [bool(each) for each in again] == [False, False]
    assert await lies_there(redis) == there
    saved = await store.get(ID)
    assert saved
    assert saved.version == 2


async def test_it_never_writes_over_the_whole_of_it(store: MeetingStore, redis: Redis) -> None:
    before = await written_by_a_newer_one(redis)

    with pytest.raises(WrittenByNewer):
        await store.update(ID, partial(apply, event=JOINED))

    assert await lies_there(redis) == (before, b"")


async def test_a_meeting_that_it_cannot_read_at_all_is_one_to_try_again_elsewhere(
    store: MeetingStore, redis: Redis
) -> None:
    before = await written_by_a_newer_one(redis, invited="everybody in <!channel>")

    with pytest.raises(WrittenByNewer) as told_why:
        await store.tell(ID, [JOINED])

    assert "channel" not in f"{told_why.value}{told_why.value.__cause__}"
    assert await lies_there(redis) == (before, b"")
