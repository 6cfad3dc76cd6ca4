"""The trigger ids that commands, clicks and submitted forms carry: good for one form, for three seconds."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from playground.slack_errors import SlackError
from playground.slack_limits import TRIGGER_SECONDS

_FORM = re.compile(r"\d+\.\d+\.[0-9a-f]+")
_KEPT_SECONDS = 600
"""For how long it is known why an old one is not taken any more."""


def new_trigger_id() -> str:
    """Make up one in Slack's form."""
    return f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"


@dataclass(slots=True)
class _Trigger:
    user: str
    made: datetime
    exchanged: bool = False


class Triggers:
    """Gives out trigger ids, and takes each of them once."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[str, _Trigger] = {}

    def make(self, user: str) -> str:
        """Give a fresh one for what this person just did."""
        self._known = {id_: known for id_, known in self._known.items() if self._age(known) < _KEPT_SECONDS}
        trigger = new_trigger_id()
        self._known[trigger] = _Trigger(user, self._now())
        return trigger

    def exchange(self, trigger: str) -> str:
        """Take one, and say whose it is; refuse what is used up, too old, or none."""
        known = self._known.get(trigger)
        if known is None:
            raise SlackError("expired_trigger_id" if _FORM.fullmatch(trigger) else "invalid_trigger_id")
        if known.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._age(known) > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        known.exchanged = True
        return known.user

    def _age(self, known: _Trigger) -> float:
        return (self._now() - known.made).total_seconds()
