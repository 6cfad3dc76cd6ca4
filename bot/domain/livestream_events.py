"""What can happen to a livestream, in the bot's own words; see ``bot.domain.events``."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import LivestreamId, UserId


@dataclass(frozen=True, slots=True)
class LivestreamUpdated:
    """What the provider says of a livestream; its stream key and ingest server are passwords and never come in here.

    Args:
        livestream_id: the provider's id, or the name of a later run under it.
        status: the provider's own word; unknown ones are carried.
        observed_at: when this was true, None where nobody knows, as with a webhook.
        invoked_at: when the livestream was asked for.
        started_at: when the first picture went out.
        stopped_at: when the last one did.
        playback_url: where everybody can watch.
        reason: the provider's words for why it failed.

    """

    livestream_id: LivestreamId
    status: str
    observed_at: datetime | None = None
    invoked_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    playback_url: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LivestreamActed:
    """A person asked for a livestream to ``start`` or to ``stop``, and the provider took it."""

    livestream_id: LivestreamId
    action: str
    by: UserId
    at: datetime


AboutLivestream = LivestreamUpdated | LivestreamActed
