"""Opening Slack's own card where the bot can post nothing that it could edit: a DM, a private channel without it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.call_port import Calls, NewCall
from bot.clock import Clock
from bot.domain.events import CallOpened
from bot.domain.ids import CallId
from bot.domain.meeting import Meeting
from bot.errors import ChatBusy, ChatError, ChatUnavailable
from bot.happenings import Happenings
from bot.journal import Wish
from bot.views import ways
from bot.views.call import call_message, call_title
from bot.views.replies import Reply

log = logging.getLogger(__name__)

TRIES, SOON, WAIT = 3, 0.5, 5.0
"""How often Slack is asked, with how many seconds between, and for how many seconds at most it is waited for."""
CARD, SHARED = "call", "call shared"

Share = Callable[[Reply], Awaitable[bool]]
"""Posts for everyone of the conversation, through the address that the command brought; tells whether it stands."""


class Calling:
    """Gives a meeting a card that Slack keeps up to date.

    Args:
        happenings: takes in that there is a call.
        calls: Slack's.
        clock: tells when.
        address: where the doors are that everyone can be sent to; empty where there are none or no cards are wanted.

    """

    def __init__(self, happenings: Happenings, calls: Calls, clock: Clock, address: str) -> None:
        self._happenings = happenings
        self._calls = calls
        self._clock = clock
        self._address = address

    async def open(self, wish: Wish, meeting: Meeting, share: Share) -> bool:
        """Have Slack's card stand where a meeting was asked for and its thread cannot; once a wish.

        Returns:
            Whether it stands; where Slack does not let us, all stays as it is without.

        """
        if not (self._address and meeting.home_because):
            return False
        url = str(ways.to_meeting(meeting.model_copy(update={"address": self._address})))
        try:
            call = await wish.once(CARD, partial(self._opened, meeting, url))
        except ChatError as trouble:
            log.info("%s gets no call card (%s)", meeting.id, trouble.code)
            return False
        return bool(call) and bool(await wish.once(SHARED, partial(self._shared, meeting, CallId(call), url, share)))

    async def _opened(self, meeting: Meeting, url: str) -> str:
        """Make the call, and know of it before anybody sees it: it is to be ended whatever happens to us."""
        title = call_title(meeting)
        call = await self._patiently(NewCall(meeting.id, title, url, meeting.host, meeting.created_at))
        await self._happenings.tell(meeting.id, CallOpened(call, self._clock()))
        return call

    async def _patiently(self, call: NewCall) -> CallId:
        for _ in range(TRIES - 1):
            try:
                return await self._calls.add(call)
            except ChatBusy as busy:
                if busy.retry_after > WAIT:
                    raise
                await asyncio.sleep(busy.retry_after)
            except ChatUnavailable:
                await asyncio.sleep(SOON)
        return await self._calls.add(call)

    async def _shared(self, meeting: Meeting, call: CallId, url: str, share: Share) -> str:
        stands = await share(call_message(meeting, call, url))
        if not stands:
            log.info("the call card of %s cannot be posted", meeting.id)
        return "1" if stands else ""
