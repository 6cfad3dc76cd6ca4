"""Sign in with Slack on this machine: the page where one agrees, the codes, and the signed tokens they are worth.

Source: docs.slack.dev, Sign in with Slack and openid.connect.token; https://slack.com/.well-known/openid-configuration
"""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from playground.provider_keys import SigningKey, process_key
from playground.workspace import User, Workspace

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(minutes=5)
COOKIE = "playground-slack"
"""Who is signed in to Slack with this browser."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

Claims = dict[str, Any]
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
Failing = Callable[[str, Handle], Handle]
KEYS, TOKEN = "openid keys", "openid.connect.token"
"""The names under which faults of these two are kept."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code is worth, once."""

    user: User
    redirect_uri: str
    nonce: str | None
    until: datetime


class OpenId:
    """Slack's OpenID Connect, code flow.

    ``redirect_urls`` are what the app registered: people are sent nowhere else. ``forge`` writes the tokens instead,
    for tests of whoever has to tell a false one; ``away`` lets no code be exchanged.
    """

    def __init__(
        self, workspace: Workspace, now: Callable[[], datetime], failing: Failing = lambda _, handle: handle
    ) -> None:
        self.base_url = ""
        self.client_id = f"{secrets.randbelow(10**11)}.{secrets.randbelow(10**11)}"
        self.client_secret = secrets.token_hex(16)
        self.redirect_urls: list[str] = []
        self.forge: Callable[[Claims], str] | None = None
        self.away = False
        self._workspace, self._now, self._failing = workspace, now, failing
        self._key, self._generation = process_key("openid"), 1
        self._grants: dict[str, Grant] = {}
        self._used: set[str] = set()

    @property
    def url(self) -> str:
        """The bot's SLACK_SIGNIN_URL, which is also who the tokens say they are from."""
        return f"{self.base_url}/slack"

    @property
    def kid(self) -> str:
        """The name of the key that signs now."""
        return f"playground-{self._generation}"

    @property
    def browser(self) -> dict[str, str] | None:
        """Say whose links are opened where as the person whose window it is; None where nobody signs in to the app."""
        if not self.redirect_urls:
            return None
        return {"app": _origin(self.redirect_urls[0]), "opens": f"{self.base_url}/slack/open"}

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self._key, self._generation = SigningKey("openid"), self._generation + 1

    def routes(self) -> list[web.RouteDef]:
        """List what this answers."""
        return [
            web.get("/slack/openid/connect/authorize", self._authorize, allow_head=False),
            web.get("/slack/openid/connect/keys", self._failing(KEYS, self._keys)),
            web.post("/slack/api/openid.connect.token", self._failing(TOKEN, self._token)),
            web.get("/slack/open", self._open, allow_head=False),
        ]

    # ------------------------------------------------------------ the person's browser

    async def _open(self, request: web.Request) -> web.Response:
        """Open a link as the person whose window it is in; another person is another browser, so all cookies go."""
        user, to = self._workspace.people.get(request.query.get("as", "")), request.query.get("to", "")
        if user is None or not any(to.startswith(f"{_origin(url)}/") for url in self.redirect_urls):
            return web.Response(status=404, text="There is nothing to open.")
        answer = web.Response(status=303, headers={**HEADERS, "Location": to})
        if request.cookies.get(COOKIE) != user.id:
            for name in request.cookies:
                answer.del_cookie(name, path="/")
        answer.set_cookie(COOKIE, user.id, path="/", httponly=True, samesite="Lax")
        return answer

    async def _authorize(self, request: web.Request) -> web.Response:
        """Send a person back who is signed in to Slack here; else ask who they are."""
        asked = request.query
        wrong = self._what_is_wrong(asked)
        if wrong:
            return _page("Sign in with Slack", f"<p>Slack refuses how this app asks: {escape(wrong)}</p>", 400)
        user = self._workspace.people.get(asked.get("as") or request.cookies.get(COOKIE, ""))
        if user is None or user.is_bot:
            return _page("Who are you?", self._choices(asked), 200)
        answer = self.granted(user, asked["redirect_uri"], asked.get("nonce"))
        back = urlencode({"code": answer, "state": asked.get("state", "")})
        return web.Response(status=302, headers={**HEADERS, "Location": f"{asked['redirect_uri']}?{back}"})

    def _what_is_wrong(self, asked: Mapping[str, str]) -> str | None:
        if asked.get("client_id") != self.client_id:
            return "invalid_client_id"
        if asked.get("redirect_uri") not in self.redirect_urls:
            return "bad_redirect_uri"
        if asked.get("response_type") != "code":
            return "invalid_response_type"
        if "openid" not in asked.get("scope", "").split():
            return "invalid_scope"
        return None if asked.get("team", self._workspace.team_id) == self._workspace.team_id else "invalid_team"

    def _choices(self, asked: Mapping[str, str]) -> str:
        people = [user for user in self._workspace.people.values() if not user.is_bot]
        links = (
            f'<li><a href="?{escape(urlencode({**asked, "as": user.id}))}">{escape(user.real_name)}</a></li>'
            for user in people
        )
        return f"<ul>{''.join(links)}</ul>"

    def granted(self, user: User, redirect_uri: str, nonce: str | None) -> str:
        """Make a code for a person who agreed."""
        code = secrets.token_urlsafe(24)
        self._grants[code] = Grant(user, redirect_uri, nonce, self._now() + CODE_LIFE)
        return code

    # ------------------------------------------------------------ the app's server

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [self.public_key()]})

    def public_key(self) -> dict[str, str]:
        """Write the public half as it is published (RFC 7517)."""
        key = load_pem_public_key(self._key.public_pem.encode())
        if not isinstance(key, RSAPublicKey):
            raise TypeError("the key is no RSA key")
        numbers = key.public_numbers()
        parts = {name: _text(_bytes(number)) for name, number in (("n", numbers.n), ("e", numbers.e))}
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, **parts}

    async def _token(self, request: web.Request) -> web.Response:
        given = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        if self.away:
            return web.Response(status=503, text="Service Unavailable")
        error = self._refusal(given)
        if error:
            return web.json_response({"ok": False, "error": error})
        grant = self._grants.pop(given["code"])
        self._used.add(given["code"])
        claims = self.claims(grant.user, grant.nonce)
        token = self.forge(claims) if self.forge else self.signed(claims)
        answer = {"access_token": f"xoxp-{secrets.token_hex(12)}", "token_type": "Bearer", "id_token": token}
        return web.json_response({"ok": True, **answer})

    def _refusal(self, given: Mapping[str, str]) -> str | None:
        grant = self._grants.get(given.get("code", ""))
        checks = {
            "invalid_client_id": given.get("client_id") == self.client_id,
            "bad_client_secret": given.get("client_secret") == self.client_secret,
            "invalid_grant_type": given.get("grant_type", "authorization_code") == "authorization_code",
            "code_already_used": given.get("code") not in self._used,
            "invalid_code": grant is not None and self._now() < grant.until,
            "bad_redirect_uri": grant is not None and given.get("redirect_uri") == grant.redirect_uri,
        }
        return next((error for error, fine in checks.items() if not fine), None)

    def claims(self, user: User, nonce: str | None) -> Claims:
        """Write down who somebody is."""
        now = self._now()
        return {
            "iss": self.url,
            "sub": user.id,
            "aud": self.client_id,
            "exp": int((now + TOKEN_LIFE).timestamp()),
            "iat": int(now.timestamp()),
            "auth_time": int(now.timestamp()),
            "https://slack.com/team_id": user.team_id or self._workspace.team_id,
            "https://slack.com/user_id": user.id,
            "name": user.real_name,
            "locale": "en-US",
        } | ({"nonce": nonce} if nonce else {})

    def signed(self, claims: Claims, **header: str) -> str:
        """Sign a token (RS256); ``header`` changes what stands at its head."""
        head = {"alg": "RS256", "typ": "JWT", "kid": self.kid} | header
        said = ".".join(_text(json.dumps(part).encode()) for part in (head, claims))
        return f"{said}.{_text(self._key.sign(said.encode()))}"


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _page(title: str, body: str, status: int) -> web.Response:
    html = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}"
    return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)
