"""Presigned links to what the simulated providers keep, and the small files behind them."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from playground.rooms import FILE_LIFE, Recording, Session

_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "tar": "application/x-tar",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "csv": "text/csv",
    "txt": "text/plain",
}
_CONTENTS = {
    "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free\x00\x00\x00\x08mdat",
    "webm": b"\x1aE\xdf\xa3\x87B\x82\x84webm",
    "mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "m4a": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom",
    "csv": b"id,participantId,sessionId,displayName,payload,createdAt\r\n",
    "txt": b"Nobody said anything worth a summary.\n",
}


class Files:
    """Hands out links that are good for seven days, and serves what they point to.

    Args:
        base_url: where this server is reached.
        bucket_off: tells whether a recording keeps no managed copy.
        now: what time it is.
        run_out: tells whether the links to recordings are to have run out already.

    """

    def __init__(
        self,
        base_url: Callable[[], str],
        bucket_off: Callable[[Recording], bool],
        now: Callable[[], datetime],
        run_out: Callable[[], bool] = lambda: False,
    ) -> None:
        self._run_out = run_out
        self._base_url, self._bucket_off, self._now = base_url, bucket_off, now
        self._secret = secrets.token_bytes(32)

    def video_url(self, recording: Recording) -> str | None:
        """Link to the main file, None where there is none: where only the sound was configured, it is the only one."""
        video, audio = (recording.options.get(f"{what}_config") for what in ("video", "audio"))
        wanted = video.get("export_file", True) if video else not audio
        kind = recording.output_file_name.rpartition(".")[2]
        return self._link(recording, kind) if wanted else None

    def audio_url(self, recording: Recording) -> str | None:
        """Link to the extra audio file, which there is only where audio was configured."""
        audio = recording.options.get("audio_config")
        if not audio or not audio.get("export_file", True):
            return None
        return self._link(recording, "mp3" if audio.get("codec") == "MP3" else "m4a")

    def track_urls(self, recording: Recording) -> list[dict[str, Any]] | None:
        """Link to the files of single voices, a list where both schemas have a string (RealtimeKit's guide)."""
        expires = self.expiry(recording)
        if expires is None:
            return None
        links = {name: {"download_url": self.sign(name, expires)} for name in recording.voices}
        return [{"layer_name": "default", "download_urls": links}]

    def expiry(self, recording: Recording) -> datetime | None:
        """Tell how long the links are good, None where there are none."""
        if self._bucket_off(recording):
            return None
        return recording.uploaded_at if self._run_out() else recording.expires_at

    def session_link(self, session: Session, what: str, kind: str) -> tuple[str, datetime]:
        """Link to something made out of a session, and tell how long that is good."""
        expires = self._now() + FILE_LIFE
        return self.sign(f"{what}-{session.id}.{kind}", expires), expires

    def sign(self, name: str, expires: datetime) -> str:
        """Make a presigned link."""
        stamp = str(int(expires.timestamp()))
        return f"{self._base_url()}/provider/files/{name}?signature={self._signature(name, stamp)}&expires={stamp}"

    async def serve(self, request: web.Request) -> web.Response:
        """Serve a file to whoever holds a good link."""
        name, stamp = request.match_info["name"], request.query.get("expires", "")
        if not hmac.compare_digest(self._signature(name, stamp), request.query.get("signature", "")):
            return _denied("SignatureDoesNotMatch")
        if datetime.fromtimestamp(int(stamp), UTC) <= self._now():
            return _denied("Request has expired")
        kind = name.rpartition(".")[2]
        return web.Response(
            body=_CONTENTS.get(kind, bytes(1024)),
            content_type=_TYPES[kind],
            headers={"content-disposition": f'inline; filename="{name}"'},
        )

    def _link(self, recording: Recording, kind: str) -> str | None:
        expires = self.expiry(recording)
        return None if expires is None else self.sign(f"{recording.id}.{kind}", expires)

    def _signature(self, name: str, stamp: str) -> str:
        return hmac.new(self._secret, f"{name}\n{stamp}".encode(), hashlib.sha256).hexdigest()


def _denied(why: str) -> web.Response:
    return web.Response(
        status=403,
        text=f"<Error><Code>AccessDenied</Code><Message>{why}</Message></Error>",
        content_type="application/xml",
    )
