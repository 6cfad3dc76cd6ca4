"""The ways in: one address for everyone where people can sign in, a private answer elsewhere."""

from typing import Any

from hypothesis import given

from bot.domain import events as e
from bot.domain.ids import RecordingId, UserId
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.signin import is_door
from bot.views import actions, replies
from bot.views.thread import render_thread
from playground.slack_blocks import problems_with
from tests.support.stories import MEETING, at, stories, told

HERE = "https://meet.example.com"
READY = e.RecordingUpdated(RecordingId("r1"), "UPLOADED", invoked_at=at(1), seconds=60, audio=True)


def buttons(messages: list[Message]) -> dict[str, dict[str, Any]]:
    """Give every button of a thread by its action."""
    rows = [block for message in messages for block in message.blocks if block["type"] == "actions"]
    return {part["action_id"]: part for row in rows for part in row["elements"] if part["type"] == "button"}


def thread(*events: e.Event, **changes: Any) -> dict[str, dict[str, Any]]:
    return buttons(render_thread(told(*events, **changes)))


def test_without_an_address_everything_answers_privately() -> None:
    found = thread(READY, invited=(UserId("UBO"),))

    assert {actions.JOIN, actions.RECORD_WATCH, actions.RECORD_AUDIO} <= found.keys()
    assert not any("url" in button for button in found.values())


def test_with_an_address_the_buttons_open_it() -> None:
    found = thread(READY, address=HERE)

    assert found[actions.JOIN_DOOR]["url"] == f"{HERE}/j/realtimekit:room-1"
    assert found[actions.RECORD_DOOR]["url"] == f"{HERE}/r/realtimekit:r1"
    assert found[actions.RECORD_AUDIO_DOOR]["url"] == f"{HERE}/r/realtimekit:r1/audio"
    assert not {actions.JOIN, actions.RECORD_WATCH, actions.RECORD_AUDIO} & found.keys()


def test_whoever_was_invited_gets_the_same_address() -> None:
    invited = told(invited=(UserId("UBO"),), address=HERE)
    [invitation] = [message for message in render_thread(invited) if message.to]

    assert buttons([invitation])[actions.JOIN_DOOR]["url"] == f"{HERE}/j/realtimekit:room-1"


def test_every_address_on_a_button_is_a_door_that_people_come_back_to() -> None:
    found = thread(READY, address=HERE)

    urls = [button["url"] for button in found.values() if "url" in button]
    assert len(urls) == 3
    assert all(is_door(url.removeprefix(HERE)) for url in urls)


@given(stories)
def test_a_thread_with_doors_is_one_that_slack_takes(story: list[e.Event]) -> None:
    for message in render_thread(told(*story, address=HERE)):
        assert problems_with(message.blocks) == []


def test_a_meeting_that_was_closed_has_no_way_in() -> None:
    assert actions.JOIN_DOOR not in thread(e.RoomClosed(at(9), UserId("UANA")), address=HERE)


def test_what_can_be_passed_on_is_the_address_for_everyone_where_there_is_one() -> None:
    def said(meeting: Meeting) -> str:
        return replies.copy_link(meeting).text

    assert f"{HERE}/j/realtimekit:room-1" in said(told(address=HERE))
    assert "/meet join" in said(MEETING)


def test_a_meeting_from_before_there_were_doors_answers_privately() -> None:
    old = MEETING.model_dump(mode="json", exclude={"address"})

    assert Meeting.model_validate(old).address == ""
