"""Request bodies for meetings, people and webhooks at either provider, from their OpenAPI documents."""

from typing import Annotated, Literal

from pydantic import Field

from playground.provider_body import Body, Url
from playground.recording_options import DyteRecordingConfig, KitRecordingConfig

_Region = Literal["ap-south-1", "ap-southeast-1", "us-east-1", "eu-central-1"]
_KeepAlive = Annotated[int, Field(ge=60, le=600)]
_Words = Annotated[int, Field(ge=150, le=1000)]
_Status = Literal["ACTIVE", "INACTIVE"]
EventName = Literal[
    "meeting.started",
    "meeting.ended",
    "meeting.participantJoined",
    "meeting.participantLeft",
    "meeting.chatSynced",
    "recording.statusUpdate",
    "livestreaming.statusUpdate",
    "meeting.transcript",
    "meeting.summary",
]


class _Transcription(Body):
    keywords: list[str] = Field(default_factory=list)
    language: Literal["en-US", "en-IN", "de", "hi", "sv", "ru", "pl", "el", "fr", "nl"] = "en-US"
    profanity_filter: bool = False


class _Summary(Body):
    word_limit: _Words = 500
    text_format: Literal["plain_text", "markdown"] = "markdown"
    summary_type: Literal[
        "general",
        "team_meeting",
        "sales_call",
        "client_check_in",
        "interview",
        "daily_standup",
        "one_on_one_meeting",
        "lecture",
        "code_review",
    ] = "general"


class _Ai(Body):
    transcription: _Transcription | None = None
    summarization: _Summary | None = None


class _Meeting(Body):
    nullable = frozenset({"title", "record_on_start", "live_stream_on_start", "preferred_region"})

    title: str | None = None
    record_on_start: bool | None = False
    live_stream_on_start: bool | None = False
    persist_chat: bool = False
    summarize_on_end: bool = False
    ai_config: _Ai | None = None


class DyteMeeting(_Meeting):
    """Create or replace a meeting at Dyte."""

    preferred_region: _Region | None = None
    recording_config: DyteRecordingConfig | None = None


class KitMeeting(_Meeting):
    """Create or replace a meeting at RealtimeKit."""

    session_keep_alive_time_in_secs: _KeepAlive = 60
    transcribe_on_end: bool = False
    recording_config: KitRecordingConfig | None = None


class _MeetingChange(Body):
    title: str = ""
    record_on_start: bool = False
    live_stream_on_start: bool = False
    persist_chat: bool = False
    summarize_on_end: bool = False
    status: _Status = "ACTIVE"
    ai_config: _Ai | None = None


class DyteMeetingChange(_MeetingChange):
    """Change a meeting at Dyte, where its recording options cannot be changed."""

    preferred_region: _Region = "us-east-1"


class KitMeetingChange(_MeetingChange):
    """Change a meeting at RealtimeKit."""

    session_keep_alive_time_in_secs: _KeepAlive = 60
    transcribe_on_end: bool = False
    recording_config: KitRecordingConfig | None = None


# ---------------------------------------------------------------- people and webhooks


class Place(Body):
    """Add a participant, or replace one."""

    nullable = frozenset({"name", "picture"})

    custom_participant_id: str
    preset_name: str
    name: str | None = None
    picture: Url | None = None


class PlaceChange(Body):
    """Change a participant."""

    nullable = frozenset({"name", "picture", "preset_name"})

    name: str | None = None
    picture: Url | None = None
    preset_name: str | None = None


class Chosen(Body):
    """Name some of the people in a room."""

    participant_ids: list[str] = Field(default_factory=list)
    custom_participant_ids: list[str] = Field(default_factory=list)


class MuteAll(Body):
    """Mute everyone in a room."""

    allow_unmute: bool = True


class Hook(Body):
    """Register a webhook, or replace one."""

    name: str
    url: Url
    events: list[EventName]
    enabled: bool = True


class HookChange(Body):
    """Change a webhook."""

    name: str = ""
    url: Url | None = None
    events: list[EventName] = Field(default_factory=list)
    enabled: bool = True
