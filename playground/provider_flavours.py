"""How the two simulated providers differ on the wire, apart from their paths and bodies."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.rooms import ProviderName

CLOUDFLARE_REFUSAL: dict[str, Any] = {
    "success": False,
    "errors": [{"code": 10000, "message": "Authentication error"}],
    "messages": [],
    "result": None,
}
"""What the gateway in front of RealtimeKit answers; it is not RealtimeKit's own envelope."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a caller whose credentials are not good."""

    status: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``calls`` in any stretch of ``seconds``, for the operations whose name ends with ``of``."""

    calls: int
    seconds: float
    of: str = ""


@dataclass(frozen=True, slots=True)
class RetryRule:
    """Which webhook deliveries are sent again: ``attempts`` in all, the first one included."""

    attempts: int
    any_refusal: bool

    def again(self, status: int | None) -> bool:
        """Tell whether this answer (None: there was none) is worth another attempt."""
        if status is None:
            return True
        return not 200 <= status < 300 if self.any_refusal else status >= 500  # noqa: PLR2004 - HTTP's own numbers


@dataclass(frozen=True, slots=True)
class Flavour:
    """One provider as its callers see it.

    Args:
        name: its name in this program.
        label: its name as people write it.
        base: the path below which its API lives, as a route.
        account: the Cloudflare account that the path must name, None for Dyte.
        tenant: the organization's id, the app's at RealtimeKit, where the path must name it too.
        authorization: the one header value that is good.
        prefix: of the webhook headers.
        bucket: how the switch of the managed storage is called.
        token_life: how long a join token is good. RealtimeKit publishes no figure.
        retries: of webhooks. RealtimeKit publishes no count; three repetitions are this simulator's.
        limits: the documented rate limits.

    """

    name: ProviderName
    label: str
    base: str
    account: str | None
    tenant: str
    authorization: str = field(repr=False)
    prefix: str
    bucket: str
    token_life: timedelta
    retries: RetryRule
    limits: tuple[RateLimit, ...]

    @property
    def dyte(self) -> bool:
        """Whether this is the older of the two."""
        return self.name == "dyte"

    def refuse(self, status: int = 401) -> Refusal:
        """Answer to credentials that are not good."""
        return Refusal(401, {"message": "Unauthorized"}) if self.dyte else Refusal(status, CLOUDFLARE_REFUSAL)

    def webhook_time(self, moment: datetime) -> str:
        """Write the times of recordings and expiries in webhooks, where Dyte has a way of its own."""
        utc = moment.astimezone(UTC)
        return utc.strftime("%Y-%m-%d %H:%M:%S.%fZ") if self.dyte else iso(utc)


def realtimekit(account_id: str, app_id: str, api_token: str) -> Flavour:
    """Describe Cloudflare RealtimeKit."""
    return Flavour(
        name="realtimekit",
        label="Cloudflare RealtimeKit",
        base="/provider/client/v4/accounts/{account_id}/realtime/kit/{app_id}",
        account=account_id,
        tenant=app_id,
        authorization=f"Bearer {api_token}",
        prefix="rtk",
        bucket="realtimekit_bucket_config",
        token_life=timedelta(days=1),
        retries=RetryRule(attempts=4, any_refusal=False),
        limits=(RateLimit(3500, 300), RateLimit(1000, 50, of="recording")),
    )


def dyte(org_id: str, api_key: str) -> Flavour:
    """Describe Dyte v2."""
    return Flavour(
        name="dyte",
        label="Dyte",
        base="/provider/dyte/v2",
        account=None,
        tenant=org_id,
        authorization="Basic " + base64.b64encode(f"{org_id}:{api_key}".encode()).decode(),
        prefix="dyte",
        bucket="dyte_bucket_config",
        token_life=timedelta(days=100),
        retries=RetryRule(attempts=6, any_refusal=True),
        limits=(RateLimit(2000, 60),),
    )


def iso(moment: datetime) -> str:
    """Write a time as both REST APIs do: UTC, milliseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
