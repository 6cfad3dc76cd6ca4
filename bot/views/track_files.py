"""The files of a recording of each person's own sound, for one person."""

from collections.abc import Sequence

from bot.domain.meeting import Meeting
from bot.domain.voices import Voice
from bot.exchanged import Block
from bot.views import actions, words
from bot.views.blocks import actions as row
from bot.views.blocks import button, clip, escape, section
from bot.views.replies import Reply

AT_ONCE = 40
"""How many files stand in one answer; Slack takes 50 blocks, and five answers to a click."""
NAME_MAX = 40


def files(meeting: Meeting, found: Sequence[tuple[Voice, str]]) -> list[Reply]:
    """Hand a person the files of everybody's own sound, in as many answers as it takes.

    Args:
        meeting: where they spoke.
        found: whose voice each file is, and a fresh link to it.

    """
    named = list(zip(_names([voice for voice, _ in found]), (url for _, url in found), strict=True))
    return [_some(meeting, named[start : start + AT_ONCE]) for start in range(0, len(named), AT_ONCE)]


def _some(meeting: Meeting, named: Sequence[tuple[str, str]]) -> Reply:
    text = (
        f"Each person's own sound in *{words.title(meeting)}*, for you alone."
        " The links expire; press the button again for new ones."
    )
    blocks: list[Block] = [section(text)]
    for name, url in named:
        blocks += row([button(f"Download {name}", actions.OPEN, meeting.id, url=url, about=meeting.title)])
    return Reply("\n".join([text, *(f"Download {escape(name)}" for name, _ in named)]), tuple(blocks))


def _names(voices: Sequence[Voice]) -> list[str]:
    """Call each file by who speaks in it, and number those of the same name, or of nobody we know."""
    called = [clip(words.one_line(voice.name or ""), NAME_MAX) or "somebody" for voice in voices]
    return [
        f"{name} ({called[: place + 1].count(name)})" if called.count(name) > 1 else name
        for place, name in enumerate(called)
    ]
