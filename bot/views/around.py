"""People around a meeting who are not in it: who cannot come, who has a pass, and who could not be written to."""

from bot.domain.meeting import Meeting
from bot.exchanged import Block
from bot.views import words
from bot.views.blocks import clip_escaped, context

MOST = 8
ROBOT = "cannot_dm_bot"
"""Slack's word for somebody who is no person: whoever rings a whole channel need not hear of its apps."""


def around(meeting: Meeting) -> list[Block]:
    """Draw a line for each kind of them that there is."""
    lines = [] if meeting.closed_at else [*_absent(meeting), *_passes(meeting)]
    return [context(line) for line in (*lines, *_unreachable(meeting))]


def _absent(meeting: Meeting) -> list[str]:
    inside = {each.person for each in meeting.inside}
    absent = [words.mention(user) for user in meeting.company.cannot_come if user not in inside]
    return [f"Cannot come now: {words.roll(absent, most=MOST)}"] * bool(absent)


def _passes(meeting: Meeting) -> list[str]:
    """Name the guests whose passes work; the passes themselves stand nowhere."""
    guests = [guest for person, guest in meeting.roles.guests.items() if not meeting.roles.is_out(person)]
    guests.sort(key=lambda guest: (guest.at, guest.name))
    named = [
        f"{clip_escaped(words.one_line(guest.name), words.NAME_MAX)} (of {words.mention(guest.by)})" for guest in guests
    ]
    return [f"Guests with a pass: {words.roll(named, most=MOST)}"] * bool(named)


def _unreachable(meeting: Meeting) -> list[str]:
    missed = sorted(user for user, because in meeting.unreachable.items() if because != ROBOT)
    names = words.roll([words.mention(user) for user in missed], most=MOST)
    return [f"I could not send a message to {names}. Please tell them yourself."] * bool(missed)
