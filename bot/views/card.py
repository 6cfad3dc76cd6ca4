"""The card: what a meeting is called, where it stands, who is in, and the ways in."""

from datetime import timedelta

from bot.domain.meeting import Meeting, Status
from bot.domain.recording import PAUSED
from bot.exchanged import Message
from bot.views import actions, ways, words
from bot.views.around import around
from bot.views.blocks import Element, button, context, escape, header, section
from bot.views.blocks import actions as row
from bot.views.faces import faces
from bot.views.livestream import on_air
from bot.views.more import menu

FACES = 8
OUTSIDE = {"not_in_channel", "channel_not_found"}
"""Slack's words for a channel that an invitation would open to us."""
ARCHIVED, DELETED = {"is_archived", "is_inactive"}, "thread_not_found"


def card(meeting: Meeting) -> Message:
    """Draw the card."""
    state = state_line(meeting)
    blocks = [header(meeting.title), section(state), *faces(meeting), *_notices(meeting), *row(_buttons(meeting))]
    return Message("card", f"{words.title(meeting)}: {state}", tuple(blocks))


def state_line(meeting: Meeting) -> str:
    """Say where a meeting stands, in one line."""
    return " · ".join([_standing(meeting), *on_air(meeting)])


def _standing(meeting: Meeting) -> str:
    match meeting.status:
        case Status.CREATED:
            recorded = " · will be recorded" if meeting.record_on_start else ""
            started = [f"Started by {words.mention(meeting.host)}", *_hosted(meeting), "nobody here yet"]
            return " · ".join(started) + recorded
        case Status.LIVE:
            return " · ".join(["*Live*" + _since(meeting), _inside(meeting), *_hosted(meeting), *_recorded(meeting)])
        case Status.ENDED:
            return " · ".join(["Ended", *_summary(meeting)])
        case Status.CLOSED:
            by = f" by {words.mention(meeting.closed_by)}" if meeting.closed_by else ""
            return " · ".join([f"Ended for everyone{by}", *(_summary(meeting) or ["nobody came"])])


def _hosted(meeting: Meeting) -> list[str]:
    return [f"hosted by {words.mention(meeting.hosted_by)}"] if meeting.hosted_by != meeting.host else []


def _since(meeting: Meeting) -> str:
    starts = [s.started_at for s in meeting.live_sessions if s.started_at] or [
        p.joined_at for p in meeting.inside if p.joined_at
    ]
    return f" since {words.clock(min(starts))}" if starts else ""


def _inside(meeting: Meeting) -> str:
    names = [words.who(presence, meeting) for presence in words.distinct(meeting.inside)]
    return words.roll(names, most=FACES) if names else "nobody here now"


def _recorded(meeting: Meeting) -> list[str]:
    voices = ["*recording each person's own sound*"] if meeting.active_tracks else []
    recording = meeting.active_recording
    if recording is None:
        return voices
    return ["recording paused" if recording.status == PAUSED else "*recording*", *voices]


def _summary(meeting: Meeting) -> list[str]:
    # Not a sum of fractions: that would depend on the order in which the sessions became known.
    lasted = sum(
        (s.ended_at - s.started_at for s in meeting.sessions.values() if s.started_at and s.ended_at), timedelta()
    )
    came = len(words.distinct(meeting.attendance))
    return [words.length(lasted.total_seconds())] * bool(lasted) + [words.people(came)] * bool(came)


def _notices(meeting: Meeting) -> list[dict[str, object]]:
    notices = []
    if meeting.home_because:
        notices.append(context(_why_here(meeting, meeting.home_because)))
    notices += around(meeting)
    if meeting.provider_is_silent and meeting.status is not Status.CLOSED:
        seen = f"Last checked at {words.clock(meeting.checked_at)}" if meeting.checked_at else "Not checked yet"
        notices.append(context(f"{seen}: the video service does not answer. I keep asking."))
    return notices


def _why_here(meeting: Meeting, because: str) -> str:
    if is_between_people(meeting):
        return "This is here because apps cannot post in a conversation between people, where you asked for it."
    if because in ARCHIVED:
        return f"This is here because {channel_name(meeting)} was archived."
    if because == DELETED:
        return f"This is here because its card in {channel_name(meeting)} was deleted."
    return (
        f"This is here and not in {channel_name(meeting)} because I cannot post there (`{escape(because)}`)."
        + " Invite me with `/invite @Greenroom` to have the next one there." * (because in OUTSIDE)
    )


def is_between_people(meeting: Meeting) -> bool:
    """Tell whether a meeting was asked for in a conversation of two, which no app can be invited to."""
    return meeting.channel.startswith("D")


def channel_name(meeting: Meeting) -> str:
    """Name the channel a meeting was asked for in."""
    return f"<#{meeting.channel}>"


def _buttons(meeting: Meeting) -> list[Element]:
    if meeting.status is Status.CLOSED:
        return []
    again = meeting.status is Status.ENDED
    about = meeting.title
    buttons = [ways.join(meeting, "Join again" if again else "Join", style=None if again else "primary")]
    if not again and meeting.active_recording is None:
        buttons.append(button("Start recording", actions.RECORD_START, meeting.id, about=about))
    return [*buttons, menu(meeting)]
