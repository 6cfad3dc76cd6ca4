"""What people do to each other's part in a meeting, as facts; ``bot.domain.roles`` puts them together."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class HostHanded:
    """The meeting was handed over: ``to`` hosts it from ``at`` on."""

    to: UserId
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """Somebody was asked in, for the first time or back; ``with_channel``: as one of the channel, not by name."""

    person: UserId
    by: UserId
    at: datetime
    with_channel: bool = False


@dataclass(frozen=True, slots=True)
class PersonRemoved:
    """Somebody was taken out, and whatever let them in counts no more; for a guest's pass, that it was revoked."""

    person: UserId
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class GuestInvited:
    """A pass was made for somebody without Slack; ``person`` says nothing of the pass itself."""

    person: UserId
    name: str
    by: UserId
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class EveryoneMuted:
    """Everyone who was in was muted; they can unmute themselves."""

    by: UserId
    at: datetime


RoleEvent = HostHanded | PersonAdded | PersonRemoved | GuestInvited | EveryoneMuted
