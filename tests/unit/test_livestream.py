"""The promises about livestreams: one never goes back a stage, and what is over stays over, however it is told."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import Event
from bot.domain.ids import LivestreamId, UserId
from bot.domain.livestream import LAST, STAGE, Livestream, next_run, runs_of, stream_of
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting
from tests.support.stories import MEETING, UNKNOWN_STATUSES, at, broadcasts, told

L1, L2 = LivestreamId("l1"), LivestreamId("l2")
ANA = UserId("UANA")


def shown(*words: str, **facts: object) -> Livestream:
    """Give the livestream of which these states were told."""
    return told(*(LivestreamUpdated(L1, word, **facts) for word in words)).livestreams[L1]  # type: ignore[arg-type]


@given(st.lists(broadcasts))
def test_a_livestream_never_goes_back_a_stage(story: list[LivestreamUpdated]) -> None:
    meeting = MEETING
    for report in story:
        before = meeting.livestreams.get(report.livestream_id, Livestream(id=report.livestream_id))
        meeting = told(report, meeting=meeting)
        assert meeting.livestreams.get(report.livestream_id, before).stage >= before.stage


@given(st.sampled_from(["OFFLINE", "ERRORED"]), st.lists(broadcasts))
def test_a_livestream_that_is_over_stays_over(word: str, later: list[LivestreamUpdated]) -> None:
    livestream = told(LivestreamUpdated(L1, word), *later).livestreams[L1]

    assert livestream.is_final
    assert livestream.stage >= STAGE[word] >= LAST


@given(st.permutations(["INVOKED", "IDLE", "LIVE", "OFFLINE", "ERRORED"]))
def test_a_failure_is_not_taken_for_an_ordinary_end(order: list[str]) -> None:
    assert shown(*order).status == "ERRORED"


@given(st.permutations(["INVOKED", "IDLE", "LIVE"]))
def test_idle_says_nothing_by_itself(order: list[str]) -> None:
    livestream = shown(*order)

    assert (livestream.status, livestream.carried) == ("LIVE", ())
    assert told(LivestreamUpdated(L1, "IDLE")) == MEETING


@given(st.lists(st.sampled_from([*STAGE, *UNKNOWN_STATUSES]), min_size=1))
def test_an_unknown_state_is_carried_and_moves_nothing(order: list[str]) -> None:
    livestream = shown(*order)
    known = [STAGE[word] for word in order if word in STAGE]

    assert livestream.carried == tuple(sorted({*order} - {*STAGE}))
    assert livestream.stage == max(known, default=0)


def test_a_livestream_is_on_air_since_the_provider_says_so_or_it_was_first_seen() -> None:
    seen = told(*(LivestreamUpdated(L1, "LIVE", observed_at=at(minute)) for minute in (7, 5, 9)))
    assert seen.livestreams[L1].since == at(5)

    better = told(LivestreamUpdated(L1, "LIVE", started_at=at(4)), meeting=seen)
    assert better.livestreams[L1].since == at(4)


def test_a_livestream_lasted_from_the_first_picture_to_the_last() -> None:
    assert shown("LIVE", "OFFLINE", started_at=at(4), stopped_at=at(36)).lasted == 32 * 60
    assert shown("OFFLINE", stopped_at=at(36)).lasted is None
    assert shown("OFFLINE", started_at=at(4)).lasted is None
    assert shown("OFFLINE", started_at=at(9), stopped_at=at(4)).lasted == 0


def test_an_act_is_remembered_once_and_makes_its_livestream_known() -> None:
    act = LivestreamActed(L1, "start", ANA, at(1))
    livestream = told(act, act).livestreams[L1]

    assert [(each.action, each.by) for each in livestream.acts] == [("start", ANA)]
    assert (livestream.status, livestream.began) == ("INVOKED", at(1))


def test_a_meeting_has_several_livestreams_over_time_and_one_that_goes_on() -> None:
    story: list[Event] = [
        LivestreamActed(L2, "start", ANA, at(40)),
        LivestreamUpdated(L1, "OFFLINE", invoked_at=at(3)),
    ]
    meeting = told(*story)
    assert [each.id for each in meeting.broadcasts] == [L1, L2]
    assert meeting.active_livestream == meeting.livestreams[L2]

    over = told(LivestreamUpdated(L2, "ERRORED"), meeting=meeting)
    assert over.active_livestream is None


def test_a_meeting_that_was_never_shown_has_no_livestream() -> None:
    assert MEETING.active_livestream is None
    assert Meeting.model_validate_json(MEETING.model_dump_json()).broadcasts == []


def test_an_id_that_is_used_again_is_another_livestream_of_ours() -> None:
    second = next_run([L1], L1)
    third = next_run([second, L2, L1], L1)

    assert (next_run([], L1), second, third) == ("l1", "l1#2", "l1#3")
    assert {stream_of(own) for own in (L1, second, third)} == {L1}
    assert runs_of([third, L2, L1, second], L1) == [L1, second, third]
