"""Bolt for Python as a server to compare with; ``process_before_response`` sets that option."""

import os
import sys

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.serving import serve
from benchmarks.traffic import SLACK_PATH


def bolt(secret: str, token: str, api_url: str, *, process_before_response: bool = False) -> web.Application:
    """Build a Bolt app with everything at its default but what is given; it acknowledges and stores nothing."""
    app = AsyncApp(
        signing_secret=secret,
        client=AsyncWebClient(token, base_url=api_url),
        process_before_response=process_before_response,
    )

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/meet")(acknowledge)
    return app.web_app(path=SLACK_PATH)


if __name__ == "__main__":
    option = "process_before_response"
    names = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_API_URL")
    serve(bolt(*(os.environ[name] for name in names), process_before_response=option in sys.argv))
