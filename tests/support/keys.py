"""The promise that every key expires, to be held against a Redis after a test."""

from redis import Redis

LONGEST = 31 * 86_400
DECIDED, DECIDED_LONGEST = b"meet:rules:", 731 * 86_400
"""What people have decided outlives what can be asked again."""
NO_END = -1


def assert_keys_expire(redis: Redis) -> None:
    """Fail when any key lives for ever, or for longer than anything is to be remembered.

    A key that ends while this looks is fine: that is what it promised.
    """
    ends = {key: redis.ttl(key) for key in redis.scan_iter(count=1000)}
    forever = sorted(key for key, seconds in ends.items() if seconds == NO_END)
    too_long = sorted(key for key, seconds in ends.items() if seconds > _longest(key))

    assert not forever, f"keys without an end: {forever}"
    assert not too_long, f"keys that are kept too long: {too_long}"


def _longest(key: bytes) -> int:
    return DECIDED_LONGEST if key.startswith(DECIDED) else LONGEST
