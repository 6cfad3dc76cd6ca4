"""The card's ``⋯`` menu: what can be chosen there, as a pure function of the meeting."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.meeting import Meeting, Status
from bot.views import actions
from bot.views.blocks import Element, overflow

MOST = 5
"""Options that a menu can have; docs.slack.dev, Overflow menu element."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the menu.

    A ``confirm`` on a menu would ask for each of its lines, so whatever needs a question answers with a button that
    asks it.

    Args:
        name: which listener answers; goes into the option's value.
        label: verb and object.
        stands: whether it is there for a meeting.

    """

    name: str
    label: str
    stands: Callable[[Meeting], bool]


def _always(meeting: Meeting) -> bool:
    return not meeting.closed_at


def _may_go_live(meeting: Meeting) -> bool:
    return meeting.status in (Status.CREATED, Status.LIVE) and meeting.active_livestream is None


def _is_on_air(meeting: Meeting) -> bool:
    return not meeting.closed_at and meeting.active_livestream is not None


def _may_record(meeting: Meeting) -> bool:
    return not meeting.closed_at and meeting.active_recording is None


def _in_a_channel(meeting: Meeting) -> bool:
    return not meeting.closed_at and not meeting.channel.startswith("D")


CHOICES = (
    Choice(actions.GO_LIVE, "Go live", _may_go_live),
    Choice(actions.OFF_AIR, "Stop the livestream", _is_on_air),
    Choice(actions.RECORD_OPTIONS, "Record with options", _may_record),
    Choice(actions.COPY_LINK, "Copy link", _always),
    Choice(actions.NUDGE, "Nudge those missing", _in_a_channel),
    Choice(actions.END, "End for everyone", _always),
)
"""Every line there can be, the most wanted first; the last one always has its place."""


def standing(meeting: Meeting) -> list[Choice]:
    """Give the choices that stand in a meeting's menu, at most as many as Slack takes."""
    found = [choice for choice in CHOICES if choice.stands(meeting)]
    return [*found[: MOST - 1], *found[MOST - 1 :][-1:]]


def menu(meeting: Meeting) -> Element:
    """Draw the menu."""
    options = [(choice.label, actions.pack(choice.name, meeting.id)) for choice in standing(meeting)]
    return overflow(actions.MORE, options)
