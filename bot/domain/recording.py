"""A recording: how far it is, who asked for what, and what is known of its file."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.acts import GOES_ON, Act, Off, going_on, sightings
from bot.domain.audience import Hiding, Viewing, decided, watched
from bot.domain.events import (
    OffTheRecord,
    RecordingActed,
    RecordingHidden,
    RecordingMarked,
    RecordingPlanned,
    RecordingUpdated,
    RecordingWatched,
)
from bot.domain.ids import RecordingId, SessionId, UserId
from bot.domain.merge import earliest, either, largest, latest
from bot.domain.moments import Moment
from bot.domain.options import LONGEST, RecordingOptions
from bot.domain.pauses import Pause, Seen, pauses_among, stood_still, witnessed

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

NEARLY = timedelta(seconds=5)
"""How much earlier than at its limit a recording may stop to have reached it."""

RUNNING = 1
UPLOADING_STAGE = 2
LAST = 3


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
    started_by: str | None = None
    stopped_by: str | None = None
    session_id: SessionId | None = None
    carried: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    options: RecordingOptions | None = None
    usual: RecordingOptions | None = None
    tracks: bool = False
    hiding: Hiding | None = None
    viewers: dict[UserId, Viewing] = Field(default_factory=dict)
    seen: tuple[Seen, ...] = ()
    offs: tuple[Off, ...] = ()
    marks: tuple[Moment, ...] = ()
    part_of: RecordingId | None = None

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
        pause = self.last("pause")
        return pause if pause and not any(act.action in GOES_ON and act.at >= pause.at for act in self.acts) else None

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """When it stood still: as people asked for it, and as the provider was seen to do."""
        seen = [*self.seen, *sightings(self.acts, self.offs)]
        return pauses_among(seen, started_at=self.started_at, stopped_at=self.stopped_at)

    @property
    def off(self) -> Off | None:
        """The time off the record that goes on now; whatever people did to the recording since then has ended it."""
        return going_on(self.offs, self.acts, self.seen) if self.status == PAUSED else None

    @property
    def chosen(self) -> RecordingOptions:
        """How it is made: as was asked, else as its meeting has all of them; of single voices nothing is chosen."""
        usual = None if self.tracks else self.usual
        return self.options or usual or RecordingOptions()

    @property
    def once_more(self) -> RecordingOptions:
        """How another one is made that is to be like it."""
        return self.options.once_more() if self.options else self.chosen

    @property
    def limit(self) -> timedelta:
        """The longest it may become: as it was asked for, else as the provider has it (OpenAPI, ``max_seconds``)."""
        return timedelta(seconds=self.chosen.max_seconds or LONGEST)

    @property
    def reached_limit(self) -> bool:
        """Whether it ran as long as it may.

        Neither provider says whether pauses count; both let a recording run "for ``max_seconds``", so by the clock.
        """
        if self.started_at is None or self.stopped_at is None:
            return (self.seconds or 0) >= self.limit.total_seconds()
        return self.stopped_at - self.started_at >= self.limit - NEARLY

    @property
    def duration(self) -> int | None:
        """Length in seconds: the file's where there is one, else from start to stop without the pauses.

        What a provider said while it recorded was 0, or what it had by then: no file's length, and too little.
        """
        if self.started_at is None or self.stopped_at is None or (self.seconds and self.status == UPLOADED):
            return self.seconds
        still = stood_still(self.pauses, until=self.stopped_at)
        return max(self.seconds or 0, int((self.stopped_at - self.started_at - still).total_seconds()))

    @property
    def began(self) -> datetime | None:
        """When it began, as far as is known; recordings are told in this order."""
        return self.invoked_at or self.started_at or self.stopped_at

    @property
    def asked_at(self) -> datetime | None:
        """When it was asked for, as far as is known."""
        asked = self.first("start")
        return self.invoked_at or (asked.at if asked else None)

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
                "started_by": either(self.started_by, report.started_by),
                "stopped_by": either(self.stopped_by, report.stopped_by),
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
        sighting = [Seen(at=report.observed_at, paused=report.status == PAUSED)] if report.observed_at else []
        return {
            "running": max(known, told)[1],
            "running_at": latest(self.running_at, report.observed_at),
            "seen": witnessed(self.seen, *sighting),
        }

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

    def went_off(self, event: OffTheRecord) -> Self:
        """Remember who went off the record, and until when."""
        offs = {*self.offs, Off(by=event.by, at=event.at, until=event.until)}
        return self.model_copy(update={"offs": tuple(sorted(offs, key=lambda off: (off.at, off.until, off.by)))})

    def marked(self, event: RecordingMarked) -> Self:
        """Remember a moment; the same one twice is one."""
        marks = {*self.marks, Moment(at=event.at, by=event.by, text=event.text)}
        return self.model_copy(update={"marks": tuple(sorted(marks, key=lambda mark: (mark.at, mark.by, mark.text)))})

    def continues(self, other: RecordingId) -> Self:
        """Remember which broken-off recording it goes on with."""
        return self.model_copy(update={"part_of": either(self.part_of, other)})
