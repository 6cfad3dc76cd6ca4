"""Browsers at the doors: each keeps cookies, and is signed in to Slack as one person or as nobody."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from yarl import URL

from playground.slack_openid import COOKIE
from tests.support.bench import Bench

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@dataclass(frozen=True)
class Seen:
    """What a browser was answered."""

    status: int
    text: str
    headers: dict[str, str]
    cookies: list[str]

    @property
    def location(self) -> str:
        """Where it is sent."""
        return self.headers["location"]

    @property
    def title(self) -> str:
        """What the page is headed."""
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return unescape(found[1]) if found else ""

    @property
    def words(self) -> str:
        """What a person reads."""
        return unescape(re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", self.text))

    @property
    def goes_on(self) -> bool:
        """Whether the page goes on by itself where somebody looks at it."""
        return "<script>" in self.text

    @property
    def token(self) -> str:
        """The token in the address of the vendor's page."""
        return parse_qs(urlsplit(self.location).query)["authToken"][0]


class Browser:
    """Somebody's own browser."""

    def __init__(self, world: Bench, session: aiohttp.ClientSession, base: str | None = None) -> None:
        self.world = world
        self.session = session
        self.base = base or str(world.bot.services.joining.rules.public_url)

    async def get(self, where: str, **headers: str) -> Seen:
        """Look at a page, and follow nothing."""
        async with self.session.get(
            URL(self._at(where), encoded=True), headers=headers, allow_redirects=False
        ) as answer:
            return await _seen(answer)

    async def post(self, where: str, data: Any = None, **headers: str) -> Seen:
        """Press a button of a page of ours."""
        given = FROM_HERE | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(
            URL(self._at(where), encoded=True), data=data, headers=given, allow_redirects=False
        ) as answer:
            return await _seen(answer)

    def _at(self, where: str) -> str:
        return where if where.startswith("http") else self.base + where

    async def leaves(self, to: str) -> str:
        """Press Continue with Slack, and give the address that one is sent to."""
        answer = await self.post("/signin", {"to": to})
        assert answer.status == 303, answer.text
        return answer.location

    async def comes_back_to(self, to: str) -> str:
        """Sign in at Slack, and give the address at which one comes back."""
        answer = await self.get(await self.leaves(to))
        assert answer.status == 302, answer.text
        return answer.location

    async def signs_in(self, to: str) -> Seen:
        """Go all the way to the door one stood at."""
        answer = await self.get(await self.comes_back_to(to))
        assert answer.status == 303, answer.text
        return await self.get(answer.location)

    async def joins(self, door: str) -> Seen:
        """Sign in, and press Join."""
        await self.signs_in(door)
        return await self.post(door)

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser would send to the bot."""
        return {name: each.value for name, each in self.session.cookie_jar.filter_cookies(URL(self.base)).items()}

    def keeps(self, name: str, value: str) -> None:
        """Put a cookie into the browser, as its owner can."""
        self.session.cookie_jar.update_cookies({name: value}, URL(self.base))


async def _seen(answer: aiohttp.ClientResponse) -> Seen:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Seen(answer.status, await answer.text(), headers, answer.headers.getall("Set-Cookie", []))


@asynccontextmanager
async def browser(world: Bench, user: str | None, base: str | None = None) -> AsyncIterator[Browser]:
    """Open a browser that is signed in to Slack as this person; ``base`` is the bot's address where it runs outside."""
    jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
    async with aiohttp.ClientSession(cookie_jar=jar, headers=PERSON) as session:
        opened = Browser(world, session, base)
        if user:
            opened.keeps(COOKIE, world.stage.slack.workspace.user(user).id)
        yield opened
