"""Telling our own recording from another's."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.ids import RecordingId, UserId
from bot.domain.ours import SKEW, Mark, is_young
from tests.support.stories import at, told

OWN = RecordingId("r1")


@given(st.text(), st.text())
def test_two_wishes_do_not_share_a_mark_and_each_keeps_its_own(one: str, other: str) -> None:
    assert (Mark.of(one) == Mark.of(other)) == (one == other)


@given(st.none() | st.from_regex(r"[A-Za-z0-9_]{1,60}", fullmatch=True), st.text())
def test_a_marked_prefix_is_what_both_services_take_and_begins_as_it_was_chosen(prefix: str | None, wish: str) -> None:
    sent = Mark.of(wish).put_on(prefix)

    assert re.fullmatch(r"[A-Za-z0-9_]{1,70}", sent)
    assert sent.startswith(prefix or "greenroom")


def test_the_files_name_decides_before_any_time() -> None:
    mark, early = Mark.of("wish"), at(0)
    named = e.RecordingUpdated(OWN, "INVOKED", invoked_at=early, file=f"{mark.put_on(None)}_room_1.mp4")
    other = e.RecordingUpdated(OWN, "INVOKED", invoked_at=at(9), file="room_1.mp4")

    assert mark.fits(named, told(), at(5))
    assert not mark.fits(other, told(), at(5))


def test_without_a_name_it_is_young_and_nobody_elses() -> None:
    mark, report = Mark.of("wish"), e.RecordingUpdated(OWN, "INVOKED", invoked_at=at(5))

    assert mark.fits(report, told(), at(5))
    assert mark.fits(report, told(), at(5) + SKEW)
    assert not mark.fits(report, told(), at(5) + SKEW + timedelta(seconds=1))
    assert not mark.fits(report, told(), None)
    assert not mark.fits(report, told(e.RecordingActed(OWN, "start", UserId("UBO"), at(5))), at(5))
    assert not is_young(report, told(e.RecordingUpdated(OWN, "INVOKED", start_reason="RECORD_ON_START")), at(5))
