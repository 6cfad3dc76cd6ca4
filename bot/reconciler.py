"""One loop makes each Slack thread equal to ``render_thread(meeting)``; nothing else posts to a channel."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.call_keeper import CallKeeper
from bot.domain.events import Event, HomeMoved, InviteFailed
from bot.domain.ids import ChannelId, MeetingId
from bot.domain.meeting import Meeting
from bot.errors import TokenDead
from bot.keys import thread_lock_key
from bot.locks import Lock, Locks
from bot.ports import Chat
from bot.posts import Post, Posts
from bot.store import MeetingStore
from bot.thread_writer import HomeRefused, InviteRefused, LeaseLost, ThreadWriter
from bot.views.thread import CARD

log = logging.getLogger(__name__)

BUSY = 0.25
DEAD_TOKEN = 60.0
"""Looking again costs no call to Slack: what closed its door is remembered (bot/slack/closed.py)."""
PASSES = 6


@dataclass(frozen=True, slots=True)
class Later:
    """The thread is not there yet; try again in ``seconds``.

    Args:
        seconds: when.
        because: Slack's word for why not even the card stands; empty where it does, or will in a moment.

    """

    seconds: float
    because: str = ""


class Reconciler:
    """Brings threads up to date, and Slack's own call cards; ``observe`` is told for how long each was behind."""

    def __init__(
        self,
        store: MeetingStore,
        posts: Posts,
        locks: Locks,
        chat: Chat,
        observe: Callable[[float], None] = lambda _: None,
        calls: CallKeeper | None = None,
    ) -> None:
        self._store = store
        self._posts = posts
        self._locks = locks
        self._chat = chat
        self._observe = observe
        self._calls = calls

    async def reconcile(self, meeting_id: MeetingId) -> Later | None:
        """Make a thread equal to its meeting; None once it is.

        Raises:
            ChatUnavailable: Slack did not answer; what was begun is told again by the next try.

        """
        async with self._locks.attempt(thread_lock_key(meeting_id)) as lock:
            if lock is None:
                return Later(BUSY)
            try:
                return await self._until_settled(meeting_id, lock)
            except TokenDead as dead:
                log.error("Slack refuses our token (%s): nothing can be posted", dead.code)  # noqa: TRY400 - no bug
                return Later(DEAD_TOKEN, dead.code)
            except LeaseLost:
                await self._store.distrust(meeting_id)
                return Later(BUSY)

    async def _until_settled(self, meeting_id: MeetingId, lock: Lock) -> Later | None:
        for _ in range(PASSES):
            saved = await self._store.get(meeting_id)
            if saved is None or not saved.is_stale:
                return None
            try:
                writer = self._writer(saved.meeting, await self._posts.read(meeting_id), lock)
                wait = await writer.write()
                until_told = await self._calls.bring(saved.meeting, lock) if self._calls else 0
            except InviteRefused as refused:
                await self._skip_invitation(saved.meeting, refused)
                continue
            except HomeRefused as refused:
                await self._move_home(saved.meeting, refused)
                continue
            if wait or until_told:
                because = "ratelimited" if wait and not writer.has_card else ""
                return Later(min(each for each in (wait, until_told) if each), because)
            lag = await self._store.settle(meeting_id, saved.version)
            if lag is not None:
                self._observe(lag)
        return Later(BUSY)

    def _writer(self, meeting: Meeting, standing: dict[str, Post], lock: Lock) -> ThreadWriter:
        return ThreadWriter(meeting, standing, lock, self._posts, self._chat)

    async def _skip_invitation(self, meeting: Meeting, refused: InviteRefused) -> None:
        if refused.message.to:
            await self._change(meeting, InviteFailed(refused.message.to, refused.code))

    async def _move_home(self, meeting: Meeting, refused: HomeRefused) -> None:
        """Take the thread to the host's own conversation with us, or give up where that is closed too."""
        log.info("%s takes no messages (%s)", meeting.home, refused.code)
        direct = ChannelId(meeting.host)
        if meeting.home != direct:
            await self._change(meeting, HomeMoved(direct, refused.code))
        else:
            await self._posts.record(meeting.id, CARD, Post(home=direct, channel=direct, gone=True))
            await self._change(meeting, InviteFailed(meeting.host, refused.code))

    async def _change(self, meeting: Meeting, event: Event) -> None:
        await self._store.tell(meeting.id, [event])
