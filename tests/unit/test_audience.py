"""Who watched a recording and whether it is hidden: the same in whatever order it is told, and never too much."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import audience
from bot.domain import events as e
from bot.domain.audience import REMEMBERED, Viewing
from bot.domain.ids import RecordingId, UserId
from bot.domain.recording import Recording
from tests.support.stories import at, hidings, told, viewings

R1 = RecordingId("r1")


def recording(*events: e.Event) -> Recording:
    return told(*events).recordings[R1]


def watched(user: str, minutes: float) -> e.RecordingWatched:
    return e.RecordingWatched(R1, UserId(user), at(minutes))


def hid(user: str, minutes: float, *, hidden: bool = True) -> e.RecordingHidden:
    return e.RecordingHidden(R1, UserId(user), at(minutes), hidden)


def test_the_first_and_the_last_time_are_remembered() -> None:
    seen = recording(watched("UBO", 9), watched("UBO", 3), watched("UBO", 5), watched("UCY", 4)).viewers

    assert seen == {"UBO": Viewing(first=at(3), last=at(9)), "UCY": Viewing(first=at(4), last=at(4))}


def test_what_was_decided_last_counts_whichever_is_heard_first() -> None:
    hide, show = hid("UANA", 1), hid("UBO", 2, hidden=False)

    assert recording(hide).is_hidden
    assert not recording(hide, show).is_hidden
    assert recording(show, hide) == recording(hide, show)
    assert recording(hide, show, hid("UBO", 3)).is_hidden


@given(st.lists(hidings, min_size=1), st.randoms())
def test_any_order_of_decisions_gives_the_same(story: list[e.RecordingHidden], chance: Random) -> None:
    again = [*story, *story[:2]]
    chance.shuffle(again)

    assert told(*again) == told(*story)


@given(st.lists(viewings, min_size=1), st.randoms())
def test_any_order_of_viewings_gives_the_same(story: list[e.RecordingWatched], chance: Random) -> None:
    again = [*story, *story[:2]]
    chance.shuffle(again)

    assert told(*again) == told(*story)


def test_a_crowd_is_remembered_up_to_a_limit_and_the_same_people_in_every_order() -> None:
    crowd = [(UserId(f"U{n:05}"), at(0) + timedelta(seconds=n)) for n in range(REMEMBERED + 40)]
    forth: dict[UserId, Viewing] = {}
    back: dict[UserId, Viewing] = {}
    for user, when in crowd:
        forth = audience.watched(forth, user, when)
    for user, when in [*reversed(crowd), *crowd[::3]]:
        back = audience.watched(back, user, when)

    assert forth == back
    assert len(forth) == REMEMBERED


def test_neither_is_seen_in_how_far_the_recording_is() -> None:
    before = recording(e.RecordingUpdated(R1, "UPLOADED"))
    after = recording(e.RecordingUpdated(R1, "UPLOADED"), watched("UBO", 1), hid("UBO", 2))

    assert (before.status, before.acts) == (after.status, after.acts)
