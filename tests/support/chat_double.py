"""A small honest Slack in memory: it keeps what is posted, and refuses what the real one refuses."""

import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.ids import ChannelId, UserId
from bot.domain.rules import Kind
from bot.errors import ChatError, ChatRefused, MessageGone, MessageRefused
from bot.exchanged import Message, Person, Posted
from playground.slack_blocks import problems_with

LONGEST_TEXT = 4000
Happening = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Standing:
    """A message as it stands in a channel."""

    channel: ChannelId
    ts: str
    thread: str | None
    message: Message
    mark: dict[str, str]
    edits: int = 0


@dataclass(frozen=True)
class Turn:
    """How the next call of a method goes: what happens before it, and what its caller sees.

    Args:
        before: happens first.
        refused: raised instead of doing anything.
        lost: raised although everything was done.
        after: happens when it was done.

    """

    before: Happening | None = None
    refused: ChatError | None = None
    lost: ChatError | None = None
    after: Happening | None = None


@dataclass
class ChatDouble:
    """Where threads live in tests.

    Args:
        closed: places that take no messages, and Slack's word for why.
        may_look: whether the history scopes were granted.
        picky: whether blocks are refused, however good they are.
        kinds: what people are who are no members.
        creators: who made which channel.
        members: who is in which conversation; the bot may not look into any other.

    """

    closed: dict[str, str] = field(default_factory=dict)
    may_look: bool = True
    picky: bool = False
    kinds: dict[str, Kind] = field(default_factory=dict)
    creators: dict[str, UserId] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    turns: dict[str, deque[Turn]] = field(default_factory=lambda: {"post": deque(), "edit": deque(), "find": deque()})
    _clock: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    # ------------------------------------------------------------ the Chat protocol

    async def post(
        self, channel: ChannelId, message: Message, *, thread: str | None, mark: Mapping[str, str]
    ) -> Posted:
        """Post a message; a person's id opens the direct messages with them."""
        turn = await self._turn("post", message.slot)
        where = direct(channel)
        self._accept(where, message, text_limit=None)
        if thread and not any(known.ts == thread and known.channel == where for known in self.standing):
            raise ChatRefused("thread_not_found")
        posted = Posted(where, f"1700000000.{next(self._clock):06}")
        self.standing.append(Standing(where, posted.ts, thread, message, dict(mark)))
        await self._end(turn)
        return posted

    async def edit(self, channel: ChannelId, ts: str, message: Message) -> None:
        """Change a message that is there."""
        turn = await self._turn("edit", message.slot)
        where = next((n for n, known in enumerate(self.standing) if (known.channel, known.ts) == (channel, ts)), None)
        if where is None:
            raise MessageGone("message_not_found")
        self._accept(channel, message, text_limit=LONGEST_TEXT)
        known = self.standing[where]
        self.standing[where] = replace(known, message=message, edits=known.edits + 1)
        await self._end(turn)

    async def find(self, channel: ChannelId, *, thread: str | None, mark: Mapping[str, str]) -> str | None:
        """Look for a message by its mark; a person's id is no channel that could be looked through."""
        turn = await self._turn("find", mark.get("slot", ""))
        await self._end(turn)
        if not self.may_look or channel.startswith("U"):
            return None
        found = (m for m in self.standing if (m.channel, m.thread, m.mark) == (channel, thread, dict(mark)))
        return next((message.ts for message in found), None)

    async def person(self, user: UserId) -> Person:
        """Look up who somebody is."""
        return Person(user, user.removeprefix("U").title(), kind=self.kinds.get(user, Kind.MEMBER))

    async def creator(self, channel: ChannelId) -> UserId | None:
        """Tell who made a channel."""
        return self.creators.get(channel)

    async def sees_members(self, channel: ChannelId) -> bool:
        """Tell whether the bot may look into a conversation."""
        return channel in self.members

    async def is_member(self, channel: ChannelId, user: UserId) -> bool | None:
        """Tell whether a person is in a conversation; None where the bot may not look."""
        return user in self.members[channel] if channel in self.members else None

    # ------------------------------------------------------------ what tests arrange and look at

    def next(self, method: str, **how: object) -> None:
        """Say how one of the next calls of a method goes."""
        self.turns[method].append(Turn(**how))  # type: ignore[arg-type]

    def slots(self, channel: str | None = None) -> list[str]:
        """Give the names of the messages that stand in a channel, or anywhere, oldest first."""
        return [m.message.slot for m in self.standing if channel in {None, m.channel}]

    def text(self, slot: str) -> str:
        """Give the words of the newest message of this name."""
        return self.one(slot).message.text

    def one(self, slot: str) -> Standing:
        """Give the newest message of this name."""
        return next(m for m in reversed(self.standing) if m.message.slot == slot)

    def delete(self, slot: str) -> None:
        """Delete a message, as any person may."""
        self.standing = [m for m in self.standing if m.message.slot != slot]

    def count(self, method: str) -> int:
        """Count the calls of a method."""
        return len([name for name, _ in self.calls if name == method])

    # ------------------------------------------------------------ inside

    async def _turn(self, method: str, slot: str) -> Turn:
        self.calls.append((method, slot))
        turn = self.turns[method].popleft() if self.turns[method] else Turn()
        if turn.before:
            await turn.before()
        if turn.refused:
            raise turn.refused
        return turn

    async def _end(self, turn: Turn) -> None:
        if turn.after:
            await turn.after()
        if turn.lost:
            raise turn.lost

    def _accept(self, channel: str, message: Message, *, text_limit: int | None) -> None:
        if channel in self.closed:
            raise ChatRefused(self.closed[channel])
        if message.blocks and (self.picky or problems_with(message.blocks)):
            raise MessageRefused("invalid_blocks")
        if text_limit and len(message.text) > text_limit:
            raise MessageRefused("msg_too_long")
        if not message.text and not message.blocks:
            raise ChatRefused("no_text")


def direct(channel: str) -> ChannelId:
    """Give the channel of the direct messages with a person, and every other channel as it is."""
    return ChannelId(f"D{channel}" if channel.startswith("U") else channel)
