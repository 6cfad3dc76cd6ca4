"""What Slack has been told of each call: whom its card shows and as whom, and that it was ended."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from redis.asyncio import Redis

from bot.domain.ids import CallId, MeetingId
from bot.keys import KEPT, as_text, call_gate_key, call_key

TTL = int(KEPT.total_seconds())
EVERY = timedelta(seconds=3)
"""How often Slack is told at most who is in a call: those who come together are told of together, and the calls of a
workspace share some 20 changes a minute."""
ENDED, IN = "ended", "in:"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call as Slack shows it.

    Args:
        shown: as whom each person is shown, by what tells people apart; empty for whom Slack does not take at all.
        ended: whether nothing is left to be told.

    """

    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    ended: bool = False


class CallRecords:
    """What is known of every call."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def read(self, meeting: MeetingId, call: CallId) -> CallRecord:
        """Read what Slack was told."""
        found = {as_text(k): as_text(v) for k, v in (await self._redis.hgetall(call_key(meeting, call))).items()}
        shown = {name.removeprefix(IN): json.loads(caller) for name, caller in found.items() if name.startswith(IN)}
        return CallRecord(shown, ENDED in found)

    async def show(self, meeting: MeetingId, call: CallId, people: dict[str, dict[str, str]]) -> None:
        """Note as whom people are shown from now on."""
        await self._note(meeting, call, *(f for who, each in people.items() for f in (f"{IN}{who}", json.dumps(each))))

    async def end(self, meeting: MeetingId, call: CallId) -> None:
        """Note that nothing is left to be told."""
        await self._note(meeting, call, ENDED, "1")

    async def hide(self, meeting: MeetingId, call: CallId, people: list[str]) -> None:
        """Note that people are not shown any more."""
        await self._redis.hdel(call_key(meeting, call), *(f"{IN}{who}" for who in people))

    async def may_tell(self, meeting: MeetingId, call: CallId) -> float:
        """Take a turn at telling who is in; gives the seconds to wait, 0 where the turn is ours."""
        key, milliseconds = call_gate_key(meeting, call), int(EVERY.total_seconds() * 1000)
        if await self._redis.set(key, "1", nx=True, px=milliseconds):
            return 0
        return max(await self._redis.pttl(key), 1) / 1000

    async def _note(self, meeting: MeetingId, call: CallId, *fields: str) -> None:
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hset(call_key(meeting, call), items=list(fields))
        pipeline.expire(call_key(meeting, call), TTL)
        await pipeline.execute()
