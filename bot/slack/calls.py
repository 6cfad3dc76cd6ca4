"""Calls on Slack's Web API.

The arguments go in the body: slack_sdk's own helpers put them into the address, which proxies write down and which a
room full of people would overflow.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.call_port import NewCall
from bot.domain.ids import CallId
from bot.errors import CallersRefused, CallOver, ChatError, MessageRefused
from bot.slack.membership import Ask

OVER = {"inactive_call", "invalid_call_id"}
NOT_THEM = {"bad_users", "user_not_found"}


class SlackCalls:
    """Makes calls and says who is in them.

    Args:
        ask: calls the Web API.

    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def add(self, call: NewCall) -> CallId:
        """Make a call (calls.add); whoever starts it is named, which Slack wants of bots whatever its list says."""
        arguments = {
            "external_unique_id": call.name,
            "title": call.title,
            "join_url": call.url,
            "created_by": call.by,
            "date_start": int(call.at.timestamp()),
        }
        answer = await self._told("calls.add", arguments)
        identity = (answer.get("call") or {}).get("id")
        if not identity:
            raise MessageRefused("no_call_id")
        return CallId(str(identity))

    async def join(self, call: CallId, callers: Sequence[Mapping[str, str]]) -> None:
        """Show people as being in (calls.participants.add)."""
        await self._told("calls.participants.add", {"id": call, "users": [dict(each) for each in callers]})

    async def leave(self, call: CallId, callers: Sequence[Mapping[str, str]]) -> None:
        """Show people as being out (calls.participants.remove)."""
        await self._told("calls.participants.remove", {"id": call, "users": [dict(each) for each in callers]})

    async def end(self, call: CallId, lasted: timedelta | None) -> None:
        """End a call (calls.end)."""
        with suppress(CallOver):
            await self._told("calls.end", {"id": call, "duration": int(lasted.total_seconds()) if lasted else None})

    async def _told(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call a method; what it calls an error counts as one even where it says that all went well."""
        try:
            answer = await self._ask(method, arguments, form=False)
        except ChatError as refusal:
            raise _meaning(refusal.code) or refusal from None
        refused = _meaning(str(answer.get("error") or ""))
        if refused:
            raise refused
        return answer


def _meaning(code: str) -> ChatError | None:
    if code in OVER:
        return CallOver(code)
    return CallersRefused(code) if code in NOT_THEM else None
