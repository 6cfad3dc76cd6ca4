"""The recordings of a channel in Redis: none is lost, and a page costs no more than what it shows."""

from functools import partial

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.channel_recordings import PAGE, ChannelRecordings
from bot.domain import events as e
from bot.domain import role_events as r
from bot.domain.apply import apply
from bot.domain.ids import ChannelId, MeetingId, RecordingId, UserId
from bot.domain.meeting import Meeting
from bot.domain.shelf import Page, Turn
from bot.errors import NoRecording, UserError
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import channel_key, channel_recordings_key, meeting_key
from bot.recording_index import MOST, RecordingIndex, additions
from bot.store import TTL, MeetingStore
from tests.support.clock import Clock
from tests.support.stories import MEETING, at, told

HERE, ANA, BO, CY = MEETING.channel, UserId("UANA"), UserId("UBO"), UserId("UCY")
KEY = channel_recordings_key(HERE)


@pytest_asyncio.fixture
async def shelf(store: MeetingStore, redis: Redis, clock: Clock) -> ChannelRecordings:
    async def follow(_: MeetingId) -> None:
        pass

    return ChannelRecordings(store, RecordingIndex(redis), Happenings(store, follow), clock)


def done(own: str, minutes: float = 0) -> e.RecordingUpdated:
    return e.RecordingUpdated(RecordingId(own), "UPLOADED", invoked_at=at(minutes))


def room(number: int, *events: e.Event) -> Meeting:
    return told(*events, id=MeetingId(f"realtimekit:room-{number}"), title=f"Talk {number}")


async def recorded(store: MeetingStore, number: int, *events: e.Event) -> None:
    """Hold a meeting and have things happen in it one by one."""
    meeting = room(number)
    await store.add(meeting)
    for event in events:
        await store.update(meeting.id, partial(apply, event=event))


def shown(page: Page) -> list[str]:
    return [row.recording.id for row in page.rows]


async def every_page(shelf: ChannelRecordings, user: UserId = CY) -> list[list[str]]:
    """Turn from the newest page to the oldest."""
    page = await shelf.page(HERE, user)
    pages = [shown(page)]
    while page.older:
        page = await shelf.page(HERE, user, Turn(page.rows[-1].spot))
        pages.append(shown(page))
    return pages


# ------------------------------------------------------------ listed


async def test_the_recordings_of_all_meetings_stand_in_one_row_the_newest_first(
    shelf: ChannelRecordings, store: MeetingStore
) -> None:
    await recorded(store, 1, done("a", 1), done("d", 40))
    await recorded(store, 2, done("b", 10), done("c", 20))

    assert await every_page(shelf) == [["d", "c", "b", "a"]]


async def test_a_channel_without_any_and_a_channel_nobody_knows_are_empty(
    shelf: ChannelRecordings, store: MeetingStore
) -> None:
    await recorded(store, 1)

    assert await every_page(shelf) == [[]]
    assert (await shelf.page(ChannelId("DNOBODY"), ANA)).rows == ()


async def test_pages_lead_there_and_back_again(shelf: ChannelRecordings, store: MeetingStore) -> None:
    await recorded(store, 1, *(done(f"r{n:02}", n) for n in range(2 * PAGE + 3)))
    newest_first = [f"r{n:02}" for n in reversed(range(2 * PAGE + 3))]
    first = await shelf.page(HERE, CY)
    second = await shelf.page(HERE, CY, Turn(first.rows[-1].spot))
    third = await shelf.page(HERE, CY, Turn(second.rows[-1].spot))
    assert shown(first) + shown(second) + shown(third) == newest_first
    assert [(page.newer, page.older) for page in (first, second, third)] == [(False, True), (True, True), (True, False)]
    back = await shelf.page(HERE, CY, Turn(third.rows[0].spot, newer=True))
    assert (shown(back), back.newer, back.older) == (shown(second), True, True)
    assert shown(await shelf.page(HERE, CY, Turn(back.rows[0].spot, newer=True))) == shown(first)


async def test_a_page_that_begins_with_what_is_new_meanwhile_is_whole(
    shelf: ChannelRecordings, store: MeetingStore
) -> None:
    await recorded(store, 1, *(done(f"r{n:02}", n) for n in range(PAGE + 1)))
    first = await shelf.page(HERE, CY)
    await recorded(store, 2, done("new", 99))

    newest = await shelf.page(HERE, CY, Turn(first.rows[0].spot, newer=True))

    assert shown(newest) == ["new", *shown(first)[:-1]]
    assert (newest.turn, newest.newer) == (None, False)


async def test_many_that_began_in_one_moment_are_each_shown_once(shelf: ChannelRecordings, store: MeetingStore) -> None:
    await recorded(store, 1, *(done(f"r{n:02}", 5) for n in range(50)))

    pages = await every_page(shelf)

    assert sorted(own for page in pages for own in page) == [f"r{n:02}" for n in range(50)]
    assert {len(page) for page in pages[:-1]} == {PAGE}


async def test_a_page_reads_no_more_meetings_than_it_shows(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis
) -> None:
    for number in range(60):
        await recorded(store, number, done(f"r{number}", number))
    before = (await redis.info("commandstats"))["cmdstat_hmget"]["calls"]

    await shelf.page(HERE, CY)

    assert (await redis.info("commandstats"))["cmdstat_hmget"]["calls"] - before <= PAGE + 1


async def test_other_channels_have_lists_of_their_own(shelf: ChannelRecordings, store: MeetingStore) -> None:
    await store.add(room(7, done("elsewhere")).model_copy(update={"channel": ChannelId("COTHER")}))

    assert (await shelf.page(HERE, ANA)).rows == ()
    assert shown(await shelf.page(ChannelId("COTHER"), ANA)) == ["elsewhere"]


# ------------------------------------------------------------ kept, and never lost


async def test_the_index_is_written_before_the_meeting_and_an_entry_for_nothing_is_passed_over(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis
) -> None:
    """A process that is killed in between has written the entry alone."""
    await recorded(store, 1, done("a", 1))
    for command in additions(room(1, done("a", 1)), room(1, done("a", 1), done("lost", 2)), at(2)):
        await redis.execute_command(*command)
    assert await every_page(shelf) == [["a"]]

    await store.update(room(1).id, partial(apply, event=done("lost", 2)))

    assert await every_page(shelf) == [["lost", "a"]]


async def test_when_it_began_is_corrected_to_earlier_times_only_whoever_writes_last(redis: Redis) -> None:
    early, late = room(1, done("a", 1)), room(1, done("a", 30))
    for meeting in (late, early, late):
        for command in additions(None, meeting, at(50)):
            await redis.execute_command(*command)

    assert await redis.zscore(KEY, f"{early.id}|a") == at(1).timestamp()


async def test_a_recording_from_before_there_was_an_index_is_found_in_the_meeting_that_is_on(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis
) -> None:
    await recorded(store, 1, done("a", 1))
    await store.set_current(HERE, room(1).id)
    await redis.delete(KEY)

    assert await every_page(shelf) == [["a"]]


async def test_the_index_ends_with_its_meetings_and_every_change_of_one_moves_the_end(
    store: MeetingStore, redis: Redis
) -> None:
    await recorded(store, 1, done("a", 1))
    await redis.expire(KEY, 100)
    await store.update(room(1).id, partial(apply, event=e.RoomClosed(at(9))))

    assert TTL - 5 <= await redis.ttl(KEY) <= TTL


async def test_a_meeting_that_was_forgotten_leaves_the_list_and_after_a_month_the_index(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await recorded(store, 1, done("a", 1))
    await recorded(store, 2, done("b", 2))
    await redis.delete(meeting_key(room(1).id))
    assert await every_page(shelf) == [["b"]]
    assert await redis.zcard(KEY) == 2

    clock.goes_on(days=32)

    assert await every_page(shelf) == [["b"]]
    assert await redis.zcard(KEY) == 1


async def test_the_index_does_not_grow_for_ever(store: MeetingStore, redis: Redis) -> None:
    await store.add(room(1, *(done(f"r{n}", n / 10) for n in range(MOST + 5))))

    assert await redis.zcard(KEY) == MOST
    assert await redis.zscore(KEY, f"{room(1).id}|r0") is None


# ------------------------------------------------------------ hidden


def wish(redis: Redis, key: str = "one") -> Wish:
    return Wish(redis, key)


async def test_a_hidden_recording_leaves_the_lists_of_others_and_comes_back(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await recorded(store, 1, *(done(f"r{n:02}", n) for n in range(PAGE + 2)))
    own = room(1).id
    await shelf.hide(wish(redis), own, RecordingId("r05"), ANA, hidden=True)
    assert ["r05" in page for page in await every_page(shelf)] == [False, False]
    assert "r05" in (await every_page(shelf, ANA))[0]
    assert len((await every_page(shelf))[0]) == PAGE

    clock.goes_on(seconds=1)
    await shelf.hide(wish(redis, "two"), own, RecordingId("r05"), ANA, hidden=False)

    assert "r05" in (await every_page(shelf))[0]


async def test_another_try_of_a_wish_does_not_outdo_what_was_decided_since(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis, clock: Clock
) -> None:
    await recorded(store, 1, done("a"))
    own, it = room(1).id, RecordingId("a")
    await shelf.hide(wish(redis), own, it, ANA, hidden=True)
    clock.goes_on(seconds=1)
    await shelf.hide(wish(redis, "two"), own, it, ANA, hidden=False)
    clock.goes_on(seconds=1)
    await shelf.hide(wish(redis), own, it, ANA, hidden=True)

    assert not (await shelf.one(own, it)).recording.is_hidden


async def test_others_are_told_who_can_hide_and_what_is_not_over_stays(
    shelf: ChannelRecordings, store: MeetingStore, redis: Redis
) -> None:
    started = e.RecordingActed(RecordingId("a"), "start", BO, at(1))
    await recorded(store, 1, started, e.RecordingUpdated(RecordingId("a"), "RECORDING"))
    own, it = room(1).id, RecordingId("a")

    with pytest.raises(UserError, match="Only <@UBO>, who started it, and <@UANA>, who hosts the meeting, can"):
        await shelf.hide(wish(redis), own, it, CY, hidden=True)
    await store.update(own, partial(apply, event=r.HostHanded(UserId("UDI"), ANA, at(2))))
    with pytest.raises(UserError, match="and <@UDI>, who hosts the meeting, can"):
        await shelf.hide(wish(redis), own, it, CY, hidden=True)
    with pytest.raises(NoRecording, match="not over yet"):
        await shelf.hide(wish(redis), own, it, BO, hidden=True)
    with pytest.raises(NoRecording, match="no such recording"):
        await shelf.hide(wish(redis), own, RecordingId("b"), BO, hidden=True)
    assert await redis.exists(channel_key(HERE)) == 0
