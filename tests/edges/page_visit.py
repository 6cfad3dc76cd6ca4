"""Visits to the bot's own meeting page, as its script makes them."""

import json
from pathlib import Path
from typing import Any

import aiohttp

from bot.sdk import SDKS
from tests.edges.place import Place
from tests.support.bench import button


class Browser:
    """Asks as the page's script does, or as somebody who only pretends to be it."""

    def __init__(self, session: aiohttp.ClientSession, own: str) -> None:
        self._session, self.own = session, own

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.own, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}

    async def asks_for_a_token(self, link: str, **changed: str | None) -> tuple[int, dict[str, Any], Any]:
        """Ask with the code of a link; ``changed`` are headers, None leaves one out."""
        renamed = {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {name: value for name, value in (self.headers | renamed).items() if value is not None}
        return await self.posts(json.dumps({"code": link.rpartition("/")[2]}), headers)

    async def posts(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, Any], Any]:
        async with self._session.post(f"{self.own}/join", data=body.encode(), headers=headers) as answer:
            return answer.status, await answer.json(), answer.headers

    async def looks(self, url: str, method: str = "GET", **headers: str) -> tuple[int, str, Any]:
        async with self._session.request(method, url, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers


def installed(directory: Path) -> Path:
    """Fill a directory with files that have the right names and sizes and nothing else of the real ones."""
    for sdk in SDKS.values():
        for part in sdk.parts:
            sdk.place(part, directory).parent.mkdir(parents=True, exist_ok=True)
            sdk.place(part, directory).write_bytes(b" " * part.size)
    return directory


async def link(here: Place, user: str = "bo") -> str:
    return str(button(await here.asks(user, "/meet join"), "open_link")["url"])


def minted(here: Place) -> int:
    return len([call for call in here.world.stage.provider.calls if "participants" in call.path])
