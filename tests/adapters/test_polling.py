"""What is live or not final is asked about until it is final, and nobody is bothered with what they know."""

from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.choice import Providers
from bot.domain import events as e
from bot.domain.ids import LivestreamId, MeetingId, PeerId, RecordingId, SessionId, UserId
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting, Status
from bot.errors import ProviderNotFound, ProviderRejected, ProviderUnavailable
from bot.exchanged import LiveSession, SessionSummary
from bot.happenings import Happenings
from bot.polling import BACK_OFF, PROMPTED, WATCHED, Next, Polling
from bot.store import MeetingStore
from tests.support.clock import Clock
from tests.support.provider_double import ProviderDouble
from tests.support.stories import MEETING, at, told

ID = MEETING.id
S1, R1, L1 = SessionId("s1"), RecordingId("r1"), LivestreamId("l1")
EVERY = 20.0
BO_IN = e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1))
AWAY = ProviderUnavailable("no answer")


class Watch:
    """A meeting, and what the provider says of it."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self.provider = ProviderDouble()
        self.store, self.clock = MeetingStore(redis, clock), clock
        self.followed: list[MeetingId] = []
        self.missed: list[str] = []
        providers = Providers({"realtimekit": self.provider}, "realtimekit")
        happenings = Happenings(self.store, self._follow)
        self.outlived: list[MeetingId] = []
        self.polling = Polling(
            self.store,
            happenings,
            providers,
            clock,
            every=EVERY,
            missed=self.missed.append,
            off_air=self._off_air,
        )

    async def _follow(self, meeting_id: MeetingId) -> None:
        self.followed.append(meeting_id)

    async def _off_air(self, meeting_id: MeetingId) -> None:
        self.outlived.append(meeting_id)

    async def begins(self, *events: e.Event) -> None:
        """Write a meeting down whose thread is up to date."""
        await self.store.add(told(*events))
        await self.store.settle(ID, 1)

    async def polls(self, quiet: int = 0) -> Next | None:
        """Ask the provider once."""
        return await self.polling.poll(ID, quiet)

    async def meeting(self) -> Meeting:
        """Give the meeting as it is."""
        saved = await self.store.get(ID)
        assert saved
        return saved.meeting

    def is_live(self) -> None:
        """Have the provider say that Bo is in a session."""
        self.provider.live = LiveSession(S1, at(1), 1)
        self.provider.sessions = [SessionSummary(S1, at(1), ended=False, ended_at=None)]
        self.provider.people = {S1: [BO_IN]}

    def is_over(self) -> None:
        """Have the provider say that the session is over."""
        self.provider.live = None
        self.provider.sessions = [SessionSummary(S1, at(1), ended=True, ended_at=at(30))]
        self.provider.people = {S1: [e.ParticipantLeft(PeerId("p1"), S1, "UBO", "Bo", at(30), at(1))]}

    def records(self, status: str, **facts: object) -> None:
        """Have the provider list a recording."""
        self.provider.listed = [e.RecordingUpdated(R1, status, observed_at=self.clock(), **facts)]  # type: ignore[arg-type]


@pytest.fixture
def watch(redis: Redis, clock: Clock) -> Watch:
    return Watch(redis, clock)


# ---------------------------------------------------------------- what no webhook told


async def test_a_meeting_that_no_webhook_told_of_comes_right(watch: Watch) -> None:
    await watch.begins()
    watch.is_live()
    await watch.polls()

    meeting = await watch.meeting()
    assert meeting.status is Status.LIVE
    assert [presence.person for presence in meeting.inside] == ["UBO"]
    assert watch.followed == [ID]
    assert watch.missed == ["realtimekit"]


async def test_an_end_that_no_webhook_told_of_comes_right(watch: Watch) -> None:
    await watch.begins(BO_IN, e.SessionStarted(S1, at(1)))
    watch.clock.goes_on(minutes=31)
    watch.is_over()
    await watch.polls()

    meeting = await watch.meeting()
    assert meeting.status is Status.ENDED
    assert meeting.sessions[S1].ended_at == at(30)
    assert meeting.presences[PeerId("p1")].left_at == at(30)


async def test_a_recording_is_followed_to_its_file(watch: Watch) -> None:
    await watch.begins(e.RecordingUpdated(R1, "INVOKED"))
    for status in ("RECORDING", "PAUSED", "RECORDING", "UPLOADING", "UPLOADED"):
        watch.clock.goes_on(minutes=1)
        watch.records(status)
        await watch.polls()
        assert (await watch.meeting()).recordings[R1].status == status
    assert len(watch.followed) == 5


async def test_what_was_asked_for_by_somebody_was_not_missed(watch: Watch) -> None:
    await watch.begins()
    watch.is_live()
    await watch.polls(PROMPTED)

    assert watch.followed == [ID]
    assert watch.missed == []


async def test_it_is_asked_about_the_room_and_not_about_our_name_for_it(watch: Watch) -> None:
    await watch.begins()
    await watch.polls()

    assert watch.provider.about == {"room-1"}


async def test_an_empty_room_that_was_closed_elsewhere_is_closed(watch: Watch) -> None:
    await watch.begins()
    watch.provider.active = False
    await watch.polls()

    meeting = await watch.meeting()
    assert (meeting.status, meeting.closed_by) == (Status.CLOSED, None)


# ---------------------------------------------------------------- nothing new


async def test_nothing_is_told_when_nothing_is_new(watch: Watch) -> None:
    await watch.begins()
    watch.is_live()
    watch.records("RECORDING")
    await watch.polls()
    saved = await watch.store.get(ID)
    watch.followed.clear()

    for _ in range(3):
        watch.clock.goes_on(seconds=20)
        watch.records("RECORDING")
        await watch.polls()
    assert await watch.store.get(ID) == saved
    assert watch.followed == []


async def test_it_is_asked_ever_more_seldom_and_at_once_again_after_news(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.is_live()
    await watch.polls()

    quiet, waits = 0, list[float]()
    for _ in range(7):
        coming = await watch.polls(quiet)
        assert coming
        quiet = coming.quiet
        waits.append(coming.seconds / EVERY)
    assert waits == [2, 4, 8, BACK_OFF, BACK_OFF, BACK_OFF, BACK_OFF]

    watch.records("RECORDING")
    assert await watch.polls(quiet) == Next(EVERY, 0)


async def test_being_quiet_for_ever_is_no_trouble(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.is_live()
    await watch.polls()

    assert await watch.polls(100_000) == Next(EVERY * BACK_OFF, 100_001)


# ---------------------------------------------------------------- when there is nothing left to ask


async def test_an_unknown_meeting_is_not_asked_about(watch: Watch) -> None:
    assert await watch.polls() is None
    assert watch.provider.asked == {}


async def test_an_empty_room_is_watched_for_a_day(watch: Watch) -> None:
    await watch.begins()
    watch.clock.now += WATCHED - timedelta(seconds=1)
    assert await watch.polls() is not None

    watch.clock.goes_on(seconds=1)
    assert await watch.polls() is None


async def test_a_live_room_and_an_unfinished_recording_are_watched_for_as_long_as_they_are(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.is_live()
    watch.clock.goes_on(days=5)
    assert await watch.polls() is not None

    watch.is_over()
    watch.records("UPLOADING")
    assert await watch.polls() is not None
    watch.records("UPLOADED")
    assert await watch.polls() is None


async def test_a_closed_room_is_watched_until_its_recordings_are_final(watch: Watch) -> None:
    await watch.begins(e.RoomClosed(at(0)), e.RecordingUpdated(R1, "UPLOADING"))
    watch.records("UPLOADING")
    assert await watch.polls() is not None

    watch.records("ERRORED")
    assert await watch.polls() is None


# ---------------------------------------------------------------- a provider that does not answer


async def test_silence_is_told_once_with_the_time_of_the_last_answer(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.is_live()
    answered = watch.clock()
    await watch.polls()
    watch.followed.clear()
    watch.provider.goes_away(AWAY)
    for _ in range(3):
        watch.clock.goes_on(seconds=20)
        assert await watch.polls() is not None

    meeting = await watch.meeting()
    assert meeting.provider_is_silent
    assert meeting.checked_at == answered
    assert watch.followed == [ID]


async def test_the_last_answer_is_known_even_where_it_changed_nothing(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.is_live()
    await watch.polls()
    last = watch.clock.goes_on(minutes=5)
    await watch.polls()
    watch.provider.goes_away(AWAY)
    watch.clock.goes_on(minutes=1)
    await watch.polls()

    assert (await watch.meeting()).checked_at == last


async def test_a_provider_that_speaks_again_is_believed_again(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.is_live()
    watch.provider.goes_away(AWAY)
    await watch.polls()
    assert (await watch.meeting()).provider_is_silent
    assert (await watch.meeting()).checked_at is None

    watch.provider.comes_back()
    watch.clock.goes_on(minutes=1)
    await watch.polls()
    assert not (await watch.meeting()).provider_is_silent
    assert watch.followed == [ID, ID]


async def test_one_question_that_is_refused_does_not_hide_the_answer_to_the_other(watch: Watch) -> None:
    await watch.begins(e.RecordingUpdated(R1, "INVOKED"))
    watch.records("RECORDING")
    watch.provider.trouble = {"list_sessions": ProviderRejected("no", status=400)}
    await watch.polls()

    meeting = await watch.meeting()
    assert meeting.recordings[R1].status == "RECORDING"
    assert not meeting.provider_is_silent


# ---------------------------------------------------------------- what the provider does not know any more


async def test_a_session_that_vanished_is_over(watch: Watch) -> None:
    await watch.begins(BO_IN, e.SessionStarted(S1, at(1)))
    now = watch.clock.goes_on(minutes=10)
    await watch.polls()

    meeting = await watch.meeting()
    assert meeting.status is Status.ENDED
    assert meeting.sessions[S1].ended_at == now


async def test_a_session_too_young_to_be_listed_is_not_over(watch: Watch) -> None:
    await watch.begins(e.SessionStarted(S1, at(0)))
    watch.clock.goes_on(seconds=30)
    await watch.polls()

    assert (await watch.meeting()).status is Status.LIVE


async def test_a_live_session_that_is_not_listed_yet_is_believed(watch: Watch) -> None:
    await watch.begins()
    watch.is_live()
    watch.provider.sessions = []
    watch.clock.goes_on(minutes=10)
    await watch.polls()

    meeting = await watch.meeting()
    assert meeting.status is Status.LIVE
    assert [presence.person for presence in meeting.inside] == ["UBO"]


async def test_a_recording_that_is_not_listed_is_asked_for_by_itself(watch: Watch) -> None:
    await watch.begins(e.RecordingUpdated(R1, "RECORDING"))
    watch.provider.known = [e.RecordingUpdated(R1, "UPLOADED")]
    await watch.polls()

    assert (await watch.meeting()).recordings[R1].status == "UPLOADED"


async def test_a_recording_that_vanished_has_failed(watch: Watch) -> None:
    await watch.begins(e.RecordingUpdated(R1, "RECORDING"))
    await watch.polls()

    assert (await watch.meeting()).recordings[R1].status == "ERRORED"


async def test_a_finished_recording_that_vanished_stays_finished(watch: Watch) -> None:
    await watch.begins(e.RecordingUpdated(R1, "UPLOADED"))
    await watch.polls()

    assert (await watch.meeting()).recordings[R1].status == "UPLOADED"
    assert watch.provider.asked["get_recording"] == 0


async def test_who_began_and_ended_a_recording_is_asked_once_because_lists_do_not_say(watch: Watch) -> None:
    running = e.RecordingUpdated(R1, "RECORDING", started_at=at(3))
    await watch.begins(BO_IN)
    watch.provider.listed = [running]
    watch.provider.known = [replace(running, start_reason="API_CALL", started_by="Ops")]

    await watch.polls()
    await watch.polls()

    assert (await watch.meeting()).recordings[R1].started_by == "Ops"
    assert watch.provider.asked["get_recording"] == 1


async def test_a_reason_that_cannot_be_had_hides_nothing_else(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.provider.listed = [e.RecordingUpdated(R1, "RECORDING", started_at=at(3))]
    watch.provider.trouble = {"get_recording": AWAY}

    await watch.polls()

    assert (await watch.meeting()).recordings[R1].status == "RECORDING"
    assert not (await watch.meeting()).provider_is_silent


async def test_a_recording_that_cannot_be_asked_for_now_has_not_failed(watch: Watch) -> None:
    await watch.begins(e.RecordingUpdated(R1, "RECORDING"))
    watch.provider.trouble = {"get_recording": AWAY}
    await watch.polls()

    meeting = await watch.meeting()
    assert meeting.recordings[R1].status == "RECORDING"
    assert meeting.provider_is_silent


async def test_a_room_that_the_provider_does_not_know_is_said_to_be_without_answer(watch: Watch) -> None:
    await watch.begins(BO_IN)
    watch.provider.goes_away(ProviderNotFound("no such meeting", status=404))
    await watch.polls()

    assert (await watch.meeting()).provider_is_silent


# ---------------------------------------------------------------- livestreams


async def test_a_livestream_is_asked_about_until_it_is_over(watch: Watch) -> None:
    await watch.begins(LivestreamActed(L1, "start", UserId("UANA"), at(0)))
    watch.provider.on_air = LivestreamUpdated(L1, "LIVE", observed_at=watch.clock())
    await watch.polls()
    assert (await watch.meeting()).livestreams[L1].since == watch.clock()

    watch.clock.goes_on(minutes=30)
    watch.provider.on_air, watch.provider.streams = None, [LivestreamUpdated(L1, "IDLE")]
    await watch.polls()
    assert (await watch.meeting()).livestreams[L1].lasted == 30 * 60
    asked = watch.provider.asked["active_livestream"]

    await watch.polls()
    assert watch.provider.asked["active_livestream"] == asked
    assert watch.missed == ["realtimekit", "realtimekit"]


async def test_a_meeting_that_was_never_shown_is_not_asked_about_livestreams(watch: Watch) -> None:
    await watch.begins(BO_IN)
    await watch.polls()

    assert "active_livestream" not in watch.provider.asked


async def test_as_long_as_somebody_waits_for_a_livestream_it_is_asked_about_often(watch: Watch) -> None:
    began = LivestreamActed(L1, "start", UserId("UANA"), watch.clock())
    await watch.begins(began)
    watch.provider.streams = [LivestreamUpdated(L1, "INVOKED")]
    assert [await watch.polls(quiet) for quiet in (PROMPTED, 3)] == [Next(EVERY, 0)] * 2

    watch.provider.on_air = LivestreamUpdated(L1, "LIVE", started_at=watch.clock())
    await watch.polls()
    assert await watch.polls(3) == Next(EVERY * BACK_OFF, 4)


async def test_a_closed_meeting_is_watched_until_it_is_off_the_air(watch: Watch) -> None:
    await watch.begins(LivestreamUpdated(L1, "LIVE", started_at=at(1)), e.RoomClosed(at(2)))
    watch.provider.on_air = LivestreamUpdated(L1, "LIVE", started_at=at(1))
    assert await watch.polls() is not None

    watch.provider.on_air = None
    watch.provider.streams = [LivestreamUpdated(L1, "IDLE", stopped_at=at(3))]
    assert await watch.polls() is None


async def test_a_livestream_that_outlives_its_meeting_is_taken_off_the_air(watch: Watch) -> None:
    await watch.begins(LivestreamUpdated(L1, "LIVE", started_at=at(1)), e.SessionEnded(S1, at(9), started_at=at(0)))
    watch.provider.sessions = [SessionSummary(S1, at(0), ended=True, ended_at=at(9))]
    watch.provider.on_air = LivestreamUpdated(L1, "LIVE", started_at=at(1))
    await watch.polls()

    assert watch.outlived == [ID]
