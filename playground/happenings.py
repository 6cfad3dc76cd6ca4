"""What happens in the simulated rooms that webhooks tell of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playground.livestream import Livestream
from playground.rooms import Meeting, Peer, Recording, Session
from playground.timers import Changes


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, under the providers' name of the event."""

    event: str
    meeting: Meeting
    session: Session | None = None
    peer: Peer | None = None
    recording: Recording | None = None
    livestream: Livestream | None = None


@dataclass(slots=True)
class Herald:
    """Counts every happening as a change and passes it on to the listeners."""

    changes: Changes
    listeners: list[Callable[[Happening], None]] = field(default_factory=list)

    def tell(self, happening: Happening) -> None:
        """Let everyone know."""
        self.changes.bump()
        for listener in self.listeners:
            listener(happening)
