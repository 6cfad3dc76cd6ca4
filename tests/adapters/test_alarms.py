"""Alarms: one a meeting, set to the next thing that is due, and what becomes of it when it goes off."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.alarms import Alarms
from bot.clockwork import Clockwork
from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import MeetingId, PeerId, RecordingId, SessionId
from bot.domain.timeline import Due, Kind, notices_due
from bot.engine import Engine
from bot.errors import ProviderUnavailable
from bot.happenings import Happenings
from bot.store import MeetingStore
from tests.support.clock import Clock
from tests.support.stories import MEETING, at, told

ID, R1 = MEETING.id, RecordingId("r1")
ASKED = e.RecordingUpdated(R1, "INVOKED", invoked_at=at(0))
RUNNING = e.RecordingUpdated(R1, "RECORDING", started_at=at(0), observed_at=at(0))


class Bedside:
    """A meeting, its clockwork, and an engine on which nothing is carried out by itself."""

    def __init__(self, redis: Redis, engine: Engine) -> None:
        self.redis, self.clock, self.engine = redis, Clock(), engine
        self.store = MeetingStore(redis, self.clock)
        self.happenings = Happenings(self.store, self._follow)
        self.clockwork = Clockwork(self.store, self.happenings, self.clock)
        self.again: list[str] = []
        self.alarms = Alarms(engine.docket, self.clockwork, self.clock, self.again.append)

    async def _follow(self, meeting_id: MeetingId) -> None:
        """Wind as the reconcile task does."""
        await self.alarms.wind(meeting_id)

    async def ahead(self) -> float | None:
        """Give the seconds until the alarm goes off, None where none is set."""
        docket = self.engine.docket
        when = await self.redis.zscore(docket.queue_key, f"clock:{ID}")
        return None if when is None else float(when) - datetime.now(UTC).timestamp()


@pytest.fixture
async def bedside(redis: Redis, redis_url: str) -> AsyncIterator[Bedside]:
    engine = Engine(redis_url)
    await engine.open()
    beside = Bedside(redis, engine)
    yield beside
    await engine.close()


async def test_where_nothing_is_to_come_no_alarm_is_set(bedside: Bedside) -> None:
    bedside.clockwork.add(notices_due, bedside.clockwork.notice)
    await bedside.store.add(MEETING)

    await bedside.alarms.wind(ID)
    await bedside.alarms.wind(MeetingId("realtimekit:unknown"))

    assert await bedside.ahead() is None


async def test_the_alarm_is_set_to_what_comes_next_and_anew_when_that_changes(bedside: Bedside) -> None:
    bedside.clockwork.add(notices_due, bedside.clockwork.notice)
    await bedside.store.add(told(ASKED))
    await bedside.alarms.wind(ID)
    assert await bedside.ahead() == pytest.approx(30, abs=2)

    await bedside.happenings.tell(ID, RUNNING)

    assert await bedside.ahead() == pytest.approx(24 * 3600 - 600, abs=2)


async def test_what_is_due_is_noticed_once_and_leaves_the_agenda(bedside: Bedside) -> None:
    bedside.clockwork.add(notices_due, bedside.clockwork.notice)
    await bedside.store.add(told(ASKED))
    bedside.clock.goes_on(seconds=31)

    for _ in range(2):
        await bedside.alarms.tick(ID)

    saved = await bedside.store.get(ID)
    assert saved
    assert list(saved.meeting.notices) == [f"{Kind.START_LAGS}|{R1}"]
    assert await bedside.ahead() is None
    assert bedside.again == []


async def test_what_fails_comes_again_after_a_growing_pause_and_holds_up_nothing_else(bedside: Bedside) -> None:
    async def fails(_meeting: MeetingId, _entry: Due) -> None:
        raise ProviderUnavailable("away")

    bedside.clockwork.add(lambda _: [Due(Kind.RESUME, R1, at(0), R1)], fails)
    bedside.clockwork.add(notices_due, bedside.clockwork.notice)
    await bedside.store.add(told(ASKED))
    bedside.clock.goes_on(seconds=31)

    pauses = []
    for tries in range(7):
        await bedside.alarms.tick(ID, tries=tries)
        pauses.append(await bedside.ahead())

    assert pauses == [pytest.approx(wait, abs=1.5) for wait in (2, 4, 8, 16, 32, 60, 60)]
    saved = await bedside.store.get(ID)
    assert saved
    assert saved.meeting.notices
    assert bedside.again == ["tick"] * 7


async def test_whoever_reads_the_meeting_early_and_sets_the_alarm_late_does_not_put_it_back(bedside: Bedside) -> None:
    """Somebody changes the meeting while the alarm is being set."""
    moved = False

    def agenda(meeting: object) -> list[Due]:
        return [Due("x", R1, at(10) if meeting == MEETING else at(2), R1)]

    class Moving(Clockwork):
        async def alarm(self, meeting_id: MeetingId, *, overdue: bool = True) -> object:  # type: ignore[override]
            nonlocal moved
            found = await super().alarm(meeting_id, overdue=overdue)
            if not moved:
                moved = True
                await bedside.store.update(ID, lambda meeting: apply(meeting, ASKED))
            return found

    clockwork = Moving(bedside.store, bedside.happenings, bedside.clock)
    clockwork.add(agenda, clockwork.notice)
    await bedside.store.add(MEETING)

    await Alarms(bedside.engine.docket, clockwork, bedside.clock, bedside.again.append).wind(ID)

    assert await bedside.ahead() == pytest.approx(timedelta(minutes=2).total_seconds(), abs=2)


class TestNothingIsSaidUnseen:
    """Late news must not have people told that a start lags, or that nobody is in a room that is recorded."""

    LEFT = (
        e.ParticipantJoined(PeerId("p1"), SessionId("s1"), at=at(1)),
        e.ParticipantLeft(PeerId("p1"), SessionId("s1"), at=at(5)),
    )
    SILENT = e.ProviderChecked(at(7), answered=False)

    async def noticed(self, bedside: Bedside, *story: e.Event, found: e.Event | None = None) -> list[str]:
        """Let time pass, the provider telling something else when asked; gives what is noticed."""

        async def look(meeting_id: MeetingId) -> None:
            if found:
                await bedside.store.update(meeting_id, lambda meeting: apply(meeting, found))

        clockwork = Clockwork(bedside.store, bedside.happenings, bedside.clock, look)
        clockwork.add(notices_due, clockwork.notice)
        await bedside.store.add(told(*story))
        bedside.clock.goes_on(minutes=10)
        await clockwork.tick(ID)
        saved = await bedside.store.get(ID)
        assert saved
        return [key.partition("|")[0] for key in saved.meeting.notices]

    async def test_an_empty_room_is_spoken_of_where_it_is_so(self, bedside: Bedside) -> None:
        assert await self.noticed(bedside, RUNNING, *self.LEFT) == [Kind.EMPTY_ROOM]

    async def test_it_is_not_where_the_recording_had_been_stopped(self, bedside: Bedside) -> None:
        stopped = e.RecordingUpdated(R1, "UPLOADING", stopped_at=at(4))
        assert await self.noticed(bedside, RUNNING, *self.LEFT, found=stopped) == []

    async def test_it_is_not_where_somebody_is_inside(self, bedside: Bedside) -> None:
        back = e.ParticipantJoined(PeerId("p2"), SessionId("s1"), at=at(6))
        assert await self.noticed(bedside, RUNNING, *self.LEFT, found=back) == []

    async def test_it_is_not_while_the_provider_does_not_say(self, bedside: Bedside) -> None:
        assert await self.noticed(bedside, RUNNING, *self.LEFT, found=self.SILENT) == []

    async def test_a_start_that_lags_is_spoken_of_where_it_is_so(self, bedside: Bedside) -> None:
        sooner = e.RecordingUpdated(R1, "INVOKED", invoked_at=at(-0.01))
        assert await self.noticed(bedside, ASKED, found=sooner) == [Kind.START_LAGS]

    async def test_it_is_not_where_the_recording_has_begun(self, bedside: Bedside) -> None:
        assert await self.noticed(bedside, ASKED, found=RUNNING) == []

    async def test_nor_while_the_provider_does_not_say(self, bedside: Bedside) -> None:
        assert await self.noticed(bedside, ASKED, found=self.SILENT) == []
