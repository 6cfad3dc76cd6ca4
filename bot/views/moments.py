"""Marked moments, as places in a recording's file."""

from bot.domain.moments import NOTE_MAX, Moment, offset
from bot.domain.recording import Recording
from bot.views import words
from bot.views.blocks import clip_escaped
from bot.views.replies import Reply, plain

LISTED = 20
"""Moments that stand in one message."""


def moments_of(recording: Recording) -> list[str]:
    """List the moments that were marked, each a line, and count those for which there is no room."""
    shown = [f"{_moment(recording, mark)} · {words.mention(mark.by)}" for mark in recording.marks[:LISTED]]
    rest = len(recording.marks) - len(shown)
    return [*shown, f"and {rest} more"] if rest > 0 else shown


def marked(recording: Recording, mark: Moment) -> Reply:
    """Confirm a moment to the one who marked it."""
    return plain(f"{_moment(recording, mark)} · the recording's moments are listed with its file.")


def _moment(recording: Recording, mark: Moment) -> str:
    return f"`{_place(offset(recording, mark.at))}` {clip_escaped(mark.text, NOTE_MAX) or 'marked'}"


def _place(seconds: int) -> str:
    return f"{seconds // words.HOUR:02d}:{seconds % words.HOUR // words.MINUTE:02d}:{seconds % words.MINUTE:02d}"
