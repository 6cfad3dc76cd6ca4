"""What a provider's refusal means, and its words made fit for a log."""

import base64
import re
from collections.abc import Collection, Iterable
from typing import Any

from bot.errors import ProviderError, ProviderNotFound, ProviderRefused, ProviderRejected
from bot.providers._values import json_object, mapping, rows
from bot.redaction import Redactor

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404

_GATEWAY_REFUSALS = frozenset({10000, 6003})
"""Cloudflare's codes for credentials it does not take, sometimes under status 400."""

_LINK = re.compile(r"\w+://\S+")
_LONGEST = 300


def refusal(
    status: int, raw: bytes, prefix: str, authorization: str | None, sent: Collection[str] = ()
) -> ProviderError:
    """Give the error for an answer that says no.

    Args:
        status: the HTTP status.
        raw: the body, of any kind.
        prefix: who answered what to which operation.
        authorization: the header that was sent, so that an echo of it is blotted out.
        sent: the secrets that were sent, for the same reason.

    """
    envelope = _envelope(raw)
    message = f"{prefix}: {_clean(_said(envelope), [*_secrets(authorization), *sent])}".removesuffix(": ")
    if status in (_UNAUTHORIZED, _FORBIDDEN) or _gateway_codes(envelope) & _GATEWAY_REFUSALS:
        return ProviderRefused(message, status=status)
    # A 404 of the gateway, or of some web server, is a wrong address; it does not say that nobody is in the room.
    if status == _NOT_FOUND and envelope and "errors" not in envelope:
        return ProviderNotFound(message, status=status)
    return ProviderRejected(message, status=status)


def _envelope(raw: bytes) -> dict[str, Any]:
    try:
        return json_object(raw)
    except ValueError:
        return {}


def _said(envelope: dict[str, Any]) -> str:
    """Find the message: ``error.message``, a bare ``message``, or the gateway's ``errors``."""
    error = envelope.get("error")
    candidates = (
        mapping(error).get("message"),
        error,
        *(row.get("message") for row in rows(envelope.get("errors"))),
        envelope.get("message"),
    )
    return next((said for said in candidates if isinstance(said, str) and said), "")


def _gateway_codes(envelope: dict[str, Any]) -> set[int]:
    codes = (row.get("code") for row in rows(envelope.get("errors")))
    return {code for code in codes if isinstance(code, int)}


def _clean(message: str, secrets: Iterable[str]) -> str:
    """Make foreign words one short line without secrets, blotted out before it is cut; any link may be presigned."""
    message = _LINK.sub("(link)", Redactor(secrets).text(message))
    printable = "".join(letter if letter.isprintable() else " " for letter in message)
    return " ".join(printable.split())[:_LONGEST]


def _secrets(authorization: str | None) -> list[str]:
    scheme, _, credential = (authorization or "").partition(" ")
    if not credential:
        return []
    if scheme != "Basic":
        return [credential]
    _, _, password = base64.b64decode(credential).decode().partition(":")
    return [credential, password] if password else [credential]
