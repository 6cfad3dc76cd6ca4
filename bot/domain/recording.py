"""A recording: how far it is, who asked for what, and what is known of its file."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.audience import Hiding, Viewing, decided, watched
from bot.domain.events import RecordingActed, RecordingHidden, RecordingPlanned, RecordingUpdated, RecordingWatched
from bot.domain.ids import RecordingId, SessionId, UserId
from bot.domain.merge import earliest, either, largest, latest
from bot.domain.options import RecordingOptions

INVOKED, RECORDING, PAUSED, UPLOADING, ERRORED, UPLOADED = (
    "INVOKED",
    "RECORDING",
    "PAUSED",
    "UPLOADING",
    "ERRORED",
    "UPLOADED",
)
"""The providers' words (RealtimeKit API, Recordings, ``status``)."""

STAGE = {INVOKED: 0, RECORDING: 1, PAUSED: 1, UPLOADING: 2, ERRORED: 3, UPLOADED: 4}
"""A recording only ever moves to a higher stage. UPLOADED stands above ERRORED so that two contradicting last words
give one answer in every order: a file that exists is the one that people can use."""

RUNNING = 1
UPLOADING_STAGE = 2
LAST = 3


class Act(BaseModel):
    """Something a person asked for, and when."""

    model_config = ConfigDict(frozen=True)

    action: str
    by: UserId
    at: datetime


class Recording(BaseModel):
    """What is known of one recording; new reports are merged in, in any order."""

    model_config = ConfigDict(frozen=True)

    id: RecordingId
    stage: int = 0
    running: str = ""
    running_at: datetime | None = None
    invoked_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    seconds: int | None = None
    size: int | None = None
    audio: bool = False
    expires_at: datetime | None = None
    stop_reason: str | None = None
    start_reason: str | None = None
    session_id: SessionId | None = None
    carried: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    options: RecordingOptions | None = None
    tracks: bool = False
    hiding: Hiding | None = None
    viewers: dict[UserId, Viewing] = Field(default_factory=dict)

    @property
    def status(self) -> str:
        """The provider's word for how far it is."""
        if self.stage == RUNNING:
            return self.running or RECORDING
        return next(word for word, stage in STAGE.items() if stage == self.stage)

    @property
    def is_active(self) -> bool:
        """Whether it can still be stopped."""
        return self.stage <= RUNNING

    @property
    def is_hidden(self) -> bool:
        """Whether its channel is not to see it."""
        return self.hiding is not None and self.hiding.hidden

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come of it."""
        return self.stage >= LAST

    def last(self, action: str) -> Act | None:
        """Give the latest act of this kind."""
        return max((act for act in self.acts if act.action == action), key=lambda act: (act.at, act.by), default=None)

    def first(self, action: str) -> Act | None:
        """Give the earliest act of this kind."""
        return min((act for act in self.acts if act.action == action), key=lambda act: (act.at, act.by), default=None)

    @property
    def paused_by(self) -> Act | None:
        """Who paused it, if that is the last that was asked."""
        pause, resume = self.last("pause"), self.last("resume")
        return pause if pause and (resume is None or resume.at < pause.at) else None

    @property
    def duration(self) -> int | None:
        """Length in seconds: the file's where it is known, else from start to stop."""
        if self.seconds is not None:
            return self.seconds
        if self.started_at is None or self.stopped_at is None:
            return None
        return max(0, int((self.stopped_at - self.started_at).total_seconds()))

    @property
    def began(self) -> datetime | None:
        """When it began, as far as is known; recordings are told in this order."""
        return self.invoked_at or self.started_at or self.stopped_at

    def merged(self, report: RecordingUpdated) -> Self:
        """Take in what the provider says, never going back a stage."""
        stage = STAGE.get(report.status)
        return self.model_copy(
            update={
                "stage": max(self.stage, stage or 0),
                **self._running(report),
                "invoked_at": earliest(self.invoked_at, report.invoked_at),
                "started_at": earliest(self.started_at, report.started_at),
                "stopped_at": latest(self.stopped_at, report.stopped_at),
                "seconds": largest(self.seconds, report.seconds),
                "size": largest(self.size, report.size),
                "audio": self.audio or report.audio,
                "expires_at": latest(self.expires_at, report.expires_at),
                "stop_reason": either(self.stop_reason, report.stop_reason),
                "start_reason": either(self.start_reason, report.start_reason),
                "session_id": either(self.session_id, report.session_id),
                "tracks": self.tracks or report.tracks,
                "carried": self.carried if stage is not None else tuple(sorted({*self.carried, report.status})),
            }
        )

    def _running(self, report: RecordingUpdated) -> dict[str, object]:
        """Tell RECORDING from PAUSED, which share a stage, by which was observed last."""
        if STAGE.get(report.status) != RUNNING:
            return {}
        # A report without a time counts only while nothing better is known; of two at once the same one always wins.
        never = float("-inf")
        known = (self.running_at.timestamp() if self.running_at else never, self.running)
        told = (report.observed_at.timestamp() if report.observed_at else never, report.status)
        return {"running": max(known, told)[1], "running_at": latest(self.running_at, report.observed_at)}

    def acted(self, event: RecordingActed) -> Self:
        """Remember who asked for what."""
        act = Act(action=event.action, by=event.by, at=event.at)
        acts = {*self.acts, act}
        return self.model_copy(update={"acts": tuple(sorted(acts, key=lambda a: (a.at, a.action, a.by)))})

    def watched(self, event: RecordingWatched) -> Self:
        """Remember who was given a link to it."""
        return self.model_copy(update={"viewers": watched(self.viewers, event.by, event.at)})

    def hid(self, event: RecordingHidden) -> Self:
        """Remember whether the channel is to see it; what was decided last counts."""
        told = Hiding(at=event.at, by=event.by, hidden=event.hidden)
        return self.model_copy(update={"hiding": decided(self.hiding, told)})

    def planned(self, event: RecordingPlanned) -> Self:
        """Remember how it was asked for; of two answers always the same one, whichever came first."""
        known = [options for options in (self.options, event.options) if options is not None]
        return self.model_copy(update={"options": min(known, key=lambda options: options.model_dump_json())})
