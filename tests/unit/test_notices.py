"""What people are told in time, and what the same reply says once things have moved on."""

from datetime import timedelta

import pytest
from hypothesis import given

from bot.domain import events as e
from bot.domain.ids import PeerId, RecordingId, SessionId, UserId
from bot.domain.options import RecordingOptions
from bot.domain.timeline import Kind, due, subject_of
from bot.exchanged import Message
from bot.views.notices import notices_of
from bot.views.thread import render_thread
from bot.views.words import clock, day
from tests.support.stories import at, stories, told

R1, S1 = RecordingId("r1"), SessionId("s1")
CAME = e.ParticipantJoined(PeerId("p1"), S1, "UANA", "Ana", at(1))
LEFT = e.ParticipantLeft(PeerId("p1"), S1, "UANA", "Ana", at(40))
ASKED = e.RecordingUpdated(R1, "INVOKED", invoked_at=at(3))
RUNNING = e.RecordingUpdated(R1, "RECORDING", observed_at=at(4), invoked_at=at(3), started_at=at(4))
STOPPED = e.RecordingUpdated(R1, "UPLOADING", stopped_at=at(60))
SAVED = e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(60))
LIMIT = e.RecordingPlanned(R1, RecordingOptions(max_seconds=5400))
GONE = at(60) + timedelta(days=7)
OFF = (e.RecordingUpdated(R1, "PAUSED", observed_at=at(10)), e.OffTheRecord(R1, UserId("UBO"), at(10), at(20)))


def noticed(kind: Kind, subject: str = R1, minutes: float = 84) -> e.Noticed:
    return e.Noticed(kind, subject, at(minutes))


def only(*events: e.Event) -> Message:
    meeting = told(*events)
    [message] = notices_of(meeting, meeting.recordings[R1])
    return message


def labels(message: Message) -> list[str]:
    return [part["text"]["text"] for block in message.blocks if "elements" in block for part in block["elements"]]


NOT_BEGUN = (
    f"The recording asked for at {clock(at(3))} has not begun yet: nothing is recorded so far."
    " I keep asking; Stop gives it up."
)
CASES = [
    (
        (LIMIT, RUNNING, noticed(Kind.NEAR_LIMIT)),
        f"*10 min left* · the recording stops by itself at {clock(at(94))}, at its limit of 90 min.",
    ),
    ((LIMIT, RUNNING, STOPPED, noticed(Kind.NEAR_LIMIT)), "The recording came near its limit of 90 min."),
    (
        (CAME, RUNNING, LEFT, noticed(Kind.EMPTY_ROOM, subject_of(R1, at(40)))),
        f"Everyone left at {clock(at(40))} · the recording stops by itself in about a minute.",
    ),
    (
        (CAME, RUNNING, noticed(Kind.EMPTY_ROOM, subject_of(R1, at(20)))),
        "Everyone had left for a while; the recording goes on.",
    ),
    (
        (CAME, RUNNING, LEFT, STOPPED, noticed(Kind.EMPTY_ROOM, subject_of(R1, at(40)))),
        "Everyone had left while it was being recorded, and the recording stopped.",
    ),
    (
        (ASKED, noticed(Kind.START_LAGS)),
        NOT_BEGUN,
    ),
    (
        (ASKED, RUNNING, noticed(Kind.START_LAGS)),
        "The recording began 1 min after it was asked for; what was said before is not in it.",
    ),
    ((ASKED, STOPPED, noticed(Kind.START_LAGS)), f"The recording asked for at {clock(at(3))} was slow to begin."),
    (
        (STOPPED, noticed(Kind.UPLOAD_LAGS)),
        "The recording's file takes longer than usual. I keep asking the video service and tell it here.",
    ),
    ((STOPPED, SAVED, noticed(Kind.UPLOAD_LAGS)), "The recording's file took longer than usual."),
    (
        (RUNNING, *OFF, noticed(Kind.RESUME_FAILED, subject_of(R1, at(20)))),
        "The recording could not be resumed: the video service did not do it. I keep trying; you can press Resume.",
    ),
    (
        (
            RUNNING,
            *OFF,
            noticed(Kind.RESUME_FAILED, subject_of(R1, at(20)), 20),
            e.RecordingActed(R1, "return", UserId("UBO"), at(21)),
        ),
        f"The recording could not be resumed in time; it goes on since {clock(at(21))}.",
    ),
    (
        (e.RecordingUpdated(R1, "ERRORED"), noticed(Kind.RESTART_FAILED)),
        "The recording broke off and could not be started by itself again. Press Start recording on the card.",
    ),
]


@pytest.mark.parametrize(("story", "said"), CASES)
def test_a_notice_says_what_is_true_now(story: tuple[e.Event, ...], said: str) -> None:
    assert only(*story).text == said


def test_a_file_that_stays_in_a_storage_need_not_be_saved() -> None:
    own = e.RecordingPlanned(R1, RecordingOptions(storage="archive", storage_kind="aws"))
    file = e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(60), expires_at=GONE)

    assert only(own, file, noticed(Kind.EXPIRES_SOON, subject_of(R1, GONE))).text == (
        f"Weekly sync: the video service deletes its copy of the recording on {day(GONE)} at {clock(GONE)}."
        " The file stays in archive (S3)."
    )


def test_before_a_file_is_deleted_it_can_be_saved_from_the_notice_itself() -> None:
    file = e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(60), expires_at=GONE, audio=True)
    soon = noticed(Kind.EXPIRES_SOON, subject_of(R1, GONE))
    message = only(file, soon)

    assert message.text == (
        f"Weekly sync: the recording is deleted by the video service on {day(GONE)} at {clock(GONE)}. "
        "Save it before then."
    )
    assert labels(message) == ["Watch", "Download audio"]
    gone = only(file, soon, noticed(Kind.DELETED, subject_of(R1, GONE)))
    assert gone.text == "The recording was about to be deleted by the video service."
    assert labels(gone) == []


def test_a_start_that_lags_can_be_given_up_while_it_does() -> None:
    assert labels(only(ASKED, noticed(Kind.START_LAGS))) == ["Stop"]
    assert labels(only(ASKED, RUNNING, noticed(Kind.START_LAGS))) == []


def test_a_hidden_recording_is_not_offered_again_before_it_is_deleted() -> None:
    file = e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(60), expires_at=GONE)
    hidden = e.RecordingHidden(R1, UserId("UBO"), at(70))
    message = only(file, noticed(Kind.EXPIRES_SOON, subject_of(R1, GONE)), hidden)

    assert message.text == "Recording hidden by <@UBO>"
    assert labels(message) == []


@given(stories)
def test_whatever_is_due_can_be_said(story: list[e.Event]) -> None:
    meeting = told(*story)
    for entry in due(meeting, at(60 * 24 * 40)):
        meeting = told(e.Noticed(entry.kind, entry.subject, entry.at), meeting=meeting)
    for recording in meeting.in_order:
        messages = notices_of(meeting, recording)

        assert len({message.slot for message in messages}) == len(messages)
        assert all(message.text == message.blocks[0]["text"]["text"] for message in messages)


def test_what_was_said_of_a_recording_stays_true_when_it_turns_out_to_be_of_single_voices() -> None:
    voices = e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(30), tracks=True)
    thread = render_thread(told(RUNNING, STOPPED, noticed(Kind.UPLOAD_LAGS, R1), voices))

    [late] = [message for message in thread if message.slot.startswith("notice:")]
    assert "I keep asking" not in late.text
