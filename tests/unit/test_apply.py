"""The promises of ``apply``: the same facts give the same meeting, in any order, any number of times."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import ParticipantId, PeerId, RecordingId, SessionId, UserId
from bot.domain.meeting import Meeting, Status
from bot.domain.recording import LAST, STAGE, Recording
from tests.support.stories import (
    MEETING,
    UNKNOWN_STATUSES,
    at,
    events,
    reports,
    retold,
    some_time,
    stories,
    told,
)

R1, S1 = RecordingId("r1"), SessionId("s1")


@given(retold())
def test_any_order_and_any_repetition_give_the_equal_meeting(story: tuple[list[e.Event], list[e.Event]]) -> None:
    once, again = story

    assert told(*again) == told(*once)


@given(stories, st.integers(0, 25))
def test_hearing_a_part_of_the_story_again_changes_nothing(story: list[e.Event], start: int) -> None:
    meeting = told(*story)

    assert told(*story[start:], meeting=meeting) == meeting


@given(stories)
def test_every_prefix_of_a_story_is_a_meeting(story: list[e.Event]) -> None:
    meeting = MEETING
    for event in story:
        meeting = apply(meeting, event)
        assert Meeting.model_validate(meeting.model_dump()) == meeting
        assert meeting.status in Status
        assert all(key == each.id for key, each in meeting.sessions.items())
        assert all(key == each.peer_id for key, each in meeting.presences.items())
        assert all(key == each.id for key, each in meeting.recordings.items())


@given(stories, st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_written_to_json_is_read_back_equal(story: list[e.Event], title: str) -> None:
    meeting = told(*story, title=title)

    assert Meeting.model_validate_json(meeting.model_dump_json(exclude_defaults=True)) == meeting


@given(stories, events)
def test_an_event_never_changes_what_it_is_not_about(story: list[e.Event], event: e.Event) -> None:
    before = told(*story)
    after = apply(before, event)

    assert (after.id, after.title, after.channel, after.host) == (before.id, before.title, before.channel, before.host)
    assert after.created_at == before.created_at
    for known, now in ((before.sessions, after.sessions), (before.presences, after.presences)):
        assert known.keys() <= now.keys()
    others = set(before.recordings) - {getattr(event, "recording_id", None)}
    assert all(after.recordings[other] == before.recordings[other] for other in others)


@given(stories)
def test_a_meeting_given_to_apply_is_left_as_it_was(story: list[e.Event]) -> None:
    written = MEETING.model_dump_json()
    told(*story)

    assert MEETING.model_dump_json() == written


# ---------------------------------------------------------------- recordings


@given(st.lists(reports))
def test_a_recording_never_goes_back_a_stage(story: list[e.RecordingUpdated]) -> None:
    meeting = MEETING
    for report in story:
        known = meeting.recordings.get(report.recording_id, Recording(id=report.recording_id))
        meeting = apply(meeting, report)
        assert meeting.recordings[report.recording_id].stage >= known.stage


@given(st.sampled_from(["ERRORED", "UPLOADED"]), st.lists(reports))
def test_a_recording_that_is_final_stays_final(word: str, later: list[e.RecordingUpdated]) -> None:
    meeting = told(e.RecordingUpdated(R1, word), *later)

    assert meeting.recordings[R1].is_final
    assert meeting.recordings[R1].stage >= STAGE[word] >= LAST


@given(st.permutations(["INVOKED", "RECORDING", "UPLOADING", "ERRORED", "UPLOADED"]))
def test_a_file_that_exists_wins_over_an_error(order: list[str]) -> None:
    assert told(*(e.RecordingUpdated(R1, word) for word in order)).recordings[R1].status == "UPLOADED"


@given(st.lists(st.sampled_from([*STAGE, *UNKNOWN_STATUSES]), min_size=1))
def test_an_unknown_status_is_carried_and_moves_nothing(order: list[str]) -> None:
    recording = told(*(e.RecordingUpdated(R1, word) for word in order)).recordings[R1]
    known = told(*(e.RecordingUpdated(R1, word) for word in order if word in STAGE)).recordings.get(R1)

    assert recording.carried == tuple(sorted({*order} - {*STAGE}))
    assert recording.stage == (known.stage if known else 0)


@given(st.lists(st.tuples(st.sampled_from(["RECORDING", "PAUSED"]), some_time), min_size=1))
def test_of_recording_and_paused_the_one_seen_last_is_shown(seen: list[tuple[str, None]]) -> None:
    recording = told(*(e.RecordingUpdated(R1, word, observed_at=when) for word, when in seen)).recordings[R1]
    timed = [(when, word) for word, when in seen if when]

    assert recording.status == max(timed)[1] if timed else recording.status in {"RECORDING", "PAUSED"}


def test_a_late_report_of_running_does_not_undo_a_pause() -> None:
    meeting = told(
        e.RecordingUpdated(R1, "PAUSED", observed_at=at(5)), e.RecordingUpdated(R1, "RECORDING", observed_at=at(4))
    )

    assert meeting.recordings[R1].status == "PAUSED"


def test_a_report_without_a_time_counts_only_while_nothing_better_is_known() -> None:
    paused = told(e.RecordingUpdated(R1, "PAUSED"))
    assert paused.recordings[R1].status == "PAUSED"

    running = told(e.RecordingUpdated(R1, "RECORDING", observed_at=at(1)), meeting=paused)
    assert running.recordings[R1].status == "RECORDING"
    assert told(e.RecordingUpdated(R1, "PAUSED"), meeting=running).recordings[R1].status == "RECORDING"


def test_an_act_is_remembered_once_and_makes_its_recording_known() -> None:
    act = e.RecordingActed(R1, "start", UserId("UBO"), at(1))
    meeting = told(act, act)

    assert [(a.action, a.by) for a in meeting.recordings[R1].acts] == [("start", "UBO")]
    assert meeting.recordings[R1].status == "INVOKED"


# ---------------------------------------------------------------- sessions and people


def test_somebody_in_a_session_is_proof_of_it() -> None:
    meeting = told(e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1)))

    assert list(meeting.sessions) == [S1]
    assert meeting.status is Status.LIVE


def test_a_leave_that_comes_before_its_join_keeps_the_person_out() -> None:
    left = e.ParticipantLeft(PeerId("p1"), S1, "UBO", None, at(9))
    meeting = told(left, e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1)))

    assert meeting.inside == []
    assert meeting.presences[PeerId("p1")].joined_at == at(1)


def test_a_leave_without_a_time_still_counts() -> None:
    meeting = told(e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1)), e.ParticipantLeft(PeerId("p1"), at=None))

    assert meeting.inside == []


def test_a_late_join_does_not_bring_an_ended_session_back() -> None:
    meeting = told(e.SessionEnded(S1, at(60)), e.ParticipantJoined(PeerId("p1"), S1, "UBO", "Bo", at(1)))

    assert meeting.status is Status.ENDED
    assert meeting.inside == []


def test_a_place_that_was_given_anew_is_the_one_that_counts() -> None:
    bo = UserId("UBO")
    meeting = told(e.ParticipantKnown(bo, ParticipantId("old")), e.ParticipantKnown(bo, ParticipantId("new")))

    assert meeting.participants == {"UBO": "new"}


def test_an_unanswered_question_is_silence_until_a_later_answer() -> None:
    silent = told(e.ProviderChecked(at(1), answered=True), e.ProviderChecked(at(2), answered=False))
    assert silent.provider_is_silent

    assert not told(e.ProviderChecked(at(3), answered=True), meeting=silent).provider_is_silent


@given(stories)
def test_replicas_that_hear_parts_of_a_story_agree_once_all_was_heard(story: list[e.Event]) -> None:
    odd, even = story[::2], story[1::2]

    assert reduce(apply, even, told(*odd)) == reduce(apply, odd, told(*even))
