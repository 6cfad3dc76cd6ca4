"""What a channel has chosen to be other than usual, kept for two years after it was last used."""

import json
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from bot.domain.ids import ChannelId
from bot.domain.rules import Rules, makes_sense
from bot.keys import RULES_KEPT, as_text, rules_key

TTL = int(RULES_KEPT.total_seconds())

REPLACE = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1
"""
"""Write a channel's choices unless somebody else has since they were read."""


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
        """Give what holds in a channel; being asked for keeps a channel's choices for another two years."""
        return self._read(await self._written(channel))

    async def choose(self, channel: ChannelId, chosen: Mapping[str, Any]) -> Rules:
        """Choose some of a channel's rules anew; what is as usual anyway follows the deployment from now on."""
        usual = self.usual.model_dump(mode="json")
        while True:
            known = await self._written(channel)
            rules = self._read(known).changed(dict(chosen))
            own = {name: value for name, value in rules.model_dump(mode="json").items() if value != usual[name]}
            own |= {name: value for name, value in _not_understood(known).items() if name not in chosen}
            wanted = json.dumps(own, sort_keys=True) if own else ""
            if await self._redis.eval(REPLACE, 1, rules_key(channel), known, wanted, TTL):
                return rules

    async def _written(self, channel: ChannelId) -> str:
        found = await self._redis.getex(rules_key(channel), ex=TTL)
        return as_text(found) if found else ""

    def _read(self, written: str) -> Rules:
        return self.usual.changed(json.loads(written)) if written else self.usual


def _not_understood(written: str) -> dict[str, Any]:
    """Give what only a newer replica knows, so that it is written back as it was."""
    found: dict[str, Any] = json.loads(written) if written else {}
    return {name: value for name, value in found.items() if not makes_sense(name, value)}
