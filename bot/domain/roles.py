"""Who hosts, who was asked in or taken out, and which guests have a pass."""

from datetime import datetime
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from bot.domain import role_events as e
from bot.domain.ids import UserId

PASS = "guest:"  # noqa: S105 - no password
"""What the id of somebody who came with a pass begins with; no Slack id does."""


class Mark(BaseModel):
    """That something was done, by whom and when."""

    model_config = ConfigDict(frozen=True)

    by: UserId
    at: datetime


class Handed(Mark):
    """Who has the meeting, and from whom."""

    to: UserId


class Added(Mark):
    """That somebody was asked in; ``with_channel``: with everybody in the channel, because they were in it."""

    with_channel: bool = False


class Guest(Mark):
    """Somebody without Slack, the member who answers for them, and until when their pass works."""

    name: str
    until: datetime


M = TypeVar("M", bound=Mark)


class Roles(BaseModel):
    """Everyone's part in a meeting.

    Args:
        handed: to whom it was handed last; None while it is with whoever started it.
        added: who was asked in since it began.
        removed: who was taken out.
        guests: who has, or had, a pass.
        muted: when everyone was muted last.

    """

    model_config = ConfigDict(frozen=True)

    handed: Handed | None = None
    added: dict[UserId, Added] = Field(default_factory=dict)
    removed: dict[UserId, Mark] = Field(default_factory=dict)
    guests: dict[UserId, Guest] = Field(default_factory=dict)
    muted: Mark | None = None

    def told(self, event: e.RoleEvent) -> Self:
        """Give the roles once this has happened too; commutative and idempotent, the latest word counts."""
        match event:
            case e.HostHanded(to, by, at):
                return self.model_copy(update={"handed": _later(self.handed, Handed(to=to, by=by, at=at))})
            case e.PersonAdded(person, by, at, with_channel):
                added = Added(by=by, at=at, with_channel=with_channel)
                return self.model_copy(update={"added": _with(self.added, person, added)})
            case e.PersonRemoved(person, by, at):
                return self.model_copy(update={"removed": _with(self.removed, person, Mark(by=by, at=at))})
            case e.EveryoneMuted(by, at):
                return self.model_copy(update={"muted": _later(self.muted, Mark(by=by, at=at))})
            case e.GuestInvited(person, name, by, at, until):
                guest = Guest(name=name, by=by, at=at, until=until)
                # One pass is made once; of two tellings of it the first one is true.
                known = self.guests.get(person, guest)
                return self.model_copy(update={"guests": {**self.guests, person: min(known, guest, key=_order)}})

    def is_out(self, person: UserId, since: datetime | None = None) -> bool:
        """Tell whether somebody was taken out and not asked back in.

        Args:
            person: who.
            since: when they were given what they come with; what was given before the end of their stay is dead
                also once they are back.

        """
        removed, added = self.removed.get(person), self.added.get(person)
        if removed is None:
            return False
        return added is None or added.at <= removed.at or (since is not None and since <= removed.at)

    def valid_guests(self, now: datetime) -> dict[UserId, Guest]:
        """Give the guests whose passes work, in the order in which they were made."""
        working = {who: guest for who, guest in self.guests.items() if now < guest.until and not self.is_out(who)}
        return dict(sorted(working.items(), key=lambda each: (each[1].at, each[0])))


def has_pass(person: str | None) -> bool:
    """Tell somebody who comes with a pass from a Slack user."""
    return bool(person) and str(person).startswith(PASS)


def _order(mark: Mark) -> tuple[datetime, str]:
    return mark.at, mark.model_dump_json()


def _later(known: M | None, told: M) -> M:
    return max((mark for mark in (known, told) if mark is not None), key=_order)


def _with(known: dict[UserId, M], person: UserId, told: M) -> dict[UserId, M]:
    return {**known, person: _later(known.get(person), told)}
