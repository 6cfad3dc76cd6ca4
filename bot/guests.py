"""Guests without Slack: a pass lets one person into one meeting for a while, and can be revoked."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.domain.ids import MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.domain.role_events import GuestInvited
from bot.domain.roles import PASS, Guest
from bot.domain.rules import Act
from bot.errors import NotAllowed, UserError
from bot.happenings import Happenings
from bot.joining import GUEST_CODE, Joining
from bot.journal import Wish
from bot.people import People
from bot.permissions import Permissions
from bot.seal import Seal
from bot.views.words import NAME_MAX, mention, one_line

ID_LENGTH = 16
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=7)
MOST = 50
"""Passes that work at the same time in one meeting."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A new pass; the link lets its guest in, so it is shown to whoever made it and kept nowhere."""

    meeting: Meeting
    guest: Guest
    link: str

    def __repr__(self) -> str:
        """Leave the link out of tracebacks and logs."""
        return f"Pass(guest={self.guest!r})"


class Guests:
    """Makes passes, lists them and takes them back.

    Args:
        happenings: how meetings change.
        people: takes guests out.
        permissions: who may.
        joining: keeps what a pass's code means.
        seal: makes the codes.
        clock: the clock.
        usual: how long a pass works where nobody says otherwise.

    """

    def __init__(
        self,
        happenings: Happenings,
        people: People,
        permissions: Permissions,
        joining: Joining,
        seal: Seal,
        clock: Clock,
        usual: timedelta,
    ) -> None:
        self._happenings = happenings
        self._people = people
        self._permissions = permissions
        self._joining = joining
        self._seal = seal
        self._clock = clock
        self.usual = usual

    async def invite(
        self, wish: Wish, meeting_id: MeetingId, name: str, by: UserId, life: timedelta | None = None
    ) -> Pass:
        """Make a pass for somebody.

        Raises:
            NotAllowed: they may not.
            UserError: there is no name, no page to come in by, or no sense in that length of time.

        """
        meeting, life = await self._people.open_meeting(meeting_id), life or self.usual
        called = _checked(name, life)
        if not self._joining.rules.public_url:
            raise UserError(
                "Guests come in by a page of mine, which whoever runs Greenroom has to give a `PUBLIC_URL`."
            )
        # A second try of the same wish makes the same pass; the code is known to nobody who has not our key.
        code = GUEST_CODE + self._seal.name(f"pass {wish.key}")
        person = UserId(PASS + hashlib.sha256(f"id {code}".encode()).hexdigest()[:ID_LENGTH])
        if person not in meeting.roles.guests:
            await self._permissions.insist(by, Act.INVITE, meeting)
            if len(meeting.roles.valid_guests(self._clock())) >= MOST:
                raise UserError(f"{MOST} guests have a pass already. Revoke some with `/meet guests` first.")
        now = self._clock()
        link = await self._joining.keep_code(code, meeting_id, person, life)
        changed = await self._happenings.tell(meeting_id, GuestInvited(person, called, by, now, now + life))
        after = changed.after if changed else meeting
        return Pass(after, after.roles.guests[person], link)

    async def those_of(self, meeting: Meeting, user: UserId) -> dict[UserId, Guest]:
        """Give the guests whose passes somebody may take back: all of them to the host, to others their own."""
        guests = meeting.roles.valid_guests(self._clock())
        if await self._permissions.refusal(user, Act.PEOPLE, meeting) is None:
            return guests
        return {person: guest for person, guest in guests.items() if guest.by == user}

    async def revoke(self, meeting_id: MeetingId, person: UserId, by: UserId) -> Guest:
        """Take a pass back: its link is dead at once, and the guest is sent out.

        Raises:
            NotAllowed: it is neither theirs nor are they the host.
            HalfRemoved: the link is dead, but the guest may still be inside; asking again is safe.

        """
        meeting = await self._people.open_meeting(meeting_id)
        guest = meeting.roles.guests.get(person)
        if guest is None:
            raise UserError("I do not know this pass any more, so it lets nobody in.")
        if guest.by != by and await self._permissions.refusal(by, Act.PEOPLE, meeting):
            raise NotAllowed(f"Only {mention(guest.by)}, who made this pass, and the host may revoke it.")
        removed = meeting.roles.removed.get(person)
        await self._people.way_out.take_out(meeting_id, [person], by, removed.at if removed else self._clock())
        return guest


def _checked(name: str, life: timedelta) -> str:
    called = one_line(name)
    if not called:
        raise UserError("Who is it for? Type the name too, as in `/meet guest Jane Doe`.")
    if len(called) > NAME_MAX:
        raise UserError(f"That name is too long for me: {NAME_MAX} characters at most.")
    if not SHORTEST <= life <= LONGEST:
        raise UserError("A pass works for 5 minutes to 7 days, as in `--for 2h`.")
    return called
