"""The meeting page's files over HTTP: those that are known, as scripts and styles, forever; and no others."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.page_files import BASE, NAMES
from bot.sdk import SDKS
from bot.sdk_install import packed_beside
from tests.edges.page_visit import Browser, installed
from tests.edges.place import town
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

RTK = SDKS["realtimekit"]
CORE = RTK.address(RTK.core)


@pytest.fixture(scope="module")
def sdk_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = installed(tmp_path_factory.mktemp("sdk"))
    (directory / "secret.txt").write_text("nobody's business")
    return directory


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(redis_process: str, sdk_dir: Path) -> AsyncIterator[Bench]:
    async with town(redis_process, JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def browser(world: Bench) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield Browser(session, world.bot.url)


async def test_the_programs_files_are_served_as_scripts_for_this_page_alone_and_forever(browser: Browser) -> None:
    status, text, headers = await browser.looks(browser.own + CORE)

    assert (status, len(text)) == (200, RTK.core.size)
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (headers["X-Content-Type-Options"], headers["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    again, _, _ = await browser.looks(browser.own + CORE, **{"If-None-Match": headers["ETag"]})
    assert again == 304


async def test_whoever_takes_packed_files_gets_one_that_was_packed_before(browser: Browser, sdk_dir: Path) -> None:
    packed = gzip.compress(RTK.place(RTK.kit, sdk_dir).read_bytes(), mtime=0)
    packed_beside(RTK.place(RTK.kit, sdk_dir)).write_bytes(packed)
    url = browser.own + RTK.address(RTK.kit)

    _, _, headers = await browser.looks(url, "HEAD", **{"Accept-Encoding": "gzip, deflate, br"})
    _, _, plain = await browser.looks(url, "HEAD", **{"Accept-Encoding": "identity"})

    assert (headers["Content-Encoding"], int(headers["Content-Length"])) == ("gzip", len(packed))
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Accept-Encoding" in headers["Vary"]
    assert ("Content-Encoding" in plain, int(plain["Content-Length"])) == (False, RTK.kit.size)


async def test_our_own_files_are_served_in_the_same_way(browser: Browser) -> None:
    assert {"meeting.js", "meeting.css"} <= set(NAMES)
    for name in NAMES:
        status, _, headers = await browser.looks(f"{browser.own}{BASE}/{name}")

        assert status == 200
        assert headers["Content-Type"].startswith("text/css" if name.endswith("css") else "text/javascript")
        assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/sdk/",
        "/sdk/realtimekit/2.0.2/",
        "/sdk/realtimekit/2.0.1/core.js",
        "/sdk/realtimekit/2.0.2/core.js.gz",
        "/sdk/realtimekit/2.0.2/../../secret.txt",
        "/sdk/realtimekit/2.0.2/..%2f..%2fsecret.txt",
        "/sdk/realtimekit/%2e%2e/secret.txt",
        "/sdk/secret.txt",
        "/sdk//etc/passwd",
        "/sdk/realtimekit/2.0.2/core.js%00.txt",
        "/sdk/realtimekit/2.0.2/core.js/..",
        f"{BASE}/../page_files.py",
        f"{BASE}/..%2fpage_files.py",
        "/page/000000000000/meeting.js",
    ],
)
async def test_nothing_but_the_known_files_is_served(browser: Browser, path: str) -> None:
    from yarl import URL  # noqa: PLC0415 - so that nothing is tidied up on the way

    async with aiohttp.ClientSession() as session, session.get(URL(browser.own + path, encoded=True)) as answer:
        assert answer.status == 404
        assert "business" not in await answer.text()


async def test_half_a_file_is_no_file_and_kept_by_no_browser(browser: Browser, sdk_dir: Path) -> None:
    dyte = SDKS["dyte"]
    place = dyte.place(dyte.core, sdk_dir)
    place.write_bytes(b" " * (dyte.core.size - 1))

    status, _, headers = await browser.looks(browser.own + dyte.address(dyte.core))

    assert (status, headers["Cache-Control"]) == (404, "no-store")
    place.write_bytes(b" " * dyte.core.size)
