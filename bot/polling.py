"""Asks the provider what is true, so that a webhook that never comes only makes things later."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.apply import apply
from bot.domain.events import Event, ProviderChecked, RecordingUpdated, RoomClosed, SessionEnded, SessionStarted
from bot.domain.ids import MeetingId, RoomId, SessionId, room_of
from bot.domain.meeting import Meeting, Status
from bot.domain.recording import ERRORED, STAGE, UPLOADING_STAGE, Recording
from bot.errors import ProviderError, ProviderNotFound, ProviderRejected
from bot.exchanged import SessionSummary
from bot.happenings import Happenings
from bot.on_air import is_changing, news_of_livestreams, outlived, unsettled
from bot.ports import Provider
from bot.store import MeetingStore

log = logging.getLogger(__name__)

PROMPTED = -1
"""In the place of how often nothing was new: somebody made us ask, so what is found was not missed."""
BACK_OFF = 15
"""How many times slower than at first the provider is asked at most."""
WATCHED = timedelta(hours=24)
"""How long an empty room is still asked about: somebody may go in with a link they already have."""

JUST_ENDED = timedelta(minutes=10)
"""How long who was there is asked for after an end: the webhook of the end may have come and those of people not."""
NOT_LISTED_YET = timedelta(minutes=1)
"""How long a session may be missing from the provider's lists after its start; an end, once told, stays."""


@dataclass(frozen=True, slots=True)
class Next:
    """When to ask again, and how many times in a row nothing was new."""

    seconds: float
    quiet: int


class Polling:
    """What is live or not yet final is asked again until it is final."""

    def __init__(
        self,
        store: MeetingStore,
        happenings: Happenings,
        providers: Providers,
        clock: Clock,
        *,
        every: float,
        missed: Callable[[str], None] = lambda _: None,
        off_air: Callable[[MeetingId], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._happenings = happenings
        self._providers = providers
        self._clock = clock
        self.every = every
        self._missed = missed
        self._off_air = off_air

    async def poll(self, meeting_id: MeetingId, quiet: int) -> Next | None:
        """Ask the provider about one meeting and take in what it says; None when there is nothing left to ask.

        Args:
            meeting_id: which meeting.
            quiet: how many times in a row nothing was new, or ``PROMPTED``.

        """
        saved = await self._store.get(meeting_id)
        if saved is None:
            return None
        news = await self._news(saved.meeting)
        changed = await self._happenings.tell(meeting_id, *news) if news else None
        if changed and quiet != PROMPTED and told_by_webhooks(changed.before) != told_by_webhooks(changed.after):
            log.info("%s: a poll found what no webhook had told", meeting_id)
            self._missed(meeting_id.partition(":")[0])
        after = await self._store.get(meeting_id)
        # Whoever else told something meanwhile has asked for the next poll to be soon, and this one comes in its place.
        quiet = max(quiet, 0) + 1 if after and after.version == saved.version else 0
        if after and self._off_air and outlived(after.meeting):
            await self._off_air(meeting_id)
        if after is None or not self.is_watched(after.meeting):
            return None
        quiet = 0 if is_changing(after.meeting) else quiet
        return Next(self.every * min(BACK_OFF, 2**quiet), quiet)

    def is_watched(self, meeting: Meeting) -> bool:
        """Tell whether anything may still happen in a meeting that nobody would tell us."""
        recent = self._clock() - last_seen(meeting) < WATCHED
        if meeting.status is Status.CLOSED:
            return recent and bool(meeting.live_sessions or meeting.unfinished_recordings or unsettled(meeting))
        unfinished = bool(meeting.unfinished_recordings or meeting.active_livestream)
        return recent or meeting.status is Status.LIVE or unfinished

    async def _news(self, meeting: Meeting) -> list[Event]:
        try:
            told = await self._ask(meeting)
        except ProviderError as failure:
            log.warning("no answer for %s: %s", meeting.id, failure)
            return await self._silence(meeting)
        now = await self._store.note_check(meeting.id)
        back = [ProviderChecked(now, answered=True)] if meeting.provider_is_silent else []
        return back + told if back or is_new(meeting, told) else []

    async def _silence(self, meeting: Meeting) -> list[Event]:
        if meeting.provider_is_silent:
            return []
        seen = await self._store.last_check(meeting.id)
        before: list[Event] = [ProviderChecked(seen, answered=True)] if seen else []
        return [*before, ProviderChecked(self._clock(), answered=False)]

    async def _ask(self, meeting: Meeting) -> list[Event]:
        """Ask about people and about recordings; one that the provider will not tell does not hide the other.

        Raises:
            ProviderError: the provider does not answer, or tells neither.

        """
        provider, room = self._providers.of(meeting.id), room_of(meeting.id)
        told: list[Event] = []
        refusals: list[ProviderRejected] = []
        questions = [self._sessions, self._recordings]
        if meeting.status in {Status.CREATED, Status.ENDED}:
            questions.append(self._room)
        if unsettled(meeting):
            questions.append(self._livestreams)
        for question in questions:
            try:
                told += await question(provider, meeting, room)
            except ProviderRejected as refusal:
                log.warning("no news of %s: %s", meeting.id, refusal)
                refusals.append(refusal)
        if len(refusals) == len(questions):
            raise refusals[0]
        return told

    async def _room(self, provider: Provider, meeting: Meeting, room: RoomId) -> list[Event]:
        """See whether an empty room was closed elsewhere, as in the provider's dashboard."""
        if (await provider.get_meeting(room)).active:
            return []
        log.info("%s was closed elsewhere", meeting.id)
        return [RoomClosed(self._clock())]

    async def _sessions(self, provider: Provider, meeting: Meeting, room: RoomId) -> list[Event]:
        events: list[Event] = []
        listed = {session.session_id: session for session in await provider.list_sessions(room)}
        live = await provider.active_session(room)
        if live:
            events.append(SessionStarted(live.session_id, live.started_at))
        for session in listed.values():
            known = meeting.sessions.get(session.session_id)
            if known is None or not known.ended or self._clock() - (known.ended_at or last_seen(meeting)) < JUST_ENDED:
                events += await self._session(provider, session)
        if live and live.session_id not in listed:
            events += await provider.session_participants(live.session_id)
        return events + self._vanished(meeting, set(listed) | ({live.session_id} if live else set()))

    async def _session(self, provider: Provider, session: SessionSummary) -> list[Event]:
        people = await provider.session_participants(session.session_id)
        if session.ended:
            ended = SessionEnded(session.session_id, at=session.ended_at, started_at=session.started_at)
            return [*people, ended]
        return [SessionStarted(session.session_id, session.started_at), *people]

    def _vanished(self, meeting: Meeting, seen: set[SessionId]) -> list[Event]:
        """End the sessions that the provider does not know any more; a young one it may not know yet."""
        now = self._clock()
        return [
            SessionEnded(session.id, at=now)
            for session in meeting.live_sessions
            if session.id not in seen and not (session.started_at and now - session.started_at < NOT_LISTED_YET)
        ]

    async def _recordings(self, provider: Provider, meeting: Meeting, room: RoomId) -> list[Event]:
        listed = await provider.list_recordings(room)
        seen = {report.recording_id for report in listed}
        missing = [recording for recording in meeting.unfinished_recordings if recording.id not in seen]
        looked_for = [await self._one(provider, recording) for recording in missing]
        return [*listed, *looked_for, *await self._reasons(provider, meeting, listed)]

    async def _reasons(
        self, provider: Provider, meeting: Meeting, listed: list[RecordingUpdated]
    ) -> list[RecordingUpdated]:
        """Ask why a recording began or ended; whoever is not told that still knows that it did."""
        with suppress(ProviderError):
            unexplained = [report.recording_id for report in listed if lacks_a_reason(meeting, report)]
            return [await provider.get_recording(recording) for recording in unexplained]
        return []

    async def _livestreams(self, provider: Provider, meeting: Meeting, room: RoomId) -> list[Event]:
        del room
        return await news_of_livestreams(provider, meeting, self._clock())

    async def _one(self, provider: Provider, recording: Recording) -> RecordingUpdated:
        try:
            return await provider.get_recording(recording.id)
        except ProviderNotFound:
            return RecordingUpdated(recording.id, ERRORED, observed_at=self._clock())


def lacks_a_reason(meeting: Meeting, report: RecordingUpdated) -> bool:
    """Tell whether nobody said yet whose doing a recording or its end is: lists leave it out (OpenAPI)."""
    known = meeting.recording(report.recording_id)
    if known.is_final:
        return False
    begun = report.start_reason or known.start_reason or known.first("start")
    ended = report.stop_reason or known.stop_reason or known.last("stop")
    return not begun or (STAGE.get(report.status, 0) >= UPLOADING_STAGE and not ended)


def is_new(meeting: Meeting, events: list[Event]) -> bool:
    """Tell whether events change anything but the time at which a recording was last seen to be as it was."""
    return _quietly(reduce(apply, events, meeting)) != _quietly(meeting)


def told_by_webhooks(meeting: Meeting) -> tuple[object, ...]:
    """Give of a meeting what webhooks tell too: not pauses, of which there are none, and no details."""
    sessions = {session.id: session.ended for session in meeting.sessions.values()}
    people = {presence.peer_id: presence.left for presence in meeting.presences.values()}
    recordings = {recording.id: recording.stage for recording in meeting.recordings.values()}
    return sessions, people, recordings, {each.id: each.stage for each in meeting.livestreams.values()}


def _quietly(meeting: Meeting) -> Meeting:
    """Give a meeting without the times of observation, which move with every poll and mean nothing to people."""
    recordings = {
        key: each.model_copy(update={"running_at": None, "seen": ()}) for key, each in meeting.recordings.items()
    }
    return meeting.model_copy(update={"recordings": recordings})


def last_seen(meeting: Meeting) -> datetime:
    """Give the last time at which something is known to have happened in a meeting."""
    times = [meeting.created_at, meeting.closed_at, meeting.awaited_at]
    times += [at for session in meeting.sessions.values() for at in (session.started_at, session.ended_at)]
    times += [at for presence in meeting.presences.values() for at in (presence.joined_at, presence.left_at)]
    times += [at for recording in meeting.recordings.values() for at in (recording.began, recording.stopped_at)]
    times += [at for livestream in meeting.livestreams.values() for at in (livestream.began, livestream.stopped_at)]
    return max(at for at in times if at is not None)
