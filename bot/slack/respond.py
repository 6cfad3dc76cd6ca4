"""Private answers: to the one who typed or clicked, and to nobody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.command_names import CommandNames
from bot.domain.ids import ChannelId, UserId
from bot.errors import ChatBusy, ChatError, MessageRefused
from bot.exchanged import Message
from bot.slack.chat import SlackChat
from bot.views import filled
from bot.views.replies import Reply, in_words

log = logging.getLogger(__name__)

TAKEN, NOT_THIS_FORM = 200, 400
ENOUGH = 200
"""Bytes of an answer that are read: Slack's are two."""
SLACK_HOSTS = {"hooks.slack.com", "hooks.slack-gov.com"}
"""Where real response URLs point; anything else is not written to."""

TRIES, WAIT = 4, 10.0
"""How often Slack is called, and for how many seconds at most it is waited for in between."""

LOCAL = {"127.0.0.1", "localhost", "::1"}
"""Where they point when Slack is played on this machine."""


class Responder:
    """Answers people through the response URL that their command or click brought, or around it."""

    def __init__(
        self, session: aiohttp.ClientSession, chat: SlackChat, api_url: str, named: CommandNames | None = None
    ) -> None:
        self._session = session
        self.named = named or CommandNames()
        self._chat = chat
        own = urlsplit(api_url).hostname
        self._hosts = SLACK_HOSTS if own in {"slack.com", "slack-gov.com"} else LOCAL if own in LOCAL else {own}

    def to(self, payload: dict[str, Any]) -> "Respond":
        """Give the way back to whoever sent this payload."""
        return Respond(self, payload)

    def in_own_names(self, reply: Reply) -> Reply:
        """Call the commands in an answer what they are called here; the answers are written with the usual names."""
        return Reply(self.named(reply.text), self.named(reply.blocks))

    async def send(self, url: str, body: dict[str, Any]) -> int:
        """Post to a response URL; gives the status, 0 where it is none of Slack's or Slack does not answer there."""
        try:
            if urlsplit(url).hostname not in self._hosts:
                return 0
            async with self._session.post(url, json=body) as answer:
                return _meant(answer.status, await answer.content.read(ENOUGH))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):  # the last of what is no address at all
            return 0

    async def whisper(self, channel: ChannelId, user: UserId, *forms: Reply) -> None:
        """Tell one person something although the response URL is used up: in the channel, else directly.

        Args:
            channel: where they are.
            user: the person.
            forms: what to say; the later ones where Slack does not take the earlier.

        """
        refusal: ChatError | None = None
        for form in forms:
            try:
                await self._tell(channel, user, Message("answer", form.text, form.blocks))
            except ChatError as refused:
                refusal = refused
                if not isinstance(refused, MessageRefused):
                    break
            else:
                return
        log.error("%s cannot be told anything in %s: %s", user, channel, refusal.code if refusal else "nothing to say")

    async def _tell(self, channel: ChannelId, user: UserId, message: Message) -> None:
        try:
            await _patiently(partial(self._chat.whisper, channel, user, message))
        except ChatError:
            post = partial(self._chat.post, ChannelId(user), message, thread=None, mark={"slot": "answer"})
            await _patiently(post)


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Call Slack, again when it asks to be called later: what a person is to be told is not thrown away for that."""
    for _ in range(TRIES - 1):
        try:
            await call()
        except ChatBusy as busy:
            if busy.retry_after > WAIT:
                raise
            await asyncio.sleep(busy.retry_after)
        else:
            return
    await call()


def _meant(status: int, said: bytes) -> int:
    """Give the status that goes with what was said: a proxy's page is none of Slack's, and JSON may say otherwise."""
    if status != TAKEN:
        return status
    if said.lstrip().startswith(b"<"):
        return 0
    return NOT_THIS_FORM if b'"ok":false' in said.replace(b" ", b"") else status


class Respond:
    """The way back to one person."""

    def __init__(self, responder: Responder, payload: dict[str, Any]) -> None:
        self._responder = responder
        self._url = str(payload.get("response_url") or "")
        self.user, self.channel = who_and_where(payload)
        self.is_private = (payload.get("container") or {}).get("is_ephemeral") is True

    async def share(self, reply: Reply) -> bool:
        """Say it to everyone in the conversation, which needs no membership there; tells whether it stands."""
        body = _body(self._responder.in_own_names(reply)) | {"response_type": "in_channel"}
        return bool(self._url) and await self._responder.send(self._url, body) == TAKEN

    async def replace(self, reply: Reply) -> None:
        """Turn the private message that was clicked into this one; say it beside what others see too."""
        form = self._responder.in_own_names(reply)
        body = _body(form) | {"replace_original": True}
        if not (self.is_private and self._url and await self._responder.send(self._url, body) == TAKEN):
            await self(reply)

    async def __call__(self, reply: Reply) -> None:
        """Tell the person, and only them; never fails, a person who cannot be reached is logged."""
        reply = self._responder.in_own_names(reply)
        bare = in_words(reply)
        for form in (reply, bare):
            status = await self._responder.send(self._url, _body(form)) if self._url else 0
            if status == TAKEN:
                return
            if status != NOT_THIS_FORM:
                break
        if self.user:
            await self._responder.whisper(self.channel, self.user, reply, bare)


def who_and_where(payload: Mapping[str, Any]) -> tuple[UserId, ChannelId]:
    """Read who typed, clicked or submitted, and in which channel; a form says in which one it was opened."""
    user = payload.get("user_id") or (payload.get("user") or {}).get("id") or ""
    channel = payload.get("channel_id") or (payload.get("channel") or {}).get("id")
    return UserId(str(user)), ChannelId(str(channel or filled.channel(payload.get("view") or {})))


def _body(reply: Reply) -> dict[str, Any]:
    return {
        "response_type": "ephemeral",
        "replace_original": False,
        "text": reply.text,
        "blocks": list(reply.blocks),
    }
