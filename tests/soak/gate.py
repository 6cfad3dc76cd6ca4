"""Stands between the bots and Slack's Web API, and can hold a call back or refuse it by what is in it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from playground.stage import LOOPBACK
from tests.support.ports import free_port

Arguments = dict[str, Any]
Rule = Callable[[str, Arguments], Awaitable[web.Response | None]]
"""Looks at a call, its method and arguments; may wait, and may answer it instead of Slack."""


async def _passes(_method: str, _arguments: Arguments) -> web.Response | None:
    return None


@dataclass
class Gate:
    """Passes every call on to Slack unless ``rule`` says otherwise."""

    slack_url: str
    rule: Rule = _passes
    url: str = field(default_factory=lambda: f"http://{LOOPBACK}:{free_port()}/api/")
    _client: aiohttp.ClientSession | None = None
    _runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Listen."""
        self._client = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/api/{method}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await self._runner.setup()
        port = int(self.url.split(":")[2].partition("/")[0])
        await web.TCPSite(self._runner, LOOPBACK, port).start()

    async def close(self) -> None:
        """Stop."""
        if self._runner:
            await self._runner.cleanup()
        if self._client:
            await self._client.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.read()
        is_json = request.content_type == "application/json"
        answered = await self.rule(method, await request.json() if is_json else {})
        if answered is not None:
            return answered
        # A call that was sent takes effect although its sender is gone by the time it arrives.
        return await asyncio.shield(self._sent(request, method, body))

    async def _sent(self, request: web.Request, method: str, body: bytes) -> web.Response:
        assert self._client is not None
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in {"host", "content-length"}
        }
        async with self._client.post(self.slack_url + method, data=body, headers=headers) as answer:
            kept = {
                n: v
                for n, v in answer.headers.items()
                if n.lower() in {"retry-after", "x-oauth-scopes", "content-type"}
            }
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)


def too_many(seconds: int) -> web.Response:
    """Answer as Slack does when it was asked too often."""
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})
