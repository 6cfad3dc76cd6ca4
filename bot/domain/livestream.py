"""A livestream: whether a meeting is shown to the public, who asked for it, and where it can be watched."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from bot.domain.acts import Act
from bot.domain.ids import LivestreamId, UserId
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.merge import earliest, either

INVOKED, LIVE, OFFLINE, ERRORED, IDLE = "INVOKED", "LIVE", "OFFLINE", "ERRORED", "IDLE"
"""The providers' words: REST has INVOKED, LIVE, IDLE, ERRORED, webhooks have LIVE, OFFLINE, IDLE."""

STAGE = {INVOKED: 0, LIVE: 1, OFFLINE: 2, ERRORED: 3}
"""A livestream only ever moves to a higher stage; one that failed is off the air too, so failure stands highest.

IDLE is in none: it is said before the first picture as well as after the last, so ``apply`` passes it over, and
whoever hears it has to ask.
"""

LIVE_STAGE, LAST = 1, 2
RUN = "#"
"""Stands between a provider's id and the number of a later run under the same id."""


class Livestream(BaseModel):
    """What is known of one livestream; new reports are merged in, in any order.

    Args:
        id: the provider's, with the number of the run where one id was used again.
        stage: how far it is.
        seen_at: when it was first seen on air.
        aired: whether it was ever said to be on air, which webhooks say without a time.
        invoked_at: when it was asked for, by the provider's clock.
        started_at: when it went on air, by the provider's clock.
        stopped_at: when it was off again.
        playback_url: where everybody can watch.
        reason: the provider's words for why it failed.
        carried: states that are not known here.
        acts: who asked for what.

    """

    model_config = ConfigDict(frozen=True)

    id: LivestreamId
    stage: int = 0
    seen_at: datetime | None = None
    aired: bool = False
    invoked_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    playback_url: str | None = None
    reason: str | None = None
    carried: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()

    @property
    def status(self) -> str:
        """The provider's word for how far it is."""
        return next(word for word, stage in STAGE.items() if stage == self.stage)

    @property
    def is_live(self) -> bool:
        """Whether the public can watch."""
        return self.stage == LIVE_STAGE

    @property
    def is_final(self) -> bool:
        """Whether it is over."""
        return self.stage >= LAST

    @property
    def since(self) -> datetime | None:
        """When it went on air, as far as is known."""
        return self.started_at or self.seen_at

    @property
    def was_live(self) -> bool:
        """Whether anybody can have watched."""
        return self.aired or self.since is not None

    @property
    def began(self) -> datetime | None:
        """When it was asked for, as far as is known; livestreams are told in this order."""
        started = self.first("start")
        return started.at if started else self.invoked_at or self.since

    @property
    def lasted(self) -> int | None:
        """How many seconds it was on air."""
        if self.since is None or self.stopped_at is None:
            return None
        return max(0, int((self.stopped_at - self.since).total_seconds()))

    def first(self, action: str) -> Act | None:
        """Give the earliest act of this kind."""
        return min((act for act in self.acts if act.action == action), key=lambda act: (act.at, act.by), default=None)

    def merged(self, report: LivestreamUpdated) -> Self:
        """Take in what the provider says, never going back a stage."""
        stage = STAGE.get(report.status)
        return self.model_copy(
            update={
                "stage": max(self.stage, stage or 0),
                "aired": self.aired or stage == LIVE_STAGE,
                "seen_at": earliest(self.seen_at, report.observed_at if stage == LIVE_STAGE else None),
                "invoked_at": earliest(self.invoked_at, report.invoked_at),
                "started_at": earliest(self.started_at, report.started_at),
                "stopped_at": earliest(self.stopped_at, report.stopped_at),
                "playback_url": either(self.playback_url, report.playback_url),
                "reason": either(self.reason, report.reason),
                "carried": self.carried if stage is not None else tuple(sorted({*self.carried, report.status})),
            }
        )

    def acted(self, event: LivestreamActed) -> Self:
        """Remember who asked for what."""
        acts = {*self.acts, Act(action=event.action, by=UserId(event.by), at=event.at)}
        return self.model_copy(update={"acts": tuple(sorted(acts, key=lambda a: (a.at, a.action, a.by)))})


def stream_of(own: LivestreamId) -> LivestreamId:
    """Give the provider's own id of a livestream."""
    return LivestreamId(own.partition(RUN)[0])


def runs_of(known: Iterable[LivestreamId], stream: LivestreamId) -> list[LivestreamId]:
    """Find everything that ran under a provider's id, oldest first.

    Neither provider says whether the next livestream of a room has an id of its own.
    """
    found = [own for own in known if stream_of(own) == stream]
    return sorted(found, key=lambda own: (len(own), own))


def next_run(known: Iterable[LivestreamId], stream: LivestreamId) -> LivestreamId:
    """Name what runs next under a provider's id."""
    before = len(runs_of(known, stream))
    return LivestreamId(f"{stream}{RUN}{before + 1}") if before else stream
