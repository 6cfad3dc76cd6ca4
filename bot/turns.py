"""Turns at what Slack allows seldom: in a line over all replicas, whoever had the last turn longest ago goes first.

Nobody holds a turn that is not used at once. Whoever does not get one is told when to come back and keeps the place
until a moment after that time, so that a replica that died holds nobody up for longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis

from bot.keys import back_key, gate_key, served_key, waiting_key

LOOK = timedelta(seconds=5)
"""After how long whoever waits looks again at the latest: those before may have given up."""
GRACE = timedelta(seconds=1)
"""How long after the time at which somebody was to be back the place is kept."""
REMEMBERED = timedelta(minutes=10)
"""How long it is remembered when somebody had a turn; whoever had none since goes before all who had."""

TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local closed, look, grace, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local wait, stood = 0, 0

local function line(n)
  local k, a = 4 * (n - 1), 4 * n
  return KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4],
    ARGV[a + 1], ARGV[a + 2], tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
end

for n = 1, #KEYS / 4 do
  local gate, waiting, back, served, who, counted, ahead, every = line(n)
  for _, late in ipairs(redis.call('ZRANGEBYSCORE', back, '-inf', now - grace)) do
    redis.call('ZREM', waiting, late)
    redis.call('ZREM', back, late)
  end
  redis.call('ZADD', waiting, (redis.call('ZSCORE', served, counted) or 0) - ahead, who)
  stood = n
  local left = math.max(closed, every > 0 and redis.call('PTTL', gate) or 0, 0)
  local before = every > 0 and redis.call('ZRANK', waiting, who) or 0
  if left + before > 0 then
    wait = left + math.min(before * every, look)
    break
  end
end

for n = 1, stood do
  local gate, waiting, back, served, who, counted, ahead, every = line(n)
  if wait > 0 then
    redis.call('ZADD', back, now + wait, who)
    redis.call('PEXPIRE', waiting, wait + kept)
    redis.call('PEXPIRE', back, wait + kept)
  else
    redis.call('ZREM', waiting, who)
    redis.call('ZREM', back, who)
    redis.call('ZREMRANGEBYSCORE', served, '-inf', now - kept)
    redis.call('ZADD', served, now, counted)
    redis.call('PEXPIRE', served, kept)
    if every > 0 then redis.call('SET', gate, '1', 'PX', every) end
  end
end
return {wait, stood}
"""
"""Take a turn in every line, or a place in each up to the first where it is not our turn."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a line.

    Args:
        line: its name; lines in which turns are taken together share a hash tag.
        who: who stands there.
        every: how often anybody there has a turn; zero where there is no need to wait just now.
        counted: who is to have had the turn, where several stand there for the same; ``who`` by default.
        ahead: how much longer than in truth this one counts as having waited.

    """

    line: str
    who: str
    every: timedelta
    counted: str = ""
    ahead: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Wait:
    """It is not our turn.

    Args:
        seconds: when to come back.
        line: the name of the line that it is about.

    """

    seconds: float
    line: str


class Turns:
    """The lines that all replicas stand in."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def take(self, *places: Place, closed: float = 0) -> Wait | None:
        """Take a turn in all of these lines, or in none.

        Args:
            places: where we stand.
            closed: the seconds in which nobody has a turn.

        Returns:
            None where it is our turn; it has to be used at once.

        """
        keys = [key for place in places for key in _keys(place.line)]
        rules = [_milliseconds(each) for each in (timedelta(seconds=closed), LOOK, GRACE, REMEMBERED)]
        wait, stood = await self._redis.eval(TAKE, len(keys), *keys, *rules, *_arguments(places))
        return Wait(int(wait) / 1000, places[int(stood) - 1].line) if wait else None


def _keys(line: str) -> tuple[str, str, str, str]:
    return gate_key(line), waiting_key(line), back_key(line), served_key(line)


def _arguments(places: Sequence[Place]) -> list[str | int]:
    return [
        argument
        for place in places
        for argument in (
            place.who,
            place.counted or place.who,
            _milliseconds(place.ahead),
            _milliseconds(place.every),
        )
    ]


def _milliseconds(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)
