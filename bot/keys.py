"""Every key the bot writes to Redis, as a function, and how long it lives.

Keys of one meeting share a hash tag, so that they stay together in a cluster.
"""

import hashlib
from datetime import timedelta

from bot.domain.ids import CallId, ChannelId, LivestreamId, MeetingId, RecordingId, UserId

KEPT = timedelta(days=30)
"""How long a meeting is remembered after it last changed."""

RULES_KEPT = timedelta(days=730)
"""How long a channel's rules are kept that nobody asks for: what people decided is not to lapse over a quiet summer."""

WISH_KEPT = timedelta(days=1)
"""How long the effects of a wish are remembered: longer than any replay or retry of it."""

CODE_KEPT = timedelta(minutes=10)
"""How long a personal link works."""

SIGNIN_KEPT = timedelta(minutes=10)
"""How long somebody may take to sign in."""

INDEX = "meet:index"
"""Meetings that changed lately, by the time of their change; the sweep looks for stale threads here."""


def meeting_key(meeting: MeetingId) -> str:
    """Hash: ``json`` of the meeting, its ``version``, which one is ``rendered``, and since when it is ``behind``."""
    return f"meet:{{{meeting}}}:meeting"


def posts_key(meeting: MeetingId) -> str:
    """Hash: what stands in Slack, by slot."""
    return f"meet:{{{meeting}}}:posts"


def call_key(meeting: MeetingId, call: CallId) -> str:
    """Hash: whom Slack's card of a call shows and as whom, and whether it was ended."""
    return f"meet:{{{meeting}}}:call:{call}"


def call_gate_key(meeting: MeetingId, call: CallId) -> str:
    """There while it is too soon to tell Slack again who is in a call."""
    return f"meet:{{{meeting}}}:told:{call}"


def thread_lock_key(meeting: MeetingId) -> str:
    """Whoever holds it may write to the meeting's thread."""
    return f"meet:{{{meeting}}}:lock:thread"


def provider_lock_key(meeting: MeetingId) -> str:
    """Whoever holds it may change things at the provider for this meeting."""
    return f"meet:{{{meeting}}}:lock:provider"


def join_lock_key(meeting: MeetingId, user: UserId) -> str:
    """Whoever holds it may give this person a place in the room."""
    return f"meet:{{{meeting}}}:lock:join:{user}"


def joining_key(meeting: MeetingId, user: UserId) -> str:
    """There from before a place is made at the provider until it is written down."""
    return f"meet:{{{meeting}}}:joining:{user}"


def card_gate_key(meeting: MeetingId) -> str:
    """There while a meeting's card was edited too short a time ago to be edited again."""
    return f"meet:{{{meeting}}}:edited:card"


def edits_line() -> str:
    """Name the line for edits, which Slack counts by workspace."""
    return "{edits}"


def card_edits_line(channel: ChannelId) -> str:
    """Name the line of a channel's cards for the edits that the channel has."""
    return f"{edits_line()}:{channel}"


def posts_line(channel: ChannelId) -> str:
    """Name the line for posts to a channel."""
    return f"{{posts:{channel}}}"


def gate_key(line: str) -> str:
    """There while the last turn in this line was too short a time ago for another."""
    return f"meet:gate:{line}"


def waiting_key(line: str) -> str:
    """Sorted set: who waits for a turn, by when they had their last one."""
    return f"meet:line:{line}:waiting"


def back_key(line: str) -> str:
    """Sorted set: who waits for a turn, by when they are to be back."""
    return f"meet:line:{line}:back"


def served_key(line: str) -> str:
    """Sorted set: who had a turn lately, by when."""
    return f"meet:line:{line}:served"


def slow_key(method: str) -> str:
    """There while a method is to be called slowly, because Slack has closed it to us lately."""
    return f"meet:ban:{method}:slow"


def ban_key(method: str, channel: ChannelId | None = None) -> str:
    """There while Slack has closed this method to us, everywhere or in one channel."""
    return f"meet:ban:{method}:{channel}" if channel else f"meet:ban:{method}"


def first_ban_key(method: str) -> str:
    """Name the channel in which Slack closed this method first, for as long as it is closed there."""
    return f"meet:ban:{method}:first"


def dead_token_key(digest: str) -> str:
    """There while Slack refuses the token of this digest; Slack's word for why."""
    return f"meet:dead:{digest}"


def channel_key(channel: ChannelId) -> str:
    """Name the meeting that commands in this channel are about."""
    return f"meet:channel:{channel}"


def channel_recordings_key(channel: ChannelId) -> str:
    """Sorted set: the recordings of a channel's meetings, by when they began."""
    return f"meet:channel:{channel}:recordings"


def rules_key(channel: ChannelId) -> str:
    """Keep what a channel's rules are where they are not as usual; the end moves on whenever they are asked for."""
    return f"meet:rules:{channel}"


def channel_lock_key(channel: ChannelId) -> str:
    """Whoever holds it may start a meeting in this channel."""
    return f"meet:lock:channel:{channel}"


def recording_key(provider: str, recording: RecordingId) -> str:
    """Name the meeting that a recording belongs to; providers do not always say."""
    return f"meet:recording:{provider}:{recording}"


def livestream_key(provider: str, livestream: LivestreamId) -> str:
    """Name the meeting that a livestream shows; Dyte does not say."""
    return f"meet:livestream:{provider}:{livestream}"


def code_key(code: str) -> str:
    """Who a personal link is for; the code itself is not kept."""
    return f"meet:code:{hashlib.sha256(code.encode()).hexdigest()}"


def claim_key(code: str) -> str:
    """In which browser a personal link was used."""
    return f"meet:claim:{hashlib.sha256(code.encode()).hexdigest()}"


def signin_key(state: str) -> str:
    """Where somebody wants to go who is about to sign in, and whose browser it is; the state itself is not kept."""
    return f"meet:signin:{hashlib.sha256(state.encode()).hexdigest()}"


def wish_key(wish: str) -> str:
    """Hash: the effects that a wish has had already, by step."""
    return f"meet:wish:{wish}"


def webhook_key(provider: str) -> str:
    """Keep the id of the webhook registered at the provider for this deployment."""
    return f"meet:webhook:{provider}"


def heard_key(provider: str) -> str:
    """Hash: when a webhook was last accepted, and when a poll last found what none had told."""
    return f"meet:heard:{provider}"


def webhook_lock_key(provider: str) -> str:
    """Whoever holds it may register a webhook."""
    return f"meet:lock:webhook:{provider}"


def as_text(value: object) -> str:
    """Give what Redis answered as text, however the client was told to read it."""
    return value.decode() if isinstance(value, bytes) else str(value)
