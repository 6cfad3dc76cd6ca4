"""Proof that a delivery comes from the provider: RSA-SHA256 over its raw bytes, with the provider's one public key.

Nothing of a body is looked at before its signature holds. Dyte's own sample verifies a re-serialised body instead;
that would mean to parse what nobody vouches for, so it is not done here.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.errors import BadSignature, KeyUnavailable, ProviderError
from bot.providers._http import JsonClient
from bot.providers._patience import Retries, Timeouts
from bot.providers._values import mapping

_PADDING, _HASH = PKCS1v15(), SHA256()
_SMALLEST_KEY = 2048
_SIGNATURE_SIZES = range(_SMALLEST_KEY // 8, 2048 + 1)

_QUICK = Timeouts(total=2.5, connect=1.5)

KEY_LIFETIME = timedelta(hours=1)
"""How long a published key is used without asking again."""

REFETCH_PAUSE = timedelta(seconds=60)
"""How long a forger has to wait between two requests that he can make us send."""

RETRY_PAUSE = timedelta(seconds=5)
"""How long nothing is asked after a fetch failed while there is no key at all."""


class Keys(Protocol):
    """Where the public key comes from."""

    async def current(self) -> RSAPublicKey:
        """Give the key; KeyUnavailable if there is none."""

    async def newer(self, key: RSAPublicKey) -> RSAPublicKey | None:
        """Give the key that has taken this one's place, None if none has."""


class Verifier:
    """Tells the provider's deliveries from all others.

    Args:
        keys: where the public key comes from.

    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def verify(self, body: bytes, signature: str | None) -> None:
        """Do nothing if the provider signed these bytes.

        Raises:
            BadSignature: it did not.
            KeyUnavailable: it cannot be told.

        """
        raw = _decoded(signature)
        key = await self._keys.current()
        if _signed(key, raw, body):
            return
        newer = await self._keys.newer(key)
        if newer is None or not _signed(newer, raw, body):
            raise BadSignature("the signature does not fit the body")


def _decoded(signature: str | None) -> bytes:
    """Read the header, refusing what no key could have made."""
    try:
        raw = base64.b64decode((signature or "").strip(" \t").encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadSignature("the signature is not base64") from None
    if len(raw) not in _SIGNATURE_SIZES:
        raise BadSignature("there is no signature of a sane length")
    return raw


def _signed(key: RSAPublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body, _PADDING, _HASH)
    except InvalidSignature:
        return False
    return True


def parse_key(pem: object) -> RSAPublicKey:
    r"""Read a public key in PEM, with line breaks or with ``\n`` spelt out.

    Raises:
        ValueError: it is no RSA public key of at least 2048 bits.

    """
    if not isinstance(pem, str):
        raise ValueError("not a PEM")  # noqa: TRY004 - one kind of error for all that is no key
    try:
        key = load_pem_public_key(pem.replace("\\n", "\n").strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("not a PEM of a public key") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_KEY:
        raise ValueError(f"not an RSA key of at least {_SMALLEST_KEY} bits")
    return key


class FixedKey:
    """A key from the settings, never fetched.

    Args:
        pem: the key; ValueError if it is none.

    """

    def __init__(self, pem: str) -> None:
        self._key = parse_key(pem)

    async def current(self) -> RSAPublicKey:
        """Give the key."""
        return self._key

    async def newer(self, key: RSAPublicKey) -> RSAPublicKey | None:  # noqa: ARG002 - the protocol's
        """Give None: a key in the settings is changed there."""
        return None


class PublishedKey:
    """The key that a provider publishes, parsed once, kept for an hour, asked for by one task at a time.

    A key that grew old is used on while no other can be had: the provider being away must not stop its events.

    Args:
        client: has the document's address as its base URL.
        now: the clock.

    """

    def __init__(self, client: JsonClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._one_at_a_time = asyncio.Lock()
        self._key: RSAPublicKey | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._doubted_at: datetime | None = None

    async def current(self) -> RSAPublicKey:
        """Give the key, fetching it if there is none or it is an hour old."""
        if self._key is None or not self._within(KEY_LIFETIME, self._fetched_at):
            async with self._one_at_a_time:
                await self._renew()
        if self._key is None:
            raise KeyUnavailable("the provider's public key cannot be had")
        return self._key

    async def newer(self, key: RSAPublicKey) -> RSAPublicKey | None:
        """Ask once whether the key was changed, because a signature did not fit; at most once a minute."""
        async with self._one_at_a_time:
            if self._key == key and not self._within(REFETCH_PAUSE, self._doubted_at):
                self._doubted_at = self._now()
                await self._fetch()
        return None if self._key == key else self._key

    async def _renew(self) -> None:
        """Fetch, unless another task just did or just failed to."""
        pause = REFETCH_PAUSE if self._key else RETRY_PAUSE
        fresh = self._key is not None and self._within(KEY_LIFETIME, self._fetched_at)
        if not fresh and not self._within(pause, self._tried_at):
            await self._fetch()

    async def _fetch(self) -> None:
        self._tried_at = self._now()
        try:
            document = await self._client.request("fetch_webhook_key", "GET", "")
            found = parse_key(mapping(document.get("data")).get("publicKey") or document.get("publicKey"))
        except (ProviderError, ValueError):
            return
        self._key, self._fetched_at = found, self._now()

    def _within(self, span: timedelta, since: datetime | None) -> bool:
        # A clock that was set back must not keep the door shut, hence the lower bound.
        return since is not None and timedelta(0) <= self._now() - since < span


def verifier(client: JsonClient, key_url: str, pem: str | None, now: Callable[[], datetime]) -> Verifier:
    """Give a verifier with the key of the settings, or else with the one published.

    Args:
        client: the provider's, which lends its session and observer, never its credentials.
        key_url: where the key is published.
        pem: the key itself, or None.
        now: the clock.

    Raises:
        ValueError: ``pem`` is no RSA public key.

    """
    if pem:
        return Verifier(FixedKey(pem))
    # Dyte waits 3 seconds for our answer and then tries again by itself, so one quick attempt is enough.
    quick = replace(
        client, enveloped=False, base_url=key_url, authorization=None, timeouts=_QUICK, retries=Retries(attempts=1)
    )
    return Verifier(PublishedKey(quick, now))
