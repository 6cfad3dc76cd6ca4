"""Who somebody is, as Slack says: how they are called, and whether they are a member, a guest or from elsewhere."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.ids import UserId
from bot.domain.rules import Kind
from bot.errors import ChatBusy, ChatError, ChatUnavailable, TokenDead
from bot.exchanged import Person
from bot.slack.membership import Ask

STRANGER = "Guest"
FRESH = 60.0
"""Seconds for which an answer is used again; whoever lost a right has lost it here by then."""
KEPT = 600.0
"""Seconds for which the last answer counts where Slack gives no newer one."""
SILENT = 1.0
"""Seconds for which Slack is not asked again about somebody it has just not told of."""
PATIENCE = 2.0
"""Seconds that somebody who wants to join may be kept for their name."""
PAUSES = (0.2, 0.5)
PEOPLE_KEPT = 5000


class People:
    """Asks Slack who people are (users.info).

    Args:
        ask: calls the Web API.
        team: our workspace; it is asked for where it is not given.
        now: seconds on a clock that only goes forward.

    """

    def __init__(self, ask: Ask, team: str | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._team = team
        self._now = now
        self._known: dict[UserId, tuple[float, Person]] = {}
        self._untold: dict[UserId, tuple[float, Person]] = {}
        self._turns: dict[UserId, asyncio.Lock] = {}

    async def person(self, user: UserId) -> Person:
        """Look somebody up; never fails. Of somebody whom Slack does not tell of, nothing is supposed."""
        if (known := self._at_hand(user)) is not None:
            return known
        async with self._turn(user):  # who clicks many times at once is asked for once
            return self._at_hand(user) or await self._fetched(user)

    def _at_hand(self, user: UserId) -> Person | None:
        return self._recent(self._known, user, FRESH) or self._recent(self._untold, user, SILENT)

    def _recent(self, among: dict[UserId, tuple[float, Person]], user: UserId, seconds: float) -> Person | None:
        known = among.get(user)
        return known[1] if known and self._now() - known[0] < seconds else None

    def _keep(self, among: dict[UserId, tuple[float, Person]], person: Person) -> Person:
        if len(among) >= PEOPLE_KEPT:
            among.clear()
        among[person.user] = (self._now(), person)
        return person

    def _turn(self, user: UserId) -> asyncio.Lock:
        if len(self._turns) >= PEOPLE_KEPT:
            self._turns = {one: turn for one, turn in self._turns.items() if turn.locked()}
        return self._turns.setdefault(user, asyncio.Lock())

    async def _fetched(self, user: UserId) -> Person:
        try:
            answer = await self._patiently("users.info", {"user": user})
            found = answer.get("user")
            ours = await self.ours() if isinstance(found, Mapping) else None
        except ChatError as refusal:
            return self._untold_of(user, refusal.code if isinstance(refusal, TokenDead) else "")
        if not isinstance(found, Mapping):
            return self._untold_of(user, "")
        return self._keep(self._known, _person(user, found, ours))

    def _untold_of(self, user: UserId, dead: str) -> Person:
        """Give what can be said of somebody of whom Slack says nothing now."""
        if (lately := self._recent(self._known, user, KEPT)) is not None:
            return self._keep(self._untold, lately)
        # A name is still a name after a while; what somebody may do is not guessed from long ago.
        name = self._known[user][1].name if user in self._known else STRANGER
        return self._keep(self._untold, Person(user, name, dead_token=dead))

    async def ours(self) -> str | None:
        """Give our workspace's id; None where Slack names none."""
        if self._team is None:  # Slack was away when the bot started
            self._team = str((await self._patiently("auth.test", {})).get("team_id") or "") or None
        return self._team

    async def _patiently(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask more than once: the name stays with the person's place in the room."""
        for pause in PAUSES:
            try:
                return await self._ask(method, arguments, form=True)
            except (ChatBusy, ChatUnavailable) as trouble:
                wait = trouble.retry_after if isinstance(trouble, ChatBusy) else pause
                if wait > PATIENCE:
                    raise
                await asyncio.sleep(wait)
        return await self._ask(method, arguments, form=True)


def _person(user: UserId, found: Mapping[str, Any], ours: str | None) -> Person:
    profile = found.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), found.get("real_name"), found.get("name"))
    name = next((str(name).strip() for name in names if name and str(name).strip()), STRANGER)
    picture = next((profile[size] for size in ("image_192", "image_72", "image_48") if profile.get(size)), None)
    kind = kind_of(found, ours)
    admin = any(found.get(flag) is True for flag in ("is_admin", "is_owner", "is_primary_owner"))
    # Somebody's rights in their own organisation are none in ours.
    return Person(user, name[:100], picture, kind, admin=admin and kind is Kind.MEMBER)


def kind_of(found: Mapping[str, Any], ours: str | None) -> Kind:
    """Sort a person by what Slack says of them (docs.slack.dev, User type)."""
    if found.get("deleted"):
        return Kind.GONE
    if found.get("is_bot") or found.get("is_workflow_bot") or found.get("id") == "USLACKBOT":
        return Kind.ROBOT
    if found.get("is_stranger") or not _is_ours(found, ours):
        return Kind.UNKNOWN if ours is None and not found.get("is_stranger") else Kind.OUTSIDE
    return Kind.GUEST if found.get("is_restricted") or found.get("is_ultra_restricted") else Kind.MEMBER


def _is_ours(found: Mapping[str, Any], ours: str | None) -> bool:
    """Tell our own; in an organisation of several workspaces people have a home elsewhere and are members here too."""
    teams = (found.get("enterprise_user") or {}).get("teams") or ()
    return ours is not None and (found.get("team_id") == ours or ours in teams)
