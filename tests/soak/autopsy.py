"""What Redis and the logs say of a wish or a meeting that went wrong."""

from collections.abc import Iterable

from redis.asyncio import Redis

from bot.domain.ids import MeetingId
from bot.keys import meeting_key, wish_key
from tests.support.fleet import Fleet

LINES = 25
ENGINE = "greenroom"


async def of_wish(fleet: Fleet, redis: Redis, key: str) -> list[str]:
    """Tell what became of a wish."""
    found = [f"wish {key}: journal {await redis.hgetall(wish_key(key))}"]
    found += await _of_task(redis, f"wish:{key}")
    return found + _logged(fleet, (key[:6], key))


async def of_meeting(fleet: Fleet, redis: Redis, key: str) -> list[str]:
    """Tell how a meeting stands."""
    stand = await redis.hmget(meeting_key(MeetingId(key)), ["version", "rendered", "checked"])
    found = [
        f"meeting {key}: version, rendered, checked {stand}",
        f"{await redis.hget(meeting_key(MeetingId(key)), 'json')!r}",
    ]
    for task in (f"poll:{key}", f"ask:{key}", f"reconcile:{key}", f"reconcile-again:{key}"):
        found += await _of_task(redis, task)
    return found + _logged(fleet, (key,))


async def _of_task(redis: Redis, task: str) -> list[str]:
    runs = {
        name: value
        for name, value in (await redis.hgetall(f"{ENGINE}:runs:{task}")).items()
        if name not in {b"args", b"kwargs"}
    }
    queued = await redis.zscore(f"{ENGINE}:queue", task)
    now, _ = await redis.time()
    return [f"  task {task}: queued in {queued and queued - now} s, {runs}"]


def _logged(fleet: Fleet, words: Iterable[str]) -> list[str]:
    lines = [
        f"  {replica.name} {line[:700]}"
        for replica in fleet.replicas
        for line in replica.log.splitlines()
        if any(word in line for word in words)
    ]
    return sorted(lines, key=lambda line: line.partition('"time"')[2])[-LINES:]
