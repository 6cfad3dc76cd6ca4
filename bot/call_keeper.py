"""Brings Slack's own cards of a meeting's calls to what they must show, as the thread is brought to what it must be."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.call_port import Calls
from bot.call_records import CallRecord, CallRecords
from bot.domain.call import is_over, lasted
from bot.domain.ids import CallId
from bot.domain.meeting import Meeting
from bot.domain.rules import Kind
from bot.errors import CallersRefused, CallOver, ChatBusy, ChatRefused, MessageRefused
from bot.locks import Lock
from bot.ports import Chat
from bot.thread_writer import LeaseLost
from bot.views.call import Caller, Inside, as_member, who_is_in, without_looks

log = logging.getLogger(__name__)

AT_ONCE = 30
"""People who are told of in one go; Slack does not say how many it takes."""
SOON = 0.05

People = dict[str, Caller]
Tell = Callable[[CallId, Sequence[Mapping[str, str]]], Awaitable[None]]


class CallKeeper:
    """Tells Slack of calls whatever it has not been told; whoever uses it holds the thread's lock."""

    def __init__(self, records: CallRecords, calls: Calls, chat: Chat) -> None:
        self._records = records
        self._calls = calls
        self._chat = chat

    async def bring(self, meeting: Meeting, lock: Lock) -> float:
        """Bring the cards of a meeting up to date.

        Returns:
            The seconds after which to go on; 0 when nothing is left.

        Raises:
            LeaseLost: the lock ended while we were at it.
            ChatUnavailable: Slack did not answer; the next try tells the same again, which changes nothing.
            TokenDead: Slack takes nothing from us.

        """
        waits = [await self._one(meeting, call, lock) for call in sorted(meeting.calls)]
        return min((wait for wait in waits if wait), default=0)

    async def _one(self, meeting: Meeting, call: CallId, lock: Lock) -> float:
        record = await self._records.read(meeting.id, call)
        if record.ended:
            return 0
        try:
            return await self._brought(meeting, call, record, lock)
        except CallOver as over:
            log.info("the call %s of %s was ended elsewhere (%s)", call, meeting.id, over.code)
        except ChatBusy as busy:
            return busy.retry_after
        except (ChatRefused, MessageRefused) as refused:
            # The same would be refused again, so nothing waits for it; but what comes next is told, the end above all.
            log.error("Slack takes no news of the call %s (%s)", call, refused.code)  # noqa: TRY400 - no bug of ours
            if not is_over(meeting):
                return 0
        await self._records.end(meeting.id, call)
        return 0

    async def _brought(self, meeting: Meeting, call: CallId, record: CallRecord, lock: Lock) -> float:
        if is_over(meeting):
            await _still_ours(lock)
            await self._calls.end(call, lasted(meeting))
            await self._records.end(meeting.id, call)
            return 0
        inside = who_is_in(meeting)
        come = [who for who in inside if who not in record.shown]
        gone = [who for who in record.shown if who not in inside]
        if not come and not gone:
            return 0
        if wait := await self._records.may_tell(meeting.id, call):
            return wait
        await self._show(meeting, call, {who: inside[who] for who in come[:AT_ONCE]}, lock)
        await self._hide(meeting, call, {who: record.shown[who] for who in gone[:AT_ONCE]}, lock)
        return SOON if len(come) > AT_ONCE or len(gone) > AT_ONCE else 0

    async def _show(self, meeting: Meeting, call: CallId, people: dict[str, Inside], lock: Lock) -> None:
        async def noted(told: People) -> None:
            await self._records.show(meeting.id, call, told)

        known = {who: await self._as_known(each) for who, each in people.items()}
        for refused in await self._told(self._calls.join, call, known, noted, lock):
            # Slack does not know them after all: they are shown by their name, as strangers are.
            stranger = {refused: people[refused].caller}
            for nobody in await self._told(self._calls.join, call, stranger, noted, lock):
                log.info("Slack shows somebody of the call %s neither as a member nor by name", call)
                await noted({nobody: {}})

    async def _as_known(self, inside: Inside) -> Caller:
        """Name somebody by their Slack id; of other organisations' people Slack may refuse it, and all with them."""
        if inside.user is None:
            return inside.caller
        person = await self._chat.person(inside.user)
        return inside.caller if person.kind is Kind.OUTSIDE else as_member(inside.user)

    async def _hide(self, meeting: Meeting, call: CallId, shown: People, lock: Lock) -> None:
        async def noted(told: People) -> None:
            await self._records.hide(meeting.id, call, list(told))

        people = {who: without_looks(caller) for who, caller in shown.items() if caller}
        refused = await self._told(self._calls.leave, call, people, noted, lock)
        unseen = {who: caller for who, caller in shown.items() if not caller or who in refused}
        if unseen:  # whom Slack does not find there is not there
            await noted(unseen)

    async def _told(
        self, tell: Tell, call: CallId, people: People, noted: Callable[[People], Awaitable[None]], lock: Lock
    ) -> list[str]:
        """Tell of people in one go, and one by one where somebody among them is refused; gives who was."""
        if not people:
            return []
        try:
            await _still_ours(lock)
            await tell(call, list(people.values()))
        except CallersRefused:
            if len(people) == 1:
                return list(people)
            alone = [await self._told(tell, call, {who: caller}, noted, lock) for who, caller in people.items()]
            return [who for refused in alone for who in refused]
        await noted(people)
        return []


async def _still_ours(lock: Lock) -> None:
    if not await lock.renew():
        raise LeaseLost
