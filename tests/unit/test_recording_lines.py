"""A recording's replies, sentence by sentence, from the wish to the file."""

from datetime import UTC, datetime

import pytest

from bot.domain import events as e
from bot.domain.ids import LivestreamId, RecordingId, UserId
from bot.domain.livestream_events import LivestreamUpdated
from bot.domain.meeting import Meeting
from bot.domain.options import RecordingOptions
from bot.domain.timeline import Kind, subject_of
from bot.exchanged import Message
from bot.views.outcome import failed_reply, ready_reply
from bot.views.recording import line_of, recording_reply
from bot.views.words import clock, day
from tests.support.stories import at, told

R1 = RecordingId("r1")
ANA, BO = "<@UANA>", "<@UBO>"
ASKED = e.RecordingActed(R1, "start", UserId("UANA"), at(3))
RUNNING = e.RecordingUpdated(R1, "RECORDING", observed_at=at(4), started_at=at(4))
PAUSED = e.RecordingUpdated(R1, "PAUSED", observed_at=at(20))
PAUSE = e.RecordingActed(R1, "pause", UserId("UBO"), at(20))
PLANNED = e.RecordingPlanned(R1, RecordingOptions(max_seconds=5400))
STOP = e.RecordingActed(R1, "stop", UserId("UANA"), at(36))


def report(status: str, **facts: object) -> e.RecordingUpdated:
    return e.RecordingUpdated(R1, status, **facts)  # type: ignore[arg-type]


def line(*events: e.Event) -> str:
    return line_of(told(*events).recordings[R1])


def labels(message: Message) -> list[str]:
    """Give what stands on a message's buttons."""
    return [
        part["text"]["text"] for block in message.blocks if block["type"] == "actions" for part in block["elements"]
    ]


def controls(*events: e.Event) -> list[str]:
    meeting = told(*events)
    return labels(recording_reply(meeting, meeting.recordings[R1]))


def ready(meeting: Meeting) -> Message:
    return ready_reply(meeting, meeting.recordings[R1])[0]


def failed(meeting: Meeting) -> Message:
    return failed_reply(meeting, meeting.recordings[R1])[0]


# ---------------------------------------------------------------- the reply that is edited in place


def test_a_wish_is_shown_as_a_wish() -> None:
    assert line(ASKED, report("INVOKED")) == f"Starting the recording… (asked by {ANA})"
    assert line(report("INVOKED")) == "Starting the recording…"
    assert controls(ASKED) == []


def test_a_running_recording_says_since_when_and_who_started_it() -> None:
    assert line(ASKED, RUNNING) == f"*Recording* since {clock(at(4))} · started by {ANA}"
    assert line(report("RECORDING")) == "*Recording*"
    assert controls(RUNNING) == ["Pause", "Off the record 10 min", "Mark moment", "Stop"]


def test_a_recording_that_ran_from_the_start_says_so() -> None:
    from_start = report("RECORDING", started_at=at(4), start_reason="RECORD_ON_START")

    assert line(from_start) == f"*Recording* since {clock(at(4))} · on from the start"


def test_a_recording_that_was_started_elsewhere_says_so() -> None:
    assert line(report("RECORDING", start_reason="API_CALL")) == "*Recording* · started elsewhere"
    named = report("RECORDING", start_reason="API_CALL", started_by="Ops <!here>")
    assert line(named) == "*Recording* · started elsewhere, by Ops &lt;!here&gt;"
    assert line(ASKED, named) == f"*Recording* · started by {ANA}"


def test_off_the_record_says_who_until_when_and_what_comes_then() -> None:
    off = e.OffTheRecord(R1, UserId("UBO"), at(20), at(30))

    assert line(RUNNING, PAUSE, PAUSED, off) == f"*Off the record* by {BO} until {clock(at(30))} · resumes by itself"
    assert controls(RUNNING, PAUSE, PAUSED, off) == ["Resume", "Stop"]


def test_what_does_not_stand_still_with_a_recording_is_said_beside_it() -> None:
    voices = e.RecordingUpdated(RecordingId("r2"), "RECORDING", started_at=at(5), tracks=True)
    public = LivestreamUpdated(LivestreamId("l1"), "LIVE", observed_at=at(6))
    meeting = told(RUNNING, PAUSE, PAUSED, e.OffTheRecord(R1, UserId("UBO"), at(20), at(30)), voices, public)

    said = recording_reply(meeting, meeting.recordings[R1]).text

    assert said.startswith(f"*Off the record* by {BO} until ")
    assert said.endswith(" · each person's own sound is *still recorded* · it is *still live to the public*")
    assert "still" not in recording_reply(told(RUNNING, voices, public), told(RUNNING).recordings[R1]).text


def test_a_paused_recording_says_who_paused_it_and_when() -> None:
    assert line(ASKED, RUNNING, PAUSE, PAUSED) == f"*Paused* by {BO} at {clock(at(20))}"
    assert line(RUNNING, PAUSED) == "*Paused*"
    assert controls(RUNNING, PAUSED) == ["Resume", "Stop"]


def test_a_pause_that_was_undone_names_nobody() -> None:
    resume = e.RecordingActed(R1, "resume", UserId("UCY"), at(21))

    assert line(RUNNING, PAUSE, PAUSED, resume) == "*Paused*"


def test_what_was_said_of_its_length_while_it_ran_is_not_taken_for_its_length() -> None:
    running = report("RECORDING", started_at=at(4), seconds=0)
    lost = report("ERRORED", started_at=at(4), stopped_at=at(18), stop_reason="INTERNAL_ERROR")

    assert line(running, lost) == "The video service failed after 14 min · failed"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ([STOP, report("UPLOADING", seconds=1920)], f"Stopped by {ANA} after 32 min · uploading…"),
        ([report("UPLOADING", seconds=1920)], "Stopped after 32 min · uploading…"),
        ([report("UPLOADING", stop_reason="API_CALL")], "Stopped elsewhere · uploading…"),
        (
            [report("UPLOADING", stop_reason="API_CALL", stopped_by="Ops <desk>", seconds=1920)],
            "Stopped elsewhere, by Ops &lt;desk&gt;, after 32 min · uploading…",
        ),
        ([STOP, report("UPLOADING", stop_reason="API_CALL", stopped_by="Ops")], f"Stopped by {ANA} · uploading…"),
        ([report("UPLOADING", stop_reason="ALL_PEERS_LEFT")], "Stopped: everyone left · uploading…"),
        (
            [report("UPLOADING", stop_reason="INTERNAL_ERROR")],
            "The video service failed, what there is gets saved · uploading…",
        ),
        ([report("UPLOADING", stop_reason="SOLAR_FLARE")], "Stopped (SOLAR_FLARE) · uploading…"),
        ([report("UPLOADING", seconds=86_400)], "Reached its limit of 24 h · uploading…"),
        (
            [PLANNED, report("UPLOADING", started_at=at(4), stopped_at=at(94), stop_reason="API_CALL")],
            "Reached its limit of 90 min · uploading…",
        ),
        (
            [PLANNED, STOP, report("UPLOADING", started_at=at(4), stopped_at=at(94))],
            f"Stopped by {ANA} after 1 h 30 min · uploading…",
        ),
        (
            [report("UPLOADED", stop_reason="INTERNAL_ERROR", seconds=840)],
            "The video service failed after 14 min: 14 min are kept · saved",
        ),
        (
            [report("UPLOADED", stop_reason="INTERNAL_ERROR")],
            "The video service failed: what it had recorded is kept · saved",
        ),
        (
            [report("ERRORED", stop_reason="INTERNAL_ERROR", seconds=840)],
            "The video service failed after 14 min · failed",
        ),
        ([report("UPLOADING", started_at=at(4), stopped_at=at(36))], "Stopped after 32 min · uploading…"),
    ],
)
def test_a_stopped_recording_says_why_and_after_how_long(why: list[e.Event], said: str) -> None:
    assert line(*why) == said
    assert controls(*why) == []


def test_a_recording_that_stopped_because_somebody_ended_the_meeting_says_who() -> None:
    left = report("UPLOADING", stop_reason="ALL_PEERS_LEFT", stopped_at=at(36), started_at=at(4))
    ended, later = e.RoomClosed(at(36.1), UserId("UBO")), e.RoomClosed(at(90), UserId("UBO"))

    def said(*events: e.Event) -> str:
        meeting = told(*events)
        return recording_reply(meeting, meeting.recordings[R1]).text

    assert said(left, ended) == f"Stopped after 32 min: {BO} ended the meeting · uploading…"
    assert said(left, later) == said(left) == "Stopped after 32 min: everyone left · uploading…"


def test_the_reply_of_a_recording_that_is_over_says_how_it_ended() -> None:
    assert line(STOP, report("UPLOADED", seconds=1920)) == f"Stopped by {ANA} after 32 min · saved"
    assert line(STOP, report("ERRORED", seconds=1920)) == f"Stopped by {ANA} after 32 min · failed"


def test_a_status_that_is_not_known_here_is_shown_as_it_is() -> None:
    assert (
        line(ASKED, report("WARMING_UP"))
        == f"Starting the recording… (asked by {ANA}) · the video service says WARMING_UP"
    )
    assert line(report("WARMING_UP"), report("UPLOADED")) == "Stopped · saved"


def test_stopping_asks_first() -> None:
    meeting = told(RUNNING)
    stop = recording_reply(meeting, meeting.recordings[R1]).blocks[-1]["elements"][-1]

    assert stop["confirm"]["title"]["text"] == "Stop recording?"
    assert stop["value"] == "realtimekit:room-1|r1"
    assert stop["style"] == "danger"


# ---------------------------------------------------------------- the new reply at the end


def test_a_finished_recording_is_announced_with_its_length_size_and_last_day() -> None:
    until = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    meeting = told(report("UPLOADED", seconds=1920, size=78_000_000, audio=True, expires_at=until))
    message = ready(meeting)

    assert message.text == f"Weekly sync: *Recording ready* · 32 min · 78 MB · kept until {day(until)}"
    assert labels(message) == ["Watch", "Download audio"]
    assert message.broadcast


def test_an_announcement_leaves_out_what_is_not_known() -> None:
    message = ready(told(report("UPLOADED")))

    assert message.text == "Weekly sync: *Recording ready*"
    assert labels(message) == ["Watch"]


@pytest.mark.parametrize("status", ["INVOKED", "RECORDING", "PAUSED", "UPLOADING", "ERRORED", "WARMING_UP"])
def test_nothing_is_announced_before_the_file_is_there(status: str) -> None:
    meeting = told(report(status))

    assert ready_reply(meeting, meeting.recordings[R1]) == []


@pytest.mark.parametrize("status", ["INVOKED", "RECORDING", "PAUSED", "UPLOADING", "UPLOADED", "WARMING_UP"])
def test_nothing_is_called_lost_before_it_is(status: str) -> None:
    meeting = told(report(status))

    assert failed_reply(meeting, meeting.recordings[R1]) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "never started, and there is no file of it."),
        ({"started_at": at(4)}, "broke off, and there is no file of it."),
        ({"started_at": at(4), "seconds": 1920}, "broke off after 32 min, and there is no file of it."),
        (
            {"started_at": at(4), "seconds": 3},
            "broke off after 3 s, and there is no file of it. Recordings under 5 s are not kept by the video service.",
        ),
    ],
)
def test_a_lost_recording_says_whose_it_was_what_is_lost_and_offers_another_try(
    facts: dict[str, object], said: str
) -> None:
    message = failed(told(ASKED, report("ERRORED", **facts)))

    assert message.text == f"Weekly sync: *Recording failed* · {ANA}, the recording {said}"
    assert labels(message) == ["Try again"]
    assert not message.broadcast


def test_a_lost_recording_that_nobody_asked_for_names_nobody() -> None:
    assert failed(told(report("ERRORED"))).text.startswith("Weekly sync: *Recording failed* · The recording never")


def test_there_is_no_other_try_once_the_meeting_is_closed() -> None:
    assert labels(failed(told(report("ERRORED"), e.RoomClosed(at(60))))) == []


# ---------------------------------------------------------------- moments, where it is kept, and its end

GONE = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)


def mark(minutes: float, text: str = "") -> e.RecordingMarked:
    return e.RecordingMarked(R1, UserId("UBO"), at(minutes), text)


def test_marked_moments_are_listed_as_places_in_the_file() -> None:
    meeting = told(RUNNING, report("UPLOADED", seconds=1920), mark(18.0834, "decided <on> v2"), mark(5))
    message = ready(meeting)

    assert message.text.splitlines()[1:] == [f"`00:01:00` marked · {BO}", f"`00:14:05` decided &lt;on&gt; v2 · {BO}"]
    assert message.blocks[1]["text"]["text"].count("\n") == 1


def test_more_moments_than_a_message_takes_are_counted() -> None:
    marks = [mark(5 + n, "<" * 200) for n in range(30)]
    message = ready(told(RUNNING, report("UPLOADED", seconds=1920), *marks))

    assert message.text.splitlines()[-1] == "and 10 more"
    assert message.text.count(BO) == 20
    paragraphs = [block["text"]["text"] for block in message.blocks[:-1]]
    assert all(len(words) <= 3000 for words in paragraphs)
    assert all(words.endswith(BO) for words in paragraphs[1:-1])


def test_the_announcement_says_in_which_storage_the_file_is() -> None:
    kept = e.RecordingPlanned(R1, RecordingOptions(storage="archive", storage_kind="aws"))
    assert (
        "kept in archive (S3) · at the video service until"
        in ready(told(kept, report("UPLOADED", expires_at=GONE))).text
    )
    moved = e.RecordingPlanned(R1, RecordingOptions(storage="archive", bucket=False))
    assert labels(ready(told(moved, report("UPLOADED")))) == []


def test_a_deleted_file_is_no_longer_offered() -> None:
    notice = e.Noticed(Kind.DELETED, subject_of(R1, GONE), GONE)
    message = ready(told(report("UPLOADED", seconds=1920, audio=True, expires_at=GONE), notice, mark(5)))

    assert message.text.splitlines()[0] == (
        f"Weekly sync: *Recording* · 32 min · deleted by the video service on {day(GONE)}"
    )
    assert labels(message) == []


def test_later_parts_say_which_they_are() -> None:
    second = RecordingId("r2")
    continued = e.RecordingContinued(second, R1)
    meeting = told(report("ERRORED"), continued, e.RecordingUpdated(second, "RECORDING"))

    assert recording_reply(meeting, meeting.recordings[second]).text == (
        "Part 2 · *Recording* · begun by itself, because the part before broke off"
    )
    done = told(e.RecordingUpdated(second, "UPLOADED"), meeting=meeting)
    assert ready_reply(done, done.recordings[second])[0].text == "Weekly sync: Part 2 · *Recording ready*"
