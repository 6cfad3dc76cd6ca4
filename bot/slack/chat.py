"""Threads on Slack's Web API: post, edit, look again, and what each refusal means."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import ChannelId, UserId
from bot.errors import (
    ChatBusy,
    ChatError,
    ChatRefused,
    ChatUnavailable,
    ChatUnreached,
    MessageRefused,
    TokenDead,
)
from bot.exchanged import Message, Person, Posted
from bot.slack.calls import SlackCalls
from bot.slack.closed import Doors
from bot.slack.meaning import EDIT, UNREADABLE, meaning
from bot.slack.membership import Membership
from bot.slack.people import People

Observe = Callable[[str, str], None]
"""Told of every call: the method and its outcome."""

EVENT_TYPE = "greenroom_slot"
LOOK_BACK = 100
PAGES = 20
"""How much of a thread is looked through."""


class SlackChat:
    """Slack as a place where threads live.

    Args:
        client: the Web API's.
        observe: told of every call.
        doors: know what Slack has closed to us.
        team: our workspace.
        own: the bot's own user.

    """

    def __init__(
        self,
        client: AsyncWebClient,
        observe: Observe,
        doors: Doors,
        team: str | None = None,
        own: str | None = None,
    ) -> None:
        self._client = client
        self._observe = observe
        self.doors = doors
        self._people = People(self._call, team)
        self._membership = Membership(self._call)
        self.calls = SlackCalls(self._call)
        self._own = own

    async def post(
        self, channel: ChannelId, message: Message, *, thread: str | None, mark: Mapping[str, str]
    ) -> Posted:
        """Post a message (chat.postMessage); never sent twice by itself, because Slack has no idempotency key."""
        arguments: dict[str, Any] = {
            "channel": channel,
            "text": message.text,
            "blocks": list(message.blocks) or None,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": dict(mark)},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread:
            arguments |= {"thread_ts": thread, "reply_broadcast": message.broadcast}
        answer = await self._call("chat.postMessage", arguments)
        if not (answer.get("channel") and answer.get("ts")):
            raise ChatUnavailable("no_ts")  # whatever answered knows nothing of a message
        return Posted(ChannelId(str(answer["channel"])), str(answer["ts"]))

    async def edit(self, channel: ChannelId, ts: str, message: Message) -> None:
        """Make a posted message look as given (chat.update)."""
        arguments = {"channel": channel, "ts": ts, "text": message.text, "blocks": list(message.blocks)}
        await self._call(EDIT, arguments)

    async def find(self, channel: ChannelId, *, thread: str | None, mark: Mapping[str, str]) -> str | None:
        """Look for a marked message among the last ones (conversations.replies, conversations.history)."""
        method = "conversations.replies" if thread else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": "true"}
        arguments |= {"ts": thread} if thread else {}
        for _ in range(PAGES if thread else 1):  # a channel is told newest first, a thread oldest first
            try:
                answer = await self._call(method, arguments, form=True)
            except (ChatBusy, ChatUnavailable, TokenDead):
                raise
            except ChatError:
                return None  # without the history scope nobody may look; posting again beats losing the message
            found = _marked(answer, dict(mark))
            arguments["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if found or not arguments["cursor"]:
                return found
        return None

    async def person(self, user: UserId) -> Person:
        """Look up who somebody is (users.info)."""
        return await self._people.person(user)

    async def own_team(self) -> str:
        """Give our workspace's id (auth.test), asked for where Slack was away when the bot started."""
        team = await self._people.ours()
        if team is None:
            raise ChatUnavailable("auth.test")
        return team

    async def creator(self, channel: ChannelId) -> UserId | None:
        """Ask who made a channel (conversations.info); None where it has nobody, or the bot may not look."""
        try:
            answer = await self._call("conversations.info", {"channel": channel}, form=True)
        except (ChatRefused, MessageRefused):
            return None
        creator = (answer.get("channel") or {}).get("creator")
        return UserId(str(creator)) if creator else None

    async def sees_members(self, channel: ChannelId) -> bool:
        """Ask whether the bot may look into a conversation (conversations.members)."""
        return await self._membership.sees(channel)

    async def is_member(self, channel: ChannelId, user: UserId) -> bool | None:
        """Ask whether a person is in a conversation now (conversations.members); None where the bot may not look."""
        return await self._membership.has(channel, user)

    async def members(self, channel: ChannelId) -> frozenset[UserId] | None:
        """Ask who is in a conversation now (conversations.members); None where the bot may not look."""
        found = await self._membership.of(channel)
        return None if found is None else frozenset(UserId(each) for each in found if each != self._own)

    async def team(self, team: str) -> frozenset[UserId] | None:
        """Ask who belongs to a user group; None where the bot may not look."""
        found = await self._membership.team(team)
        return None if found is None else frozenset(map(UserId, found))

    async def whisper(self, channel: ChannelId, user: UserId, message: Message) -> None:
        """Tell one person something in a channel (chat.postEphemeral)."""
        arguments = {"channel": channel, "user": user, "text": message.text, "blocks": list(message.blocks) or None}
        await self._call("chat.postEphemeral", arguments)

    async def open_form(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Show a form to whoever clicked or typed just now (views.open)."""
        await self._call("views.open", {"trigger_id": trigger, "view": view})

    async def _call(self, method: str, arguments: Mapping[str, Any], *, form: bool = False) -> Mapping[str, Any]:
        given = {key: value for key, value in arguments.items() if value is not None}
        await self.doors.check(method, given.get("channel"))
        request = self._client.api_call(method, data=given) if form else self._client.api_call(method, json=given)
        try:
            return await self._judged(method, request)
        except (ChatBusy, TokenDead) as refusal:
            await self.doors.note(method, given.get("channel"), refusal)
            raise

    async def _judged(self, method: str, request: Awaitable[Any]) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = (await request).data
        except SlackApiError as refusal:
            error = meaning(method, refusal)
            self._observe(method, error.code)
            raise error from refusal
        except aiohttp.ClientConnectorError as trouble:
            self._observe(method, type(trouble).__name__)
            raise ChatUnreached(type(trouble).__name__) from None
        except UNREADABLE as trouble:
            self._observe(method, type(trouble).__name__)
            # The trouble's own text may hold what was sent, so only its kind is passed on.
            raise ChatUnavailable(type(trouble).__name__) from None
        self._observe(method, "ok")
        return answer


def _marked(answer: Mapping[str, Any], mark: dict[str, str]) -> str | None:
    for message in answer.get("messages", []):
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload") == mark:
            return str(message["ts"])
    return None
