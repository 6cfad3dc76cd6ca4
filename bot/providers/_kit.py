"""The calls that Dyte v2 and its successor RealtimeKit share, which is nearly all of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from multidict import CIMultiDict, CIMultiDictProxy, istr

from bot.domain.events import Event, RecordingUpdated
from bot.domain.ids import ParticipantId, RecordingId, RoomId, SessionId, UserId
from bot.domain.options import RecordingOptions
from bot.exchanged import Delivery, FileLinks, LiveSession, RoomStatus, SessionSummary, Ticket, Webhook
from bot.providers import _answers
from bot.providers._calls import Calls
from bot.providers._events import parse_delivery
from bot.providers._http import JsonClient, path_part
from bot.providers._livestreams import Livestreams
from bot.providers._paging import listed
from bot.providers._people import PeopleCalls
from bot.providers._recording_body import recording_body, secrets_of
from bot.providers._rsa import Verifier
from bot.providers._tracks import TrackCalls
from bot.providers._values import mapping, web_address
from bot.storage_profiles import StorageProfile

NAMELESS = "Guest"
"""A token made without a name is reported to fail in the browser (cloudflare-typescript issue 2737)."""


class Kit(Livestreams, PeopleCalls, TrackCalls):
    """One account at a provider, as the bot uses it; see ``bot.ports.Provider`` for what each call promises.

    Args:
        client: speaks with the account.
        verifier: tells its deliveries from forged ones.
        now: the clock.

    """

    name: str
    label: str
    regions: ClassVar[tuple[str, ...]] = ()
    """Where a meeting can be held, for ``create_meeting``; empty where the provider decides."""

    bucket_field: ClassVar[str]
    """What it calls the switch of its own bucket."""

    header_families: ClassVar[tuple[str, ...]]
    """What its webhook headers begin with, the likeliest first."""

    def __init__(self, client: JsonClient, verifier: Verifier, now: Callable[[], datetime]) -> None:
        self._calls = Calls(client)
        self._verifier = verifier
        self._now = now

    # ------------------------------------------------------------ rooms and places in them

    async def create_meeting(
        self,
        title: str,
        *,
        record_on_start: bool = False,
        region: str | None = None,
        options: RecordingOptions | None = None,
        storage: StorageProfile | None = None,
    ) -> RoomId:
        """Make a room; ``region`` counts where the provider has ``regions``."""
        body: dict[str, Any] = {"title": title, "record_on_start": record_on_start, **self._place(region)}
        if options and (config := recording_body(options, storage, self.bucket_field)):
            body["recording_config"] = config
        data = await self._calls.data("create_meeting", "POST", "/meetings", body, secrets=secrets_of(storage))
        return _answers.insist(_answers.room_id(data), "create_meeting", unclear=True)

    def _place(self, region: str | None) -> dict[str, str]:
        return {"preferred_region": region} if region and self.regions else {}

    async def get_meeting(self, room: RoomId) -> RoomStatus:
        """Read a room."""
        data = await self._calls.data("get_meeting", "GET", f"/meetings/{path_part(room)}")
        return _answers.insist(_answers.room_status(data, room), "get_meeting")

    async def update_meeting(self, room: RoomId, *, title: str | None = None, active: bool | None = None) -> None:
        """Change what is given of a room, and leave the rest."""
        body: dict[str, str] = {} if title is None else {"title": title}
        if active is not None:
            body["status"] = "ACTIVE" if active else "INACTIVE"
        if body:
            await self._calls.data("update_meeting", "PATCH", f"/meetings/{path_part(room)}", body)

    async def add_participant(
        self, room: RoomId, *, person: UserId, name: str, picture: str | None, preset: str
    ) -> Ticket:
        """Give a person a place; a picture that is no web address is left out."""
        body = {"custom_participant_id": person, "preset_name": preset, "name": name.strip() or NAMELESS}
        if shown := web_address(picture):
            body["picture"] = shown
        data = await self._calls.data("add_participant", "POST", f"/meetings/{path_part(room)}/participants", body)
        return _answers.insist(_answers.ticket(data), "add_participant", unclear=True)

    async def find_participant(self, room: RoomId, person: UserId) -> ParticipantId | None:
        """Look for a person's place, the oldest where there are several, so that all replicas find the same one."""
        found = await self._calls.rows("find_participant", f"/meetings/{path_part(room)}/participants")
        theirs = [row for row in found if row.get("custom_participant_id") == person]
        theirs.sort(key=lambda row: str(row.get("created_at")))
        return next((own for row in theirs if (own := _answers.participant_id(row))), None)

    async def refresh_token(self, room: RoomId, participant_id: ParticipantId) -> Ticket:
        """Mint a new token for a place."""
        path = f"/meetings/{path_part(room)}/participants/{path_part(participant_id)}/token"
        data = await self._calls.data("refresh_token", "POST", path)
        return _answers.insist(_answers.ticket(data, participant_id), "refresh_token", unclear=True)

    async def list_presets(self) -> list[str]:
        """Name every preset."""
        found = await self._calls.rows("list_presets", "/presets")
        return [name for row in found if isinstance(name := row.get("name"), str) and name]

    # ------------------------------------------------------------ recordings

    async def start_recording(
        self, room: RoomId, options: RecordingOptions | None = None, storage: StorageProfile | None = None
    ) -> RecordingUpdated:
        """Ask for a recording."""
        config = recording_body(options, storage, self.bucket_field) if options else {}
        body, secrets = {"meeting_id": room, **config}, secrets_of(storage)
        return await self._recording("start_recording", "POST", "/recordings", body, secrets=secrets)

    async def pause_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Pause it."""
        return await self._act(recording, "pause")

    async def resume_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Go on with it."""
        return await self._act(recording, "resume")

    async def stop_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Stop it."""
        return await self._act(recording, "stop")

    async def _act(self, own: RecordingId, action: str) -> RecordingUpdated:
        path = f"/recordings/{path_part(own)}"
        return await self._recording(f"{action}_recording", "PUT", path, {"action": action}, known_as=own)

    async def get_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Read how far it is."""
        return await self._recording("get_recording", "GET", f"/recordings/{path_part(recording)}", known_as=recording)

    async def recording_links(self, recording: RecordingId) -> FileLinks:
        """Fetch fresh links."""
        return _answers.file_links(
            await self._calls.data("recording_links", "GET", f"/recordings/{path_part(recording)}")
        )

    async def list_recordings(self, room: RoomId) -> list[RecordingUpdated]:
        """Read every recording of a room, oldest first."""
        asked_at = self._now()
        query = {"meeting_id": room, "sort_by": "invokedTime", "sort_order": "ASC"}
        found = await self._calls.rows("list_recordings", "/recordings", query=query)
        ours = (row for row in found if mapping(row.get("meeting")).get("id", room) == room)
        read = (_answers.recording(row, observed_at=asked_at) for row in ours)
        return [recording for recording in read if recording]

    async def active_recording(self, room: RoomId) -> RecordingUpdated | None:
        """Read the recording that runs."""
        asked_at = self._now()
        data = await self._calls.live("active_recording", f"/recordings/active-recording/{path_part(room)}")
        if data is None:
            return None
        return _answers.insist(_answers.recording(data, observed_at=asked_at), "active_recording")

    async def _recording(
        self,
        operation: str,
        method: str,
        path: str,
        body: dict[str, str] | None = None,
        *,
        known_as: RecordingId | None = None,
        secrets: Collection[str] = (),
    ) -> RecordingUpdated:
        asked_at = self._now()
        data = await self._calls.data(operation, method, path, body, secrets=secrets)
        # What was read was true when it was asked for at the earliest; what was changed, once it was answered.
        # So a slow read never outdates a change that overtook it.
        observed_at = asked_at if method == "GET" else self._now()
        read = _answers.recording(data, observed_at=observed_at, known_as=known_as)
        return _answers.insist(read, operation, unclear=method != "GET")

    # ------------------------------------------------------------ sessions

    async def active_session(self, room: RoomId) -> LiveSession | None:
        """Read how many are inside; None where nobody is."""
        data = await self._calls.live("active_session", f"/meetings/{path_part(room)}/active-session")
        if data is None or data.get("status") == "ENDED":
            return None
        return _answers.insist(_answers.live_session(data), "active_session")

    async def kick_all(self, room: RoomId) -> None:
        """Send everyone out."""
        await self._calls.away("kick_all", "POST", f"/meetings/{path_part(room)}/active-session/kick-all")

    async def list_sessions(self, room: RoomId) -> list[SessionSummary]:
        """Read the sessions of a room, newest first."""
        query = {"associated_id": room, "sort_by": "createdAt", "sort_order": "DESC"}
        found = await self._calls.rows("list_sessions", "/sessions", inside="sessions", query=query)
        ours = (row for row in found if row.get("associated_id", room) == room)
        read = (_answers.session_summary(row) for row in ours)
        return [session for session in read if session]

    async def session_participants(self, session: SessionId) -> list[Event]:
        """Read who came and went, each device for itself."""
        path = f"/sessions/{path_part(session)}/participants"
        query = {"view": "raw", "sort_by": "joinedAt", "sort_order": "ASC"}
        found = await self._calls.rows("session_participants", path, inside="participants", query=query)
        return [event for row in found for event in _answers.attendance(row, session)]

    # ------------------------------------------------------------ webhooks

    async def list_webhooks(self) -> list[Webhook]:
        """Read every webhook; this list has no pages."""
        answer = await self._calls.client.request("list_webhooks", "GET", "/webhooks")
        read = (_answers.webhook(row) for row in listed(answer, "list_webhooks"))
        return [webhook for webhook in read if webhook]

    async def create_webhook(self, name: str, url: str, events: Sequence[str]) -> Webhook:
        """Register a webhook."""
        body = {"name": name, "url": url, "events": list(events), "enabled": True}
        data = await self._calls.data("create_webhook", "POST", "/webhooks", body)
        return _answers.insist(_answers.webhook({**body, **data}), "create_webhook", unclear=True)

    async def update_webhook(self, webhook: Webhook) -> Webhook:
        """Replace the registered webhook of this id."""
        body = {"name": webhook.name, "url": webhook.url, "events": list(webhook.events), "enabled": webhook.enabled}
        data = await self._calls.data("update_webhook", "PUT", f"/webhooks/{path_part(webhook.id)}", body)
        return _answers.webhook({"id": webhook.id, **body, **data}) or webhook

    async def delete_webhook(self, webhook_id: str) -> None:
        """Unregister a webhook."""
        await self._calls.away("delete_webhook", "DELETE", f"/webhooks/{path_part(webhook_id)}")

    async def unwrap(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Verify the raw bytes, then parse them."""
        given = headers if isinstance(headers, CIMultiDictProxy) else CIMultiDict(headers)
        names = _header_names(self.header_families)
        signature, webhook_id = next((pair for pair in names if pair[0] in given), names[0])
        await self._verifier.verify(body, given.get(signature))
        return parse_delivery(body, given.get(webhook_id))


@cache
def _header_names(families: tuple[str, ...]) -> tuple[tuple[istr, istr], ...]:
    """Name the headers of a signature and of the webhook that it is about, in a form that is looked up quickly."""
    return tuple((istr(f"{family}-signature"), istr(f"{family}-webhook-id")) for family in families)
