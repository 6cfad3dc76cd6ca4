"""Meetings in Redis: read, changed through a pure function, and never overwritten by someone who is behind."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.asyncio import Redis

from bot.clock import Clock
from bot.domain.ids import ChannelId, MeetingId, RecordingId
from bot.domain.meeting import Meeting
from bot.errors import StoreBusy
from bot.keys import INDEX, KEPT, as_text, channel_key, meeting_key, posts_key, recording_key
from bot.known import Known
from bot.recording_index import additions
from bot.together import Together

log = logging.getLogger(__name__)

ATTEMPTS = 60
TTL = int(KEPT.total_seconds())
SETTLED_FOR = timedelta(minutes=10)
"""How long a meeting stays in the index after a change: longer than any process sleeps between two writes."""

SAVE = """
local version = redis.call('HGET', KEYS[1], 'version')
if (version or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', (version or 0) + 1, 'json', ARGV[2])
redis.call('HSETNX', KEYS[1], 'behind', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
"""
"""Write a meeting if nobody else has since it was read. Raising ``version`` is what marks its thread stale."""

SETTLE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
if tonumber(redis.call('HGET', KEYS[1], 'rendered') or 0) >= tonumber(ARGV[1]) then return false end
redis.call('HSET', KEYS[1], 'rendered', ARGV[1])
local behind = redis.call('HGET', KEYS[1], 'behind')
if redis.call('HGET', KEYS[1], 'version') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'behind')
else
  redis.call('HSET', KEYS[1], 'behind', ARGV[2])
end
return behind
"""
"""Note what a thread shows, and give the time since which it was behind; a change that came meanwhile starts anew."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A meeting as it was read.

    Args:
        meeting: the meeting.
        version: grows with every change.
        rendered: the version that its thread shows.

    """

    meeting: Meeting
    version: int
    rendered: int

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
    """The only way to a meeting."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._together = Together(redis)
        self._known = Known()
        self._clock = clock
        self._settle = redis.register_script(SETTLE)

    async def get(self, meeting_id: MeetingId) -> Saved | None:
        """Read a meeting; None where it is unknown or forgotten."""
        [found] = await self._together.ask(("HMGET", meeting_key(meeting_id), "version", "rendered", "json"))
        version, rendered, json = found
        if version is None or json is None:
            return None
        return Saved(self._known.parse(meeting_id, json), int(version), int(rendered or 0))

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

        """
        for attempt in range(ATTEMPTS):
            saved = await self.get(meeting_id)
            if saved is None:
                return None
            after = change(saved.meeting)
            if after == saved.meeting:
                return Changed(saved.meeting, saved.meeting)
            if await self._write(after, expected=str(saved.version), before=saved.meeting):
                await self._remember_recordings(saved.meeting, after)
                return Changed(saved.meeting, after)
            await asyncio.sleep(random.uniform(0, 0.002 * min(attempt + 1, 25)))  # noqa: S311 - only spreads replicas
        raise StoreBusy(f"{meeting_id} changed {ATTEMPTS} times while it was being changed")

    async def _write(self, meeting: Meeting, *, expected: str, before: Meeting | None = None) -> bool:
        # Indexes come first: a crash in between leaves a meeting looked at for nothing, never one that is missed.
        now, json = self._clock().timestamp(), meeting.model_dump_json(exclude_defaults=True).encode()
        keys = meeting_key(meeting.id), posts_key(meeting.id)
        *_, saved = await self._together.ask(
            ("ZADD", INDEX, now, meeting.id),
            ("EXPIRE", INDEX, TTL),
            ("EXPIRE", channel_key(meeting.channel), TTL),
            *additions(before, meeting, self._clock()),
            ("EVAL", SAVE, len(keys), *keys, expected, json, TTL, now),  # by its text: a cluster pipelines no EVALSHA
        )
        if saved:
            self._known.keep(meeting.id, json, meeting)
        return bool(saved)

    async def _remember_recordings(self, before: Meeting, after: Meeting) -> None:
        for recording in after.recordings.keys() - before.recordings.keys():
            await self.remember_recording(after.id, recording)

    async def remember_recording(self, meeting_id: MeetingId, recording: RecordingId) -> None:
        """Note which meeting a recording belongs to."""
        provider = meeting_id.partition(":")[0]
        await self._redis.set(recording_key(provider, recording), meeting_id, ex=TTL)

    async def meeting_of(self, provider: str, recording: RecordingId) -> MeetingId | None:
        """Find the meeting that a recording belongs to."""
        found = await self._redis.get(recording_key(provider, recording))
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
        """Find every meeting whose thread is behind, and forget those that have settled."""
        now = self._clock()
        members = await self._redis.zrange(INDEX, 0, -1)
        recent = [MeetingId(as_text(member)) for member in members]
        stale = await self._stale_among(recent)
        if stale:
            await self._redis.zadd(INDEX, dict.fromkeys(stale, now.timestamp()))
            await self._redis.expire(INDEX, TTL)  # another sweep may have emptied the index, and its end with it
        await self._redis.zremrangebyscore(INDEX, "-inf", (now - SETTLED_FOR).timestamp())
        return stale

    async def behind(self) -> list[float]:
        """Tell of each thread that is behind for how many seconds it has been."""
        now, members = self._clock().timestamp(), await self._redis.zrange(INDEX, 0, -1)
        pipeline = self._redis.pipeline(transaction=False)
        for member in members:
            pipeline.hmget(meeting_key(MeetingId(as_text(member))), ["version", "rendered", "behind"])
        answers = await pipeline.execute() if members else []
        late = [since for version, rendered, since in answers if version is not None and version != rendered]
        return [max(0.0, now - float(since or now)) for since in late]

    async def _stale_among(self, meetings: Sequence[MeetingId]) -> list[MeetingId]:
        pipeline = self._redis.pipeline(transaction=False)
        for meeting in meetings:
            pipeline.hmget(meeting_key(meeting), ["version", "rendered"])
        answers = await pipeline.execute() if meetings else []
        return [
            meeting
            for meeting, (version, rendered) in zip(meetings, answers, strict=True)
            if version is not None and version != rendered
        ]

    # ------------------------------------------------------------ which meeting a channel's commands are about

    async def current(self, channel: ChannelId) -> Saved | None:
        """Read the meeting that was last started in a channel."""
        found = await self._redis.get(channel_key(channel))
        return await self.get(MeetingId(as_text(found))) if found else None

    async def set_current(self, channel: ChannelId, meeting_id: MeetingId) -> None:
        """Make this the meeting that commands in a channel are about."""
        await self._redis.set(channel_key(channel), meeting_id, ex=TTL)
