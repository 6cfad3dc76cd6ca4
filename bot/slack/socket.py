"""Socket Mode: the same inbox, for a bot that has no public address."""

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.inbox import TAKEN, Inbox
from bot.slack.meaning import UNREADABLE

if TYPE_CHECKING:
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient

log = logging.getLogger(__name__)


class Socket:
    """One connection to Slack that payloads come in by; must be built inside the running loop."""

    def __init__(self, app_token: str, client: AsyncWebClient, inbox: Inbox) -> None:
        self._inbox = inbox
        self._client = SocketModeClient(app_token=app_token, web_client=client)
        self._trying: asyncio.Task[None] | None = None
        self._client.socket_mode_request_listeners.append(self._take)

    async def _take(self, client: "AsyncBaseSocketModeClient", request: SocketModeRequest) -> None:
        """Write the payload down, then acknowledge; what was not written down is not acknowledged."""
        answer = await self._inbox.accept(dict(request.payload))
        if answer.status == TAKEN.status:
            response = SocketModeResponse(envelope_id=request.envelope_id, payload=answer.payload)
            await client.send_socket_mode_response(response)

    async def open(self) -> None:
        """Connect; while Slack is away, go on trying in the background."""
        if not await self._connect():
            self._trying = asyncio.create_task(self._keep_trying(), name="socket mode")

    async def _keep_trying(self) -> None:
        for pause in itertools.chain((1, 2, 5, 10), itertools.repeat(30)):
            await asyncio.sleep(pause)
            if await self._connect():
                return

    async def _connect(self) -> bool:
        try:
            await self._client.connect()  # type: ignore[no-untyped-call]
        except (SlackApiError, *UNREADABLE) as trouble:
            log.warning("Slack's Socket Mode cannot be reached yet: %s", type(trouble).__name__)
            return False
        return True

    async def is_connected(self) -> bool:
        """Tell whether payloads can come in."""
        return bool(await self._client.is_connected())

    async def close(self) -> None:
        """Disconnect."""
        if self._trying:
            self._trying.cancel()
        await self._client.close()  # type: ignore[no-untyped-call]
