"""What the thread and the card say of a livestream, in every state that it can be in."""

from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.ids import LivestreamId, PeerId, SessionId, UserId
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views import replies
from bot.views.card import state_line
from bot.views.more import standing
from bot.views.thread import render_thread
from bot.views.words import clock
from tests.support.stories import MEETING, at, told

L1 = LivestreamId("l1")
WATCH = "https://watch.example/a.m3u8"
STARTED = LivestreamActed(L1, "start", UserId("UANA"), at(3))
STOPPED = LivestreamActed(L1, "stop", UserId("UBO"), at(36))
LIVE = LivestreamUpdated(L1, "LIVE", started_at=at(4), playback_url=WATCH)
OVER = LivestreamUpdated(L1, "OFFLINE", stopped_at=at(36))
FAILED = LivestreamUpdated(L1, "ERRORED", stopped_at=at(18), reason="The encoder broke off")
BO_IN = e.ParticipantJoined(PeerId("p1"), SessionId("s1"), "UBO", "Bo", at(1))
FAILURE = (
    "*The livestream failed* after 14 min · started by <@UANA> · the video service says: The encoder broke off"
    " · nobody outside can watch now"
)
CLOSED = e.RoomClosed(at(60), UserId("UBO"))


def reply(*events: e.Event) -> Message:
    """Give the one reply about the livestream."""
    [found] = [message for message in render_thread(told(*events)) if message.slot.startswith("livestream:")]
    return found


def buttons(message: Message | replies.Reply) -> list[dict[str, Any]]:
    """Give the buttons of a message."""
    return [part for block in message.blocks if block["type"] == "actions" for part in block["elements"]]


@pytest.mark.parametrize(
    ("story", "line"),
    [
        ([STARTED], "Going live… (asked by <@UANA>)"),
        ([LivestreamUpdated(L1, "INVOKED")], "Going live…"),
        ([LivestreamUpdated(L1, "REHEARSING")], "Going live… · the video service says REHEARSING"),
        (
            [STARTED, LIVE],
            f"*Live to the public* since {clock(at(4))} · started by <@UANA> · Watch: <{WATCH}>",
        ),
        ([LivestreamUpdated(L1, "LIVE")], "*Live to the public*"),
        (
            [LIVE, STOPPED],
            f"*Live to the public* since {clock(at(4))} · <@UBO> asked to stop it… · Watch: <{WATCH}>",
        ),
        ([STARTED, LIVE, OVER], "The livestream ended after 32 min"),
        ([STARTED, LIVE, OVER, STOPPED], "The livestream ended after 32 min · stopped by <@UBO>"),
        ([STARTED, OVER], "The livestream ended before anybody could watch"),
        ([LIVE, LivestreamUpdated(L1, "OFFLINE")], "The livestream ended"),
        ([LivestreamUpdated(L1, "LIVE"), LivestreamUpdated(L1, "OFFLINE")], "The livestream ended"),
        ([LivestreamUpdated(L1, "OFFLINE"), LivestreamUpdated(L1, "LIVE")], "The livestream ended"),
        (
            [STARTED, LIVE, FAILED],
            FAILURE,
        ),
        (
            [LivestreamUpdated(L1, "ERRORED")],
            "*The livestream failed* before anybody could watch · nobody outside can watch now",
        ),
    ],
)
def test_a_livestream_is_told_in_one_line(story: list[e.Event], line: str) -> None:
    assert reply(*story).text == line


def test_only_what_is_on_air_can_be_stopped_and_slack_asks_before() -> None:
    assert buttons(reply(STARTED)) == []
    [stop] = buttons(reply(STARTED, LIVE))
    assert (stop["text"]["text"], stop["value"]) == ("Stop the livestream", f"{MEETING.id}|l1")
    assert stop["confirm"]["title"]["text"] == "Stop the livestream?"
    assert buttons(reply(STARTED, LIVE, OVER)) == []


def test_what_failed_can_be_tried_again_as_long_as_there_is_something_to_show() -> None:
    [again] = buttons(reply(LIVE, FAILED))
    assert (again["text"]["text"], again["value"]) == ("Try again", MEETING.id)
    assert again["confirm"]["title"]["text"] == "Go live to the public?"
    assert buttons(reply(LIVE, FAILED, CLOSED)) == []

    another = told(LIVE, FAILED, LivestreamUpdated(LivestreamId("l2"), "LIVE", started_at=at(20)))
    assert [bool(buttons(message)) for message in render_thread(another)[1:]] == [False, True]


@pytest.mark.parametrize("url", ["https://watch.example/<!channel>", "https://watch.example/a|b", "x" * 5000])
def test_an_address_that_slack_would_take_for_something_else_is_left_out(url: str) -> None:
    assert reply(LivestreamUpdated(L1, "LIVE", playback_url=url)).text == "*Live to the public*"


def test_each_livestream_has_one_reply() -> None:
    meeting = told(LIVE, OVER, LivestreamUpdated(LivestreamId("l1#2"), "LIVE", started_at=at(40)))

    assert [message.slot for message in render_thread(meeting)] == ["card", "livestream:l1", "livestream:l1#2"]


def test_the_card_says_that_the_public_is_watching_and_no_longer_once_it_is_not() -> None:
    assert state_line(told(BO_IN, LIVE)).endswith(" · <@UBO> · *live to the public*")
    assert state_line(told(LIVE)).endswith("nobody here yet · *live to the public*")
    for story in ([BO_IN, STARTED], [BO_IN, LIVE, OVER], [BO_IN, LIVE, FAILED]):
        assert "public" not in state_line(told(*story))


def choices(meeting: Meeting) -> list[str]:
    """Give what can be chosen from the card's menu."""
    return [choice.label for choice in standing(meeting)]


def test_the_menu_offers_to_go_live_or_to_stop_it() -> None:
    assert choices(told(BO_IN))[0] == "Go live"
    assert choices(told(BO_IN, STARTED))[0] == "Stop the livestream"
    assert choices(told(BO_IN, LIVE, OVER))[0] == "Go live"
    assert "Go live" not in choices(told(e.SessionEnded(SessionId("s1"), at(60))))
    assert choices(told(BO_IN, LIVE, CLOSED)) == []


def test_going_live_and_stopping_are_asked_about_first() -> None:
    [go] = buttons(replies.ask_to_go_live(MEETING))
    assert (go["text"]["text"], go["value"]) == ("Go live", MEETING.id)
    assert go["confirm"]["confirm"]["text"] == "Go live"

    meeting = told(LIVE)
    [stop] = buttons(replies.ask_to_stop_live(meeting, meeting.livestreams[L1]))
    assert stop["confirm"]["confirm"]["text"] == "Stop the livestream"


def test_the_status_tells_the_livestreams_too() -> None:
    assert replies.status(told(LIVE, OVER)).text.splitlines()[-1] == "The livestream ended after 32 min"
