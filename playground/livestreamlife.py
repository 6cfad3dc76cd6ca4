"""How a simulated livestream moves: INVOKED, LIVE, then IDLE or ERRORED.

Whether a livestream ends with the session is documented by neither provider; here it does, unless a fault says not.
"""

from collections.abc import Callable
from datetime import datetime

from playground.faults import ProviderFaults
from playground.happenings import Happening, Herald
from playground.livestream import Livestream
from playground.rooms import Meeting, Rooms
from playground.timers import Pace, Timers

BROKEN = "The encoder lost its connection"


class LivestreamLife:
    """Starts and stops livestreams, and moves them on in their own time."""

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

    def start(self, meeting: Meeting, name: str | None) -> Livestream:
        """Start a livestream; whether another one runs is for the caller to check."""
        livestream = Livestream(meeting.id, name, self._now())
        self._rooms.livestreams[livestream.id] = livestream
        self._tell(livestream)
        self._timers.after(self._pace().start_seconds, lambda: self._on_air(livestream))
        return livestream

    def stop(self, livestream: Livestream) -> None:
        """Take it off the air; what is over stays as it is."""
        if livestream.running:
            livestream.status, livestream.stopped_at = "IDLE", self._now()
            self._tell(livestream)

    def break_off(self, livestream: Livestream) -> None:
        """Let it fail; what is over stays as it is."""
        if livestream.running:
            livestream.status, livestream.stopped_at = "ERRORED", self._now()
            livestream.err_message = BROKEN
            self._tell(livestream)

    def session_ended(self, meeting: Meeting) -> None:
        """Stop with the session."""
        running = self._rooms.running_livestream(meeting.id)
        if running and not self._faults.livestreams_outlive:
            self.stop(running)

    def _on_air(self, livestream: Livestream) -> None:
        if livestream.status != "INVOKED":
            return
        if self._faults.livestream_fails():
            self.break_off(livestream)
            return
        livestream.status, livestream.started_at = "LIVE", self._now()
        self._tell(livestream)

    def _tell(self, livestream: Livestream) -> None:
        meeting = self._rooms.meetings[livestream.meeting_id]
        self._herald.tell(Happening("livestreaming.statusUpdate", meeting, livestream=livestream))
