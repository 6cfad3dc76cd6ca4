"""A livestream in the thread: one reply, edited in place, that says whether the public is watching and where."""

from bot.domain.livestream import ERRORED, LIVE, Livestream
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views import actions, words
from bot.views.blocks import Element, button, clip_escaped, confirm, escape, section
from bot.views.blocks import actions as row

FOREIGN_MAX = 100
"""Characters of the provider's own words that are passed on."""
URL_MAX = 1000


def livestream_reply(meeting: Meeting, livestream: Livestream) -> Message:
    """Draw the reply that follows a livestream from the wish to its end."""
    line = line_of(livestream)
    blocks = [section(line), *row(_controls(meeting, livestream))]
    return Message(f"livestream:{livestream.id}", line, tuple(blocks))


def on_air(meeting: Meeting) -> list[str]:
    """Say in a card's state line that the public is watching."""
    return ["*live to the public*"] if any(each.is_live for each in meeting.livestreams.values()) else []


def line_of(livestream: Livestream) -> str:
    """Say how far a livestream is, in one line."""
    if livestream.status == LIVE:
        line = _live(livestream)
    elif livestream.status == ERRORED:
        line = _failed(livestream)
    elif livestream.is_final:
        line = f"{_ended(livestream)}{_stopped_by(livestream)}"
    else:
        line = f"Going live…{_asked(livestream)}"
    if not livestream.carried or livestream.is_final:
        return line
    return f"{line} · the video service says {clip_escaped(', '.join(livestream.carried), FOREIGN_MAX)}"


def _asked(livestream: Livestream) -> str:
    started = livestream.first("start")
    return f" (asked by {words.mention(started.by)})" if started else ""


def _live(livestream: Livestream) -> str:
    started, stop = livestream.first("start"), livestream.first("stop")
    since = f" since {words.clock(livestream.since)}" if livestream.since else ""
    parts = [f"*Live to the public*{since}"]
    parts += [f"started by {words.mention(started.by)}"] if started else []
    parts += [f"{words.mention(stop.by)} asked to stop it…"] if stop else []
    parts += [f"Watch: <{escape(url)}>"] if (url := _shown(livestream)) else []
    return " · ".join(parts)


def _shown(livestream: Livestream) -> str | None:
    """Give the address that everybody may know, as long as nothing in it could end Slack's link early."""
    url = livestream.playback_url
    return url if url and len(url) <= URL_MAX and not set("<>|") & set(url) else None


def _ended(livestream: Livestream) -> str:
    if not livestream.was_live:
        return "The livestream ended before anybody could watch"
    return "The livestream ended" + _after(livestream)


def _after(livestream: Livestream) -> str:
    return f" after {words.length(livestream.lasted)}" if livestream.lasted is not None else ""


def _stopped_by(livestream: Livestream) -> str:
    stop = livestream.first("stop")
    return f" · stopped by {words.mention(stop.by)}" if stop else ""


def _failed(livestream: Livestream) -> str:
    started = livestream.first("start")
    broke = _after(livestream) if livestream.was_live else " before anybody could watch"
    owner = f" · started by {words.mention(started.by)}" if started else ""
    said = clip_escaped(words.one_line(livestream.reason or ""), FOREIGN_MAX)
    why = f" · the video service says: {said}" if said else ""
    return f"*The livestream failed*{broke}{owner}{why} · nobody outside can watch now"


def _controls(meeting: Meeting, livestream: Livestream) -> list[Element]:
    if livestream.is_live:
        return [stop_button(meeting, livestream)]
    if livestream.status == ERRORED and not meeting.closed_at and meeting.active_livestream is None:
        return [live_button(meeting, "Try again")]
    return []


def live_button(meeting: Meeting, label: str = "Go live") -> Element:
    """Draw the button that shows a meeting to the public, with the question before."""
    question = confirm(
        "Go live to the public?",
        "Everybody who has the address can watch and listen, without a name and without being seen.",
        yes="Go live",
    )
    return button(label, actions.LIVE_START, meeting.id, style="primary", about=meeting.title, confirm=question)


def stop_button(meeting: Meeting, livestream: Livestream) -> Element:
    """Draw the button that takes a livestream off the air, with the question before."""
    question = confirm(
        "Stop the livestream?",
        "Nobody outside can watch any more. The meeting itself goes on.",
        yes="Stop the livestream",
    )
    about = actions.pack(meeting.id, livestream.id)
    return button(
        "Stop the livestream", actions.LIVE_STOP, about, style="danger", about=meeting.title, confirm=question
    )
