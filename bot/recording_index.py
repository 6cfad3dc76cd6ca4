"""Which recordings a channel has, by when they began, so that a page of them costs no more than what it shows.

The index is written before the meeting, so a crash in between leaves an entry for nothing and never a recording that
no list finds. What a recording is stands in its meeting alone; an entry that no meeting knows of is passed over.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from bot.domain.ids import ChannelId, MeetingId, RecordingId
from bot.domain.meeting import Meeting
from bot.domain.shelf import Spot, Turn
from bot.keys import KEPT, as_text, channel_recordings_key
from bot.together import Command

MOST = 1000
"""How many recordings of a channel are listed; beyond the newest of them the files are long gone."""

AT_ONCE = 20
SEPARATOR = "|"
"""Ids hold none."""


def additions(before: Meeting | None, after: Meeting, now: datetime) -> list[Command]:
    """Give the commands that note the recordings a meeting has now and had not, or not from then, before."""
    if not after.recordings:
        return []
    key, known = channel_recordings_key(after.channel), before.recordings if before else {}
    told = [each for own, each in after.recordings.items() if own not in known or known[own].began != each.began]
    # The lower score stays: when a recording began is only ever corrected to an earlier time, by whoever writes last.
    added: list[Command] = [
        ("ZADD", key, "LT", (each.began or now).timestamp(), SEPARATOR.join((after.id, each.id))) for each in told
    ]
    trimmed: list[Command] = [("ZREMRANGEBYRANK", key, 0, -MOST - 1)] if added else []
    return [*added, *trimmed, ("EXPIRE", key, int(KEPT.total_seconds()))]


class RecordingIndex:
    """Reads the index of a channel."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def note(self, meeting: Meeting, now: datetime) -> None:
        """Note every recording of a meeting, as for one that was recorded before there was an index."""
        pipeline = self._redis.pipeline(transaction=False)
        for command in additions(None, meeting, now):
            pipeline.execute_command(*command)
        await pipeline.execute()

    async def walk(self, channel: ChannelId, turn: Turn | None) -> AsyncIterator[Spot]:
        """Give the recordings of a channel from where a page begins, the nearest first; reads as far as it is heard."""
        offset, seen = 0, set[Spot]()
        while chunk := await self._chunk(channel, turn, offset):
            offset += len(chunk)
            for spot in chunk:
                # Of those that began in one moment some stand before the place we start from.
                if spot not in seen and (turn is None or _is_beyond(spot, turn)):
                    seen.add(spot)
                    yield spot

    async def _chunk(self, channel: ChannelId, turn: Turn | None, offset: int) -> list[Spot]:
        newer, edge = bool(turn and turn.newer), turn.beyond.at if turn else "+inf"
        found: Any = await self._redis.zrange(
            channel_recordings_key(channel),
            edge,
            "+inf" if newer else "-inf",
            desc=not newer,
            withscores=True,
            byscore=True,
            offset=offset,
            num=AT_ONCE,
        )
        return [_spot(as_text(member), score) for member, score in found]

    async def forget(self, channel: ChannelId, spot: Spot) -> None:
        """Leave out a recording whose meeting is forgotten."""
        await self._redis.zrem(channel_recordings_key(channel), SEPARATOR.join((spot.meeting, spot.recording)))


def _is_beyond(spot: Spot, turn: Turn) -> bool:
    return spot > turn.beyond if turn.newer else spot < turn.beyond


def _spot(member: str, score: float) -> Spot:
    meeting, _, recording = member.partition(SEPARATOR)
    return Spot(score, MeetingId(meeting), RecordingId(recording))
