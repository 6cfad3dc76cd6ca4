"""Where a recording stood still, and where in its file a moment is."""

import itertools
from datetime import datetime, timedelta
from functools import reduce
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.apply import apply
from bot.domain.ids import RecordingId, UserId
from bot.domain.moments import offset
from bot.domain.pauses import Pause, Seen, pauses_among, witnessed
from bot.domain.recording import Recording
from tests.support.stories import MEETING, at, recordings, stories, times, told

R1, ANA, BO = RecordingId("r1"), UserId("UANA"), UserId("UBO")
STARTED = e.RecordingUpdated(R1, "RECORDING", observed_at=at(4), started_at=at(4))
SEEN_PAUSED = e.RecordingUpdated(R1, "PAUSED", observed_at=at(10.5))
UNTIL = st.none() | times
sightings = st.lists(st.builds(Seen, at=times, paused=st.booleans()), max_size=30)


def recording(*events: e.Event) -> Recording:
    return told(STARTED, *events).recordings[R1]


def acted(action: str, minutes: float, by: UserId = ANA) -> e.RecordingActed:
    return e.RecordingActed(R1, action, by, at(minutes))


# ---------------------------------------------------------------- pauses


def test_a_pause_lasts_from_who_paused_to_who_resumed() -> None:
    assert recording(acted("resume", 12), acted("pause", 10)).pauses == (Pause(at(10), at(12)),)


def test_a_pause_that_goes_on_has_no_end_until_the_recording_stops() -> None:
    assert recording(acted("pause", 10)).pauses == (Pause(at(10), None),)
    stopped = e.RecordingUpdated(R1, "UPLOADING", stopped_at=at(15))
    assert recording(acted("pause", 10), stopped).pauses == (Pause(at(10), at(15)),)


def test_a_pause_made_elsewhere_is_known_from_when_it_was_seen() -> None:
    paused = e.RecordingUpdated(R1, "PAUSED", observed_at=at(10))
    running = e.RecordingUpdated(R1, "RECORDING", observed_at=at(11))

    assert recording(running, paused).pauses == (Pause(at(10), at(11)),)


def test_being_seen_paused_again_is_the_same_pause() -> None:
    seen = [e.RecordingUpdated(R1, "PAUSED", observed_at=at(10 + n)) for n in range(5)]

    assert recording(acted("pause", 9.9), *seen, acted("resume", 20)).pauses == (Pause(at(9.9), at(20)),)


def test_going_off_the_record_and_coming_back_is_a_pause_too() -> None:
    off = e.OffTheRecord(R1, BO, at(10), at(20))

    assert recording(off, acted("return", 20)).pauses == (Pause(at(10), at(20)),)


@given(sightings, UNTIL, UNTIL)
def test_pauses_are_apart_in_order_and_within_the_recording(
    seen: list[Seen], started_at: datetime | None, stopped_at: datetime | None
) -> None:
    found = pauses_among(seen, started_at=started_at, stopped_at=stopped_at)

    assert all(pause.until is None or pause.since < pause.until for pause in found)
    assert all(a.until and a.until <= b.since for a, b in itertools.pairwise(found))
    assert all(pause.until is not None for pause in found) or stopped_at is None
    assert all(not started_at or pause.since >= started_at for pause in found)
    assert all(not stopped_at or (pause.until and pause.until <= stopped_at) for pause in found)


@given(sightings, st.randoms())
def test_sightings_are_kept_alike_in_any_order_and_however_they_are_put_together(
    seen: list[Seen], random: Random
) -> None:
    shuffled = random.sample(seen, len(seen))
    one_by_one: tuple[Seen, ...] = reduce(witnessed, shuffled, ())

    assert witnessed((), *seen) == one_by_one == witnessed(witnessed((), *seen[::2]), *seen[1::2], *seen)


def test_a_recording_that_is_looked_at_all_day_does_not_grow_with_every_look() -> None:
    looks = (Seen(at=at(seconds / 60), paused=False) for seconds in range(0, 3600, 2))

    assert len(witnessed((), *looks)) == 120


# ---------------------------------------------------------------- moments


def test_the_start_s_lag_and_the_pauses_are_not_in_the_file() -> None:
    one = recording(acted("start", 3), acted("pause", 10), acted("resume", 12))

    assert offset(one, at(3.5)) == 0
    assert offset(one, at(9)) == 5 * 60
    assert offset(one, at(11)) == offset(one, at(10)) == offset(one, at(12)) == 6 * 60
    assert offset(one, at(20)) == 14 * 60


def test_nothing_is_past_the_end_of_the_file() -> None:
    one = recording(e.RecordingUpdated(R1, "UPLOADED", stopped_at=at(20), seconds=900))

    assert offset(one, at(30)) == offset(one, at(20)) == 900


@given(stories, recordings, times, times)
def test_moments_are_never_before_the_start_past_the_end_or_in_another_order(
    story: list[e.Event], own: RecordingId, one: datetime, other: datetime
) -> None:
    found = told(*story).recordings.get(own)
    if found is None:
        return
    first, second = sorted((one, other))

    assert 0 <= offset(found, first) <= offset(found, second)
    if found.duration is not None:
        assert offset(found, second) <= found.duration
    if found.started_at:
        assert offset(found, second) <= max(0.0, (second - found.started_at).total_seconds())


@given(stories, recordings, times)
def test_a_moment_in_a_pause_is_where_the_pause_is(story: list[e.Event], own: RecordingId, when: datetime) -> None:
    found = told(*story).recordings.get(own)
    for pause in found.pauses if found else ():
        if found and pause.since <= when and (pause.until is None or when <= pause.until):
            assert offset(found, when) == offset(found, pause.since)


def test_the_same_moment_told_twice_is_one() -> None:
    mark = e.RecordingMarked(R1, BO, at(5), "decided on v2")

    assert len(recording(mark, mark).marks) == 1


# ---------------------------------------------------------------- off the record


def off(*events: e.Event) -> datetime | None:
    paused = e.RecordingUpdated(R1, "PAUSED", observed_at=at(10))
    found = recording(acted("pause", 10), paused, e.OffTheRecord(R1, BO, at(10), at(20)), *events).off
    return found.until if found else None


def test_off_the_record_goes_on_until_its_time() -> None:
    assert off() == at(20)


def test_whatever_else_is_done_to_the_recording_ends_it() -> None:
    for action in ("resume", "return", "stop", "pause"):
        assert off(acted(action, 11)) is None


def test_a_recording_that_was_seen_to_run_again_is_not_off_the_record_even_if_it_is_paused_once_more() -> None:
    running = e.RecordingUpdated(R1, "RECORDING", observed_at=at(11))

    assert off(running) is None
    assert off(running, e.RecordingUpdated(R1, "PAUSED", observed_at=at(12))) is None


def test_a_look_that_came_before_the_pause_had_settled_does_not_end_it() -> None:
    assert off(e.RecordingUpdated(R1, "RECORDING", observed_at=at(10.05)), SEEN_PAUSED) == at(20)


def test_a_recording_that_is_over_is_not_off_the_record() -> None:
    for status in ("UPLOADING", "UPLOADED", "ERRORED"):
        assert off(e.RecordingUpdated(R1, status)) is None


def test_asking_again_while_off_the_record_moves_its_end() -> None:
    assert off(e.OffTheRecord(R1, ANA, at(15), at(40))) == at(40)


@given(st.permutations([acted("pause", 10), e.OffTheRecord(R1, BO, at(10), at(20)), acted("return", 20)]))
def test_coming_back_is_told_alike_in_any_order(order: list[e.Event]) -> None:
    back = reduce(apply, [STARTED, *order], MEETING).recordings[R1]

    assert (back.off, back.pauses) == (None, (Pause(at(10), at(20)),))
    assert back.started_at is not None
    assert offset(back, back.started_at + timedelta(hours=1)) == 50 * 60
