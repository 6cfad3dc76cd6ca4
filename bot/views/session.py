"""Who was there for how long, once a session is over."""

from collections import defaultdict
from datetime import datetime, timedelta

from bot.domain.ids import SessionId
from bot.domain.meeting import Meeting, Presence, Session
from bot.exchanged import Message
from bot.views import words
from bot.views.blocks import section

MOST = 40
"""People listed by name; with names of 50 characters this stays within a section's 3,000."""


def session_replies(meeting: Meeting) -> list[Message]:
    """Draw one reply for each session that is over and in which somebody was."""
    ended = [session for session in meeting.sessions.values() if session.ended]
    ended.sort(key=lambda s: (s.started_at is None, s.started_at, s.id))
    return [reply for session in ended for reply in _reply(meeting, session)]


def _reply(meeting: Meeting, session: Session) -> list[Message]:
    there = [presence for presence in meeting.attendance if presence.session_id == session.id]
    if not there:
        return []
    stays = defaultdict(list)
    for presence in there:
        stays[presence.who].append(presence)
    lines = [f"{words.who(devices[0], meeting)}{_stay(devices, session)}" for devices in list(stays.values())[:MOST]]
    text = f"*Who was there*{_length(session)}\n{' · '.join(lines)}"
    if len(stays) > MOST:
        text += f" and {len(stays) - MOST} more"
    return [Message(slot(session.id), text, (section(text),))]


def slot(session_id: SessionId) -> str:
    """Name a session's message in the thread."""
    return f"session:{session_id}"


def _length(session: Session) -> str:
    if session.started_at is None or session.ended_at is None:
        return ""
    return f" · {words.length((session.ended_at - session.started_at).total_seconds())}"


def _stay(devices: list[Presence], session: Session) -> str:
    """Add up a person's stays on all devices, counting a time in which several were in only once."""
    spans = sorted(span for span in (_span(device, session) for device in devices) if span)
    total, until = timedelta(), None
    for start, end in spans:
        begin = start if until is None or start > until else until
        total += max(timedelta(), end - begin)
        until = end if until is None else max(until, end)
    return f" {words.length(total.total_seconds())}" if spans else ""


def _span(presence: Presence, session: Session) -> tuple[datetime, datetime] | None:
    start, end = presence.joined_at or session.started_at, presence.left_at or session.ended_at
    return (start, end) if start and end else None
