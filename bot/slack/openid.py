"""Sign in with Slack: where people are sent, and who Slack says they are (OpenID Connect, code flow).

Source: https://slack.com/.well-known/openid-configuration and docs.slack.dev, openid.connect.token.
"""

import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt

from bot.domain.ids import UserId
from bot.errors import ChatBusy, ChatUnavailable, SignInFailed
from bot.slack.closed import Doors
from bot.slack.jwks import Jwks
from bot.slack.meaning import PASSING, TOO_MANY, seconds_in

log = logging.getLogger(__name__)

TOKEN_METHOD = "openid.connect.token"  # noqa: S105 - a method's name
SCOPE = "openid"
"""Who somebody is, and no more: names and pictures come with the bot's own scope."""
LEEWAY = 30
"""Seconds by which Slack's clock and ours may differ."""
ANSWER_MAX = 64 * 1024
REQUIRED = ("iss", "aud", "sub", "exp", "iat", "nonce")
OURS = {"bad_client_secret", "bad_redirect_uri", "invalid_client_id"}
"""Slack's words for what no person who signs in can mend."""
USER = re.compile(r"[UW][A-Z0-9]{1,30}")

NOT_SURE = "Slack did not say who you are in a way that can be trusted. Please sign in once more."
OTHER_TEAM = "You signed in to another Slack workspace. Please sign in to the one that this meeting is in."


@dataclass(frozen=True, slots=True)
class Client:
    """What Slack knows this app by; api.slack.com/apps, your app, Basic Information."""

    id: str
    secret: str


class OpenId:
    """Slack as the one who says who people are.

    Args:
        http: for our requests.
        client: our app.
        url: Slack's address, ``https://slack.com``; the issuer of its tokens, too.
        team: tells our workspace's id; raises ``ChatError``.
        doors: know what Slack has closed to us.

    """

    def __init__(
        self, http: aiohttp.ClientSession, client: Client, url: str, team: Callable[[], Awaitable[str]], doors: Doors
    ) -> None:
        self._http = http
        self._client = client
        self._url = url
        self._team = team
        self._doors = doors
        self._keys = Jwks(http, f"{url}/openid/connect/keys")

    async def sign_in_url(self, *, state: str, nonce: str, redirect_uri: str) -> str:
        """Give the address at which a person signs in to our workspace.

        Raises:
            ChatError: Slack does not say which one it is.

        """
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "scope": SCOPE,
            "redirect_uri": redirect_uri,
            "state": state,
            "nonce": nonce,
            "team": await self._team(),
        }
        return f"{self._url}/openid/connect/authorize?{urlencode(asked)}"

    async def user_of(self, code: str, *, nonce_digest: str, redirect_uri: str) -> UserId:
        """Exchange the code that came back for who the person is.

        Args:
            code: as Slack gave it to the person's browser; works once.
            nonce_digest: the SHA-256 of what was sent along when the person was sent to Slack.
            redirect_uri: where the person was to come back to.

        Raises:
            SignInFailed: the code is used up or forged, or what it gives is not for us or not for now.
            ChatBusy: Slack asks us to wait.
            ChatUnavailable: Slack did not answer.

        """
        claims = await self._claims(await self._exchange(code, redirect_uri))
        if not hmac.compare_digest(sha256(str(claims["nonce"]).encode()).hexdigest(), nonce_digest):
            raise _distrusted("another nonce")
        if claims.get("https://slack.com/team_id") != await self._team():
            log.info("somebody signed in to another workspace")
            raise SignInFailed(OTHER_TEAM)
        user = claims.get("https://slack.com/user_id")
        if not isinstance(user, str) or not USER.fullmatch(user):
            raise _distrusted("no user id")
        return UserId(user)

    async def credentials_refused(self, redirect_uri: str) -> str | None:
        """Try a code that was never given, and tell Slack's word if it refuses our app rather than the code.

        Raises:
            ChatError: Slack did not answer.

        """
        error = str((await self._asked(self._form("never-given", redirect_uri))).get("error"))
        return error if error in OURS else None

    async def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            key = await self._keys.named(str(jwt.get_unverified_header(token).get("kid")))
            if key is None:
                raise _distrusted("unknown key")
            found: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._client.id,
                issuer=self._url,
                leeway=LEEWAY,
                options={"require": list(REQUIRED), "strict_aud": True},
            )
        except jwt.PyJWTError as refused:
            # Its text may hold parts of the token, so only its kind is passed on.
            raise _distrusted(type(refused).__name__) from None
        return found

    async def _exchange(self, code: str, redirect_uri: str) -> str:
        answer = await self._asked(self._form(code, redirect_uri))
        token = answer.get("id_token")
        if answer.get("ok") is True and isinstance(token, str):
            return token
        error = str(answer.get("error"))
        if error in OURS:
            log.error("Slack takes no sign-in from us (%s): run greenroom doctor", error)
        raise _distrusted(error)

    def _form(self, code: str, redirect_uri: str) -> dict[str, str]:
        return {
            "client_id": self._client.id,
            "client_secret": self._client.secret,
            "code": code,
            "redirect_uri": redirect_uri,
            "grant_type": "authorization_code",
        }

    async def _asked(self, given: Mapping[str, str]) -> Mapping[str, Any]:
        await self._doors.check(TOKEN_METHOD, None)
        try:
            async with self._http.post(f"{self._url}/api/{TOKEN_METHOD}", data=given, allow_redirects=False) as answer:
                busy = ChatBusy(TOKEN_METHOD, seconds_in(answer.headers.get("Retry-After")))
                found = await answer.json(content_type=None) if answer.status == 200 else None  # noqa: PLR2004
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
            raise ChatUnavailable(type(trouble).__name__) from None
        if answer.status == 429 or (isinstance(found, dict) and found.get("error") in TOO_MANY):  # noqa: PLR2004
            await self._doors.note(TOKEN_METHOD, None, busy)
            raise busy
        if not isinstance(found, dict):
            raise ChatUnavailable("no answer")
        if found.get("error") in PASSING:
            raise ChatUnavailable(str(found["error"]))
        return found


def _distrusted(why: str) -> SignInFailed:
    log.warning("a sign-in was refused: %s", why[:100])
    return SignInFailed(NOT_SURE)
