"""Who may do what: pure rules over what Slack says somebody is and what a deployment and a channel have chosen."""

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """What Slack says somebody is; ``unknown`` where it did not answer."""

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDE = "outside"
    ROBOT = "robot"
    GONE = "gone"
    UNKNOWN = "unknown"


class Who(StrEnum):
    """What somebody is to a meeting, which is what rules are about."""

    HOST = "host"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    NOBODY = "nobody"


class Act(StrEnum):
    """What rules are about; ``people`` is handing over, adding, removing and muting, ``invite`` a pass for a guest."""

    START = "start"
    JOIN = "join"
    RECORD = "record"
    WATCH = "watch"
    END = "end"
    LIVE = "live"
    INVITE = "invite"
    PEOPLE = "people"


class Circle(StrEnum):
    """Who may do something; each holds the next, and the host and the workspace's admins are in all of them."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    HOST = "host"


class Limit(StrEnum):
    """The most that people who are no full members may do, of what everyone may.

    ``watch`` is joining and watching recordings, ``join`` is joining alone, ``view`` is joining to watch and listen.
    """

    EVERYONE = "everyone"
    WATCH = "watch"
    JOIN = "join"
    VIEW = "view"
    NOTHING = "nothing"


WITHIN: dict[Limit, frozenset[Act]] = {
    Limit.EVERYONE: frozenset(Act),
    Limit.WATCH: frozenset({Act.JOIN, Act.WATCH}),
    Limit.JOIN: frozenset({Act.JOIN}),
    Limit.VIEW: frozenset({Act.JOIN}),
    Limit.NOTHING: frozenset(),
}


class Rules(BaseModel):
    """What holds in a channel: for each act who may, the most that others may, and a habit.

    Args:
        start: who may start a meeting; ``host`` leaves it to the workspace's admins, there being no host yet.
        join: who may join.
        record: who may start, pause, resume and stop recordings, and take things off the record.
        watch: who may watch recordings.
        end: who may end a meeting for everyone.
        live: who may go live.
        invite: who may make passes for guests without Slack.
        people: who may hand over, add, remove and mute.
        guests: the most that guests of the workspace may do.
        outside: the most that people of other organisations may do.
        restart_failed_recordings: whether a recording that fails while people are in is begun again as its next part.

    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    start: Circle = Circle.MEMBERS
    join: Circle = Circle.EVERYONE
    record: Circle = Circle.MEMBERS
    watch: Circle = Circle.EVERYONE
    end: Circle = Circle.MEMBERS
    live: Circle = Circle.MEMBERS
    invite: Circle = Circle.MEMBERS
    people: Circle = Circle.HOST
    guests: Limit = Limit.EVERYONE
    outside: Limit = Limit.EVERYONE
    restart_failed_recordings: bool = False

    def circle(self, act: Act) -> Circle:
        """Tell who may do something."""
        return Circle(getattr(self, act.value))

    def allow(self, act: Act, who: Who) -> bool:
        """Tell whether somebody may do something."""
        match who:
            case Who.NOBODY:
                return False
            case Who.HOST | Who.ADMIN:
                return True
            case Who.MEMBER:
                return self.circle(act) is not Circle.HOST
        return self.circle(act) is Circle.EVERYONE and act in WITHIN[self.limit(who)]

    def limit(self, who: Who) -> Limit:
        """Give the most that somebody may do; of two that may be meant, when Slack did not say, the tighter one."""
        if who is Who.UNKNOWN:
            return max(self.guests, self.outside, key=list(Limit).index)
        return {Who.GUEST: self.guests, Who.OUTSIDE: self.outside}.get(who, Limit.EVERYONE)

    def only_views(self, who: Who) -> bool:
        """Tell whether somebody comes in to watch and listen alone."""
        return self.limit(who) is Limit.VIEW

    def changed(self, chosen: dict[str, Any]) -> Self:
        """Give the rules with some of them chosen anew; what is unknown or makes no sense is left as it was."""
        known = {name: value for name, value in chosen.items() if makes_sense(name, value)}
        return type(self).model_validate(self.model_dump() | known)


def who_of(kind: Kind, *, admin: bool, host: bool) -> Who:
    """Tell what somebody is to a meeting; robots and those who have left the workspace are nobody, host or not."""
    if kind in {Kind.ROBOT, Kind.GONE}:
        return Who.NOBODY
    if host:
        return Who.HOST
    return Who.ADMIN if admin and kind is Kind.MEMBER else Who(kind.value)


def may_change_rules(kind: Kind, *, admin: bool, creator: bool) -> bool:
    """Tell whether somebody may change a channel's rules."""
    return kind is Kind.MEMBER and (admin or creator)


def makes_sense(name: str, value: object) -> bool:
    """Tell whether there is such a rule that can be made so."""
    field = Rules.model_fields.get(name)
    if field is None:
        return False
    if isinstance(field.default, bool):
        return isinstance(value, bool)
    choices: type[StrEnum] = type(field.default)
    return value in {choice.value for choice in choices}
