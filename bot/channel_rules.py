"""What a channel has chosen to be other than usual, kept for as long as the channel is used."""

import json
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from bot.domain.ids import ChannelId
from bot.domain.rules import Rules
from bot.keys import KEPT, as_text, rules_key

TTL = int(KEPT.total_seconds())


class ChannelRules:
    """The rules of every channel.

    Args:
        redis: where choices are kept.
        usual: what holds where a channel has chosen nothing.

    """

    def __init__(self, redis: Redis, usual: Rules) -> None:
        self._redis = redis
        self.usual = usual

    async def of(self, channel: ChannelId) -> Rules:
        """Give what holds in a channel; being asked for keeps a channel's choices for another 30 days."""
        found = await self._redis.getex(rules_key(channel), ex=TTL)
        return self.usual.changed(json.loads(as_text(found))) if found else self.usual

    async def choose(self, channel: ChannelId, chosen: Mapping[str, Any]) -> Rules:
        """Make a channel's choices these and no others; what is as usual anyway follows the deployment from now on."""
        usual, wanted = self.usual.model_dump(mode="json"), self.usual.changed(dict(chosen)).model_dump(mode="json")
        own = {name: value for name, value in wanted.items() if value != usual[name]}
        if own:
            await self._redis.set(rules_key(channel), json.dumps(own, sort_keys=True), ex=TTL)
        else:
            await self._redis.delete(rules_key(channel))
        return self.usual.changed(wanted)
