"""How a simulated recording moves: INVOKED, RECORDING (PAUSED and back), UPLOADING, then UPLOADED or ERRORED."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from playground.faults import ProviderFaults
from playground.happenings import Happening, Herald
from playground.rooms import Meeting, Recording, Rooms
from playground.timers import Pace, Timers

FULL_LENGTH = 86_400
BYTES_PER_SECOND = 83_000
SHORTEST = 5


class NotNow(Exception):
    """A recording is not in the state that this needs."""


class RecordingLife:
    """Starts, pauses and stops recordings, and moves them on in their own time."""

    def __init__(
        self,
        rooms: Rooms,
        *,
        pace: Callable[[], Pace],
        faults: ProviderFaults,
        now: Callable[[], datetime],
        timers: Timers,
        herald: Herald,
    ) -> None:
        self._rooms, self._pace, self._faults = rooms, pace, faults
        self._now, self._timers, self._herald = now, timers, herald

    def start(
        self, meeting: Meeting, options: Mapping[str, Any], reason: str = "API_CALL", *, tracks: bool = False
    ) -> Recording:
        """Start a recording, of single voices if so told; whether one may run beside it is for the caller to check."""
        session = self._rooms.live_session(meeting.id)
        recording = Recording(
            meeting_id=meeting.id,
            session_id=session.id if session else None,
            options=dict(options),
            start_reason=reason,
            output_file_name=_file_name(meeting, options, self._now(), tracks=tracks),
            tracks=tracks,
            invoked_at=self._now(),
        )
        self._rooms.recordings[recording.id] = recording
        self._tell(recording)
        self._timers.after(self._pace().start_seconds, lambda: self._running(recording))
        return recording

    def pause(self, recording: Recording) -> None:
        """Pause what records.

        Raises:
            NotNow: it does not record.

        """
        if recording.tracks:
            raise NotNow("Cannot pause a track recording")
        if recording.status != "RECORDING":
            raise NotNow(f"Cannot pause a recording that is {recording.status}")
        recording.status, recording.paused_at = "PAUSED", self._now()
        self._tell(recording)

    def resume(self, recording: Recording) -> None:
        """Go on with what is paused.

        Raises:
            NotNow: it is not paused.

        """
        if recording.status != "PAUSED":
            raise NotNow(f"Cannot resume a recording that is {recording.status}")
        self._end_pause(recording)
        recording.status = "RECORDING"
        self._tell(recording)

    def stop(self, recording: Recording, reason: str | None = "API_CALL") -> None:
        """Stop it, after which its file is uploaded.

        Raises:
            NotNow: it has stopped already.

        """
        if not recording.running:
            raise NotNow(f"Cannot stop a recording that is {recording.status}")
        self._end_pause(recording)
        recording.status, recording.stopped_at, recording.stop_reason = "UPLOADING", self._now(), reason
        recording.started_at = recording.started_at or self._now()
        recording.voices = self._voices(recording) if recording.tracks else []
        recording.file_size = max(1, recording.seconds) * BYTES_PER_SECOND
        self._tell(recording)
        self._timers.after(self._pace().upload_seconds, lambda: self._uploaded(recording))

    def break_off(self, recording: Recording) -> None:
        """Let the service fail while it records; what it has is uploaded, unless that is to fail as well.

        Raises:
            NotNow: it has stopped already.

        """
        self.stop(recording, "INTERNAL_ERROR")

    def delete(self, recording: Recording) -> None:
        """Delete a finished recording with its file, as the service does after some days.

        Raises:
            NotNow: it is not finished.

        """
        if recording.status != "UPLOADED":
            raise NotNow(f"Cannot delete a recording that is {recording.status}")
        del self._rooms.recordings[recording.id]

    def _running(self, recording: Recording) -> None:
        if recording.status != "INVOKED":
            return
        recording.status, recording.started_at = "RECORDING", self._now()
        self._tell(recording)
        longest = int(recording.options.get("max_seconds", FULL_LENGTH)) * self._pace().second
        self._timers.after(longest, lambda: self._reached_its_length(recording))

    def _reached_its_length(self, recording: Recording) -> None:
        if recording.running:
            # Neither provider documents a reason for this stop, so none is given.
            self.stop(recording, None)

    def _uploaded(self, recording: Recording) -> None:
        too_short = self._faults.short_recordings_fail and recording.seconds < SHORTEST
        if self._faults.upload_fails() or too_short:
            recording.status, recording.file_size = "ERRORED", None
            recording.stop_reason = recording.stop_reason or "INTERNAL_ERROR"
        else:
            recording.status, recording.uploaded_at = "UPLOADED", self._now()
        self._tell(recording)

    def _voices(self, recording: Recording) -> list[str]:
        """Name a file for each device that was inside meanwhile; each provider has a way of its own."""
        meeting, session = self._rooms.meetings[recording.meeting_id], self._rooms.sessions[recording.session_id or ""]
        layer: Mapping[str, Any] = recording.options.get("layers", {}).get("default", {})
        prefix = layer.get("file_name_prefix") or "track"
        stamp = int(recording.invoked_at.timestamp() * 1000)
        heard = [peer for peer in session.peers if peer.left_at is None or peer.left_at >= recording.invoked_at]
        if meeting.provider == "dyte":
            return [f"{prefix}_{peer.id}_{stamp}.webm" for peer in heard]
        return [f"{prefix}-{peer.participant_id}-{stamp}-{n}.webm" for n, peer in enumerate(heard)]

    def _end_pause(self, recording: Recording) -> None:
        if recording.paused_at is not None:
            recording.paused_for += self._now() - recording.paused_at
            recording.paused_at = None

    def _tell(self, recording: Recording) -> None:
        meeting = self._rooms.meetings[recording.meeting_id]
        session = self._rooms.sessions.get(recording.session_id or "")
        self._herald.tell(Happening("recording.statusUpdate", meeting, session, recording=recording))


def _file_name(meeting: Meeting, options: Mapping[str, Any], now: datetime, *, tracks: bool) -> str:
    """Name the file as the providers do: prefix, room, milliseconds."""
    codec = (options.get("video_config") or {}).get("codec", "H264")
    kind = "tar" if options.get("interactive_config") else "webm" if tracks or codec.startswith("VP") else "mp4"
    layer = (options.get("layers") or {}).get("default") or {}
    parts = [(layer if tracks else options).get("file_name_prefix"), meeting.id, str(int(now.timestamp() * 1000))]
    return "_".join(part for part in parts if part) + f".{kind}"
