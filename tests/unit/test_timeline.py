"""What time alone makes happen, asked at any time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import PeerId, RecordingId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.domain.options import RecordingOptions
from bot.domain.timeline import (
    Due,
    Kind,
    due,
    is_deleted,
    is_too_late,
    next_due,
    notices_due,
    part_number,
    restarts_due,
    resumes_due,
)
from tests.support.stories import at, stories, times, told

R1, R2, S1, ANA = RecordingId("r1"), RecordingId("r2"), SessionId("s1"), UserId("UANA")
CAME = e.ParticipantJoined(PeerId("p1"), S1, "UANA", "Ana", at(1))
LEFT = e.ParticipantLeft(PeerId("p1"), S1, "UANA", "Ana", at(40))
ASKED = e.RecordingUpdated(R1, "INVOKED", invoked_at=at(2))
RUNNING = e.RecordingUpdated(R1, "RECORDING", observed_at=at(3), invoked_at=at(2), started_at=at(3))
PAUSED = e.RecordingUpdated(R1, "PAUSED", observed_at=at(10))
OFF = e.OffTheRecord(R1, ANA, at(10), at(20))
STOPPED = e.RecordingUpdated(R1, "UPLOADING", stopped_at=at(33))
FAILED = e.RecordingUpdated(R1, "ERRORED", stopped_at=at(33))


def agenda(meeting: Meeting) -> list[Due]:
    return [*notices_due(meeting), *resumes_due(meeting), *restarts_due(meeting)]


def kinds(meeting: Meeting, now: datetime) -> list[str]:
    return [entry.kind for entry in due(meeting, now, agenda)]


# ---------------------------------------------------------------- any story


@given(stories, times)
def test_what_is_due_has_come_and_what_is_next_has_not(story: list[e.Event], now: datetime) -> None:
    meeting = told(*story)
    coming = next_due(meeting, now, agenda)

    assert all(entry.at <= now for entry in due(meeting, now, agenda))
    assert coming is None or coming > now
    assert coming is None or any(entry.at == coming for entry in agenda(meeting))


@given(stories, times)
def test_what_was_noticed_is_not_due_again(story: list[e.Event], now: datetime) -> None:
    meeting = told(*story)
    for entry in due(meeting, now):
        meeting = apply(meeting, e.Noticed(entry.kind, entry.subject, now))

    assert due(meeting, now) == []


@given(stories, times)
def test_a_closed_room_resumes_and_restarts_nothing(story: list[e.Event], now: datetime) -> None:
    meeting = told(*story, e.RoomClosed(at(0)))

    assert [*resumes_due(meeting), *restarts_due(meeting)] == []
    assert now


# ---------------------------------------------------------------- off the record


def test_a_recording_off_the_record_is_resumed_at_its_time_and_not_before() -> None:
    meeting = told(CAME, RUNNING, PAUSED, OFF)

    assert next_due(meeting, at(12), agenda) == at(20)
    assert kinds(meeting, at(19.9)) == []
    assert kinds(meeting, at(20)) == kinds(meeting, at(300)) == [Kind.RESUME]


@pytest.mark.parametrize(
    "undone",
    [
        e.RecordingActed(R1, "resume", ANA, at(12)),
        e.RecordingActed(R1, "stop", ANA, at(12)),
        e.RecordingUpdated(R1, "RECORDING", observed_at=at(12)),
        STOPPED,
        e.RoomClosed(at(12)),
    ],
)
def test_nothing_is_resumed_that_somebody_resumed_stopped_or_closed(undone: e.Event) -> None:
    assert Kind.RESUME not in kinds(told(CAME, RUNNING, PAUSED, OFF, undone), at(21))


# ---------------------------------------------------------------- told in time


def planned(seconds: int) -> e.RecordingPlanned:
    return e.RecordingPlanned(R1, RecordingOptions(max_seconds=seconds))


def test_people_are_told_ten_minutes_before_the_limit() -> None:
    meeting = told(CAME, RUNNING, planned(5400))

    assert next_due(meeting, at(5), agenda) == at(3 + 80)
    assert kinds(meeting, at(84)) == [Kind.NEAR_LIMIT]


def test_a_short_limit_is_announced_for_a_quarter_of_it_and_one_that_is_over_not_at_all() -> None:
    meeting = told(CAME, RUNNING, planned(60))

    assert next_due(meeting, at(3), agenda) == at(3.75)
    assert kinds(meeting, at(4)) == []


def test_without_a_limit_of_its_own_a_recording_has_a_day() -> None:
    assert next_due(told(CAME, RUNNING), at(5), agenda) == at(3 + 24 * 60 - 10)


def test_an_empty_room_is_spoken_of_once_it_stays_empty() -> None:
    meeting = told(CAME, RUNNING, LEFT)

    assert kinds(meeting, at(40.2)) == []
    assert kinds(meeting, at(40.25)) == [Kind.EMPTY_ROOM]
    back = e.ParticipantJoined(PeerId("p2"), S1, "UBO", "Bo", at(40.1))
    assert kinds(told(back, meeting=meeting), at(50)) == []


def test_a_room_that_empties_again_is_spoken_of_again() -> None:
    meeting = told(CAME, RUNNING, LEFT)
    [entry] = due(meeting, at(41))
    meeting = told(e.Noticed(entry.kind, entry.subject, at(41)), meeting=meeting)
    again = e.ParticipantLeft(PeerId("p2"), S1, "UBO", "Bo", at(50), at(45))

    assert kinds(told(again, meeting=meeting), at(51)) == [Kind.EMPTY_ROOM]


def test_a_start_that_takes_longer_than_half_a_minute_is_spoken_of() -> None:
    assert next_due(told(CAME, ASKED), at(2), agenda) == at(2.5)
    assert kinds(told(CAME, ASKED), at(3)) == [Kind.START_LAGS]
    assert kinds(told(CAME, ASKED, RUNNING), at(4)) == []


def test_a_file_that_does_not_come_is_spoken_of() -> None:
    assert kinds(told(CAME, RUNNING, STOPPED), at(33 + 15)) == [Kind.UPLOAD_LAGS]


def test_two_days_before_its_file_is_deleted_people_are_told_and_again_when_it_is() -> None:
    gone = at(33) + timedelta(days=7)
    meeting = told(RUNNING, STOPPED, e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(33), expires_at=gone))

    assert next_due(meeting, at(60), agenda) == gone - timedelta(days=2)
    assert kinds(meeting, gone - timedelta(days=1)) == [Kind.EXPIRES_SOON]
    assert kinds(meeting, gone) == [Kind.DELETED]  # what was missed meanwhile helps nobody any more
    assert not is_deleted(meeting, meeting.recordings[R1])
    [entry] = due(meeting, gone)
    told_so = told(e.Noticed(entry.kind, entry.subject, gone), meeting=meeting)
    assert is_deleted(told_so, told_so.recordings[R1])


def test_a_file_that_is_kept_longer_after_all_is_not_deleted() -> None:
    gone = at(33) + timedelta(days=7)
    meeting = told(e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(33), expires_at=gone))
    [entry] = due(meeting, gone)
    meeting = told(e.Noticed(entry.kind, entry.subject, gone), meeting=meeting)
    longer = told(e.RecordingUpdated(R1, "UPLOADED", expires_at=gone + timedelta(days=7)), meeting=meeting)

    assert not is_deleted(longer, longer.recordings[R1])


# ---------------------------------------------------------------- parts


def test_a_recording_that_breaks_off_while_people_are_in_is_to_go_on() -> None:
    assert kinds(told(CAME, RUNNING, FAILED), at(34)) == [Kind.RESTART]
    for status in ("UPLOADING", "UPLOADED"):  # however long its file takes, people are still talking
        kept = e.RecordingUpdated(R1, status, stopped_at=at(33), stop_reason="INTERNAL_ERROR")
        assert Kind.RESTART in kinds(told(CAME, RUNNING, kept), at(34))


@pytest.mark.parametrize(
    "reason",
    [
        LEFT,
        e.RecordingActed(R1, "stop", ANA, at(33)),
        e.RecordingUpdated(R1, "ERRORED", stop_reason="API_CALL"),
        e.RecordingPlanned(R1, RecordingOptions(max_seconds=1800)),
        e.RecordingUpdated(R2, "RECORDING", started_at=at(34)),
        e.Noticed(Kind.NOT_RESTARTED, R1, at(34)),
        e.RoomClosed(at(34)),
        e.RecordingContinued(R2, R1),
    ],
)
def test_a_recording_that_was_to_end_or_is_gone_on_with_is_left_alone(reason: e.Event) -> None:
    assert Kind.RESTART not in kinds(told(CAME, RUNNING, FAILED, reason), at(60))


def test_what_broke_off_is_gone_on_with_soon_or_not_by_itself_at_all() -> None:
    recording = told(RUNNING, FAILED).recordings[R1]

    assert not is_too_late(recording, at(33 + 14))
    assert is_too_late(recording, at(33 + 16))
    assert not is_too_late(told(ASKED).recordings[R1], at(99)), "nobody knows when it ended"


def test_who_comes_into_the_room_the_next_day_is_not_recorded_because_something_broke_off_the_day_before() -> None:
    emptied = (LEFT, e.SessionEnded(S1, at(40)))
    next_day = e.SessionStarted(SessionId("s2"), at(1440))
    back = e.ParticipantJoined(PeerId("p2"), SessionId("s2"), "UBO", "Bo", at(1440))

    assert Kind.RESTART not in kinds(told(CAME, RUNNING, FAILED, *emptied, next_day, back), at(1441))


def test_who_was_thrown_out_too_and_is_back_in_a_minute_is_recorded_again() -> None:
    thrown_out = e.SessionEnded(S1, at(33))
    again = e.SessionStarted(SessionId("s2"), at(34)), e.ParticipantJoined(PeerId("p2"), SessionId("s2"), at=at(34))

    assert Kind.RESTART in kinds(told(CAME, RUNNING, FAILED, thrown_out, *again), at(34))


def test_who_came_back_into_a_session_that_goes_on_is_recorded_again() -> None:
    back = e.ParticipantJoined(PeerId("p2"), S1, "UANA", "Ana", at(34))

    assert kinds(told(CAME, e.SessionStarted(S1, at(1)), RUNNING, LEFT, FAILED, back), at(34)) == [Kind.RESTART]


@pytest.mark.parametrize("off", [[OFF], [e.RecordingActed(R1, "pause", ANA, at(10))], []])
def test_what_broke_off_while_it_was_paused_or_off_the_record_records_nobody_by_itself(off: list[e.Event]) -> None:
    assert Kind.RESTART not in kinds(told(CAME, RUNNING, PAUSED, *off, FAILED), at(34))


def test_a_next_part_that_began_while_a_process_died_is_still_to_be_known_for_what_it_is() -> None:
    begun = e.Noticed(Kind.RESTARTING, R1, at(33)), e.RecordingUpdated(R2, "RECORDING", started_at=at(34))
    meeting = told(CAME, RUNNING, FAILED, *begun)

    assert [entry.recording_id for entry in restarts_due(meeting)] == [R1]
    assert list(restarts_due(told(e.RecordingContinued(R2, R1), meeting=meeting))) == []


def test_there_are_three_parts_at_most() -> None:
    story: list[e.Event] = [CAME]
    for number, minutes in enumerate((3, 13, 23), start=1):
        own = RecordingId(f"part-{number}")
        story.append(e.RecordingUpdated(own, "ERRORED", started_at=at(minutes), stopped_at=at(minutes + 9)))
        if number > 1:
            story.append(e.RecordingContinued(own, RecordingId(f"part-{number - 1}")))
        meeting = told(*story)

        assert part_number(meeting, meeting.recordings[own]) == number
        assert kinds(meeting, at(60)) == ([Kind.RESTART] if number < 3 else [])
