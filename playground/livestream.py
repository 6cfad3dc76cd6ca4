"""One livestream of one simulated meeting."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import uuid4

LiveStatus = Literal["INVOKED", "LIVE", "IDLE", "ERRORED"]
"""The states of a livestream, in the words of both REST APIs."""


@dataclass(slots=True)
class Livestream:
    """A livestream; here each has an id of its own, which neither provider promises.

    Args:
        meeting_id: the room that is shown.
        name: as it was asked for.
        invoked_at: when it was asked for.
        status: how far it is; IDLE is off the air again.
        started_at: when it went on air.
        stopped_at: when it was over.
        err_message: why it failed.
        id: the provider's.
        stream_key: with which anybody could broadcast in its place.

    """

    meeting_id: str
    name: str | None
    invoked_at: datetime
    status: LiveStatus = "INVOKED"
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    err_message: str | None = None
    id: str = field(default_factory=lambda: str(uuid4()))
    stream_key: str = field(default_factory=lambda: f"sk_ap-south-1_{uuid4().hex}", repr=False)

    @property
    def running(self) -> bool:
        """Whether it is on air or about to be."""
        return self.status in ("INVOKED", "LIVE")
