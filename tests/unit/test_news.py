"""Events that wait behind a meeting say the same when they are read as when they were written."""

import pytest
from hypothesis import given

from bot.domain import events as e
from bot.domain.ids import SessionId
from bot.news import read, written
from tests.support.stories import at, stories

STARTED = e.SessionStarted(SessionId("s1"), at(1))


@given(stories)
def test_what_was_written_is_read_in_the_same_order(story: list[e.Event]) -> None:
    assert read(written(story)) == (story, True)


@pytest.mark.parametrize(
    "line",
    [b'Teleported {"to":"the moon"}', b'SessionStarted {"session_id":["s1"]}', b"RecordingPlanned {", b"\xc3\xa9"],
)
def test_what_only_a_newer_replica_knows_is_left_out_fatal_to_nothing_and_noticed(line: bytes) -> None:
    assert read(line + b"\n" + written([STARTED])) == ([STARTED], False)


def test_of_an_event_that_says_more_than_is_known_here_the_rest_is_understood_and_that_is_noticed() -> None:
    more = written([STARTED]).replace(b"}", b',"weather":"fine"}')

    assert read(more) == ([STARTED], False)
