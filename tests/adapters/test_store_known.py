"""A meeting that was parsed before is not parsed again, and nobody can tell but by the clock."""

from functools import partial

from redis.asyncio import Redis

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import ChannelId, MeetingId, PeerId, RecordingId, SessionId, UserId
from bot.keys import meeting_key
from bot.known import AT_MOST, Known, Memory
from bot.store import MeetingStore
from tests.support.clock import Clock
from tests.support.stories import MEETING, at

ID = MEETING.id
STORY: tuple[e.Event, ...] = (
    e.SessionStarted(SessionId("s1"), at(0)),
    e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo \U0001f9d1\u200d\U0001f680 «x»", at(1)),
    e.RecordingUpdated(RecordingId("r1"), "THINKING", size=7),
    e.ParticipantLeft(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(2), at(1)),
    e.InviteFailed(UserId("UCY"), "not_found"),
    e.HomeMoved(ChannelId("UANA"), "not_in_channel"),
    e.ProviderChecked(at(3), answered=False),
    e.SessionEnded(SessionId("s1"), at(4), "ALL_LEFT", at(0)),
    e.RoomClosed(at(5), UserId("UANA")),
)


async def test_what_this_process_wrote_is_to_itself_what_it_is_to_others(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)
    for event in STORY:
        await store.update(ID, partial(apply, event=event))
        assert await store.get(ID) == await MeetingStore(redis, Clock()).get(ID)


async def test_what_another_replica_wrote_is_seen_at_once(store: MeetingStore, redis: Redis) -> None:
    other = MeetingStore(redis, Clock())
    await store.add(MEETING)
    for one, another, event in zip((store, other) * 9, (other, store) * 9, STORY, strict=False):
        await one.update(ID, partial(apply, event=event))
        seen = await another.get(ID)
        assert seen
        assert apply(seen.meeting, event) == seen.meeting


async def test_a_change_that_another_replica_was_faster_than_is_not_remembered(
    store: MeetingStore, redis: Redis
) -> None:
    await store.add(MEETING)
    await store.add(MEETING.model_copy(update={"title": "another"}))
    assert await store.get(ID) == await MeetingStore(redis, Clock()).get(ID)


async def test_a_forgotten_meeting_is_unknown(store: MeetingStore, redis: Redis) -> None:
    await store.add(MEETING)
    await redis.delete(meeting_key(ID))
    assert await store.get(ID) is None


def test_memory_has_an_end_and_forgets_what_changed_the_longest_ago() -> None:
    known, json = Known(), MEETING.model_copy(update={"title": "x" * (AT_MOST // 10)}).model_dump_json().encode()
    kept = [known.parse(MeetingId(f"dyte:{number}"), 1, json, b"").meeting for number in range(12)]
    assert len(known) == AT_MOST // len(json)
    assert known.parse(MeetingId("dyte:5"), 1, json, b"").meeting is kept[5]
    assert known.parse(MeetingId("dyte:0"), 1, json, b"").meeting is not kept[0]


def test_a_meeting_that_grows_takes_the_place_of_those_that_were_seen_before_it() -> None:
    known, json = Known(), MEETING.model_dump_json().encode()
    for number in range(10):
        known.keep(MeetingId(f"dyte:{number}"), Memory(1, json, b"", MEETING))
    for size in (AT_MOST // 2, AT_MOST * 2, AT_MOST // 2):
        known.keep(ID, Memory(2, json, b"x" * size, MEETING))
        assert known.recall(ID) is not None
    assert len(known) == 1
    known.keep(MeetingId("dyte:0"), Memory(1, json, b"", MEETING))
    assert len(known) == 2


def test_other_bytes_are_another_meeting() -> None:
    known = Known()
    first = known.parse(ID, 1, MEETING.model_dump_json().encode(), b"")
    other = known.parse(ID, 2, MEETING.model_copy(update={"title": "another"}).model_dump_json().encode(), b"")
    assert (first.meeting.title, other.meeting.title) == (MEETING.title, "another")
