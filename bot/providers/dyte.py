"""Dyte v2: one organization. Its SDKs are in maintenance; RealtimeKit is its successor."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import aiohttp
from yarl import URL

from bot.ports import Provider
from bot.providers._http import JsonClient, Observer
from bot.providers._kit import Kit
from bot.providers._patience import USUAL_RETRIES, USUAL_TIMEOUTS, Retries, Timeouts
from bot.providers._rsa import verifier

API_URL = "https://api.dyte.io/v2"

WEBHOOK_KEY_URL = "https://api.dyte.io/.well-known/webhooks.json"
"""Where Dyte publishes the key that signs every customer's deliveries."""

REGIONS = ("ap-south-1", "ap-southeast-1", "us-east-1", "eu-central-1")
"""Where a meeting can be held; the nearest is taken if none is named."""


class Dyte(Kit):
    """An organization's meetings."""

    name = "dyte"
    label = "Dyte"
    tracks_in_storages: ClassVar[bool] = True
    regions: ClassVar[tuple[str, ...]] = REGIONS
    bucket_field: ClassVar[str] = "dyte_bucket_config"
    # RealtimeKit's first portal serves Dyte's API under Cloudflare's host; its header names are not documented.
    header_families: ClassVar[tuple[str, ...]] = ("dyte", "rtk")


def connect(
    *,
    org_id: str,
    api_key: str,
    session: aiohttp.ClientSession,
    now: Callable[[], datetime],
    api_url: str = API_URL,
    webhook_key_url: str = WEBHOOK_KEY_URL,
    webhook_key: str | None = None,
    timeouts: Timeouts = USUAL_TIMEOUTS,
    retries: Retries = USUAL_RETRIES,
    observe: Observer | None = None,
) -> Provider:
    """Give the organization as a provider; nothing is asked of it yet.

    Args:
        org_id: the organization.
        api_key: its API key.
        session: for every request; stays the caller's.
        now: the clock.
        api_url: Dyte's v2 API, or what plays it.
        webhook_key_url: where the public key is published.
        webhook_key: the public key itself in PEM, which is then never fetched.
        timeouts: for each request.
        retries: for each call.
        observe: told of each request.

    Raises:
        ValueError: ``webhook_key`` is no RSA public key.

    """
    credentials = base64.b64encode(f"{org_id.strip()}:{api_key.strip()}".encode()).decode()
    client = JsonClient(
        session=session,
        base_url=api_url,
        label=Dyte.label,
        authorization=f"Basic {credentials}",
        timeouts=timeouts,
        retries=retries,
        observe=observe,
    )
    return Dyte(client, verifier(client, webhook_key_url, webhook_key, now), now)


def is_dyte_v1(url: str) -> bool:
    """Tell the API before v2, whose meetings and tokens are a world of their own and are not supported."""
    try:
        parts = URL(url).parts
    except ValueError:
        return False
    return "v1" in parts
