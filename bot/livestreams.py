"""Showing a meeting to the public and taking it off the air again; one livestream at a time, and once a wish."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from bot.choice import Providers
from bot.clock import Clock
from bot.deeds import Deed, note, recall
from bot.domain.ids import LivestreamId, MeetingId, UserId, room_of
from bot.domain.livestream import Livestream, stream_of
from bot.domain.livestream_events import LivestreamActed, LivestreamUpdated
from bot.domain.meeting import Meeting, Status
from bot.domain.ours import SKEW
from bot.domain.rules import Act
from bot.doubt import in_doubt
from bot.errors import (
    LivestreamActive,
    MeetingClosed,
    NoLivestream,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
    ProviderUnavailable,
)
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import provider_lock_key
from bot.locks import Locks
from bot.on_air import OFF, SETTLING, as_run, news_of_livestreams, on_air_now, outlived, take_off_air
from bot.permissions import Permissions
from bot.store import MeetingStore
from bot.views.blocks import escape
from bot.views.words import title

log = logging.getLogger(__name__)

FORBIDDEN = 403


class Livestreams:
    """What can be done with livestreams."""

    def __init__(
        self,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        permissions: Permissions,
        clock: Clock,
    ) -> None:
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._permissions = permissions
        self._clock = clock

    async def start(self, wish: Wish, meeting_id: MeetingId, by: UserId) -> Livestream:
        """Ask for the meeting to be shown to the public.

        Raises:
            LivestreamActive: it is shown already; the thread has it.
            MeetingClosed: there is nothing left to show.
            NotAllowed: they may not go live here.
            NoLivestream: the provider will not do it; its words are in the text.
            ProviderError: nothing was started.

        """
        async with self._locks.hold(provider_lock_key(meeting_id)):
            done = await recall(wish, "start")
            if done:
                return await self._acted_before(done, "start", by)
            meeting = await self._caught_up(await self._store.meeting(meeting_id))
            if meeting.status is Status.CLOSED:
                raise MeetingClosed(f"“{title(meeting)}” was ended for everyone, so there is nothing to show.")
            await self._permissions.insist(by, Act.LIVE, meeting)
            report = await self._begin(wish, meeting)
            acted = await self._acted(wish, "start", meeting_id, report.livestream_id, by)
            changed = await self._happenings.tell(meeting_id, report, acted)
        return (changed.after if changed else meeting).livestreams[report.livestream_id]

    async def _begin(self, wish: Wish, meeting: Meeting) -> LivestreamUpdated:
        """Start a livestream at the provider unless one runs; what an earlier try of this wish started is ours."""
        asked_before = await wish.recall("asked")
        with in_doubt(whether=bool(asked_before)):
            running = await self._running(meeting)
            if running and asked_before and self._is_nobodys(meeting, running):
                return running
            if running:
                return await self._refuse(meeting, running)
            made = await self._made_since(datetime.fromisoformat(asked_before), meeting) if asked_before else None
        if made:
            return made
        await wish.remember("asked", self._clock().isoformat())
        try:
            made = await self._providers.of(meeting.id).start_livestream(room_of(meeting.id), meeting.title)
        except ProviderError as failure:
            # The answer may be lost and the livestream running, or somebody elsewhere was faster: look before telling.
            with in_doubt(whether=failure.unclear):
                running = await self._running(meeting, at_once=isinstance(failure, ProviderUnavailable))
            if running is None:
                raise _kindly(failure) from failure
            if isinstance(failure, ProviderUnavailable):
                return running
            return await self._refuse(meeting, running)
        return as_run(meeting, made)

    async def _running(self, meeting: Meeting, *, at_once: bool = False) -> LivestreamUpdated | None:
        """Find what is on air, or about to be; ``at_once`` where it may have begun right after an end."""
        active = await self._providers.of(meeting.id).active_livestream(room_of(meeting.id))
        shown = on_air_now(meeting, active, self._clock() - (timedelta() if at_once else SETTLING))
        if shown:
            return shown
        awaited = meeting.active_livestream
        return LivestreamUpdated(awaited.id, awaited.status) if awaited else None

    def _is_nobodys(self, meeting: Meeting, running: LivestreamUpdated) -> bool:
        known = meeting.livestreams.get(running.livestream_id)
        return known is None or known.first("start") is None

    async def _made_since(self, asked_at: datetime, meeting: Meeting) -> LivestreamUpdated | None:
        """Find what an earlier try started and is over by now: it is not to be started once more."""
        provider, room = self._providers.of(meeting.id), room_of(meeting.id)
        young = await provider.livestreams_since(room, asked_at - SKEW)
        return next((each for each in young if self._is_nobodys(meeting, each)), None)

    async def _refuse(self, meeting: Meeting, running: LivestreamUpdated) -> LivestreamUpdated:
        await self._happenings.tell(meeting.id, running)
        raise LivestreamActive("This meeting is being shown to the public already; the thread says where to watch.")

    async def stop(
        self, wish: Wish, meeting_id: MeetingId, livestream_id: LivestreamId | None, by: UserId
    ) -> Livestream:
        """Take a livestream off the air; the one that runs where none is named.

        Raises:
            NotAllowed: they may not stop it.
            NoLivestream: it is not running; the text says what is true now.
            ProviderError: the public may still be watching.

        """
        async with self._locks.hold(provider_lock_key(meeting_id)):
            done = await recall(wish, "stop")
            if done:
                return await self._acted_before(done, "stop", by)
            meeting = await self._caught_up(await self._store.meeting(meeting_id))
            livestream = _chosen(meeting, livestream_id)
            await self._permissions.insist(by, Act.LIVE, meeting)
            # What an earlier try of this wish has stopped is not to be told as somebody else's doing.
            tried = await wish.recall("stopping")
            if not await self._taken_off(wish, meeting, livestream) and not tried:
                raise NoLivestream(what_is_true(livestream))
            acted = await self._acted(wish, "stop", meeting_id, livestream.id, by)
            changed = await self._happenings.tell(meeting_id, acted)
            meeting = changed.after if changed else meeting
            with suppress(ProviderError):  # it is stopped; how far it is by now, polling finds
                meeting = await self._caught_up(meeting)
        return meeting.livestreams[livestream.id]

    async def _taken_off(self, wish: Wish, meeting: Meeting, livestream: Livestream) -> bool:
        if livestream.is_final:
            return False
        provider, room = self._providers.of(meeting.id), room_of(meeting.id)
        active = await provider.active_livestream(room)
        if active and active.status not in OFF and active.livestream_id != stream_of(livestream.id):
            return False
        await wish.remember("stopping", livestream.id)
        return await take_off_air(provider, room)

    async def stop_outlived(self, meeting_id: MeetingId) -> None:
        """Take a livestream off the air whose room everyone has left; what fails is tried again at the next poll."""
        async with self._locks.hold(provider_lock_key(meeting_id)):
            meeting = await self._store.meeting(meeting_id)
            if outlived(meeting) is None:
                return
            try:
                await take_off_air(self._providers.of(meeting_id), room_of(meeting_id))
                await self._caught_up(meeting)
            except ProviderError as trouble:
                log.warning("the livestream of %s goes on although nobody is there: %s", meeting_id, trouble)

    async def _caught_up(self, meeting: Meeting) -> Meeting:
        """Learn what became of the livestreams that are not settled."""
        news = await news_of_livestreams(self._providers.of(meeting.id), meeting, self._clock())
        changed = await self._happenings.tell(meeting.id, *news) if news else None
        return changed.after if changed is not None else meeting

    async def _acted(
        self, wish: Wish, action: str, meeting_id: MeetingId, own: LivestreamId, by: UserId
    ) -> LivestreamActed:
        """Write down that the provider took this wish, so that another try tells the same and does no more."""
        deed = await note(wish, action, Deed(meeting_id, own, self._clock()))
        return LivestreamActed(own, action, by, deed.at)

    async def _acted_before(self, done: Deed, action: str, by: UserId) -> Livestream:
        """Only tell what this wish did; how far the livestream is by now, polling finds."""
        acted = LivestreamActed(LivestreamId(done.own), action, by, done.at)
        await self._happenings.tell(done.meeting, acted)
        return (await self._store.meeting(done.meeting)).livestreams[acted.livestream_id]


def _chosen(meeting: Meeting, livestream_id: LivestreamId | None) -> Livestream:
    livestream = meeting.livestreams.get(livestream_id) if livestream_id else meeting.active_livestream
    if livestream is None:
        raise NoLivestream("This meeting is not shown to the public. Go live with `/meet live`.")
    return livestream


def _kindly(failure: ProviderError) -> Exception:
    """Say in the provider's words why it will not go live: the right, or the plan, may not have it."""
    if isinstance(failure, ProviderRefused) and failure.status != FORBIDDEN:
        return failure
    if not isinstance(failure, ProviderRefused | ProviderRejected):
        return failure
    return NoLivestream(
        f"The video service will not show this meeting to the public ({escape(str(failure)).rstrip('.')}). "
        "Livestreams may not be part of your plan there: please ask whoever runs Greenroom."
    )


def what_is_true(livestream: Livestream) -> str:
    """Say how far a livestream is, to somebody whose click came too late."""
    words = {
        "INVOKED": "The livestream is still starting; try again in a moment.",
        "LIVE": "The livestream is still on air; try again in a moment.",
        "OFFLINE": "The livestream has ended already.",
        "ERRORED": "The livestream has failed already; nobody can watch any more.",
    }
    return words[livestream.status]
