"""A meeting: a room, the stretches of people in it, who was there, and what was recorded."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.company import Company
from bot.domain.ids import (
    CallId,
    ChannelId,
    LivestreamId,
    MeetingId,
    ParticipantId,
    PeerId,
    RecordingId,
    SessionId,
    UserId,
)
from bot.domain.livestream import Livestream
from bot.domain.options import RecordingOptions
from bot.domain.recording import Recording
from bot.domain.roles import Roles

NOBODY_CAME = timedelta(hours=12)
"""A room that nobody has entered for this long no longer stands in the way of a new meeting in its channel."""


def notice_key(kind: str, subject: str) -> str:
    """Name what came to pass; no kind has a ``|`` in it."""
    return f"{kind}|{subject}"


class Status(StrEnum):
    """Where a meeting stands; derived, never stored."""

    CREATED = "created"
    LIVE = "live"
    ENDED = "ended"
    CLOSED = "closed"


class Session(BaseModel):
    """One stretch of people in the room."""

    model_config = ConfigDict(frozen=True)

    id: SessionId
    started_at: datetime | None = None
    ended: bool = False
    ended_at: datetime | None = None
    reason: str | None = None


class Presence(BaseModel):
    """One device of one person in the room; a person who comes back is a new peer."""

    model_config = ConfigDict(frozen=True)

    peer_id: PeerId
    session_id: SessionId | None = None
    person: str | None = None
    name: str | None = None
    joined_at: datetime | None = None
    left: bool = False
    left_at: datetime | None = None

    @property
    def who(self) -> str:
        """Tell people apart: the same person on two devices is one."""
        return self.person or (f"name:{self.name}" if self.name else f"peer:{self.peer_id}")


class Meeting(BaseModel):
    """Everything the bot knows of one meeting; changed only by ``apply``.

    Args:
        id: ``provider:room``.
        title: as people typed it, on one line.
        channel: the Slack channel it was asked for in.
        home: where its thread lives; another place than ``channel`` when that takes no messages from the bot.
        home_because: Slack's word for why the thread moved.
        host: who started it; ``hosted_by`` is who has it now.
        created_at: when.
        invited: people who get a direct message with a way in.
        unreachable: those of them who cannot be written to, and Slack's word for why.
        roles: who hosts it now, who was asked in or taken out since, and which guests have a pass.
        company: what people who were asked in have answered, and what people look like.
        record_on_start: whether the provider records from the first person on.
        record_options: how its recordings are made where none says otherwise.
        notices: what time alone made so, and when, by kind and subject; see ``bot.domain.timeline``.
        calls: the calls that Slack's own cards of this meeting show, and when they were made.
        address: where the doors are that its people go through after signing in; empty where they join and watch by
            private answers, because nobody can sign in here or the bot cannot see who is in the channel.
        awaited_at: when somebody was last given the means to come in.
        checked_at: when the provider was last asked and answered.
        unanswered_at: when the provider was last asked and did not answer.

    """

    model_config = ConfigDict(frozen=True)

    id: MeetingId
    title: str
    channel: ChannelId
    home: ChannelId
    home_because: str | None = None
    host: UserId
    created_at: datetime
    record_on_start: bool = False
    record_options: RecordingOptions | None = None
    invited: tuple[UserId, ...] = ()
    unreachable: dict[UserId, str] = Field(default_factory=dict)
    roles: Roles = Roles()
    company: Company = Company()
    sessions: dict[SessionId, Session] = Field(default_factory=dict)
    presences: dict[PeerId, Presence] = Field(default_factory=dict)
    recordings: dict[RecordingId, Recording] = Field(default_factory=dict)
    livestreams: dict[LivestreamId, Livestream] = Field(default_factory=dict)
    participants: dict[UserId, ParticipantId] = Field(default_factory=dict)
    notices: dict[str, datetime] = Field(default_factory=dict)
    calls: dict[CallId, datetime] = Field(default_factory=dict)
    address: str = ""
    awaited_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: UserId | None = None
    checked_at: datetime | None = None
    unanswered_at: datetime | None = None

    @property
    def status(self) -> Status:
        """Where the meeting stands now."""
        if self.closed_at is not None:
            return Status.CLOSED
        if self.live_sessions or self.inside:
            return Status.LIVE
        return Status.ENDED if self.sessions or self.presences else Status.CREATED

    @property
    def hosted_by(self) -> UserId:
        """Who hosts it now: whoever started it, or to whom it was handed last; nobody who was taken out meanwhile."""
        handed = self.roles.handed
        last = (handed.to, handed.by) if handed else ()
        return next((person for person in last if not self.roles.is_out(person)), self.host)

    @property
    def asked_in(self) -> tuple[UserId, ...]:
        """Everyone who is to have a message of their own: those named at the start, then those who were added."""
        added = sorted(self.roles.added.items(), key=lambda each: (each[1].at, each[0]))
        return tuple(dict.fromkeys((*self.invited, *(person for person, _ in added))))

    @property
    def invited_by_name(self) -> frozenset[UserId]:
        """Those who may come from outside the channel; who was rung with all of it may while they are in it."""
        named = (person for person, added in self.roles.added.items() if not added.with_channel)
        return frozenset((*self.invited, *named))

    @property
    def live_sessions(self) -> list[Session]:
        """The sessions that have not ended."""
        return [session for session in self.sessions.values() if not session.ended]

    @property
    def inside(self) -> list[Presence]:
        """Who is in the room now, by arrival, one entry a device."""
        return [] if self.closed_at else [presence for presence in self.attendance if self._is_inside(presence)]

    def _is_inside(self, presence: Presence) -> bool:
        if presence.left:
            return False
        if presence.session_id:
            return not self.sessions[presence.session_id].ended if presence.session_id in self.sessions else True
        # Told without its session, as older services do: it went with the last session that ended after it began.
        ends = [session.ended_at for session in self.sessions.values() if session.ended and session.ended_at]
        if presence.joined_at and ends:
            return presence.joined_at > max(ends)
        return bool(self.live_sessions) or not self.sessions

    @property
    def empty_since(self) -> datetime | None:
        """When the last person went out; None while somebody is in, where nobody was, and where nobody knows."""
        if self.inside:
            return None
        return max((presence.left_at for presence in self.presences.values() if presence.left_at), default=None)

    @property
    def attendance(self) -> list[Presence]:
        """Everyone who ever was in the room, by arrival."""
        return sorted(self.presences.values(), key=lambda p: (p.joined_at is None, p.joined_at, p.peer_id))

    def recording(self, identity: RecordingId) -> Recording:
        """Give what is known of a recording; of one never heard of, how the meeting has all of them made."""
        return self.recordings.get(identity) or Recording(id=identity, usual=self.record_options)

    @property
    def in_order(self) -> list[Recording]:
        """The recordings, oldest first."""
        return sorted(self.recordings.values(), key=lambda r: (r.began is None, r.began, r.id))

    @property
    def whole(self) -> list[Recording]:
        """The recordings of what everybody saw and heard, oldest first; those of single voices stand beside them."""
        return [recording for recording in self.in_order if not recording.tracks]

    @property
    def active_recording(self) -> Recording | None:
        """The recording that can still be paused or stopped, the newest if there are several."""
        return next((recording for recording in reversed(self.whole) if recording.is_active), None)

    @property
    def active_tracks(self) -> Recording | None:
        """The recording of each person's own sound that can still be stopped."""
        return next((each for each in reversed(self.in_order) if each.tracks and each.is_active), None)

    @property
    def unfinished_recordings(self) -> list[Recording]:
        """The recordings of which more is to be told."""
        return [recording for recording in self.in_order if not recording.is_final]

    def noticed(self, kind: str, subject: str) -> datetime | None:
        """Give when this came to pass, None while it has not."""
        return self.notices.get(notice_key(kind, subject))

    @property
    def broadcasts(self) -> list[Livestream]:
        """The livestreams, oldest first."""
        return sorted(self.livestreams.values(), key=lambda each: (each.began is None, each.began, each.id))

    @property
    def active_livestream(self) -> Livestream | None:
        """The livestream that is not over, the newest if there are several."""
        return next((each for each in reversed(self.broadcasts) if not each.is_final), None)

    @property
    def provider_is_silent(self) -> bool:
        """Whether the provider did not answer the last time it was asked."""
        if self.unanswered_at is None:
            return False
        return self.checked_at is None or self.checked_at < self.unanswered_at

    def is_alive(self, now: datetime) -> bool:
        """Tell whether someone who asks for a meeting in this channel should get this one."""
        if self.status is Status.CREATED:
            return now - self.created_at < NOBODY_CAME
        return self.status is Status.LIVE
