"""Every call of the protocol once, with arguments as the bot has them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.ids import LivestreamId, ParticipantId, RecordingId, RoomId, SessionId, UserId
from bot.exchanged import Webhook
from bot.ports import Provider
from bot.providers import USED_EVENTS
from bot.storage_profiles import Aws

ROOM = RoomId("6f1c0a52-7c0e-4a53-9d0e-0f5a3b1f2c11")
SESSION = SessionId("b2a7c1d4-41f6-4b1c-8e58-4f9f1a7f3d22")
PLACE = ParticipantId("d61f6956-e68f-4375-bf10-c38a704d1bec")
RECORDING = RecordingId("3b5e0d17-9c62-4b7b-8a4e-d0b5a4c1e966")
LIVESTREAM = LivestreamId("8c7d6e5f-2a1b-4c3d-9e8f-7a6b5c4d3e77")
ANA = UserId("U0ANA")
TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)
HOOK = Webhook("0d1f069d-43bb-489a-ad8c-7eb95592ba8e", "Greenroom", "https://bot.example/w", USED_EVENTS, enabled=True)
STORAGE = Aws(type="aws", access_key="key", secret="secret", bucket="files", region="ap-south-1", path="talks")
PICTURE = "https://pictures.example/ana.png"

Ask = Callable[[Provider], Awaitable[Any]]

CALLS: Mapping[str, tuple[Ask, ...]] = {
    "create_meeting": (
        lambda kit: kit.create_meeting("Weekly sync"),
        lambda kit: kit.create_meeting("", record_on_start=True, region="eu-central-1"),
    ),
    "get_meeting": (lambda kit: kit.get_meeting(ROOM),),
    "update_meeting": (
        lambda kit: kit.update_meeting(ROOM, title="New", active=False),
        lambda kit: kit.update_meeting(ROOM, active=True),
    ),
    "add_participant": (
        lambda kit: kit.add_participant(ROOM, person=ANA, name="Ana Lima", picture=PICTURE, preset="host"),
        lambda kit: kit.add_participant(ROOM, person=ANA, name=" ", picture=None, preset="host"),
        lambda kit: kit.add_participant(ROOM, person=ANA, name="A", picture="data:image/png,x", preset="host"),
    ),
    "find_participant": (lambda kit: kit.find_participant(ROOM, ANA),),
    "refresh_token": (lambda kit: kit.refresh_token(ROOM, PLACE),),
    "remove_participant": (lambda kit: kit.remove_participant(ROOM, PLACE),),
    "edit_participant": (lambda kit: kit.edit_participant(ROOM, PLACE, preset="host"),),
    "list_presets": (lambda kit: kit.list_presets(),),
    "start_recording": (lambda kit: kit.start_recording(ROOM),),
    "start_tracks": (
        lambda kit: kit.start_tracks(ROOM, prefix="Weekly_sync"),
        lambda kit: kit.start_tracks(ROOM, prefix="v", storage=STORAGE),
        lambda kit: kit.start_tracks(ROOM, prefix="v", storage=STORAGE, bucket=False),
    ),
    "track_files": (lambda kit: kit.track_files(RECORDING),),
    "pause_recording": (lambda kit: kit.pause_recording(RECORDING),),
    "resume_recording": (lambda kit: kit.resume_recording(RECORDING),),
    "stop_recording": (lambda kit: kit.stop_recording(RECORDING),),
    "get_recording": (lambda kit: kit.get_recording(RECORDING),),
    "recording_links": (lambda kit: kit.recording_links(RECORDING),),
    "list_recordings": (lambda kit: kit.list_recordings(ROOM),),
    "active_recording": (lambda kit: kit.active_recording(ROOM),),
    "start_livestream": (
        lambda kit: kit.start_livestream(ROOM, "Weekly sync"),
        lambda kit: kit.start_livestream(ROOM, "Größe: ½ & <tags>\n🎬"),
        lambda kit: kit.start_livestream(ROOM, "…"),
        lambda kit: kit.start_livestream(ROOM, "n" * 500),
    ),
    "stop_livestream": (lambda kit: kit.stop_livestream(ROOM),),
    "active_livestream": (lambda kit: kit.active_livestream(ROOM),),
    "get_livestream": (lambda kit: kit.get_livestream(LIVESTREAM),),
    "livestreams_since": (lambda kit: kit.livestreams_since(ROOM, TEN),),
    "active_session": (lambda kit: kit.active_session(ROOM),),
    "kick_all": (lambda kit: kit.kick_all(ROOM),),
    "kick": (lambda kit: kit.kick(ROOM, ANA, PLACE), lambda kit: kit.kick(ROOM, ANA, None)),
    "mute_all": (lambda kit: kit.mute_all(ROOM),),
    "list_sessions": (lambda kit: kit.list_sessions(ROOM),),
    "session_participants": (lambda kit: kit.session_participants(SESSION),),
    "list_webhooks": (lambda kit: kit.list_webhooks(),),
    "create_webhook": (lambda kit: kit.create_webhook(HOOK.name, HOOK.url, HOOK.events),),
    "update_webhook": (lambda kit: kit.update_webhook(HOOK),),
    "delete_webhook": (lambda kit: kit.delete_webhook(HOOK.id),),
}

EVERY = [(name, ask) for name, asks in CALLS.items() for ask in asks]
EVERY_ID = [f"{name}-{number}" for name, asks in CALLS.items() for number in range(len(asks))]
