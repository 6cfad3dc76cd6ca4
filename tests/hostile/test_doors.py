"""Hostile requests to the doors and to signing in: an answer below 500, no redirect away, no traceback, nobody in."""

import logging
from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from playground.stage import SEES_MEMBERS
from tests.edges.place import town
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = {"Sec-Fetch-Site": "same-origin"}

PATHS = (
    "/j/" + "a" * 5000,
    "/j/%00",
    "/j/%0d%0aSet-Cookie:%20a=b",
    "/j/realtimekit:%F0%9F%98%80",
    "/j/%ff%fe",
    "/j/..%2f..%2fmetrics",
    "/j/realtimekit%3A..%5c..%5c",
    "/j/<script>alert(1)</script>",
    "/j/realtimekit:x?back=%3Cscript%3E",
    "/r/realtimekit:x/audio/",
    "/r/%2e%2e/audio",
    "/r/dyte:" + "%41" * 900,
    "/signin/callback",
    "/signin/callback?state=%00&code=%00",
    "/signin/callback?" + "state=a&" * 500,
    "/signin/callback?state[]=a&code[]=b",
    "/signin/callback?error=%3Cscript%3E&state=" + "a" * 32,
    "/signin/callback?code=" + "a" * 7000,
)
COOKIES = (
    "greenroom=",
    "greenroom=" + "a" * 7000,
    "greenroom=v1.UANA.99999999999999999999.x",
    'greenroom="v1.UANA"; greenroom="v1.UBO"',
    "; ".join(f"greenroom{n}=v1" for n in range(300)),
    "greenroom=v1.U<script>.1.x",
    "=;=;=",
)
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"to=" + b"%" * 1000),
    ("application/x-www-form-urlencoded", b"&".join(b"to=/metrics" for _ in range(5000))),
    ("application/x-www-form-urlencoded", b"\xff\xfe\x00to"),
    ("multipart/form-data; boundary=x", b"--x\r\nno part at all"),
    ("application/json", b'{"to": "/j/x"}'),
    ("application/json", b"[" * 100_000),
    ("text/plain; charset=nothing", b"to=/metrics"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, one_click=True) as running:
        running.stage.slack.scopes.update(SEES_MEMBERS)
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(world: Bench) -> AsyncIterator[aiohttp.ClientSession]:
    del world
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


async def answer(
    session: aiohttp.ClientSession, method: str, url: str, **given: object
) -> tuple[int, aiohttp.typedefs.LooseHeaders, str]:
    where = URL(url, encoded=True)
    async with session.request(method, where, allow_redirects=False, **given) as found:  # type: ignore[arg-type]
        assert found.status < HTTPStatus.INTERNAL_SERVER_ERROR
        assert "Location" not in found.headers
        text = await found.text()
        assert "<script>alert" not in text
        return found.status, found.headers, text


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
async def test_strange_addresses_are_answered_and_lead_nowhere(
    world: Bench, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    await answer(session, method, world.bot.url + path, headers=HERE)

    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


@pytest.mark.parametrize("cookie", COOKIES, ids=lambda cookie: cookie[:30])
async def test_strange_cookies_are_nobodys(
    world: Bench, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, cookie: str
) -> None:
    headers = HERE | {"Cookie": cookie}
    status, _, text = await answer(session, "GET", f"{world.bot.url}/j/realtimekit:x", headers=headers)

    assert status in {200, 400}
    assert status == 400 or "Sign in to go on" in text
    assert (await answer(session, "POST", f"{world.bot.url}/j/realtimekit:x", headers=headers))[0] in {400, 401}
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(("kind", "body"), BODIES)
@pytest.mark.parametrize("path", ["/signin", "/signout", "/j/realtimekit:x", "/r/realtimekit:x"])
async def test_strange_bodies_are_answered(
    world: Bench, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, path: str, kind: str, body: bytes
) -> None:
    headers = HERE | {"Content-Type": kind}
    status, *_ = await answer(session, "POST", world.bot.url + path, data=body, headers=headers)

    assert status in {200, 400, 401, 403, 413, 415}
    assert not [record for record in caplog.records if record.exc_info]
