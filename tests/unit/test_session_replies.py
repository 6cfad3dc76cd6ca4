"""Who was there for how long: one reply for each session that is over."""

import pytest

from bot.domain import events as e
from bot.domain.ids import PeerId, SessionId, UserId
from bot.views.session import MOST, session_replies
from tests.support.stories import at, crowd, told

S1, S2 = SessionId("s1"), SessionId("s2")
OVER = e.SessionEnded(S1, at(60), started_at=at(0))


def stay(
    peer: str, person: str, start: float | None, end: float | None, session: SessionId | None = S1
) -> e.ParticipantLeft:
    """Tell of one device's whole stay."""
    return e.ParticipantLeft(
        PeerId(peer),
        session,
        person,
        None,
        at=None if end is None else at(end),
        joined_at=None if start is None else at(start),
    )


def said(*events: e.Event) -> list[str]:
    """Give the list of each reply, without its heading."""
    return [reply.text.partition("\n")[2] for reply in session_replies(told(*events))]


def test_a_session_that_goes_on_or_saw_nobody_has_no_reply() -> None:
    assert said(stay("p1", "UBO", 0, 9)) == []
    assert said(OVER) == []


def test_it_says_how_long_the_session_was_and_everyones_part_in_it() -> None:
    (reply,) = session_replies(told(stay("p1", "UBO", 0, 45), stay("p2", "UCY", 10, 22), OVER))

    assert reply.text == "*Who was there* · 1 h 00 min\n<@UBO> 45 min · <@UCY> 12 min"
    assert reply.slot == "session:s1"
    assert not reply.broadcast


def test_two_devices_at_once_count_once() -> None:
    assert said(stay("p1", "UBO", 0, 30), stay("p2", "UBO", 10, 40), OVER) == ["<@UBO> 40 min"]
    assert said(stay("p1", "UBO", 0, 30), stay("p2", "UBO", 10, 20), OVER) == ["<@UBO> 30 min"]


def test_somebody_who_came_back_has_both_stays_added_up() -> None:
    assert said(stay("p1", "UBO", 0, 10), stay("p2", "UBO", 50, 55), OVER) == ["<@UBO> 15 min"]


def test_many_overlapping_stays_are_still_one_length_of_time() -> None:
    stays = [stay(f"p{n}", "UBO", n, n + 2) for n in range(10)]

    assert said(*stays, OVER) == ["<@UBO> 11 min"]
    assert said(*reversed(stays), OVER) == ["<@UBO> 11 min"]


def test_without_a_leave_somebody_stayed_to_the_end_and_without_a_join_from_the_start() -> None:
    came = e.ParticipantJoined(PeerId("p1"), S1, "UBO", None, at(15))

    assert said(came, OVER) == ["<@UBO> 45 min"]
    assert said(stay("p1", "UBO", None, 20), OVER) == ["<@UBO> 20 min"]


def test_a_stay_of_which_no_time_is_known_is_named_without_one() -> None:
    assert said(stay("p1", "UBO", None, None), e.SessionEnded(S1)) == ["<@UBO>"]


def test_a_stay_that_ends_before_it_begins_is_no_time_at_all() -> None:
    assert said(stay("p1", "UBO", 20, 10), OVER) == ["<@UBO> 0 s"]


def test_fractions_of_a_second_add_up_without_loss() -> None:
    stays = [stay(f"p{n}", "UBO", n, n + 0.2) for n in range(5)]

    assert said(*stays, OVER) == ["<@UBO> 1 min"]


def test_each_session_has_its_own_reply_in_the_order_in_which_they_began() -> None:
    later = e.SessionEnded(S2, at(200), started_at=at(100))
    unknown = e.SessionEnded(SessionId("s0"))
    events = [stay("p3", "UDI", None, None, SessionId("s0")), unknown, stay("p2", "UCY", 100, 110, S2), later]
    replies = session_replies(told(*events, stay("p1", "UBO", 0, 9), OVER))

    assert [reply.slot for reply in replies] == ["session:s1", "session:s2", "session:s0"]
    assert [reply.text.partition("\n")[2] for reply in replies] == ["<@UBO> 9 min", "<@UCY> 10 min", "<@UDI>"]


@pytest.mark.parametrize(("number", "tail"), [(MOST, ""), (MOST + 1, " and 1 more"), (2500, " and 2460 more")])
def test_people_for_whom_there_is_no_room_are_counted(number: int, tail: str) -> None:
    (text,) = said(*crowd(number, left=True), e.SessionEnded(S1, at(200), started_at=at(0)))

    assert text.count(" · ") == MOST - 1
    assert text.endswith(" 1 h 00 min" + tail)


def test_even_the_longest_names_leave_room_for_the_count() -> None:
    people = crowd(50, name="&" * 200, left=True)
    (reply,) = session_replies(told(*people, e.SessionEnded(S1, at(60_000), started_at=at(0))))

    assert reply.blocks[0]["text"]["text"] == reply.text
    assert reply.text.endswith("and 10 more")


def test_people_of_the_same_typed_name_are_taken_for_one() -> None:
    def guest(peer: str, start: float) -> e.ParticipantLeft:
        return e.ParticipantLeft(PeerId(peer), S1, None, "Guest", at(start + 5), at(start))

    assert said(guest("p1", 0), guest("p2", 30), OVER) == ["Guest 10 min"]


def test_closing_the_room_alone_does_not_end_a_session() -> None:
    assert said(stay("p1", "UBO", 0, 9), e.RoomClosed(at(10), UserId("UANA"))) == []
