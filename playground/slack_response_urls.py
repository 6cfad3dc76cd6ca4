"""The response_url of commands and clicks: five answers within thirty minutes, needing no scope and no membership."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from playground.slack_blocks import fallback_text, with_ids
from playground.slack_errors import Arguments, SlackError
from playground.slack_faults import RESPONSE_URL, SlackFault, SlackFaults
from playground.slack_limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES
from playground.slack_web_api import drop, retry_after
from playground.workspace import Message, Workspace


@dataclass(slots=True)
class ResponseUrl:
    """What one response_url may still do; ``source`` is the message that was clicked."""

    channel: str
    user: str
    made: datetime
    source: str | None = None
    typed_command: str | None = None
    uses: int = 0


class ResponseUrls:
    """Makes response_urls and takes what is posted to them."""

    def __init__(self, workspace: Workspace, faults: SlackFaults, now: Callable[[], datetime]) -> None:
        self.base_url = ""
        self._workspace, self._faults, self._now = workspace, faults, now
        self._known: dict[str, ResponseUrl] = {}

    def make(self, channel: str, user: str, *, source: str | None = None, typed_command: str | None = None) -> str:
        """Give a fresh address for answering what somebody just did."""
        self._forget_expired()
        token = secrets.token_urlsafe(24)
        self._known[token] = ResponseUrl(channel, user, self._now(), source, typed_command)
        return f"{self.base_url}/slack/response/{token}"

    def _forget_expired(self) -> None:
        self._known = {token: known for token, known in self._known.items() if not self._expired(known)}

    def _expired(self, known: ResponseUrl) -> bool:
        return (self._now() - known.made).total_seconds() > RESPONSE_URL_SECONDS

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one answer."""
        fault = self._faults.take(RESPONSE_URL)
        match fault.kind if fault else None:
            case "drop_before":
                return drop(request)
            case "status" | "error" | "ratelimited" if fault:
                return _refuse(fault)
        response = await self._take(request)
        if fault and fault.kind == "drop_after":
            return drop(request)
        await asyncio.sleep(fault.seconds if fault else 0)
        return response

    async def _take(self, request: web.Request) -> web.Response:
        known = self._known.get(request.match_info["token"])
        if known is None or self._expired(known):
            return web.Response(status=404, text="expired_url")
        if known.uses >= RESPONSE_URL_USES:
            return web.Response(status=404, text="used_url")
        known.uses += 1
        try:
            body = await request.json()
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if not isinstance(body, dict):
            return web.Response(status=400, text="invalid_payload")
        try:
            self.answer(known, body)
        except SlackError as error:
            return web.Response(status=400, text=error.error)
        return web.Response(text="ok")

    def answer(self, known: ResponseUrl, body: dict[str, Any]) -> None:
        """Do what an answer asks for; raises SlackError for what Slack refuses."""
        args = Arguments(body)
        source = self._workspace.find(known.channel, known.source) if known.source else None
        if args.flag("delete_original"):
            if source is not None:
                self._workspace.delete(source.channel, source.ts)
            return
        blocks = with_ids(args.blocks())
        text = args.text("text")
        if not blocks and not text.strip():
            raise SlackError("no_text")
        text = text or fallback_text(blocks)
        if args.flag("replace_original") and known.source is not None:
            self._replace(source, text, blocks)
        else:
            self._post(known, args, text, blocks)

    def _replace(self, source: Message | None, text: str, blocks: tuple[dict[str, Any], ...]) -> None:
        if source is None:
            raise SlackError("message_not_found")
        edited = self._workspace.next_ts() if text != source.text else source.edited
        self._workspace.edit(source.channel, source.ts, text=text, blocks=blocks, edited=edited)

    def _post(self, known: ResponseUrl, args: Arguments, text: str, blocks: tuple[dict[str, Any], ...]) -> None:
        public = args.text("response_type") == "in_channel"
        self._workspace.post(
            known.channel,
            self._workspace.bot.id,
            text,
            blocks=blocks,
            thread_ts=args.optional("thread_ts"),
            ephemeral_for=None if public else known.user,
            typed_command=known.typed_command if public else None,
        )
        if public:
            known.typed_command = None


def _refuse(fault: SlackFault) -> web.Response:
    match fault.kind:
        case "ratelimited":
            return web.Response(status=429, text="ratelimited", headers=retry_after(int(fault.seconds)))
        case "error":
            return web.Response(status=404, text=fault.error)
        case _:
            return web.Response(status=fault.status, text=fault.body)
