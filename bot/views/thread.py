"""The thread of a meeting: the card and every reply, by slot, as a pure function of the meeting."""

import hashlib
import json

from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views.card import card
from bot.views.invitation import invitations
from bot.views.livestream import livestream_reply
from bot.views.notices import notices_of
from bot.views.outcome import failed_reply, ready_reply
from bot.views.recording import recording_reply
from bot.views.roles import role_replies
from bot.views.session import session_replies
from bot.views.tracks import tracks_replies

CARD = "card"


def render_thread(meeting: Meeting) -> list[Message]:
    """Give every message that the meeting's thread must hold, in the order in which they are first posted."""
    messages = [card(meeting), *invitations(meeting), *role_replies(meeting)]
    for recording in meeting.in_order:
        if recording.tracks:
            messages += tracks_replies(meeting, recording)
            messages += notices_of(meeting, recording)  # from before it was known to be of single voices
            continue
        messages.append(recording_reply(meeting, recording))
        messages += ready_reply(meeting, recording)
        messages += failed_reply(meeting, recording)
        messages += notices_of(meeting, recording)
    messages += [livestream_reply(meeting, livestream) for livestream in meeting.broadcasts]
    return messages + session_replies(meeting)


def digest(message: Message) -> str:
    """Tell whether a message looks different from the one that was posted."""
    looks = json.dumps([message.text, message.blocks], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(looks.encode()).hexdigest()[:24]
