"""What the use cases need from the outside world; the values that pass through are in ``bot.exchanged``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.events import Event, RecordingUpdated
from bot.domain.ids import ChannelId, LivestreamId, ParticipantId, RecordingId, RoomId, SessionId, UserId
from bot.domain.livestream_events import LivestreamUpdated
from bot.domain.options import RecordingOptions
from bot.exchanged import (
    Delivery,
    FileLinks,
    LiveSession,
    Message,
    Person,
    Posted,
    RoomStatus,
    SessionSummary,
    Ticket,
    TrackFiles,
    Webhook,
)
from bot.storage_profiles import StorageProfile


class Provider(Protocol):
    """A video service. Every call raises only ``ProviderError`` and its kinds."""

    name: str
    """The service's name in settings and URLs: ``realtimekit`` or ``dyte``."""

    label: str
    """The service's name as people write it."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Where a meeting can be held, in the provider's words; none where it chooses by itself."""

    @property
    def tracks_in_storages(self) -> bool:
        """Whether recordings of single voices can go to a storage of one's own."""

    async def create_meeting(
        self,
        title: str,
        *,
        record_on_start: bool = False,
        region: str | None = None,
        options: RecordingOptions | None = None,
        storage: StorageProfile | None = None,
    ) -> RoomId:
        """Make a room; never repeated by itself, because there is no idempotency key.

        Args:
            title: what it is called.
            record_on_start: whether it is recorded from the first person on.
            region: one of ``regions``.
            options: how its recordings are made, within ``bot.domain.options.mistakes``.
            storage: the storage that gets them.

        """

    async def get_meeting(self, room: RoomId) -> RoomStatus:
        """Read a room."""

    async def update_meeting(self, room: RoomId, *, title: str | None = None, active: bool | None = None) -> None:
        """Change a room; ``active=False`` lets nobody in any more."""

    async def add_participant(
        self, room: RoomId, *, person: UserId, name: str, picture: str | None, preset: str
    ) -> Ticket:
        """Give a person a place in a room, under the preset of that name."""

    async def find_participant(self, room: RoomId, person: UserId) -> ParticipantId | None:
        """Look for a person's place in a room; None where they have none."""

    async def refresh_token(self, room: RoomId, participant_id: ParticipantId) -> Ticket:
        """Mint a new token for a place that is there already."""

    async def remove_participant(self, room: RoomId, participant_id: ParticipantId) -> None:
        """Take a person's place away."""

    async def edit_participant(self, room: RoomId, participant_id: ParticipantId, *, preset: str) -> None:
        """Give a person's place another preset; it holds from the next time they come in."""

    async def list_presets(self) -> list[str]:
        """Name every preset of this account, as written there."""

    async def start_recording(
        self, room: RoomId, options: RecordingOptions | None = None, storage: StorageProfile | None = None
    ) -> RecordingUpdated:
        """Ask for a recording of what goes on in a room; not repeated by itself.

        Args:
            room: which.
            options: how it is made, within ``bot.domain.options.mistakes``.
            storage: the storage that gets its file.

        """

    async def start_tracks(
        self, room: RoomId, *, prefix: str, storage: StorageProfile | None = None, bucket: bool = True
    ) -> RecordingUpdated | None:
        """Ask for a recording of each person's own sound; None where it was taken and the answer says no more.

        Args:
            room: where they speak.
            prefix: what the files' names begin with.
            storage: where the files go; only where ``tracks_in_storages``.
            bucket: whether the provider keeps them.

        """

    async def track_files(self, recording: RecordingId) -> TrackFiles:
        """Fetch fresh links to the files of a recording of single voices."""

    async def pause_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Pause it."""

    async def resume_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Go on with it."""

    async def stop_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Stop it; its file is uploaded next."""

    async def get_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Read how far it is."""

    async def recording_links(self, recording: RecordingId) -> FileLinks:
        """Fetch fresh links to a finished recording's files."""

    async def list_recordings(self, room: RoomId) -> list[RecordingUpdated]:
        """Read every recording of a room."""

    async def active_recording(self, room: RoomId) -> RecordingUpdated | None:
        """Read the recording that runs now, None where none does."""

    async def start_livestream(self, room: RoomId, name: str) -> LivestreamUpdated:
        """Ask for a room to be shown to the public; not repeated by itself."""

    async def stop_livestream(self, room: RoomId) -> None:
        """Ask for whatever shows a room to the public to stop."""

    async def active_livestream(self, room: RoomId) -> LivestreamUpdated | None:
        """Read the livestream that a room has now, None where it has none."""

    async def get_livestream(self, livestream: LivestreamId) -> LivestreamUpdated:
        """Read how far a livestream is, and from when to when it was on air."""

    async def livestreams_since(self, room: RoomId, since: datetime) -> list[LivestreamUpdated]:
        """Read the livestreams that were made for a room since then."""

    async def active_session(self, room: RoomId) -> LiveSession | None:
        """Read who many are inside now, None where nobody is."""

    async def kick_all(self, room: RoomId) -> None:
        """Send everyone out, which ends the session; nobody inside is no error."""

    async def kick(self, room: RoomId, person: UserId, participant_id: ParticipantId | None) -> None:
        """Send one person out with all their devices; that they are not inside is no error."""

    async def mute_all(self, room: RoomId) -> None:
        """Mute everyone who is inside, for as long as they like; nobody inside is no error."""

    async def list_sessions(self, room: RoomId) -> list[SessionSummary]:
        """Read the sessions of a room, newest first."""

    async def session_participants(self, session: SessionId) -> list[Event]:
        """Read who came and went in a session, as joins and leaves."""

    async def list_webhooks(self) -> list[Webhook]:
        """Read every webhook registered in this account."""

    async def create_webhook(self, name: str, url: str, events: Sequence[str]) -> Webhook:
        """Register a webhook."""

    async def update_webhook(self, webhook: Webhook) -> Webhook:
        """Make the registered webhook of this id equal to the one given."""

    async def delete_webhook(self, webhook_id: str) -> None:
        """Unregister a webhook; one that is gone already is no error."""

    async def unwrap(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Verify the raw bytes of a delivery, then parse it.

        Raises:
            BadSignature: not signed by the provider.
            KeyUnavailable: the provider's key could not be had.
            BadPayload: signed, but not what the provider documents.

        """


class Chat(Protocol):
    """Where threads live. Every call raises only ``ChatError`` and its kinds."""

    async def post(
        self, channel: ChannelId, message: Message, *, thread: str | None, mark: Mapping[str, str]
    ) -> Posted:
        """Post a message; ``mark`` is kept with it, so that ``find`` can tell it again."""

    async def edit(self, channel: ChannelId, ts: str, message: Message) -> None:
        """Make a posted message look as given."""

    async def find(self, channel: ChannelId, *, thread: str | None, mark: Mapping[str, str]) -> str | None:
        """Look for the ``ts`` of a message posted with this mark; None where there is none or it may not be sought."""

    async def person(self, user: UserId) -> Person:
        """Look up who somebody is; never fails, of whom nothing is known is a stranger of an unknown kind."""

    async def creator(self, channel: ChannelId) -> UserId | None:
        """Tell who made a channel; None where nobody did or the bot may not look."""

    async def members(self, channel: ChannelId) -> frozenset[UserId] | None:
        """Tell who is in a conversation now, without this bot itself; None where the bot may not look.

        Raises:
            ChatError: nobody can tell right now.

        """

    async def team(self, team: str) -> frozenset[UserId] | None:
        """Tell who belongs to a team (a user group); None where the bot may not look.

        Raises:
            ChatError: nobody can tell right now.

        """

    async def sees_members(self, channel: ChannelId) -> bool:
        """Tell whether the bot may look who is in a conversation; raises as ``is_member``."""

    async def is_member(self, channel: ChannelId, user: UserId) -> bool | None:
        """Tell whether a person is in a conversation now, a second old at most; None where the bot may not look.

        Raises:
            ChatError: nobody can tell right now.

        """
