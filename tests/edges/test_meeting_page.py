"""The bot's own meeting page over HTTP: what it may do, and who gets a token from it."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.keys import code_key
from tests.edges.page_visit import Browser, installed, link, minted
from tests.edges.place import Place, place, town
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAM_ONLY = "This is not the way in"


@pytest.fixture(scope="module")
def sdk_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("sdk"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(redis_process: str, sdk_dir: Path) -> AsyncIterator[Bench]:
    async with town(redis_process, JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as running:
        yield running


@pytest.fixture
def here(world: Bench) -> Place:
    return place(world)


@pytest_asyncio.fixture(loop_scope="module")
async def browser(world: Bench) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield Browser(session, world.bot.url)


# ------------------------------------------------------------ the page


async def test_looking_at_the_page_mints_nothing_and_shows_who_goes_where(here: Place, browser: Browser) -> None:
    await here.meeting("Q&A <b>now</b>")
    url = await link(here)

    status, text, _ = await browser.looks(url)
    head, nothing, _ = await browser.looks(url, "HEAD")

    assert (status, head, nothing) == (200, 200, "")
    assert "<title>Q&amp;A &lt;b&gt;now&lt;/b&gt;</title>" in text
    assert "You are joining as bo." in text
    assert minted(here) == 0


async def test_the_page_may_speak_to_the_bot_and_to_the_service_and_run_nothing_of_its_own(
    here: Place, browser: Browser
) -> None:
    await here.meeting()

    _, text, headers = await browser.looks(await link(here))

    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"].startswith("'nonce-")
    assert len(policy["script-src"].split()) == 1
    assert "unsafe" not in headers["Content-Security-Policy"]
    others = [word for rule in policy.values() for word in rule.split() if word.startswith(("http", "ws", "*"))]
    assert others
    assert all(word.endswith((".realtime.cloudflare.com", ".r2.cloudflarestorage.com")) for word in others)
    nonce = policy["script-src"].removeprefix("'nonce-").removesuffix("'")
    assert text.count("<script") == text.count(f'nonce="{nonce}"') == 2
    assert "style=" not in text
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert (headers["X-Content-Type-Options"], headers["X-Robots-Tag"]) == ("nosniff", "noindex, nofollow")


async def test_the_page_works_behind_a_proxy_that_puts_something_before_its_address(
    here: Place, browser: Browser
) -> None:
    await here.meeting()

    _, text, _ = await browser.looks(await link(here))

    addresses = re.findall(r'(?:href|src)="([^"]*)"|&quot;(?:path|address)&quot;: &quot;(.*?)&quot;', text)
    shown = [one or other for one, other in addresses if one != "data:,"]
    found = {urljoin("https://example.com/greenroom/join/code", each) for each in shown}
    assert len(found) == 6
    assert all(re.match(r"https://example\.com/greenroom/(page/|sdk/|join$)", each) for each in found)


async def test_a_form_that_was_sent_in_vain_leads_back_to_the_page(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)

    status, _, headers = await browser.looks(url, "POST")

    assert (status, urljoin(url, headers["Location"]), minted(here)) == (303, url, 0)


async def test_no_two_visits_share_a_nonce(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)

    policies = {(await browser.looks(url))[2]["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


@pytest.mark.parametrize("robot", ["Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "WhatsApp/2.23"])
async def test_a_robot_is_shown_the_page_but_not_led_on(here: Place, browser: Browser, robot: str) -> None:
    await here.meeting()
    url = await link(here)

    _, text, _ = await browser.looks(url, **{"User-Agent": robot})
    _, for_people, _ = await browser.looks(url, **{"User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"})

    assert "&quot;straight&quot;: false" in text
    assert "&quot;straight&quot;: true" in for_people


# ------------------------------------------------------------ the token


async def test_the_pages_script_gets_a_token_for_the_one_whom_the_link_was_made_for(
    here: Place, browser: Browser
) -> None:
    await here.meeting()
    url = await link(here, "cy")

    status, said, headers = await browser.asks_for_a_token(url)

    assert status == 200
    peer = await here.world.stage.provider.enter(said["token"])
    assert here.world.stage.provider.rooms.participants[peer.participant_id].custom_participant_id == "UCY"
    assert headers["Cache-Control"] == "no-store"
    assert said["token"] not in str(dict(headers))


async def test_asking_twice_gives_a_fresh_token_for_the_same_place(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)

    tokens = [(await browser.asks_for_a_token(url))[1]["token"] for _ in range(2)]

    assert tokens[0] != tokens[1]
    peers = [await here.world.stage.provider.enter(token) for token in tokens]
    assert peers[0].participant_id == peers[1].participant_id


@pytest.mark.parametrize(
    "changed",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "text/plain"},
    ],
    ids=str,
)
async def test_whatever_is_not_the_pages_own_script_gets_no_token(
    here: Place, browser: Browser, changed: dict[str, str | None]
) -> None:
    await here.meeting()
    url = await link(here)

    status, said, _ = await browser.asks_for_a_token(url, **changed)

    assert (status, said["title"], minted(here)) == (403, PROGRAM_ONLY, 0)
    assert (await browser.asks_for_a_token(url))[0] == 200  # and the link is as good as before


async def test_a_browser_that_says_only_its_origin_is_believed(here: Place, browser: Browser) -> None:
    await here.meeting()

    status, _, _ = await browser.asks_for_a_token(await link(here), Sec_Fetch_Site=None)

    assert status == 200


@pytest.mark.parametrize("body", ["", "{", "[]", '"code"', "null", "[" * 100_000, '{"code": "' + "a" * 300_000])
async def test_what_is_no_question_is_no_way_in(browser: Browser, body: str) -> None:
    async with aiohttp.ClientSession() as session:
        asked = session.post(f"{browser.own}/join", data=body.encode(), headers=browser.headers)
        async with asked as answer:
            assert answer.status in {403, 413}


@pytest.mark.parametrize("code", ["", "x", "a" * 4000, 7, None, ["x"], {"x": 1}, "\x00", "../../join", "\ud800"])
async def test_a_code_that_never_was_is_like_one_that_is_too_old(browser: Browser, code: object) -> None:
    status, said, headers = await browser.posts(json.dumps({"code": code}), browser.headers)

    assert (status, said["title"]) == (410, "This link does not work any more")
    assert headers["Cache-Control"] == "no-store"


async def test_a_link_that_is_too_old_lets_nobody_in(here: Place, browser: Browser) -> None:
    await here.meeting()
    url = await link(here)
    async with Redis.from_url(here.world.redis_url) as redis:
        await redis.delete(code_key(url.rpartition("/")[2]))

    status, said, _ = await browser.asks_for_a_token(url)

    assert status == 410
    assert said["text"] == "This link has expired. Press Join in Slack again to get a new one."
    assert "again" not in said


async def test_a_meeting_that_was_ended_lets_nobody_in(here: Place, browser: Browser) -> None:
    await here.meeting("Weekly sync")
    url = await link(here)
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    status, said, _ = await browser.asks_for_a_token(url)

    assert status == 410
    assert said["text"] == "“Weekly sync” was ended for everyone, nobody can join it any more."


async def test_a_service_in_trouble_is_owned_up_to_and_can_be_tried_again(
    here: Place, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    await here.meeting()
    url = await link(here)
    here.world.stage.provider.faults.down = True

    status, said, _ = await browser.asks_for_a_token(url)
    here.world.stage.provider.faults.clear()

    assert (status, said["again"]) == (503, "Try again")
    assert said["reference"].removeprefix("Reference: ") in caplog.text
    assert (await browser.asks_for_a_token(url))[0] == 200
