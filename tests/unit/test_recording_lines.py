"""A recording's replies, sentence by sentence, from the wish to the file."""

from datetime import UTC, datetime

import pytest

from bot.domain import events as e
from bot.domain.ids import RecordingId, UserId
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views.recording import failed_reply, line_of, ready_reply, recording_reply
from bot.views.words import clock, day
from tests.support.stories import at, told

R1 = RecordingId("r1")
ANA, BO = "<@UANA>", "<@UBO>"
ASKED = e.RecordingActed(R1, "start", UserId("UANA"), at(3))
RUNNING = e.RecordingUpdated(R1, "RECORDING", observed_at=at(4), started_at=at(4))
PAUSED = e.RecordingUpdated(R1, "PAUSED", observed_at=at(20))
PAUSE = e.RecordingActed(R1, "pause", UserId("UBO"), at(20))
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
    assert controls(RUNNING) == ["Pause", "Stop"]


def test_a_recording_that_ran_from_the_start_says_so() -> None:
    from_start = report("RECORDING", started_at=at(4), start_reason="RECORD_ON_START")

    assert line(from_start) == f"*Recording* since {clock(at(4))} · on from the start"


def test_a_paused_recording_says_who_paused_it_and_when() -> None:
    assert line(ASKED, RUNNING, PAUSE, PAUSED) == f"*Paused* by {BO} at {clock(at(20))}"
    assert line(RUNNING, PAUSED) == "*Paused*"
    assert controls(RUNNING, PAUSED) == ["Resume", "Stop"]


def test_a_pause_that_was_undone_names_nobody() -> None:
    resume = e.RecordingActed(R1, "resume", UserId("UCY"), at(21))

    assert line(RUNNING, PAUSE, PAUSED, resume) == "*Paused*"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ([STOP, report("UPLOADING", seconds=1920)], f"Stopped by {ANA} after 32 min · uploading…"),
        ([report("UPLOADING", seconds=1920)], "Stopped after 32 min · uploading…"),
        ([report("UPLOADING", stop_reason="API_CALL")], "Stopped · uploading…"),
        ([report("UPLOADING", stop_reason="ALL_PEERS_LEFT")], "Stopped when everyone had left · uploading…"),
        ([report("UPLOADING", stop_reason="INTERNAL_ERROR")], "Stopped by an error of the video service · uploading…"),
        ([report("UPLOADING", stop_reason="SOLAR_FLARE")], "Stopped (SOLAR_FLARE) · uploading…"),
        ([report("UPLOADING", seconds=86_400)], "Stopped at the limit of 24 h after 24 h 00 min · uploading…"),
        ([report("UPLOADING", started_at=at(4), stopped_at=at(36))], "Stopped after 32 min · uploading…"),
    ],
)
def test_a_stopped_recording_says_why_and_after_how_long(why: list[e.Event], said: str) -> None:
    assert line(*why) == said
    assert controls(*why) == []


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
