"""Whose voice a file holds, as far as its name tells."""

import re
from dataclasses import dataclass

from bot.domain.meeting import Meeting


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose sound a file is; ``name`` is None where nobody can tell."""

    file: str
    name: str | None


def voice_of(meeting: Meeting, file: str) -> Voice:
    """Find the person in a file's name.

    Neither provider documents how these files are named; seen are the ids of the peer, of the participant, and the
    custom participant id. So each of them is looked for as a word of its own, the most particular first.
    """
    people: list[tuple[str, str | None]] = [(presence.peer_id, presence.name) for presence in meeting.attendance]
    named = {presence.person: presence.name for presence in meeting.attendance if presence.person}
    people += [(place, named.get(user)) for user, place in meeting.participants.items()]
    people += named.items()
    return Voice(file, next((name for own, name in people if name and _stands_in(own, file)), None))


def _stands_in(own: str, file: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(own)}(?![A-Za-z0-9])", file) is not None


def prefix_for(title: str) -> str:
    """Make of a meeting's title what files may be called: letters, digits and underscores (OpenAPI, recordings)."""
    return re.sub(r"[^A-Za-z0-9]+", "_", title).strip("_")[:40].strip("_") or "voices"
