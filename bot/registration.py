"""The one webhook that this deployment has at a provider: registered, found again, and told from others'."""

import asyncio
import itertools
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import ProviderError, StoreBusy
from bot.exchanged import Webhook
from bot.keys import KEPT, as_text, webhook_key, webhook_lock_key
from bot.locks import Locks
from bot.ports import Provider

log = logging.getLogger(__name__)

NAME = "Greenroom"
CACHED = 10.0
"""Seconds for which the registered id is trusted without asking Redis."""
PAUSES = (1, 5, 15, 60)
LAST_PAUSE = 300
"""Seconds between tries to register, while the provider or Redis is away."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: ``created``, ``updated`` or ``unchanged``, and how many duplicates it took away."""

    webhook: Webhook
    what: str
    duplicates: int


class Registration:
    """Knows the deployment's own webhook at each provider."""

    def __init__(self, redis: Redis, locks: Locks, events: Sequence[str]) -> None:
        self._redis = redis
        self._locks = locks
        self._events = tuple(sorted(events))
        self._cache: dict[str, tuple[float, str | None]] = {}

    async def sync(self, provider: Provider, url: str) -> Synced:
        """Have exactly one webhook of this deployment at a provider, whoever else is doing the same just now.

        Raises:
            ProviderError: the provider did not take it.

        """
        async with self._locks.hold(webhook_lock_key(provider.name), patience=60):
            ours = await self._ours(provider, url)
            wanted = Webhook(id=ours[0].id if ours else "", name=NAME, url=url, events=self._events, enabled=True)
            for duplicate in ours[1:]:
                await provider.delete_webhook(duplicate.id)
            if not ours:
                made, what = await provider.create_webhook(NAME, url, self._events), "created"
            elif replace(ours[0], events=tuple(sorted(ours[0].events)), name=NAME) == wanted:
                made, what = ours[0], "unchanged"
            else:
                made, what = await provider.update_webhook(wanted), "updated"
            await self._remember(provider.name, made.id)
        return Synced(made, what, len(ours[1:]))

    async def tried(self, provider: Provider, url: str) -> bool:
        """Sync, and tell whether that worked; it is no reason not to run, because polling goes on."""
        try:
            synced = await self.sync(provider, url)
        except (ProviderError, StoreBusy, RedisError, OSError) as trouble:
            log.error("the webhook at %s could not be registered yet: %s", provider.label, trouble)  # noqa: TRY400 - no bug
            return False
        log.info("the webhook at %s is %s", provider.label, synced.what)
        return True

    async def keep_trying(self, provider: Provider, url: str) -> None:
        """Sync until it works."""
        for pause in itertools.chain(PAUSES, itertools.repeat(LAST_PAUSE)):
            await asyncio.sleep(pause)
            if await self.tried(provider, url):
                return

    async def remove(self, provider: Provider, url: str) -> int:
        """Take this deployment's webhooks away; gives how many there were."""
        async with self._locks.hold(webhook_lock_key(provider.name), patience=60):
            ours = await self._ours(provider, url)
            for webhook in ours:
                await provider.delete_webhook(webhook.id)
            await self._redis.delete(webhook_key(provider.name))
            self._cache.pop(provider.name, None)
        return len(ours)

    async def _ours(self, provider: Provider, url: str) -> list[Webhook]:
        """Find the webhooks of this deployment: the one remembered first, then any others with its address."""
        known = await self.registered(provider.name)
        found = [w for w in await provider.list_webhooks() if w.id == known or w.url == url]
        return sorted(found, key=lambda webhook: webhook.id != known)

    async def registered(self, provider: str) -> str | None:
        """Give the id of our webhook; None where none was registered from here."""
        found = await self._redis.getex(webhook_key(provider), ex=int(KEPT.total_seconds()))
        return as_text(found) if found else None

    async def is_ours(self, provider: str, webhook_id: str | None) -> bool:
        """Tell our own webhook's deliveries from those of others, which verify just as well.

        Where none was registered from here, or the delivery names none, nothing can be compared, and the meeting
        alone decides: the header is not signed, so one that is missing proves nothing.
        """
        if webhook_id is None:
            return True
        at, known = self._cache.get(provider, (-CACHED, None))
        if time.monotonic() - at > CACHED or known != webhook_id:
            known = await self.registered(provider)
            self._cache[provider] = (time.monotonic(), known)
        return known is None or known == webhook_id

    async def _remember(self, provider: str, webhook_id: str) -> None:
        await self._redis.set(webhook_key(provider), webhook_id, ex=int(KEPT.total_seconds()))
        self._cache[provider] = (time.monotonic(), webhook_id)


def webhook_address(public_url: str, provider: str, secret: str | None) -> str:
    """Give the address that a provider sends its events to."""
    return f"{public_url}/webhooks/{provider}" + (f"/{secret}" if secret else "")
