"""Which meeting a recording or a livestream belongs to, for news of one that does not say."""

from collections.abc import Iterator

from bot.domain.livestream import stream_of
from bot.domain.meeting import Meeting
from bot.keys import KEPT, livestream_key, recording_key
from bot.together import Command


def owned(before: Meeting | None, after: Meeting) -> list[Command]:
    """Give the commands that note whose the recordings and livestreams are which a meeting has now and had not."""
    if before and before.recordings is after.recordings and before.livestreams is after.livestreams:
        return []  # as most news is: of people
    provider = after.id.partition(":")[0]
    ttl = int(KEPT.total_seconds())

    def keys() -> Iterator[str]:
        known = before or after.model_copy(update={"recordings": {}, "livestreams": {}})
        yield from (recording_key(provider, own) for own in after.recordings.keys() - known.recordings.keys())
        new = after.livestreams.keys() - known.livestreams.keys()
        yield from (livestream_key(provider, stream_of(own)) for own in new)

    return [("SET", key, after.id, "EX", ttl) for key in sorted(keys())]
