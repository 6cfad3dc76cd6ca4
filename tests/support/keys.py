"""The promise that every key expires, to be held against a Redis after a test."""

from redis import Redis

LONGEST = 31 * 86_400
NO_END = -1


def assert_keys_expire(redis: Redis) -> None:
    """Fail when any key lives for ever, or for longer than anything is to be remembered.

    A key that ends while this looks is fine: that is what it promised.
    """
    ends = {key: redis.ttl(key) for key in redis.scan_iter(count=1000)}
    forever = sorted(key for key, seconds in ends.items() if seconds == NO_END)
    too_long = sorted(key for key, seconds in ends.items() if seconds > LONGEST)

    assert not forever, f"keys without an end: {forever}"
    assert not too_long, f"keys that are kept too long: {too_long}"
