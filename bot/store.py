"""Meetings in Redis: read, changed through a pure function, and never overwritten by someone who is behind.

A meeting lies there as it was last written whole, with the events behind it that were told since (``append``): they
merge in any order, so whoever tells one need not know what others tell meanwhile. Whoever reads takes in both.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from redis.asyncio import Redis

from bot.clock import Clock
from bot.domain.apply import apply
from bot.domain.events import Event
from bot.domain.ids import ChannelId, LivestreamId, MeetingId, RecordingId
from bot.domain.meeting import Meeting
from bot.errors import NoMeetingHere, StoreBusy, WrittenByNewer
from bot.keys import as_text, channel_key, livestream_key, meeting_key, posts_key, recording_key
from bot.known import Known, Memory
from bot.lagging import TTL, Lagging
from bot.news import written
from bot.owners import owned
from bot.recording_index import additions
from bot.store_scripts import APPEND, FOLD, SAVE, SETTLE
from bot.together import Command, Together

log = logging.getLogger(__name__)

ATTEMPTS = 60

FOLD_AT = 4096
"""Bytes of events behind a meeting from which on they are folded into it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A meeting as it was read.

    Args:
        meeting: the meeting.
        version: grows with every change.
        rendered: the version that its thread shows.
        whole: whether all of it was understood; where it was not, only events may be put behind it.

    """

    meeting: Meeting
    version: int
    rendered: int
    whole: bool = True

    @property
    def is_stale(self) -> bool:
        """Whether the thread is behind the meeting."""
        return self.version != self.rendered


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did; ``before is after`` where it did nothing."""

    before: Meeting
    after: Meeting

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return self.before is not self.after


class MeetingStore:
    """The only way to a meeting.

    Args:
        redis: where meetings are.
        clock: the time.
        shared: the same, for what several callers ask at the same moment; it may be without limits of time.

    """

    def __init__(self, redis: Redis, clock: Clock, shared: Redis | None = None) -> None:
        self._redis = redis
        self._together = Together(shared or redis)
        self._known = Known()
        self._lagging = Lagging(redis, clock)
        self._clock = clock
        self._settle = redis.register_script(SETTLE)

    async def get(self, meeting_id: MeetingId) -> Saved | None:
        """Read a meeting; None where it is unknown or forgotten."""
        [found] = await self._together.ask(("HMGET", meeting_key(meeting_id), "version", "rendered", "json", "news"))
        version, rendered, json, news = found
        if version is None or json is None:
            return None
        known = self._known.parse(meeting_id, int(version), json, news or b"")
        return Saved(known.meeting, int(version), int(rendered or 0), known.whole)

    async def meeting(self, meeting_id: MeetingId) -> Meeting:
        """Give a meeting that somebody asks for.

        Raises:
            NoMeetingHere: it is unknown or forgotten.

        """
        saved = await self.get(meeting_id)
        if saved is None:
            raise NoMeetingHere("That meeting was too long ago, I do not remember it. Start a new one with `/meet`.")
        return saved.meeting

    async def add(self, meeting: Meeting) -> None:
        """Write a new meeting down; one that is there already is left as it is."""
        await self._write(meeting, expected="")

    async def update(self, meeting_id: MeetingId, change: Callable[[Meeting], Meeting]) -> Changed | None:
        """Change a meeting and mark its thread stale, in one step that nobody can come between.

        Args:
            meeting_id: which meeting; None comes back where it is unknown.
            change: a pure function, called again when somebody else was faster.

        Raises:
            StoreBusy: somebody else was faster every time.
            WrittenByNewer: it holds what this replica does not understand, and would leave out.

        """
        for attempt in range(ATTEMPTS):
            saved = await self.get(meeting_id)
            if saved is None:
                return None
            after = change(saved.meeting)
            if after == saved.meeting:
                return Changed(saved.meeting, saved.meeting)
            if not saved.whole:
                raise WrittenByNewer(f"{meeting_id} was written by a newer replica, and is not to be written over")
            if await self._write(after, expected=str(saved.version), before=saved.meeting):
                return Changed(saved.meeting, after)
            await asyncio.sleep(random.uniform(0, 0.002 * min(attempt + 1, 25)))  # noqa: S311 - only spreads replicas
        raise StoreBusy(f"{meeting_id} changed {ATTEMPTS} times while it was being changed")

    async def tell(self, meeting_id: MeetingId, events: Sequence[Event]) -> Changed | None:
        """Have events merged into a meeting as it is now; raises as ``update``, but for what a newer replica wrote.

        What is not understood here is not written over: the events are put behind it, for a newer replica to fold in.
        """
        change = _merging(events)
        try:
            return await self.update(meeting_id, change)
        except WrittenByNewer:
            saved = await self.get(meeting_id)
        if saved is None:
            return None
        after = change(saved.meeting)
        behind = await self._put_behind(saved.meeting, after, written(events), change)
        return None if behind is None else Changed(saved.meeting, after)

    async def append(self, meeting_id: MeetingId, events: Sequence[Event]) -> Changed | None:
        """Have events merged into a meeting and mark its thread stale, in one step, whatever others do meanwhile.

        What a meeting was when this process last saw it is enough to tell that an event is news. That it is none is
        not believed before Redis was asked.

        Args:
            meeting_id: which meeting; None comes back where it is unknown.
            events: such as merge in any order, any number of times.

        Returns:
            What the events did, as far as is known here.

        """
        change, seen = _merging(events), self._known.recall(meeting_id)
        after = change(seen.meeting) if seen else None
        if seen is None or after is None or after == seen.meeting:
            return await self.tell(meeting_id, events)
        behind = await self._put_behind(seen.meeting, after, written(events), change)
        if behind is None:
            return None
        if behind > FOLD_AT:
            await self._fold(meeting_id)
        return Changed(seen.meeting, after)

    async def _put_behind(
        self, seen: Meeting, after: Meeting, news: bytes, change: Callable[[Meeting], Meeting]
    ) -> int | None:
        """Put events behind a meeting; gives the bytes of all that are there, None where it is not there any more."""
        now, keys = self._clock(), (meeting_key(seen.id), posts_key(seen.id))
        append = ("EVAL", APPEND, len(keys), *keys, news, TTL, now.timestamp())
        *_, told = await self._together.ask(*self._lagging.commands(seen), *_indexed(seen, after, now), append)
        self._lagging.noted(seen.id, now)
        if told is None:
            return None
        version, behind = told
        known = self._known.recall(seen.id)
        if known and known.version == version - 1:
            merged = after if known.meeting is seen else change(known.meeting)
            self._known.keep(seen.id, Memory(version, known.json, known.news + news, merged, known.whole))
        return int(behind)

    async def _fold(self, meeting_id: MeetingId) -> None:
        saved = await self.get(meeting_id)
        if saved is None or not saved.whole:
            return
        json = _json(saved.meeting)
        command = ("EVAL", FOLD, 1, meeting_key(meeting_id), str(saved.version), json)
        [folded] = await self._together.ask(command)
        if folded:
            self._known.keep(meeting_id, Memory(saved.version, json, b"", saved.meeting))

    async def _write(self, meeting: Meeting, *, expected: str, before: Meeting | None = None) -> bool:
        now, json, keys = self._clock(), _json(meeting), (meeting_key(meeting.id), posts_key(meeting.id))
        indexed = [*self._lagging.commands(meeting), *_indexed(before, meeting, now)]
        save = ("EVAL", SAVE, len(keys), *keys, expected, json, TTL, now.timestamp())
        *_, saved = await self._together.ask(*indexed, save)
        self._lagging.noted(meeting.id, now)
        if saved:
            self._known.keep(meeting.id, Memory(int(expected or 0) + 1, json, b"", meeting))
        return bool(saved)

    async def meeting_of(self, provider: str, recording: RecordingId) -> MeetingId | None:
        """Find the meeting that a recording belongs to."""
        found = await self._redis.get(recording_key(provider, recording))
        return MeetingId(as_text(found)) if found else None

    async def shown_by(self, provider: str, livestream: LivestreamId) -> MeetingId | None:
        """Find the meeting that a livestream shows."""
        found = await self._redis.get(livestream_key(provider, livestream))
        return MeetingId(as_text(found)) if found else None

    async def settle(self, meeting_id: MeetingId, version: int) -> float | None:
        """Note that the thread shows this version; a newer one stays stale.

        Returns:
            The seconds for which the thread was behind; None where it was not, or nobody knows since when.

        """
        now = self._clock().timestamp()
        behind = await self._settle(keys=[meeting_key(meeting_id)], args=[version, now])
        return max(0.0, now - float(behind)) if behind else None

    async def distrust(self, meeting_id: MeetingId) -> None:
        """Mark a thread stale although the meeting did not change."""
        await self._redis.hset(meeting_key(meeting_id), "rendered", 0)
        await self._redis.hsetnx(meeting_key(meeting_id), "behind", str(self._clock().timestamp()))
        await self._redis.expire(meeting_key(meeting_id), TTL)

    async def note_check(self, meeting_id: MeetingId) -> datetime:
        """Note that the provider was asked and answered just now; gives the time. The thread does not show it."""
        now = self._clock()
        await self._redis.hset(meeting_key(meeting_id), "checked", now.isoformat())
        await self._redis.expire(meeting_key(meeting_id), TTL)
        return now

    async def last_check(self, meeting_id: MeetingId) -> datetime | None:
        """Tell when the provider was last asked and answered."""
        found = await self._redis.hget(meeting_key(meeting_id), "checked")
        return datetime.fromisoformat(as_text(found)) if found else None

    async def stale(self) -> list[MeetingId]:
        """Find every meeting whose thread is behind."""
        return await self._lagging.stale()

    async def behind(self) -> list[float]:
        """Tell of each thread that is behind for how many seconds it has been."""
        return await self._lagging.behind()

    # ------------------------------------------------------------ which meeting a channel's commands are about

    async def current(self, channel: ChannelId) -> Saved | None:
        """Read the meeting that was last started in a channel."""
        found = await self._redis.get(channel_key(channel))
        return await self.get(MeetingId(as_text(found))) if found else None

    async def set_current(self, channel: ChannelId, meeting_id: MeetingId) -> None:
        """Make this the meeting that commands in a channel are about."""
        await self._redis.set(channel_key(channel), meeting_id, ex=TTL)


def _indexed(before: Meeting | None, after: Meeting, now: datetime) -> list[Command]:
    """Note where a meeting's parts are looked for, before they are in it: a crash leaves a note of nothing."""
    return [*additions(before, after, now), *owned(before, after)]


def _merging(events: Sequence[Event]) -> Callable[[Meeting], Meeting]:
    return lambda meeting: reduce(apply, events, meeting)


def _json(meeting: Meeting) -> bytes:
    return meeting.model_dump_json(exclude_defaults=True).encode()
