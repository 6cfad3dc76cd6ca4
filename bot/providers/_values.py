"""Read single values out of JSON that others wrote: what is not as documented counts as not there."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from pydantic_core import from_json

_IDENTIFIER = re.compile(r"[!-~]{1,128}")
_WORD = re.compile(r"[A-Za-z_]{1,40}")
_WEB = re.compile(r"https?://[!-~]{1,4000}")
_REASON = re.compile(r"""['"]reason['"]\s*:\s*['"]([A-Za-z_]{1,40})['"]""")
_CALLER = re.compile(r"""['"]caller['"]\s*:\s*\{[^{}]*?['"]name['"]\s*:\s*['"]([^'"{}]{1,200})['"]""")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LARGEST = 2**53


def json_object(raw: bytes) -> dict[str, Any]:
    """Read bytes as a JSON object.

    Raises:
        ValueError: they are not UTF-8, not JSON, not an object, or nested past what can be read.

    """
    try:
        value = from_json(raw, allow_inf_nan=False)
    except ValueError:
        value = _patiently(raw)
    if isinstance(value, dict):
        return value
    raise ValueError("not a JSON object")


def _patiently(raw: bytes) -> object:
    """Read what the quick parser refuses, such as half a surrogate pair, which JavaScript cuts names into."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def mapping(value: object) -> dict[str, Any]:
    """Give the object, empty if it is none."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """Give the objects of a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def snaked(row: Mapping[str, Any]) -> dict[str, Any]:
    """Spell keys as REST does: webhooks say ``downloadUrl`` where REST says ``download_url``."""
    return {_HUMP.sub("_", key).lower(): value for key, value in row.items()}


def identifier(value: object) -> str | None:
    """Give an id: visible ASCII of a sane length, so that it can stand in a key or a URL."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else None


def word(value: object) -> str | None:
    """Give a constant such as ``UPLOADED``."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None


def text(value: object, *, limit: int = 200) -> str | None:
    """Give words meant for people, cut to a sane length; blank ones are no words."""
    if not isinstance(value, str):
        return None
    # JSON can spell half a surrogate pair, which nothing further on could encode.
    return value[:limit].encode("utf-8", "replace").decode("utf-8").strip() or None


def web_address(value: object) -> str | None:
    """Give an http or https address; any other scheme could run in somebody's browser."""
    return value if isinstance(value, str) and _WEB.fullmatch(value) else None


def whole(value: object) -> int | None:
    """Give a count, which RealtimeKit's webhooks send as a string of digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return int(number) if math.isfinite(number) and 0 <= number <= _LARGEST else None


def moment(value: object) -> datetime | None:
    """Give a time in UTC; Dyte's webhooks put a blank where ISO 8601 has a T."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def reason(value: object) -> str | None:
    """Give the word for why: REST sends an object, Dyte's webhooks a Python dict in a string."""
    if isinstance(value, dict):
        value = value.get("reason")
    if not isinstance(value, str):
        return None
    found = _REASON.search(value[:2000])
    return found[1] if found else word(value)


def caller(value: object) -> str | None:
    """Give the name of whoever made a recording start or stop; told beside the reason, in the same two ways."""
    if isinstance(value, dict):
        return text(mapping(value.get("caller")).get("name"))
    found = _CALLER.search(value[:2000]) if isinstance(value, str) else None
    return text(found[1]) if found else None
