"""Recordings of single voices: how they stand in the thread and the list, and whose voice a file is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.ids import ParticipantId, PeerId, RecordingId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.domain.shelf import Page, Shelved, Spot
from bot.domain.timeline import notices_due, restarts_due
from bot.domain.voices import Voice, prefix_for, voice_of
from bot.exchanged import Message
from bot.views import recording_list, track_files
from bot.views.recording import line_of
from bot.views.thread import render_thread
from bot.views.words import clock, day
from playground.slack_blocks import elements_of, problems_with
from tests.support.stories import MEETING, at, rooms, stories, titles, told

R1, ANA, BO = RecordingId("r1"), UserId("UANA"), UserId("UBO")
ASKED = e.RecordingActed(R1, "start", BO, at(3))


def report(status: str, **facts: object) -> e.RecordingUpdated:
    return e.RecordingUpdated(R1, status, tracks=True, **facts)  # type: ignore[arg-type]


RUNS = report("RECORDING", started_at=at(4), observed_at=at(4))
DONE = report("UPLOADED", seconds=600, expires_at=at(0) + timedelta(days=7))


def thread(*events: e.Event) -> dict[str, Message]:
    return {message.slot: message for message in render_thread(told(*events))}


def labels(message: Message) -> list[str]:
    return [part["text"]["text"] for block in message.blocks for part in elements_of(block)]


# ---------------------------------------------------------------- in the thread


def test_its_reply_follows_it_from_the_wish_to_the_files() -> None:
    def line(*events: e.Event) -> str:
        return thread(*events)["recording:r1"].text

    assert line(ASKED, report("INVOKED")) == "Starting to record each person's own sound… (asked by <@UBO>)"
    assert line(ASKED, RUNS) == f"*Recording each person's own sound* since {clock(at(4))} · started by <@UBO>"
    stop = e.RecordingActed(R1, "stop", ANA, at(14))
    stopped = line(ASKED, RUNS, stop, report("UPLOADING", stopped_at=at(14)))
    assert stopped == "Each person's own sound: stopped by <@UANA> after 10 min · uploading…"
    assert line(ASKED, stop, DONE) == "Each person's own sound: stopped by <@UANA> after 10 min · saved"


def test_it_can_be_stopped_and_not_paused() -> None:
    assert labels(thread(RUNS)["recording:r1"]) == ["Stop"]
    assert labels(thread(report("INVOKED"))["recording:r1"]) == []


def test_the_files_are_announced_without_links() -> None:
    ready = thread(DONE)["ready:r1"]

    kept = day(at(0) + timedelta(days=7))
    assert ready.text == f"Weekly sync: *Each person's own sound is ready* · 10 min · kept until {kept}"
    assert labels(ready) == ["Get the files"]
    assert ready.broadcast


def test_a_failure_names_who_asked_and_offers_another_try_unless_all_is_over() -> None:
    failed = thread(ASKED, report("ERRORED"))["failed:r1"]
    assert "<@UBO>" in failed.text
    assert labels(failed) == ["Try again"]
    assert labels(thread(ASKED, report("ERRORED"), e.RoomClosed(at(9)))["failed:r1"]) == []


@pytest.mark.parametrize(("status", "slot"), [("UPLOADED", "ready:r1"), ("ERRORED", "failed:r1")])
def test_it_can_be_hidden_like_any_other(status: str, slot: str) -> None:
    hidden = thread(report(status), e.RecordingHidden(R1, BO, at(9)))[slot]

    assert (hidden.text, labels(hidden)) == ("Weekly sync: Recording hidden by <@UBO>", [])


def test_told_of_late_it_takes_the_place_of_the_ordinary_reply() -> None:
    """A webhook that does not say what it is may come before the answer that does."""
    ordinary = e.RecordingUpdated(R1, "RECORDING", started_at=at(4), observed_at=at(4))

    assert set(thread(ordinary)) == set(thread(ordinary, RUNS))
    assert thread(ordinary, RUNS) == thread(RUNS, ordinary) == thread(RUNS)


# ---------------------------------------------------------------- beside the ordinary recording


def test_it_is_not_the_recording_of_the_meeting() -> None:
    meeting = told(RUNS)

    assert meeting.active_recording is None
    assert meeting.active_tracks == meeting.recordings[R1]
    assert "Start recording" in [each.get("text", {}).get("text") for each in _card_buttons(meeting)]
    assert told(RUNS, e.RecordingUpdated(RecordingId("r2"), "RECORDING")).active_recording


def test_the_card_says_that_voices_are_recorded_to_everybody_inside() -> None:
    inside = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))
    whole = e.RecordingUpdated(RecordingId("r2"), "RECORDING")

    assert thread(inside, RUNS)["card"].text.endswith(" · *recording each person's own sound*")
    assert thread(inside, RUNS, whole)["card"].text.endswith(" · *recording* · *recording each person's own sound*")
    assert "own sound" not in thread(inside, RUNS, DONE)["card"].text


def _card_buttons(meeting: Meeting) -> list[dict[str, dict[str, str]]]:
    card = render_thread(meeting)[0]
    return [part for block in card.blocks for part in elements_of(block)]


def test_time_makes_nothing_due_for_it() -> None:
    inside = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))
    meeting = told(inside, RUNS, DONE, report("ERRORED"))

    assert [*notices_due(meeting), *restarts_due(meeting)] == []


def test_the_list_tells_it_from_the_others() -> None:
    meeting = told(ASKED, report("UPLOADED", invoked_at=at(3)))
    row = Shelved(Spot(at(3).timestamp(), meeting.id, R1), meeting, meeting.recordings[R1])
    reply = recording_list.recording_list(Page(at(9), (row,)), UserId("UCY"))

    assert "*Weekly sync* · each person's own sound · " in reply.text
    assert [part["text"]["text"] for block in reply.blocks for part in elements_of(block)] == ["Get the files"]
    assert line_of(meeting.recordings[R1]) in thread(ASKED, report("UPLOADED"))["recording:r1"].text


# ---------------------------------------------------------------- the files


def known() -> Meeting:
    return told(
        e.ParticipantJoined(PeerId("9f0c-aa"), SessionId("s1"), "UBO", "Bo Chen", at(1)),
        e.ParticipantJoined(PeerId("9f0c-ab"), SessionId("s1"), "U1", "Cy", at(1)),
        e.ParticipantJoined(PeerId("9f0c-ac"), SessionId("s1"), None, None, at(1)),
        e.ParticipantKnown(BO, ParticipantId("7d1e")),
    )


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("talk_9f0c-aa_1762.webm", "Bo Chen"),
        ("talk-7d1e-1762-0.webm", "Bo Chen"),
        ("default_UBO.webm", "Bo Chen"),
        ("U1-17.webm", "Cy"),
        ("U12-17.webm", None),
        ("talk_9f0c-aab_1762.webm", None),
        ("talk_9f0c-ac_1762.webm", None),
        ("", None),
    ],
)
def test_a_file_is_named_by_the_person_whose_id_is_in_its_name(file: str, name: str | None) -> None:
    assert voice_of(known(), file) == Voice(file, name)


def test_files_are_handed_over_by_name_and_the_same_name_is_numbered() -> None:
    names = ["Bo", "Cy", "Bo", None, None]
    found = [(Voice(f"{n}.webm", name), f"https://f.example/{n}?signature=s") for n, name in enumerate(names)]
    [reply] = track_files.files(MEETING, found)

    parts = [part for block in reply.blocks for part in elements_of(block)]
    called = ["Bo (1)", "Cy", "Bo (2)", "somebody (1)", "somebody (2)"]
    assert [part["text"]["text"] for part in parts] == [f"Download {name}" for name in called]
    assert [part["url"] for part in parts] == [url for _, url in found]
    assert reply.text.splitlines()[1:] == [f"Download {name}" for name in called]
    assert "signature" not in reply.text


@given(titles, st.lists(st.none() | titles, min_size=1, max_size=2 * track_files.AT_ONCE + 9))
def test_slack_takes_any_number_of_files_of_anybody(title: str, names: list[str | None]) -> None:
    found = [(Voice("x.webm", name), "https://f.example/x") for name in names]
    replies = track_files.files(told(title=title), found)

    assert [problems_with(reply.blocks) for reply in replies] == [[]] * len(replies)
    assert sum(len(reply.blocks) - 1 for reply in replies) == len(names)


@given(titles)
def test_a_prefix_is_what_both_services_take(title: str) -> None:
    assert prefix_for(title).replace("_", "a").isalnum()
    assert prefix_for(title).isascii()
    assert len(prefix_for(title)) <= 40


def test_a_prefix_tells_the_meeting_where_it_can() -> None:
    assert [prefix_for(title) for title in ("Weekly sync, R&D", "日本", "")] == ["Weekly_sync_R_D", "voices", "voices"]


@given(rooms(), stories)
def test_slack_takes_every_thread_with_single_voices(meeting: Meeting, story: list[e.Event]) -> None:
    for message in render_thread(told(*story, RUNS, meeting=meeting)):
        assert problems_with(message.blocks) == []
