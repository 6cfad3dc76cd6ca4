"""The card's menu: what stands there, and that it keeps to Slack's limits."""

from hypothesis import given

from bot.domain.events import Event, RoomClosed
from bot.domain.meeting import Meeting
from bot.views import actions
from bot.views.blocks import BUTTON_MAX
from bot.views.more import CHOICES, MOST, menu, standing
from tests.support.stories import MEETING, at, rooms, stories, told

OPTION_VALUE_MAX = 150
"""Source: docs.slack.dev, Option object."""


def test_what_can_be_chosen_is_named_and_says_which_meeting_it_is_about() -> None:
    assert [(option["text"]["text"], option["value"]) for option in menu(MEETING)["options"]] == [
        ("Go live", f"golive|{MEETING.id}"),
        ("Record with options", f"recordas|{MEETING.id}"),
        ("Copy link", f"link|{MEETING.id}"),
        ("Nudge those missing", f"nudge|{MEETING.id}"),
        ("End for everyone", f"end|{MEETING.id}"),
    ]


def test_of_a_closed_meeting_nothing_can_be_chosen() -> None:
    assert standing(told(RoomClosed(at(5)))) == []


@given(rooms(), stories)
def test_the_menu_keeps_to_slacks_limits_and_always_ends_with_the_end(meeting: Meeting, story: list[Event]) -> None:
    meeting = told(*story, meeting=meeting)
    chosen = standing(meeting)

    assert len(chosen) <= MOST
    assert bool(chosen) is (meeting.closed_at is None)
    for choice in chosen:
        assert len(choice.label) <= BUTTON_MAX
        assert len(actions.pack(choice.name, meeting.id)) <= OPTION_VALUE_MAX
    assert not chosen or chosen[-1].name == actions.END


def test_each_choice_has_a_name_of_its_own() -> None:
    names = [choice.name for choice in CHOICES]

    assert sorted(set(names)) == sorted(names)
