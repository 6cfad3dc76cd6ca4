"""The list of a channel's recordings: what stands on a page, for whom, and what its buttons carry."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.domain.meeting import Meeting
from bot.domain.shelf import Page, Shelved, Spot, Turn, is_visible, may_hide
from bot.errors import UserError
from bot.views import recording_list as view
from bot.views.outcome import failed_reply, ready_reply
from bot.views.replies import Reply
from bot.views.words import clock, day
from playground.slack_blocks import elements_of, problems_with
from tests.support.stories import BEGUN, MEETING, at, rooms, stories, told

R1, ANA, BO, CY = RecordingId("r1"), UserId("UANA"), UserId("UBO"), UserId("UCY")
STARTED = e.RecordingActed(R1, "start", BO, at(1))
DONE = e.RecordingUpdated(
    R1, "UPLOADED", invoked_at=at(1), seconds=1920, size=78_000_000, expires_at=at(0) + timedelta(days=7)
)
HIDDEN = e.RecordingHidden(R1, BO, at(40))


def page(meeting: Meeting, when: datetime = BEGUN, **how: object) -> Page:
    rows = tuple(
        Shelved(Spot((each.began or BEGUN).timestamp(), meeting.id, each.id), meeting, each)
        for each in reversed(meeting.in_order)
    )
    return Page(when, rows, **how)  # type: ignore[arg-type]


def drawn(*events: e.Event, user: UserId = CY, when: datetime = BEGUN, **how: object) -> Reply:
    return view.recording_list(page(told(*events), when, **how), user)


def labels(reply: Reply) -> list[str]:
    return [part["text"]["text"] for block in reply.blocks for part in elements_of(block)]


# ---------------------------------------------------------------- what stands there


def test_a_line_says_everything_about_a_recording_and_the_words_hold_every_line() -> None:
    reply = drawn(STARTED, DONE)
    began, kept = f"{day(at(1))}, {clock(at(1))}", day(at(0) + timedelta(days=7))

    assert reply.text.splitlines() == [
        "*Recordings of this channel*, newest first",
        f"*Weekly sync* · {began} · 32 min · 78 MB · ready · kept until {kept}",
    ]
    assert labels(reply) == ["Watch"]


def test_nothing_says_how_to_begin() -> None:
    assert "Start a meeting with `/meet`" in view.recording_list(Page(BEGUN), ANA).text


def test_a_file_that_the_service_has_deleted_is_said_to_be_gone() -> None:
    reply = drawn(DONE, when=at(0) + timedelta(days=8))

    assert f"deleted by the video service on {day(at(0) + timedelta(days=7))}" in reply.text
    assert labels(reply) == []


def test_a_recording_that_goes_on_or_failed_cannot_be_watched() -> None:
    assert "Recording since" in drawn(e.RecordingUpdated(R1, "RECORDING", started_at=at(2))).text
    failed = drawn(e.RecordingUpdated(R1, "ERRORED"), user=ANA)
    assert "failed, there is no file" in failed.text
    assert labels(failed) == ["Hide from the channel"]


def test_sound_is_offered_where_there_is_some() -> None:
    sound = e.RecordingUpdated(R1, "UPLOADED", audio=True)

    assert labels(drawn(sound)) == ["Watch", "Download audio"]


def test_no_title_becomes_markup_in_the_list() -> None:
    meeting = told(DONE, e.RecordingWatched(R1, BO, at(3)), title="<!channel> & co")
    [shelved] = page(meeting).rows

    for reply in (view.recording_list(page(meeting), CY), view.watchers(shelved)):
        assert "&lt;!channel&gt; &amp; co" in reply.text
        assert "<!channel>" not in reply.text


# ---------------------------------------------------------------- for whom


def test_who_started_it_and_the_host_may_hide_it_and_nobody_else() -> None:
    meeting = told(STARTED, DONE)
    recording = meeting.recordings[R1]

    assert [may_hide(meeting, recording, user) for user in (ANA, BO, CY)] == [True, True, False]
    assert labels(drawn(STARTED, DONE, user=BO)) == ["Watch", "Hide from the channel"]


def test_a_hidden_one_is_seen_by_those_alone_who_may_show_it_again() -> None:
    meeting = told(STARTED, DONE, HIDDEN)
    recording = meeting.recordings[R1]

    assert [is_visible(meeting, recording, user) for user in (ANA, BO, CY)] == [True, True, False]
    reply = drawn(STARTED, DONE, HIDDEN, user=ANA)
    assert "hidden from the channel by <@UBO>" in reply.text
    assert labels(reply) == ["Watch", "Show again"]


def test_the_host_can_see_who_watched() -> None:
    seen = [e.RecordingWatched(R1, user, at(when)) for user, when in ((CY, 9), (BO, 5), (BO, 30))]
    assert "See who watched" in labels(drawn(DONE, *seen, user=ANA))
    assert "See who watched" not in labels(drawn(DONE, *seen, user=BO))
    [shelved] = page(told(DONE, *seen)).rows

    assert view.watchers(shelved).text.splitlines()[1:] == [
        f"<@UBO> {day(at(5))}, {clock(at(5))}, last {day(at(30))}, {clock(at(30))}",
        f"<@UCY> {day(at(9))}, {clock(at(9))}",
    ]


def test_nobody_watched_is_said_too_and_a_crowd_is_counted() -> None:
    [alone] = page(told(DONE)).rows
    crowd = [e.RecordingWatched(R1, UserId(f"U{n:03}"), at(n)) for n in range(view.NAMED + 7)]
    [popular] = page(told(DONE, *crowd)).rows

    assert view.watchers(alone).text.endswith("nobody yet.")
    assert view.watchers(popular).text.splitlines()[-1] == "and 7 more"
    assert problems_with(view.watchers(popular).blocks) == []


# ---------------------------------------------------------------- in the thread


@pytest.mark.parametrize(("status", "draw"), [("UPLOADED", ready_reply), ("ERRORED", failed_reply)])
def test_the_thread_says_who_hid_it_and_has_no_buttons_left(status: str, draw: object) -> None:
    def message(*more: e.Event) -> object:
        meeting = told(e.RecordingUpdated(R1, status), *more)
        return draw(meeting, meeting.recordings[R1])[0]  # type: ignore[operator]

    hidden: object = message(HIDDEN)

    assert hidden.text == "Weekly sync: Recording hidden by <@UBO>"  # type: ignore[attr-defined]
    assert [block["type"] for block in hidden.blocks] == ["section"]  # type: ignore[attr-defined]
    assert hidden.slot == message().slot  # type: ignore[attr-defined]
    assert message(HIDDEN, e.RecordingHidden(R1, BO, at(41), hidden=False)) == message()


# ---------------------------------------------------------------- turning pages


def test_the_buttons_lead_both_ways_and_only_where_there_is_something() -> None:
    assert labels(drawn(DONE)) == ["Watch"]
    assert labels(drawn(DONE, older=True, newer=True)) == ["Watch", "Newer", "Older"]


spots = st.builds(
    Spot,
    st.floats(0, 4e9),
    st.sampled_from(["realtimekit:room-1", "dyte:room-2"]).map(MeetingId),
    st.sampled_from(["r1", "r2"]).map(RecordingId),
)


@given(st.none() | st.builds(Turn, spots, st.booleans()))
def test_what_a_button_says_of_its_page_is_read_back(turn: Turn | None) -> None:
    assert view.unpack_turn(view.pack_turn(turn)) == turn
    assert view.unpack_hiding(f"{MEETING.id}|r1|{view.pack_turn(turn)}") == (MEETING.id, R1, turn)


@pytest.mark.parametrize(
    "value",
    ["older", "older|x|m|r", "older|1.0|m", "older|1.0||r", "older|1.0|m|r|more", "older|nan|m|r", "newer|-inf|m|r"],
)
def test_a_button_of_another_version_is_told_so(value: str) -> None:
    with pytest.raises(UserError):
        view.unpack_turn(value)


@given(rooms(), stories, st.sampled_from([ANA, BO, CY]), st.integers(0, 3))
def test_slack_takes_every_page(meeting: Meeting, story: list[e.Event], user: UserId, repeats: int) -> None:
    one = page(told(*story, meeting=meeting), at(9), older=True, newer=True)
    reply = view.recording_list(Page(one.at, (one.rows * (1 + repeats))[:6], None, one.older, one.newer), user)

    assert problems_with(reply.blocks) == []
    assert reply.text
