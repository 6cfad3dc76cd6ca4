"""The connections to the outside world, as the settings say: Redis, Slack, and the video services."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
from redis.asyncio import Redis
from slack_sdk.web.async_client import AsyncWebClient

from bot.choice import Providers
from bot.clock import Clock, utcnow
from bot.embedded_redis import embedded_redis
from bot.metrics import Metrics
from bot.ports import Provider
from bot.providers import PROVIDERS, Retries, dyte, realtimekit
from bot.redis_connection import connect, connect_untimed
from bot.registration import webhook_address
from bot.settings import Settings
from bot.slack.chat import SlackChat
from bot.slack.identity import Identity
from bot.slack.openid import Client, OpenId


@dataclass(frozen=True, slots=True)
class Outside:
    """The connections to the outside world.

    Args:
        redis: where state is shared.
        shared: the same, without limits of time, for ``bot.together``.
        redis_url: the same, for those who connect by themselves.
        http: for every request we send.
        slack: the Web API.
        identity: who we are in Slack.
        providers: the video services.
        metrics: what is counted.

    """

    redis: Redis
    shared: Redis
    redis_url: str
    http: aiohttp.ClientSession
    slack: AsyncWebClient
    identity: Identity
    providers: Providers
    metrics: Metrics


@asynccontextmanager
async def outside(settings: Settings, clock: Clock = utcnow, *, share: bool = False) -> AsyncIterator[Outside]:
    """Connect to Redis, Slack and the providers; nothing is asked of them yet.

    Args:
        settings: where and with which credentials.
        clock: the time.
        share: whether the embedded Redis of a bot that is running will do.

    """
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if url is None:
            url = await stack.enter_async_context(embedded_redis(share=share))
        redis = connect(url)
        stack.push_async_callback(redis.aclose)
        shared = connect_untimed(url)
        stack.push_async_callback(shared.aclose)
        http = await stack.enter_async_context(_http_session())
        token = settings.slack_bot_token.get_secret_value()
        # No retry handlers: what may be sent twice is decided where the call is made.
        slack = AsyncWebClient(token, base_url=settings.slack_api_url, session=http, retry_handlers=[])
        metrics = Metrics()
        providers = Providers(_providers(settings, http, clock, metrics), settings.provider)
        yield Outside(redis, shared, url, http, slack, Identity(token), providers, metrics)


def _http_session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=10, connect=3)
    return aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())


def _providers(settings: Settings, http: aiohttp.ClientSession, clock: Clock, metrics: Metrics) -> dict[str, Provider]:
    found: dict[str, Provider] = {}
    retries = Retries(repeated=partial(metrics.retried, "provider_call"))
    if settings.realtimekit_account_id and settings.realtimekit_app_id and settings.realtimekit_api_token:
        found["realtimekit"] = realtimekit.connect(
            account_id=settings.realtimekit_account_id,
            app_id=settings.realtimekit_app_id,
            api_token=settings.realtimekit_api_token.get_secret_value(),
            session=http,
            now=clock,
            api_url=settings.realtimekit_api_url,
            webhook_key_url=settings.realtimekit_webhook_key_url,
            webhook_key=settings.realtimekit_webhook_key,
            retries=retries,
            observe=metrics.provider_observer("realtimekit"),
        )
    if settings.dyte_org_id and settings.dyte_api_key:
        found["dyte"] = dyte.connect(
            org_id=settings.dyte_org_id,
            api_key=settings.dyte_api_key.get_secret_value(),
            session=http,
            now=clock,
            api_url=settings.dyte_api_url,
            webhook_key_url=settings.dyte_webhook_key_url,
            webhook_key=settings.dyte_webhook_key,
            retries=retries,
            observe=metrics.provider_observer("dyte"),
        )
    return {name: found[name] for name in PROVIDERS if name in found}


def sign_in_with_slack(settings: Settings, world: Outside, chat: SlackChat) -> OpenId | None:
    """Give the way to learn who people are; None where it is not set up, or they could not come back from it."""
    if not (settings.public_url and settings.slack_client_id and settings.slack_client_secret):
        return None
    client = Client(settings.slack_client_id, settings.slack_client_secret.get_secret_value())
    return OpenId(world.http, client, settings.slack_signin_url, chat.own_team, chat.doors)


def own_webhook_address(settings: Settings, provider: str) -> str:
    """Give the address at which this deployment takes a provider's events; needs ``PUBLIC_URL``."""
    secret = settings.webhook_path_secret.get_secret_value() if settings.webhook_path_secret else None
    return webhook_address(settings.public_url or "", provider, secret)
