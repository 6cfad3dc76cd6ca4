"""The calls about livestreams, which Dyte v2 and RealtimeKit spell alike.

What they answer holds the stream key and the ingest server, with which anybody could broadcast in the meeting's place.
Both are dropped where the answer is read (``_answers.livestream``).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.ids import LivestreamId, RoomId
from bot.domain.livestream import IDLE, INVOKED, OFFLINE
from bot.domain.livestream_events import LivestreamUpdated
from bot.providers import _answers
from bot.providers._calls import Calls
from bot.providers._http import path_part
from bot.providers._paging import PER_PAGE

_UNFIT = re.compile(r"[^a-zA-Z0-9_-]+")
_LONGEST = 60
"""Neither provider states how long a name may be."""


class Livestreams:
    """An account's livestreams; see ``bot.ports.Provider`` for what each call promises."""

    _calls: Calls
    _now: Callable[[], datetime]

    async def start_livestream(self, room: RoomId, name: str) -> LivestreamUpdated:
        """Ask for a livestream; of the name only what the providers take is sent."""
        fit = _UNFIT.sub("-", name).strip("-")[:_LONGEST]
        data = await self._calls.data(
            "start_livestream", "POST", f"/meetings/{path_part(room)}/livestreams", {"name": fit} if fit else {}
        )
        told = _answers.insist(_answers.livestream(data, observed_at=self._now()), "start_livestream", unclear=True)
        # One guide's sample answers with OFFLINE: what has just been asked for is not over but not there yet.
        return replace(told, status=INVOKED) if told.status in (IDLE, OFFLINE) else told

    async def stop_livestream(self, room: RoomId) -> None:
        """Ask for the livestream of a room to stop."""
        await self._calls.data("stop_livestream", "POST", f"/meetings/{path_part(room)}/active-livestream/stop")

    async def active_livestream(self, room: RoomId) -> LivestreamUpdated | None:
        """Read the livestream of a room."""
        asked_at = self._now()
        data = await self._calls.live("active_livestream", f"/meetings/{path_part(room)}/active-livestream")
        if not data:
            return None
        return _answers.insist(_answers.livestream(data, observed_at=asked_at), "active_livestream")

    async def get_livestream(self, livestream: LivestreamId) -> LivestreamUpdated:
        """Read one livestream with its latest run."""
        asked_at = self._now()
        path, runs = f"/livestreams/{path_part(livestream)}", {"page_no": "1", "per_page": str(PER_PAGE)}
        data = await self._calls.data("get_livestream", "GET", path, query=runs)
        return _answers.insist(_answers.livestream_run(data, observed_at=asked_at), "get_livestream")

    async def livestreams_since(self, room: RoomId, since: datetime) -> list[LivestreamUpdated]:
        """Read the young livestreams of a room; one that does not say when it was made is left out."""
        asked_at = self._now()
        path = f"/meetings/{path_part(room)}/livestream"
        found = await self._calls.rows("livestreams_since", path, inside="livestreams")
        young = [row for row in found if (made := _answers.made_at(row)) and made >= since]
        read = (_answers.livestream(row, observed_at=asked_at) for row in young)
        return [livestream for livestream in read if livestream]
