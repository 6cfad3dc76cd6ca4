"""Which threads are behind their meetings: an index of what changed lately, and a look at each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from redis.asyncio import Redis

from bot.clock import Clock
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.keys import INDEX, KEPT, as_text, channel_key, meeting_key
from bot.together import Command

TTL = int(KEPT.total_seconds())
SETTLED_FOR = timedelta(minutes=10)
"""How long a meeting stays in the index after a change: longer than any process sleeps between two writes."""
INDEXED_FOR = timedelta(seconds=10)
"""How long a meeting that was put into the index need not be put there again: far less than it stays."""
AT_MOST = 10_000
"""Meetings of which it is remembered that they are in the index."""


class Lagging:
    """The index of meetings that changed lately."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._indexed: dict[MeetingId, datetime] = {}

    def commands(self, meeting: Meeting) -> list[Command]:
        """Give the commands by which a meeting is looked at for a while; none where that was done just now.

        They come before the change: a crash in between leaves a meeting looked at for nothing, never one missed.
        """
        now, before = self._clock(), self._indexed.get(meeting.id)
        if before and now - before < INDEXED_FOR:
            return []
        return [
            ("ZADD", INDEX, now.timestamp(), meeting.id),
            ("EXPIRE", INDEX, TTL),
            ("EXPIRE", channel_key(meeting.channel), TTL),
        ]

    def noted(self, meeting_id: MeetingId, at: datetime) -> None:
        """Remember that the commands of this time were carried out."""
        if len(self._indexed) >= AT_MOST:
            self._indexed.clear()
        self._indexed[meeting_id] = at

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
