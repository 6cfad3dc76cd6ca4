"""Brings the messages of one thread, slot by slot, to what they must be."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from bot.domain.ids import ChannelId
from bot.domain.meeting import Meeting
from bot.errors import (
    ChatBusy,
    ChatError,
    ChatRefused,
    ChatUnavailable,
    ChatUnreached,
    MessageGone,
    MessageRefused,
    TokenDead,
)
from bot.exchanged import Message, Posted
from bot.keys import posts_key
from bot.locks import Lock
from bot.ports import Chat
from bot.posts import TTL, Post, Posts
from bot.views.thread import CARD, digest, render_thread

log = logging.getLogger(__name__)

Sent = TypeVar("Sent")

POST = "chat.postMessage"


class LeaseLost(Exception):
    """Somebody else may be writing to this thread by now."""


class HomeRefused(Exception):
    """The place where the thread lives takes no messages from us; ``code`` is Slack's word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InviteRefused(HomeRefused):
    """A person cannot be written to directly."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(code)
        self.message = message


class ThreadWriter:
    """Writes one meeting's thread while it holds the thread's lock.

    Args:
        meeting: what is to be shown.
        standing: what stands in Slack now, by slot.
        lock: asked to go on before and after each call to Slack, because a process may have been asleep.

    """

    def __init__(self, meeting: Meeting, standing: Mapping[str, Post], lock: Lock, posts: Posts, chat: Chat) -> None:
        self._meeting = meeting
        self._standing = dict(standing)
        self._lock = lock
        self._posts = posts
        self._chat = chat

    async def write(self) -> float:
        """Post what is missing and edit what differs.

        Returns:
            The seconds after which to go on, because Slack's limits allow no more now; 0 when nothing is left.

        Raises:
            LeaseLost: the lock ended while we were at it.
            HomeRefused: the thread must live elsewhere.
            InviteRefused: somebody cannot be invited directly.

        """
        waits: dict[str, float] = {}
        held_up: set[ChannelId] = set()
        for message in render_thread(self._meeting):
            home, new = self._home(message), not self._stands(message)
            if new and home in held_up:
                continue  # nothing new may overtake what still waits for its turn in the same place
            waits[message.slot] = await self._bring(message)
            if new and waits[message.slot]:
                held_up.add(home)
        return min((wait for wait in waits.values() if wait), default=0)

    @property
    def has_card(self) -> bool:
        """Whether the thread has its card, or can have none any more."""
        card = self._standing.get(CARD)
        return card is not None and card.home == self._meeting.home and bool(card.ts or card.gone)

    def _stands(self, message: Message) -> bool:
        post = self._standing.get(message.slot)
        return post is not None and post.home == self._home(message) and bool(post.ts or post.gone)

    async def _bring(self, message: Message) -> float:
        post = self._standing.get(message.slot)
        here = post is not None and post.home == self._home(message)
        if post and here and (post.gone or post.digest == digest(message)):
            return 0
        parent = self._parent(message)
        if message.slot != CARD and message.to is None and parent is None:
            return 0  # the card comes first; this message follows in the same breath or the next one
        try:
            if post and here and post.ts:
                return await self._edit(message, post)
            return await self._post(message, parent, unclear=bool(post and here))
        except ChatBusy as busy:
            # One method is closed to us; what the others can do is not held up by it. Posts are counted by channel.
            await self._posts.ban(busy.method, busy.retry_after, self._home(message) if busy.method == POST else None)
            return busy.retry_after
        except (ChatRefused, MessageRefused) as refused:
            if message.to:
                raise InviteRefused(refused.code, message) from refused
            if message.slot == CARD or isinstance(refused, ChatRefused):
                raise HomeRefused(refused.code) from refused
            await self._give_up(message, refused)
            return 0

    async def _give_up(self, message: Message, refused: ChatError) -> None:
        """Leave one message out, so that the others of the thread do not wait for it."""
        log.error("Slack refuses slot %s even in plain words (%s)", message.slot, refused.code)
        home = self._home(message)
        await self._record(message, Post(home=home, channel=home, gone=True))

    def _home(self, message: Message) -> ChannelId:
        return ChannelId(message.to) if message.to else self._meeting.home

    def _parent(self, message: Message) -> str | None:
        card = self._standing.get(CARD)
        if message.slot == CARD or message.to or card is None or card.home != self._meeting.home:
            return None
        return card.ts or None

    async def _edit(self, message: Message, post: Post) -> float:
        if message.slot == CARD:
            wait = await self._posts.may_edit_card(self._meeting.id, post.channel)
        else:
            wait = await self._posts.may_edit_reply(post.channel)
        if wait:
            return wait
        await self._still_ours(message, post)
        # If we never hear whether this edit was made, the look from before it must not be believed to stand.
        await self._record(message, post.model_copy(update={"digest": ""}))

        async def edit(form: Message) -> None:
            await self._chat.edit(post.channel, post.ts, form)

        try:
            await _plainer_if_refused(edit, message)
            if message.slot == CARD:
                await self._posts.edited(self._meeting.id)
        except MessageGone:
            await self._record(message, post.model_copy(update={"gone": True}))
            return 0
        except MessageRefused as refused:  # what stands there stays, until there is another look to try
            log.error("Slack refuses the new look of slot %s (%s)", message.slot, refused.code)  # noqa: TRY400 - no bug
        except ChatUnavailable:
            await self._still_ours(message, post)  # it may have been made all the same, and late
            raise
        if not await self._record_if_ours(message, post.model_copy(update={"digest": digest(message)})):
            await self._lost(message, post)
        return 0

    async def _post(self, message: Message, parent: str | None, *, unclear: bool) -> float:
        home = self._home(message)
        mark = {"meeting": self._meeting.id, "slot": message.slot}
        place = self._standing[CARD].channel if parent else home  # a conversation named by its person cannot be read
        ts = await self._chat.find(place, thread=parent, mark=mark) if unclear else None
        if ts:
            await self._record(message, Post(home=home, channel=place, ts=ts))
            return await self._bring(message)
        wait = await self._posts.may_post(self._meeting.id, home, first=message.slot == CARD)
        if wait:
            return wait
        await self._still_ours(message, None)
        await self._record(message, Post(home=home, channel=home))

        async def post(form: Message) -> Posted:
            return await self._chat.post(home, form, thread=parent, mark=mark)

        try:
            posted = await _plainer_if_refused(post, message)
        except (ChatBusy, ChatRefused, ChatUnreached, MessageRefused, TokenDead):
            await self._forget(message)  # Slack said no, or heard nothing: nothing is there to be looked for
            raise
        made = Post(home=home, channel=posted.channel, ts=posted.ts, digest=digest(message))
        # Before anything else, and in one go: whoever is killed in between leaves a message that is posted again.
        ours = await self._record_if_ours(message, made)
        await self._posts.posted(home)
        if not ours:
            await self._hand_over(message, made)
        return 0

    async def _hand_over(self, message: Message, made: Post) -> None:
        """Leave a message that was posted late to whoever took over, unless they have posted it themselves."""
        theirs = (await self._posts.read(self._meeting.id)).get(message.slot)
        if theirs is None or not theirs.ts:
            await self._record(message, made.model_copy(update={"digest": ""}))
        raise LeaseLost

    async def _still_ours(self, message: Message, post: Post | None) -> None:
        if not await self._lock.renew():
            await self._lost(message, post)

    async def _lost(self, message: Message, post: Post | None) -> None:
        if post:
            # What we wrote may have come after what the new holder wrote: nobody knows what stands there now.
            await self._record(message, post.model_copy(update={"digest": ""}))
        raise LeaseLost

    async def _record_if_ours(self, message: Message, post: Post) -> bool:
        """Write down what stands while the thread is ours to write to; false where it is so no more."""
        self._standing[message.slot] = post
        return await self._lock.write(posts_key(self._meeting.id), message.slot, post.written, kept=TTL)

    async def _record(self, message: Message, post: Post) -> None:
        self._standing[message.slot] = post
        await self._posts.record(self._meeting.id, message.slot, post)

    async def _forget(self, message: Message) -> None:
        del self._standing[message.slot]
        await self._posts.forget(self._meeting.id, message.slot)


async def _plainer_if_refused(send: Callable[[Message], Awaitable[Sent]], message: Message) -> Sent:
    """Send a message, and only its words where Slack does not take its blocks: bare news beat none."""
    try:
        return await send(message)
    except MessageRefused as refused:
        log.error("Slack refuses the blocks of slot %s (%s)", message.slot, refused.code)  # noqa: TRY400 - no bug of ours
        return await send(Message(message.slot, message.text, (), broadcast=message.broadcast, to=message.to))
