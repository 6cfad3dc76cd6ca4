"""Calls of one account, without the envelope that both providers put around their answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import ProviderNotFound
from bot.providers._http import JsonClient
from bot.providers._paging import every_row
from bot.providers._values import mapping


@dataclass(frozen=True, slots=True)
class Calls:
    """The kinds of call there are.

    Args:
        client: speaks with the account.

    """

    client: JsonClient

    async def data(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        secrets: Collection[str] = (),
    ) -> dict[str, Any]:
        """Make a call that is answered with one object; no error repeats the secrets in its body."""
        answer = await self.client.request(operation, method, path, body=body, query=query, secrets=secrets)
        return mapping(answer.get("data"))

    async def live(self, operation: str, path: str) -> dict[str, Any] | None:
        """Read what goes on now; None where nothing does, which both providers say with 404."""
        try:
            answer = await self.client.request(operation, "GET", path)
        except ProviderNotFound:
            return None
        return None if answer.get("data", answer) is None else mapping(answer.get("data"))

    async def rows(
        self, operation: str, path: str, *, inside: str | None = None, query: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Read a list to its end."""
        return await every_row(self.client, operation, path, inside=inside, query=query)

    async def away(self, operation: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        """Make something be gone; that it is gone already is no error."""
        try:
            await self.client.request(operation, method, path, body=body)
        except ProviderNotFound:
            return
