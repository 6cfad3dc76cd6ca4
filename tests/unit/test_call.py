"""Slack's own call card: who is shown on it and as whom, when it is over, and for how long it was on."""

from datetime import timedelta

from hypothesis import given

from bot.domain import events as e
from bot.domain.call import calls_due, is_over, lasted
from bot.domain.company import PersonSeen
from bot.domain.events import Noticed
from bot.domain.ids import CallId, PeerId, SessionId, UserId
from bot.domain.meeting import NOBODY_CAME, Meeting
from bot.domain.timeline import due
from bot.views.call import call_message, who_is_in, without_looks
from tests.support.stories import MEETING, at, rooms, told

S1 = SessionId("s1")
OPENED = e.CallOpened(CallId("R1"), at(0))


def came(peer: str, person: str | None, name: str, minute: int = 1) -> e.ParticipantJoined:
    return e.ParticipantJoined(PeerId(peer), S1, person, name, at(minute))


def test_a_person_is_there_once_whatever_number_of_devices_and_strangers_by_their_name() -> None:
    meeting = told(came("1", "UBO", "Bo"), came("2", "UBO", "Bo"), came("3", None, "Eve"), came("4", None, "Eve"))

    shown = who_is_in(meeting)

    assert [(each.user, each.caller["display_name"]) for each in shown.values()] == [("UBO", "Bo"), (None, "Eve")]


def test_who_comes_back_is_the_same_and_another_meeting_does_not_tell_who_they_are() -> None:
    [first] = who_is_in(told(came("1", None, "Eve"))).values()
    [again] = who_is_in(told(came("9", None, "Eve", 5))).values()
    elsewhere = told(came("1", None, "Eve")).model_copy(update={"id": "dyte:other"})
    [other] = who_is_in(elsewhere).values()

    assert first == again
    assert first.caller["external_id"] != other.caller["external_id"]
    assert "Eve" not in first.caller["external_id"]


def test_a_picture_goes_along_where_it_has_a_safe_address() -> None:
    def caller(picture: str) -> dict[str, str]:
        seen = PersonSeen(UserId("UBO"), "Bo Berg", picture, at(0))
        return next(iter(who_is_in(told(seen, came("1", "UBO", "Bo"))).values())).caller

    assert caller("https://avatars.example/bo.png")["avatar_url"] == "https://avatars.example/bo.png"
    assert "avatar_url" not in caller("javascript:alert(1)")
    assert list(without_looks(caller("https://avatars.example/bo.png"))) == ["external_id"]


def test_it_is_over_when_everybody_has_left_and_when_it_was_closed() -> None:
    left = e.SessionEnded(S1, at=at(31), started_at=at(1))
    here = told(OPENED, e.SessionStarted(S1, at(1)), came("1", "UBO", "Bo"))

    assert not is_over(told(OPENED))
    assert not is_over(here)
    assert is_over(told(e.SessionStarted(S1, at(1)), left))
    assert lasted(told(e.SessionStarted(S1, at(1)), left)) == timedelta(minutes=30)
    closed = told(e.SessionStarted(S1, at(1)), came("1", "UBO", "Bo"), e.RoomClosed(at(11)))
    assert is_over(closed)
    assert lasted(closed) == timedelta(minutes=10)
    assert lasted(told(e.RoomClosed(at(11)))) is None


def test_a_call_to_which_nobody_comes_lapses_once() -> None:
    waiting = told(OPENED)
    [entry] = calls_due(waiting)

    assert entry.at == MEETING.created_at + NOBODY_CAME
    assert not due(waiting, entry.at - timedelta(seconds=1), calls_due)
    lapsed = told(OPENED, Noticed(entry.kind, entry.subject, entry.at))
    assert is_over(lapsed)
    assert not list(calls_due(lapsed))
    assert not list(calls_due(told(OPENED, came("1", "UBO", "Bo"))))
    assert not list(calls_due(told()))


def test_the_words_say_all_that_the_card_says() -> None:
    reply = call_message(MEETING, CallId("R1"), "https://greenroom.example/j/m")

    assert "https://greenroom.example/j/m" in reply.text
    assert f"<@{MEETING.host}>" in reply.text
    assert reply.blocks == ({"type": "call", "call_id": "R1"},)


@given(rooms())
def test_whatever_happened_can_be_shown(meeting: Meeting) -> None:
    for inside in who_is_in(meeting).values():
        assert 0 < len(inside.caller["display_name"]) <= 80
        assert inside.caller["external_id"].isalnum()
    length = lasted(meeting)
    assert length is None or length >= timedelta(0)
