"""What is derived from a meeting: where it stands, who is in, which recording counts."""

from datetime import timedelta

from hypothesis import given

from bot.domain import events as e
from bot.domain.ids import PeerId, RecordingId, SessionId, UserId, room_of
from bot.domain.ids import meeting_id as identity
from bot.domain.meeting import NOBODY_CAME, Meeting, Status
from tests.support.stories import BEGUN, MEETING, at, stories, told

S1, S2 = SessionId("s1"), SessionId("s2")
R1, R2 = RecordingId("r1"), RecordingId("r2")


@given(stories)
def test_the_status_follows_from_the_sessions_the_people_and_the_door(story: list[e.Event]) -> None:
    meeting = told(*story)
    somebody = bool(meeting.sessions or meeting.presences)
    going_on = any(not session.ended for session in meeting.sessions.values()) or bool(meeting.inside)

    assert (meeting.status is Status.CLOSED) == (meeting.closed_at is not None)
    if meeting.closed_at is None:
        assert (meeting.status is Status.LIVE) == going_on
        assert (meeting.status is Status.CREATED) == (not somebody)


@given(stories)
def test_nobody_is_inside_who_left_or_whose_session_is_over_or_behind_a_closed_door(story: list[e.Event]) -> None:
    meeting = told(*story)

    for presence in meeting.inside:
        assert not presence.left
        assert meeting.closed_at is None
        assert presence.session_id is None or not meeting.sessions[presence.session_id].ended


@given(stories)
def test_people_and_recordings_stand_in_an_order_of_their_own(story: list[e.Event]) -> None:
    there = [p.joined_at for p in told(*story).attendance]
    known = [when for when in there if when]

    assert there == sorted(known) + [None] * (len(there) - len(known))


def test_a_room_is_created_then_live_then_ended_then_live_again_then_closed() -> None:
    steps: list[tuple[e.Event, Status]] = [
        (e.SessionStarted(S1, at(1)), Status.LIVE),
        (e.SessionEnded(S1, at(9)), Status.ENDED),
        (e.SessionStarted(S2, at(20)), Status.LIVE),
        (e.RoomClosed(at(30), UserId("UANA")), Status.CLOSED),
        (e.SessionStarted(SessionId("s3"), at(31)), Status.CLOSED),
    ]
    meeting = MEETING
    assert meeting.status is Status.CREATED
    for event, status in steps:
        meeting = told(event, meeting=meeting)
        assert meeting.status is status


def test_the_same_person_on_two_devices_is_one_and_two_strangers_are_two() -> None:
    meeting = told(
        e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo"),
        e.ParticipantJoined(PeerId("p2"), S1, "UBO", "Bo on the phone"),
        e.ParticipantJoined(PeerId("p3"), S1),
        e.ParticipantJoined(PeerId("p4"), S1),
    )

    assert len({presence.who for presence in meeting.inside}) == 3


def test_of_several_recordings_the_newest_that_can_be_stopped_is_the_active_one() -> None:
    meeting = told(
        e.RecordingUpdated(R1, "RECORDING", invoked_at=at(1)),
        e.RecordingUpdated(R2, "PAUSED", invoked_at=at(2)),
        e.RecordingUpdated(RecordingId("r3"), "UPLOADED", invoked_at=at(3)),
    )

    assert meeting.active_recording
    assert meeting.active_recording.id == R2
    assert [recording.id for recording in meeting.unfinished_recordings] == [R1, R2]


def test_a_meeting_stands_in_the_way_of_another_while_it_is_live_or_freshly_made() -> None:
    assert MEETING.is_alive(BEGUN + timedelta(hours=11))
    assert not MEETING.is_alive(BEGUN + NOBODY_CAME)

    live = told(e.SessionStarted(S1, at(1)))
    assert live.is_alive(BEGUN + timedelta(days=2))
    assert not told(e.SessionEnded(S1, at(9)), meeting=live).is_alive(at(10))
    assert not told(e.RoomClosed(at(9)), meeting=live).is_alive(at(10))


def test_a_recording_is_as_long_as_its_file_or_else_from_start_to_stop() -> None:
    span = e.RecordingUpdated(R1, "UPLOADING", started_at=at(1), stopped_at=at(3))
    assert told(span).recordings[R1].duration == 120

    assert told(span, e.RecordingUpdated(R1, "UPLOADED", seconds=118)).recordings[R1].duration == 118
    assert told(e.RecordingUpdated(R1, "RECORDING", started_at=at(1))).recordings[R1].duration is None


def test_a_recording_that_stopped_before_it_started_is_not_negative() -> None:
    odd = e.RecordingUpdated(R1, "UPLOADING", started_at=at(3), stopped_at=at(1))

    assert told(odd).recordings[R1].duration == 0


def test_whoever_paused_is_named_until_somebody_resumes() -> None:
    paused = told(e.RecordingActed(R1, "pause", UserId("UBO"), at(2)))
    pause = paused.recordings[R1].paused_by
    assert pause
    assert pause.by == "UBO"

    resumed = told(e.RecordingActed(R1, "resume", UserId("UCY"), at(3)), meeting=paused)
    assert resumed.recordings[R1].paused_by is None


def test_a_meeting_is_named_by_its_provider_and_its_room() -> None:
    assert identity("dyte", room_of(MEETING.id)) == "dyte:room-1"
    assert room_of(identity("dyte", room_of(MEETING.id))) == "room-1"


def test_a_meeting_of_an_older_version_with_more_fields_is_still_read() -> None:
    written = MEETING.model_dump(mode="json") | {"a_field_of_tomorrow": 1}

    assert Meeting.model_validate(written) == MEETING
