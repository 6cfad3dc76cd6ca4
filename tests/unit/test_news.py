"""Events that wait behind a meeting say the same when they are read as when they were written."""

from hypothesis import given

from bot.domain import events as e
from bot.domain.ids import SessionId
from bot.news import read, written
from tests.support.stories import at, stories


@given(stories)
def test_what_was_written_is_read_in_the_same_order(story: list[e.Event]) -> None:
    assert list(read(written(story))) == story


def test_what_only_a_newer_replica_knows_is_left_out_and_fatal_to_nothing() -> None:
    known = written([e.SessionStarted(SessionId("s1"), at(1))])

    assert list(read(b'Teleported {"to":"the moon"}\n' + known)) == [e.SessionStarted(SessionId("s1"), at(1))]
