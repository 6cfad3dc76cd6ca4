"""A small Slack workspace in memory: its people, channels and messages, and who may see them."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from playground.timers import Changes
from playground.workspace_values import SLACKBOT, Block, Call, Channel, ChannelKind, Message, Team, User

__all__ = ["SLACKBOT", "Block", "Channel", "ChannelKind", "Message", "User", "Workspace", "sample_workspace", "utcnow"]

_Found = TypeVar("_Found")


def utcnow() -> datetime:
    """Read the wall clock."""
    return datetime.now(UTC)


class Workspace:
    """Everything a team's members could see; each visible change raises ``version`` and wakes whoever waits."""

    def __init__(
        self,
        people: Iterable[User],
        channels: Iterable[Channel],
        *,
        team_id: str = "T0GREENROOM",
        name: str = "Greenroom playground",
        domain: str = "greenroom-playground",
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        self.team_id, self.name, self.domain = team_id, name, domain
        self.app_id, self.bot_id = "A0GREENROOM", "B0GREENROOM"
        self.people = {user.id: user for user in people}
        self.channels = {channel.id: channel for channel in channels}
        self.teams: dict[str, Team] = {}
        self.calls: dict[str, Call] = {}
        self.bot = next(user for user in self.people.values() if user.is_bot)
        self._changes = Changes()
        self._messages: dict[tuple[str, str], Message] = {}
        self._earlier: dict[tuple[str, str], list[Message]] = {}
        self._now = now
        self._last_micros = 0

    # ------------------------------------------------------------ waiting

    @property
    def version(self) -> int:
        """A number that grows with every visible change."""
        return self._changes.version

    async def changed(self, since: int | None = None) -> int:
        """Wait until the version is past ``since`` (past the present one when left out), and give it."""
        return await self._changes.wait(since)

    def touch(self) -> None:
        """Count a change of what people see beside messages, as of a form."""
        self._changes.bump()

    async def until(self, check: Callable[[], object], *, within: float = 5.0) -> None:
        """Wait for a change after which ``check()`` is true.

        Raises:
            TimeoutError: it did not become true within that many seconds.

        """
        async with asyncio.timeout(within):
            while not check():
                await self.changed()

    # ------------------------------------------------------------ people and channels

    def have_portraits_at(self, url: str) -> None:
        """Give everybody a picture, served at this address."""
        for person in list(self.people.values()):
            if not person.is_bot:
                self.people[person.id] = replace(person, image=f"{url}/playground/portraits/{person.id}.svg")

    def user(self, ref: str) -> User:
        """Find a person by id, handle or @handle; KeyError for a stranger."""
        if ref in self.people:
            return self.people[ref]
        handle = ref.removeprefix("@").lower()
        return _only((user for user in self.people.values() if user.name == handle), ref)

    def channel(self, ref: str) -> Channel:
        """Find a conversation by id, name or #name; KeyError for an unknown one."""
        if ref in self.channels:
            return self.channels[ref]
        name = ref.removeprefix("#").lower()
        return _only((one for one in self.channels.values() if name and one.name == name), ref)

    def open_direct(self, *users: str) -> Channel:
        """Give the conversation between exactly these people, made when it does not exist yet."""
        members = tuple(sorted({self.user(user).id for user in users}))
        kind: ChannelKind = "im" if len(members) <= 2 else "mpim"  # noqa: PLR2004 - two people make a DM
        for channel in self.channels.values():
            if channel.kind == kind and tuple(sorted(channel.members)) == members:
                return channel
        handles = [self.people[member].name for member in members]
        if kind == "im":
            return self.add_channel(Channel("D" + "".join(handles).upper(), "", kind, members))
        return self.add_channel(Channel("G" + "".join(handles).upper(), f"mpdm-{'--'.join(handles)}-1", kind, members))

    def direct_with_bot(self, user: str) -> Channel:
        """Give a person's DM with the bot."""
        return self.open_direct(self.user(user).id, self.bot.id)

    def add_user(self, user: User) -> User:
        """Let somebody into the workspace."""
        self.people[user.id] = user
        self._changes.bump()
        return user

    def add_channel(self, channel: Channel) -> Channel:
        """Make a conversation."""
        self.channels[channel.id] = channel
        self._changes.bump()
        return channel

    def invite(self, channel: str, user: str) -> None:
        """Make somebody a member."""
        here, who = self.channel(channel), self.user(user).id
        if who not in here.members:
            self._keep_channel(replace(here, members=(*here.members, who)))

    def remove(self, channel: str, user: str) -> None:
        """Take somebody out of a channel."""
        here, who = self.channel(channel), self.user(user).id
        self._keep_channel(replace(here, members=tuple(member for member in here.members if member != who)))

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, or bring it back."""
        self._keep_channel(replace(self.channel(channel), archived=archived))

    def _keep_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self._changes.bump()

    def keep_call(self, call: Call) -> Call:
        """Have every message that names this call show it as it is now."""
        self.calls[call.id] = call
        self._changes.bump()
        return call

    # ------------------------------------------------------------ messages

    def next_ts(self) -> str:
        """Give a message time stamp that no message has and that is later than all of them."""
        self._last_micros = max(int(self._now().timestamp() * 1_000_000), self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06}"

    def post(self, channel: str, user: str, text: str, *, blocks: Sequence[Block] = (), **more: Any) -> Message:
        """Put a message into a conversation; ``more`` are the other fields of ``Message``."""
        here, who = self.channel(channel), self.user(user) if user != SLACKBOT else None
        message = Message(
            self.next_ts(), here.id, who.id if who else SLACKBOT, text, tuple(deepcopy(list(blocks))), **more
        )
        self._messages[here.id, message.ts] = message
        self._changes.bump()
        return message

    def edit(self, channel: str, ts: str, **changes: Any) -> Message:
        """Change a message's fields; what it was before is kept for clicks on a screen that is behind."""
        before = self._messages[channel, ts]
        after = replace(before, **deepcopy(changes))
        self._earlier.setdefault((channel, ts), []).append(before)
        self._messages[channel, ts] = after
        self._changes.bump()
        return after

    def delete(self, channel: str, ts: str) -> None:
        """Take a message away; a thread keeps a tombstone at its top, as in Slack."""
        if any(reply.thread_ts == ts != reply.ts for reply in self.messages(channel)):
            gone = Message(ts, channel, SLACKBOT, "This message was deleted.", thread_ts=ts, subtype="tombstone")
            self._messages[channel, ts] = gone
        else:
            del self._messages[channel, ts]
        self._changes.bump()

    def find(self, channel: str, ts: str) -> Message | None:
        """Look a message up, an ephemeral one too."""
        return self._messages.get((channel, ts))

    def earlier(self, channel: str, ts: str) -> list[Message]:
        """List what a message was before its edits, newest first."""
        return self._earlier.get((channel, ts), [])[::-1]

    def messages(self, channel: str) -> list[Message]:
        """List a conversation's ordinary messages, replies included, oldest first."""
        here = self.channel(channel).id
        return [one for one in self._messages.values() if one.channel == here and one.ephemeral_for is None]

    def channel_messages(self, channel: str) -> list[Message]:
        """List what the conversation itself shows: everything but replies that were not also sent to the channel."""
        return [one for one in self.messages(channel) if not one.is_reply or one.broadcast]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """List a thread: the message at its top, then its replies, oldest first."""
        return [one for one in self.messages(channel) if ts in (one.ts, one.thread_ts)]

    def private(self, user: str) -> list[Message]:
        """List the ephemeral messages that this person sees, in every conversation."""
        who = self.user(user).id
        return [one for one in self._messages.values() if one.ephemeral_for == who]

    def direct(self, user: str) -> list[Message]:
        """List the ordinary messages in a person's DM with the bot."""
        return self.messages(self.direct_with_bot(user).id)


def sample_workspace(now: Callable[[], datetime] = utcnow) -> Workspace:
    """Make the playground's workspace: four people, the bot, four channels and their DMs."""
    people = (
        User("UANA", "ana", "Ana Lima"),
        User("UBO", "bo", "Bo Berg"),
        User("UCY", "cy", "Cy Chen"),
        User("UDI", "di", "Di Duarte"),
    )
    bot = User("UGREENROOM", "greenroom", "Greenroom", is_bot=True)
    everyone = tuple(user.id for user in people)
    channels = (
        Channel("CGENERAL", "general", "public", (*everyone, bot.id)),
        Channel("CDESIGN", "design", "public", (*everyone, bot.id)),
        Channel("CRANDOM", "random", "public", everyone),
        Channel("CLEADS", "leads", "private", ("UANA", "UBO")),
        Channel("DANABO", "", "im", ("UANA", "UBO")),
        *(Channel(f"D{user.id[1:]}", "", "im", (user.id, bot.id)) for user in people),
    )
    workspace = Workspace((*people, bot), channels, now=now)
    workspace.teams["SDESIGN"] = Team("SDESIGN", "designers", ("UCY", "UDI"))
    return workspace


def _only(found: Iterable[_Found], ref: str) -> _Found:
    for one in found:
        return one
    raise KeyError(ref)
