"""Times, lengths, sizes and people, in words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.ids import UserId
from bot.domain.meeting import Meeting, Presence
from bot.views.blocks import clip_escaped

MINUTE, HOUR, DAY = 60, 3600, 86400
KILOBYTE, MEGABYTE, GIGABYTE = 1_000, 1_000_000, 1_000_000_000
THOUSAND = 1000
NAME_MAX = 50
TITLE_MAX = 300
JOINER = "\u200d"
SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,30}")


def clock(at: datetime) -> str:
    """Say a time of day, in the reader's own time zone, with a fallback that screen readers can say.

    Source: docs.slack.dev, Formatting text, "Date formatting".
    """
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"


def day(at: datetime) -> str:
    """Say a day in the reader's own time zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short}}|{at.day} {at:%b}>"


def plain_clock(at: datetime) -> str:
    """Say a time of day without markup."""
    return f"{at:%H:%M} UTC"


def plain_day(at: datetime) -> str:
    """Say a day without markup."""
    return f"{at.day} {at:%b}"


def length(seconds: float) -> str:
    """Say a length of time as people do: ``45 s``, ``32 min``, ``1 h 05 min``."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE:02d} min"


def size(number_of_bytes: int) -> str:
    """Say a file's size in decimal units, as file managers do."""
    if round(number_of_bytes / MEGABYTE) >= THOUSAND:
        return f"{number_of_bytes / GIGABYTE:.1f} GB"
    if round(number_of_bytes / KILOBYTE) >= THOUSAND:
        return f"{number_of_bytes / MEGABYTE:.0f} MB"
    return f"{max(1, round(number_of_bytes / KILOBYTE))} kB" if number_of_bytes else "0 kB"


def people(number: int) -> str:
    """Count people."""
    return "1 person" if number == 1 else f"{number} people"


def one_line(text: str) -> str:
    """Make one line of anybody's words, without characters that steer what stands around them."""
    # Format characters (Cf) can turn the writing direction of everything after them; joiners hold emoji together.
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in text
        if c == JOINER or unicodedata.category(c) not in {"Cf", "Cs", "Co"}
    )
    return " ".join(kept.split())


def title(meeting: Meeting) -> str:
    """Name a meeting where markup is read."""
    return clip_escaped(meeting.title, TITLE_MAX)


def mention(user: str) -> str:
    """Name a Slack user; Slack shows the name."""
    return f"<@{user}>"


def is_slack_user(person: str | None) -> bool:
    """Tell our own people, whose custom participant id is their Slack id, from strangers."""
    return bool(person and SLACK_USER.fullmatch(person))


def who(presence: Presence, meeting: Meeting) -> str:
    """Name someone in the room: a Slack mention where we know them, a guest with their member, else as typed."""
    if presence.person and is_slack_user(presence.person):
        return mention(presence.person)
    guest = meeting.roles.guests.get(UserId(presence.person or ""))
    if guest:
        return f"{clip_escaped(one_line(guest.name), NAME_MAX)} (guest of {mention(guest.by)})"
    return clip_escaped(one_line(presence.name or ""), NAME_MAX) or "someone"


def distinct(presences: Iterable[Presence]) -> list[Presence]:
    """Keep one entry a person, the first, whatever number of devices they came with."""
    seen: dict[str, Presence] = {}
    for presence in presences:
        seen.setdefault(presence.who, presence)
    return list(seen.values())


def roll(names: Sequence[str], *, most: int) -> str:
    """List people, and count those for whom there is no room."""
    shown = " ".join(names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def not_started(sentences: Iterable[str]) -> str:
    """Tell every mistake at once: one in a sentence, several in a list."""
    said = [sentence[:1].upper() + sentence[1:] for sentence in dict.fromkeys(sentences)]
    ended = [sentence if sentence.endswith(("?", ".")) else f"{sentence}." for sentence in said]
    if len(ended) == 1:
        return f"{ended[0]} Nothing was started."
    return "\n".join(["Nothing was started, because:", *(f"• {sentence}" for sentence in ended)])
