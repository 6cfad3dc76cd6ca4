"""The names that things have, as types, so that they cannot be mixed up."""

from typing import NewType

MeetingId = NewType("MeetingId", str)
"""``provider:room``, for example ``realtimekit:6f1c0a52-…``."""

RoomId = NewType("RoomId", str)
"""What the provider calls a meeting's id."""

SessionId = NewType("SessionId", str)
PeerId = NewType("PeerId", str)
ParticipantId = NewType("ParticipantId", str)
RecordingId = NewType("RecordingId", str)
LivestreamId = NewType("LivestreamId", str)

CallId = NewType("CallId", str)
"""What Slack calls a call that its own card shows, ``R…``."""

UserId = NewType("UserId", str)
"""A Slack user, ``U…`` or ``W…``; also the custom participant id we give to the provider."""

ChannelId = NewType("ChannelId", str)
"""Where Slack messages go: ``C…``, ``G…``, ``D…``, or a user's id for a direct message."""


def meeting_id(provider: str, room: RoomId) -> MeetingId:
    """Name a provider's room in the bot."""
    return MeetingId(f"{provider}:{room}")


def room_of(meeting: MeetingId) -> RoomId:
    """Give the provider's own name for a meeting."""
    return RoomId(meeting.partition(":")[2])
