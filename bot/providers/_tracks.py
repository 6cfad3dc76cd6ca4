"""The calls that record each person's own sound; such a recording is stopped and read like any other.

Source: ``POST /recordings/track`` in both OpenAPI documents, and RealtimeKit's guide on track recording.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from bot.domain.events import RecordingUpdated
from bot.domain.ids import RecordingId, RoomId
from bot.exchanged import TrackFiles
from bot.providers import _answers
from bot.providers._calls import Calls
from bot.providers._http import path_part
from bot.providers._recording_body import secrets_of
from bot.providers._values import mapping
from bot.storage_profiles import StorageProfile


class TrackCalls:
    """Records single voices; see ``bot.ports.Provider`` for what each call promises."""

    tracks_in_storages: ClassVar[bool] = False
    """Whether such recordings can go elsewhere than to the provider's bucket."""

    _calls: Calls
    _now: Callable[[], datetime]

    async def start_tracks(
        self, room: RoomId, *, prefix: str, storage: StorageProfile | None = None, bucket: bool = True
    ) -> RecordingUpdated | None:
        """Ask for a recording of each person's own sound; Dyte documents no answer to this."""
        layer = _layer(prefix, storage, bucket=bucket, in_storages=self.tracks_in_storages)
        body = {"meeting_id": room, "layers": {"default": layer}}
        data = await self._calls.data("start_tracks", "POST", "/recordings/track", body, secrets=secrets_of(storage))
        told = _answers.recording(mapping(data.get("recording")) or data, observed_at=self._now())
        return replace(told, tracks=True) if told else None

    async def track_files(self, recording: RecordingId) -> TrackFiles:
        """Fetch fresh links to the files of single voices."""
        return _answers.track_files(await self._calls.data("track_files", "GET", f"/recordings/{path_part(recording)}"))


def _layer(prefix: str, storage: StorageProfile | None, *, bucket: bool, in_storages: bool) -> dict[str, Any]:
    """Give the one layer that a recording of single voices has.

    Args:
        prefix: what the files' names begin with.
        storage: the storage that gets the files.
        bucket: whether the provider keeps them.
        in_storages: whether this provider asks where they go; RealtimeKit asks what is recorded instead.

    """
    if not in_storages:
        return {"media_kind": "audio", "file_name_prefix": prefix}
    outputs: list[dict[str, Any]] = [{"type": "DYTE_BUCKET"}] if bucket else []
    if storage:
        outputs.append({"type": "STORAGE_CONFIG", "storage_config": storage.as_sent()})
    return {"file_name_prefix": prefix, "outputs": outputs}
