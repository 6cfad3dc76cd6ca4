"""Lists that come in pages, read to their end."""

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import ProviderUnavailable
from bot.providers._http import JsonClient
from bot.providers._values import mapping, rows, whole

PER_PAGE = 50
"""Neither provider states its default or its maximum; RealtimeKit is known to take 50."""

_MOST_PAGES = 200
"""No honest list of ours is longer; a provider that turns pages for ever must not hold a task for ever."""


async def every_row(
    client: JsonClient, operation: str, path: str, *, inside: str | None = None, query: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Read all rows of a list.

    Args:
        client: whom to ask.
        operation: what it is for, in error messages and metrics.
        path: the list's path.
        inside: the field of ``data`` that holds the rows, None where ``data`` is the list.
        query: filters and order.

    Raises:
        ProviderError: there is no answer, or one without a list: an empty list would say that there is nothing.

    """
    found: dict[str, dict[str, Any]] = {}
    for page in range(1, _MOST_PAGES + 1):
        turned = {**(query or {}), "page_no": str(page), "per_page": str(PER_PAGE)}
        answer = await client.request(operation, "GET", path, query=turned)
        before = len(found)
        # A row that moved to the next page while we read is met twice.
        found.update((_mark(row), row) for row in listed(answer, operation, inside))
        if len(found) == before or _is_last(answer):
            break
    return list(found.values())


def listed(answer: Mapping[str, Any], operation: str, inside: str | None = None) -> list[dict[str, Any]]:
    """Give the rows of one answer; ``null`` in their place means none.

    Raises:
        ProviderUnavailable: there is nothing in their place, or what is no list of objects.

    """
    holder, place = (mapping(answer.get("data")), inside) if inside else (answer, "data")
    value, found = holder.get(place, ""), rows(holder.get(place))
    if value is None or found or value == []:
        return found
    raise ProviderUnavailable(f"the answer to {operation} has no list")


def _mark(row: dict[str, Any]) -> str:
    own = row.get("id")
    return own if isinstance(own, str) else json.dumps(row, sort_keys=True)


def _is_last(answer: dict[str, Any]) -> bool:
    """Tell by ``paging``, which sits beside ``data`` or inside it; where it is not, only an empty page is the last."""
    paging = mapping(answer.get("paging")) or mapping(mapping(answer.get("data")).get("paging"))
    end, total = whole(paging.get("end_offset")), whole(paging.get("total_count"))
    return end is not None and total is not None and end >= total
