"""A personal link in a browser: looking mints nothing, going through mints for one person, and nothing leaks."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
import yarl
from redis.asyncio import Redis

from bot.keys import CODE_KEPT, code_key
from tests.edges.place import Place, place, town
from tests.support.bench import button

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROBOTS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "WhatsApp/2.23",
    "curl/8.5.0",
)


@dataclass(frozen=True)
class Seen:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def words(self) -> str:
        """What a person reads."""
        shown = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return unescape(" ".join(shown.split()))


class Browser:
    """Follows nothing by itself and runs no script."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def does(self, method: str, url: str, agent: str = BROWSER) -> Seen:
        async with self._session.request(method, url, allow_redirects=False, headers={"User-Agent": agent}) as answer:
            return Seen(answer.status, await answer.text(), dict(answer.headers))

    async def looks(self, url: str, agent: str = BROWSER) -> Seen:
        return await self.does("GET", url, agent)

    async def goes_in(self, url: str) -> Seen:
        return await self.does("POST", url)


@pytest_asyncio.fixture(loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(session)


async def link(here: Place, user: str = "bo") -> str:
    return str(button(await here.asks(user, "/meet join"), "open_link")["url"])


def token(seen: Seen) -> str:
    return parse_qs(urlsplit(seen.headers["Location"]).query)["authToken"][0]


def is_guarded(seen: Seen) -> bool:
    """Tell whether nobody may keep a page, frame it, learn its address, or run anything of their own in it."""
    policy = seen.headers["Content-Security-Policy"]
    return (
        seen.headers["Referrer-Policy"] == "no-referrer"
        and seen.headers["Cache-Control"] == "no-store"
        and seen.headers["X-Content-Type-Options"] == "nosniff"
        and "noindex" in seen.headers["X-Robots-Tag"]
        and policy.startswith("default-src 'none'")
        and "frame-ancestors 'none'" in policy
        and "unsafe" not in policy
    )


# ------------------------------------------------------------ the door


async def test_looking_at_the_door_mints_nothing(here: Place, browser: Browser) -> None:
    await here.meeting("Q&A <b>now</b>")
    url = await link(here)
    calls = len(here.world.stage.provider.calls)

    seen = await browser.looks(url)
    head = await browser.does("HEAD", url)
    for robot in ROBOTS:
        assert "<script" not in (await browser.looks(url, robot)).text

    assert (seen.status, head.status, head.text) == (200, 200, "")
    assert seen.words == "Q&A <b>now</b> Q&A <b>now</b> You are joining as bo. Join the meeting"
    assert "<script>" in seen.text
    assert is_guarded(seen)
    assert is_guarded(head)
    assert len(here.world.stage.provider.calls) == calls


async def test_going_through_mints_for_the_one_whom_the_link_was_made_for(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here, "cy")

    seen = await browser.goes_in(url)

    assert seen.status == 303
    assert seen.headers["Location"].startswith(f"{here.world.stage.url}/room/?authToken=")
    peer = await here.world.stage.provider.enter(token(seen))
    place_of = here.world.stage.provider.rooms.participants[peer.participant_id]
    assert (place_of.custom_participant_id, place_of.name) == ("UCY", "cy")


async def test_going_through_twice_gives_a_fresh_token_for_the_same_place(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)

    first, second = await browser.goes_in(url), await browser.goes_in(url)

    assert token(first) != token(second)
    peers = [await here.world.stage.provider.enter(token(seen)) for seen in (first, second)]
    assert peers[0].participant_id == peers[1].participant_id
    assert [p.meeting_id for p in here.world.stage.provider.rooms.participants.values()].count(here.room) == 1


async def test_the_token_is_in_the_location_and_nowhere_else(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)

    seen = await browser.goes_in(url)

    elsewhere = {name: value for name, value in seen.headers.items() if name != "Location"}
    assert token(seen) not in seen.text + str(elsewhere)
    assert is_guarded(seen)
    async with Redis.from_url(here.world.redis_url) as redis:
        keys = [key async for key in redis.scan_iter("meet:*")]
        assert keys
        assert not any(url.rpartition("/")[2].encode() in key for key in keys)


# ------------------------------------------------------------ no way in


async def test_a_link_is_good_for_some_minutes_and_then_says_how_to_get_another(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)
    async with Redis.from_url(here.world.redis_url) as redis:
        key = code_key(url.rpartition("/")[2])
        assert 0 < await redis.ttl(key) <= CODE_KEPT.total_seconds()
        await redis.delete(key)

    for seen in (await browser.looks(url), await browser.goes_in(url)):
        assert seen.status == 410
        assert "This link has expired. Press Join in Slack again to get a new one." in seen.words
        assert is_guarded(seen)


@pytest.mark.parametrize("code", ["x", "%00", "..%2f..%2f", "a" * 4000, "%F0%9F%98%80", "<script>"])
async def test_a_code_that_never_was_is_like_one_that_is_too_old(here: Place, browser: Browser, code: str) -> None:
    seen = await browser.goes_in(f"{here.world.bot.url}/join/{code}")

    assert seen.status == 410
    assert "This link does not work any more" in seen.words


async def test_an_ended_meeting_lets_nobody_in(here: Place, browser: Browser) -> None:
    await here.meeting("Weekly sync")
    url = await link(here)
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    for seen in (await browser.looks(url), await browser.goes_in(url)):
        assert seen.status == 410
        assert "“Weekly sync” was ended for everyone, nobody can join it any more." in seen.words
        assert is_guarded(seen)


@pytest.mark.parametrize("trouble", ["down", "unreachable", "refused"])
async def test_a_service_in_trouble_is_owned_up_to_with_a_reference(
    here: Place, browser: Browser, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    await here.meeting()
    url = await link(here)
    setattr(here.world.stage.provider.faults, trouble, True)

    seen = await browser.goes_in(url)

    assert seen.status == 503
    ref = re.search(r"Reference: ([0-9a-f]{6})", seen.words)
    assert ref
    assert f"(ref {ref[1]})" in caplog.text
    advice = "tell whoever runs Greenroom" if trouble == "refused" else "Reload this page in a minute"
    assert advice in seen.words
    assert is_guarded(seen)
    here.world.stage.provider.faults.clear()
    assert (await browser.goes_in(url)).status == 303


@pytest.mark.asyncio(loop_scope="function")
async def test_without_any_address_the_answer_says_who_can_change_that(redis_process: str) -> None:
    async with town(redis_process, JOIN_URL_TEMPLATE=None, public=False) as world:
        here: Place = place(world)
        await here.meeting()

        answer = await here.asks("bo", "/meet join")

        assert "whoever runs Greenroom has to set" in answer.text
        assert "`JOIN_URL_TEMPLATE`" in answer.text


async def test_a_copy_of_a_link_that_was_used_lets_nobody_in_elsewhere(here: Place) -> None:
    await here.meeting()
    url = await link(here)
    agent = {"User-Agent": BROWSER}
    own, other = (aiohttp.ClientSession(headers=agent, cookie_jar=aiohttp.CookieJar(unsafe=True)) for _ in range(2))
    async with own, other:
        async with other.get(url) as looked:
            assert looked.status == 200, "whoever looks takes nothing"
        async with own.get(url) as looked, own.post(url, allow_redirects=False) as went:
            assert (looked.status, went.status) == (200, 303)
        for session in (other, aiohttp.ClientSession(headers=agent)):
            async with session, session.get(url) as looked, session.post(url, allow_redirects=False) as went:
                assert (looked.status, went.status) == (403, 403)
                assert "This link was used in another browser. Press Join in Slack" in await went.text()
        async with own.post(url, allow_redirects=False) as again:
            assert again.status == 303, "opening it twice burns nothing"
        cookie = looked.headers.get("Set-Cookie", "") + own.cookie_jar.filter_cookies(yarl.URL(url)).output()
    assert "greenroom_browser" in cookie


async def test_a_browser_is_known_for_as_long_as_the_link_that_it_used_last_works(here: Place) -> None:
    await here.meeting()
    known = {"Cookie": "greenroom_browser=abcdefghijklmnopqrstuv"}

    async with aiohttp.ClientSession() as session, session.get(await link(here), headers=known) as later:
        given = later.cookies["greenroom_browser"]

    assert (given.value, given["max-age"]) == ("abcdefghijklmnopqrstuv", str(int(CODE_KEPT.total_seconds())))


@pytest.mark.parametrize("sent", ["\udcff", "a\udcffb", "x" * 5000, "\u00e9"])
async def test_a_strange_name_of_a_browser_is_no_name(here: Place, sent: str) -> None:
    await here.meeting()
    url = urlsplit(await link(here))

    for method, status in (("GET", b"200"), ("POST", b"303")):
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        head = f"{method} {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\nContent-Length: 0\r\n"
        cookie = f"Cookie: greenroom_browser={sent}\r\n\r\n".encode("utf-8", "surrogateescape")
        writer.write(head.encode() + cookie)
        assert (await reader.readline()).split()[1] == status
        writer.close()
