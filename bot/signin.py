"""Signing in: a person leaves for Slack and comes back to the door they stood at, as the one they are."""

import hmac
import json
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from redis.asyncio import Redis

from bot.domain.ids import UserId
from bot.errors import SignInFailed
from bot.keys import SIGNIN_KEPT, as_text, signin_key
from bot.slack.openid import OpenId

RANDOM_BYTES = 24
STATE = re.compile(r"[\w-]{32}", re.ASCII)
DOOR = re.compile(r"/[jr]/[A-Za-z0-9][A-Za-z0-9:_-]{0,200}(/audio)?", re.ASCII)
"""The only places that somebody can be sent to after signing in; no host, no dots, no ``%``, no backslash fits."""
CALLBACK = "/signin/callback"

LOST = "This sign-in is too old, or was begun in another browser. Please open the link in Slack once more."


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a person goes to sign in, and what their browser keeps until they are back."""

    url: str
    browser: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back, and the path they wanted to get to."""

    user: UserId
    to: str


def is_door(path: str) -> bool:
    """Tell whether this is a path that people may be sent to after signing in."""
    return DOOR.fullmatch(path) is not None


class SignIn:
    """The way to Slack and back.

    Args:
        redis: where replicas share who is on their way.
        slack: says who people are.
        public_url: where people reach this bot.

    """

    def __init__(self, redis: Redis, slack: OpenId, public_url: str) -> None:
        self._redis = redis
        self._slack = slack
        self.public_url = public_url

    async def leave(self, to: str, browser: str | None) -> Leaving:
        """Send a person to Slack.

        Args:
            to: the door they stand at.
            browser: what their browser keeps from a sign-in that was begun in another window, if any.

        Raises:
            SignInFailed: nobody is sent there.
            ChatError: Slack does not answer.

        """
        if not is_door(to):
            raise SignInFailed("That link leads nowhere. Please open it in Slack once more.")
        state, nonce = _random(), _random()
        kept = browser if browser and STATE.fullmatch(browser) else _random()
        address = await self._slack.sign_in_url(state=state, nonce=nonce, redirect_uri=self._back)
        # Of what proves something only digests are kept: whoever reads Redis cannot finish anybody's sign-in.
        said = json.dumps({"to": to, "nonce": _digest(nonce), "browser": _digest(kept)})
        await self._redis.set(signin_key(state), said, ex=int(SIGNIN_KEPT.total_seconds()))
        return Leaving(address, kept)

    async def arrive(self, state: str, code: str, browser: str | None) -> Arrival:
        """Take in a person who comes back from Slack; a state works once, and in the browser that it was made for.

        Raises:
            SignInFailed: it cannot be made sure who this is.
            ChatError: Slack does not answer.

        """
        said = await self._used_up(state, browser)
        user = await self._slack.user_of(code, nonce_digest=said["nonce"], redirect_uri=self._back)
        return Arrival(user, said["to"])

    async def give_up(self, state: str, browser: str | None) -> None:
        """Take in a person who comes back without having signed in; raises as ``arrive``."""
        await self._used_up(state, browser)

    @property
    def _back(self) -> str:
        return self.public_url + CALLBACK

    async def _used_up(self, state: str, browser: str | None) -> dict[str, str]:
        if not browser or not (STATE.fullmatch(state) and STATE.fullmatch(browser)):
            raise SignInFailed(LOST)
        # Looked at before it is taken away: nobody uses up the state of somebody else.
        for look in (self._redis.get, self._redis.getdel):
            found = await look(signin_key(state))
            said: dict[str, str] = json.loads(as_text(found)) if found else {"browser": ""}
            if not hmac.compare_digest(said["browser"], _digest(browser)):
                raise SignInFailed(LOST)
        return said


def _random() -> str:
    return secrets.token_urlsafe(RANDOM_BYTES)


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
