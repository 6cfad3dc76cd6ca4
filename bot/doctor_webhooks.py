"""The doctor's look at webhooks: whether ours is registered, and whether anything comes by it."""

import time

from redis.exceptions import RedisError

from bot.clock import utcnow
from bot.errors import ProviderError
from bot.findings import BAD, GOOD, WEAK, Finding
from bot.heard import Heard, News
from bot.locks import Locks
from bot.outside import Outside, own_webhook_address
from bot.ports import Provider
from bot.providers import USED_EVENTS
from bot.registration import Registration
from bot.settings import Settings

STOPPED = 120.0
"""Seconds of silence after which webhooks count as stopped; the one that a poll overtook has come by then."""


async def webhook_findings(settings: Settings, world: Outside, provider: Provider) -> list[Finding]:
    """Look at the webhook of one provider."""
    findings = [await _webhook(settings, world, provider)]
    if settings.public_url:
        findings.append(await _news(world, provider))
    return findings


async def _news(world: Outside, provider: Provider) -> Finding:
    what = f"{provider.label} news"
    try:
        news = await Heard(world.redis, utcnow).of(provider.name)
    except (RedisError, OSError) as trouble:
        return Finding(what, BAD, f"cannot be looked up: {type(trouble).__name__}")
    return _news_verdict(what, news, time.time())


def _news_verdict(what: str, news: News, now: float) -> Finding:
    if news.silence(now) > STOPPED:
        return Finding(
            what,
            BAD,
            f"webhooks have stopped: for {_span(news.silence(now))} only polls have found what they should tell. "
            "Can the provider reach PUBLIC_URL? Try `greenroom webhooks sync`",
        )
    if news.accepted is None:
        return Finding(what, WEAK, "no webhook has come yet, or none for a month")
    return Finding(what, GOOD, f"the last webhook came {_span(now - news.accepted)} ago")


def _span(seconds: float) -> str:
    for size, unit in ((172_800, "days"), (7200, "hours"), (120, "minutes")):
        if seconds >= size:
            return f"{seconds * 2 / size:.0f} {unit}"
    return f"{max(0, seconds):.0f} seconds"


async def _webhook(settings: Settings, world: Outside, provider: Provider) -> Finding:
    what = f"{provider.label} webhook"
    if not settings.public_url:
        return Finding(what, WEAK, f"none without PUBLIC_URL: news comes by asking every {settings.poll_seconds:g} s")
    address = own_webhook_address(settings, provider.name)
    try:
        known = await Registration(world.redis, Locks(world.redis), USED_EVENTS).registered(provider.name)
        found = [w for w in await provider.list_webhooks() if w.url == address]
    except (ProviderError, RedisError) as trouble:
        return Finding(what, BAD, f"cannot be looked up: {type(trouble).__name__}")
    if not found:
        return Finding(what, WEAK, "not registered yet: `greenroom serve` or `greenroom webhooks sync` does it")
    return _webhook_verdict(what, known, [w.id for w in found], enabled=found[0].enabled)


def _webhook_verdict(what: str, known: str | None, ids: list[str], *, enabled: bool) -> Finding:
    if len(ids) > 1:
        return Finding(what, BAD, f"registered {len(ids)} times: run `greenroom webhooks sync`")
    if not enabled:
        return Finding(what, BAD, "registered but switched off: run `greenroom webhooks sync`")
    if known != ids[0]:
        return Finding(what, BAD, "registered, but not from this Redis: run `greenroom webhooks sync`")
    return Finding(what, GOOD, f"registered once, id {ids[0]}")
