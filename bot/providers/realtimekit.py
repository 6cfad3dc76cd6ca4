"""Cloudflare RealtimeKit: one app of one Cloudflare account."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

import aiohttp

from bot.ports import Provider
from bot.providers._http import JsonClient, Observer
from bot.providers._kit import Kit
from bot.providers._patience import USUAL_RETRIES, USUAL_TIMEOUTS, Retries, Timeouts
from bot.providers._rsa import verifier

API_URL = "https://api.cloudflare.com/client/v4"

WEBHOOK_KEY_URL = "https://api.realtime.cloudflare.com/.well-known/webhooks.json"
"""Where Cloudflare publishes the key that signs every customer's deliveries."""


class RealtimeKit(Kit):
    """An app's meetings."""

    name = "realtimekit"
    label = "RealtimeKit"
    bucket_field: ClassVar[str] = "realtimekit_bucket_config"
    header_families: ClassVar[tuple[str, ...]] = ("rtk",)


def connect(
    *,
    account_id: str,
    app_id: str,
    api_token: str,
    session: aiohttp.ClientSession,
    now: Callable[[], datetime],
    api_url: str = API_URL,
    webhook_key_url: str = WEBHOOK_KEY_URL,
    webhook_key: str | None = None,
    timeouts: Timeouts = USUAL_TIMEOUTS,
    retries: Retries = USUAL_RETRIES,
    observe: Observer | None = None,
) -> Provider:
    """Give the app as a provider; nothing is asked of it yet.

    Args:
        account_id: the Cloudflare account.
        app_id: the RealtimeKit app in it; UUIDs and 32 hex digits are both about.
        api_token: a Cloudflare API token with the permission Realtime or Realtime Admin.
        session: for every request; stays the caller's.
        now: the clock.
        api_url: Cloudflare's API, or what plays it.
        webhook_key_url: where the public key is published.
        webhook_key: the public key itself in PEM, which is then never fetched.
        timeouts: for each request.
        retries: for each call.
        observe: told of each request.

    Raises:
        ValueError: ``webhook_key`` is no RSA public key.

    """
    app_url = f"{api_url.rstrip('/')}/accounts/{quote(account_id.strip(), safe='')}/realtime/kit"
    client = JsonClient(
        session=session,
        base_url=f"{app_url}/{quote(app_id.strip(), safe='')}",
        label=RealtimeKit.label,
        authorization=f"Bearer {api_token.strip()}",
        timeouts=timeouts,
        retries=retries,
        observe=observe,
    )
    return RealtimeKit(client, verifier(client, webhook_key_url, webhook_key, now), now)
