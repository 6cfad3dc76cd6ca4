"""The port to Slack's own cards of calls: Slack redraws such a card wherever it stands when it is told of the call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.ids import CallId, UserId


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call that is to be shown.

    Args:
        name: ours for it.
        title: what stands on its card.
        url: where its Join leads, the same for everyone who sees it.
        by: who started it.
        at: when.

    """

    name: str
    title: str
    url: str
    by: UserId
    at: datetime


class Calls(Protocol):
    """Slack's calls. Every one of these raises only ``ChatError`` and its kinds."""

    async def add(self, call: NewCall) -> CallId:
        """Make a call; it is seen once its id stands in a message."""

    async def join(self, call: CallId, callers: Sequence[Mapping[str, str]]) -> None:
        """Show people as being in.

        Raises:
            CallersRefused: Slack does not know one of them.
            CallOver: it was ended.

        """

    async def leave(self, call: CallId, callers: Sequence[Mapping[str, str]]) -> None:
        """Show people as being out; raises as ``join``."""

    async def end(self, call: CallId, lasted: timedelta | None) -> None:
        """End a call for good; that it was ended before is no error."""
