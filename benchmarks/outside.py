"""The world around a server under test: a Slack and a RealtimeKit that say yes to everything, as quickly as they can.

The playground's simulators are strict, which costs processor time; on a small machine that would be taken from the
server that is measured.
"""

import itertools
import json
import os
from typing import Any

from aiohttp import web

from benchmarks.serving import serve
from benchmarks.traffic import CHANNEL, TEAM

WEBHOOK_ID = "0f8c1d7e-4a4e-4a1c-9a53-5d1a6b0c7e11"


def application(public_key: str) -> web.Application:
    """Build it."""
    stamps = itertools.count(1)

    async def slack(request: web.Request) -> web.Response:
        if request.match_info["method"] == "auth.test":
            who = {"team_id": TEAM, "team": "Benchmark", "user": "greenroom", "user_id": "U0BOT", "bot_id": "B0BOT"}
            return web.json_response({"ok": True, "url": "https://benchmark.slack.com/", **who})
        given = await _given(request)
        channel = given.get("channel", CHANNEL)
        return web.json_response({"ok": True, "channel": channel, "ts": f"1790000000.{next(stamps):06d}"})

    async def respond(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="ok")

    async def no_webhooks(_request: web.Request) -> web.Response:
        return web.json_response({"success": True, "data": []})

    async def new_webhook(request: web.Request) -> web.Response:
        return web.json_response({"success": True, "data": {**await request.json(), "id": WEBHOOK_ID}})

    async def key(_request: web.Request) -> web.Response:
        return web.json_response({"publicKey": public_key})

    app = web.Application()
    app.router.add_post("/slack/api/{method}", slack)
    app.router.add_post("/response", respond)
    app.router.add_get("/accounts/{account}/realtime/kit/{app}/webhooks", no_webhooks)
    app.router.add_post("/accounts/{account}/realtime/kit/{app}/webhooks", new_webhook)
    app.router.add_get("/key", key)
    return app


async def _given(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    return json.loads(body) if request.content_type == "application/json" else dict(await request.post())


if __name__ == "__main__":
    serve(application(os.environ["PUBLIC_KEY"]))
