"""Signing in with Slack, over HTTP against a stand-in: the way that is meant, and every other one, which is refused."""

import asyncio
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from redis.asyncio import Redis

from bot.errors import SignInFailed
from playground.slack_openid import COOKIE, OpenId
from tests.edges.browsers import Browser, browser
from tests.edges.signing_in import (  # noqa: F401 - fixtures
    DOOR,
    ON_THE_WAY,
    SIGNED_IN,
    ana_fixture,
    bo_fixture,
    openid_fixture,
    query,
    refused,
    shared_fixture,
    with_query,
)
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

# ------------------------------------------------------------ the way that is meant


async def test_a_person_comes_back_to_the_door_they_stood_at_as_the_one_they_are(ana: Browser) -> None:
    back = await ana.get(await ana.comes_back_to(DOOR))

    assert (back.status, back.location) == (303, f"{ana.base}{DOOR}?back=1")
    assert ana.cookies[SIGNED_IN].startswith("v1.UANA.")


async def test_slack_is_asked_for_an_id_and_nothing_else(ana: Browser, openid: OpenId) -> None:
    address = await ana.leaves(DOOR)
    asked = query(address)

    assert address.startswith(f"{openid.url}/openid/connect/authorize?")
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid", openid.client_id)
    assert asked["redirect_uri"] == f"{ana.base}/signin/callback"
    assert asked["team"] == "T0GREENROOM"
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    again = query(await ana.leaves(DOOR))
    assert (again["state"], again["nonce"]) != (asked["state"], asked["nonce"])


async def test_the_cookies_are_for_the_bot_alone(ana: Browser) -> None:
    leaving = await ana.post("/signin", {"to": DOOR})
    back = await ana.get((await ana.get(leaving.location)).location)

    for cookie in (*leaving.cookies, back.cookies[0]):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert re.search(r"Max-Age=\d+", cookie)
    assert ON_THE_WAY not in ana.cookies


async def test_two_windows_can_sign_in_at_once(ana: Browser) -> None:
    first, second = await ana.comes_back_to(DOOR), await ana.comes_back_to("/r/realtimekit:other")

    one = await ana.get(first)

    assert one.location.startswith(ana.base + DOOR)
    assert (await ana.get(second)).status == 400, "the browser forgot what it was known by when the first came back"


async def test_signing_out_forgets_who_somebody_is(ana: Browser) -> None:
    await ana.signs_in(DOOR)
    assert SIGNED_IN in ana.cookies

    assert (await ana.post("/signout", **{"Sec-Fetch-Site": "cross-site"})).status == 403
    assert SIGNED_IN in ana.cookies
    assert (await ana.post("/signout")).title == "You are signed out"
    assert SIGNED_IN not in ana.cookies


# ------------------------------------------------------------ state


async def test_a_state_that_was_never_made_signs_nobody_in(ana: Browser) -> None:
    back = await ana.comes_back_to(DOOR)
    for state in ("x" * 32, "", query(back)["state"][:-1], query(back)["state"] + "x", "\x00", "ä" * 32, None):
        assert refused(await ana.get(with_query(back, state=state)), ana)


@pytest.mark.parametrize("sent", [b"\xff", b"a" * 31 + b"\xff", "\u00e9".encode(), b"a" * 5000])
async def test_a_way_back_with_a_strange_name_of_a_browser_signs_nobody_in(ana: Browser, sent: bytes) -> None:
    url = urlsplit(f"{ana.base}/signin/callback?state={'a' * 32}&code=x")
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\nCookie: {ON_THE_WAY}="

    writer.write(head.encode() + sent + b"\r\n\r\n")

    assert b" 400 " in await reader.readline()
    writer.close()


async def test_a_state_works_once_even_with_a_code_that_was_not_used_yet(ana: Browser, openid: OpenId) -> None:
    asked = query(await ana.leaves(DOOR))
    known_by = ana.cookies[ON_THE_WAY]
    person = ana.world.stage.slack.workspace.user("ana")

    def back() -> str:
        code = openid.granted(person, asked["redirect_uri"], asked["nonce"])
        return f"/signin/callback?{urlencode({'code': code, 'state': asked['state']})}"

    assert (await ana.get(back())).status == 303
    await ana.post("/signout")
    ana.keeps(ON_THE_WAY, known_by)

    assert refused(await ana.get(back()), ana)


async def test_a_state_does_not_work_twice_at_the_same_time(ana: Browser) -> None:
    back = await ana.comes_back_to(DOOR)

    answers = await asyncio.gather(*(ana.get(back) for _ in range(5)))

    assert sorted(answer.status for answer in answers) == [303, 400, 400, 400, 400]


async def test_of_many_who_use_a_state_at_once_one_gets_through(ana: Browser) -> None:
    state = query(await ana.leaves(DOOR))["state"]
    entrance = ana.world.bot.services.entrance
    assert entrance is not None

    uses = [entrance.signin.give_up(state, ana.cookies[ON_THE_WAY]) for _ in range(20)]
    ends = await asyncio.gather(*uses, return_exceptions=True)

    assert ends.count(None) == 1
    assert [type(end) for end in ends if end is not None] == [SignInFailed] * 19


async def test_anothers_way_back_signs_nobody_in_as_them_and_is_not_used_up(ana: Browser, bo: Browser) -> None:
    """Somebody is sent a link with which they would be signed in as the sender."""
    back = await ana.comes_back_to(DOOR)
    assert refused(await bo.get(back), bo)
    await bo.leaves(DOOR)
    assert refused(await bo.get(back), bo)

    assert (await ana.get(back)).status == 303


async def test_anothers_code_in_ones_own_way_back_is_refused(ana: Browser, bo: Browser) -> None:
    code = query(await ana.comes_back_to(DOOR))["code"]
    mine = await bo.comes_back_to(DOOR)

    assert refused(await bo.get(with_query(mine, code=code)), bo), "the nonce is not the one of this sign-in"


async def test_a_state_is_forgotten_after_ten_minutes(ana: Browser, shared: Bench) -> None:
    await ana.leaves(DOOR)
    async with Redis.from_url(shared.redis_url) as redis:
        lives = [await redis.ttl(key) async for key in redis.scan_iter("meet:signin:*")]

    assert lives
    assert all(0 < life <= 600 for life in lives)


async def test_redis_holds_nothing_that_finishes_a_sign_in(ana: Browser, shared: Bench) -> None:
    asked = query(await ana.leaves(DOOR))
    secrets = (asked["state"], asked["nonce"], ana.cookies[ON_THE_WAY])
    async with Redis.from_url(shared.redis_url) as redis:
        kept = [key + (await redis.get(key) or b"") async for key in redis.scan_iter("meet:signin:*")]

    assert kept
    assert not any(secret.encode() in each for each in kept for secret in secrets)


async def test_whoever_says_no_at_slack_is_told_so_and_may_try_again(ana: Browser) -> None:
    state = query(await ana.leaves(DOOR))["state"]

    page = await ana.get(f"/signin/callback?{urlencode({'error': 'access_denied', 'state': state})}")

    assert refused(page, ana)
    assert "You did not sign in with Slack" in page.words
    assert (await ana.signs_in(DOOR)).status == 404, "signed in, at the door of no meeting"


# ------------------------------------------------------------ code


async def test_a_code_works_once(ana: Browser) -> None:
    used = await ana.comes_back_to(DOOR)
    await ana.get(used)
    await ana.post("/signout")
    fresh = await ana.comes_back_to(DOOR)

    assert refused(await ana.get(with_query(fresh, code=query(used)["code"])), ana)


@pytest.mark.parametrize("code", ["", "made-up", "../../etc", "a" * 5000, "\x00"])
async def test_a_code_that_slack_did_not_give_is_refused(ana: Browser, code: str) -> None:
    assert refused(await ana.get(with_query(await ana.comes_back_to(DOOR), code=code)), ana)


async def test_a_code_is_only_worth_something_with_the_apps_secret(ana: Browser, openid: OpenId) -> None:
    right, openid.client_secret = openid.client_secret, "another"
    try:
        assert refused(await ana.get(await ana.comes_back_to(DOOR)), ana)
    finally:
        openid.client_secret = right


# ------------------------------------------------------------ where people are sent


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/j/../../evil",
        "/j/%2e%2e/x",
        "/j//evil.example",
        "/j/x?next=https://evil.example",
        "/j/x#@evil.example",
        "/j/x@evil.example",
        "/j/x\r\nLocation: https://evil.example",
        "/j/x\n",
        "/j/x.evil.example/",
        "j/x",
        "javascript:alert(1)",
        "/%2f/evil.example",
        "/%5cevil.example",
        "/signout",
        "/metrics",
        "/j/",
        "",
        " /j/x",
        "/j/\uff58",
        "/r/x/audio/more",
    ],
)
async def test_nobody_is_sent_anywhere_but_to_a_door_of_ours(ana: Browser, to: str) -> None:
    answer = await ana.post("/signin", {"to": to})

    assert answer.status == 400
    assert "location" not in answer.headers
    assert "evil" not in answer.text


async def test_the_way_back_takes_no_address_along(ana: Browser) -> None:
    back = await ana.comes_back_to(DOOR)

    answer = await ana.get(f"{back}&to=https://evil.example&redirect_uri=https://evil.example&back=//evil.example")

    assert answer.location == f"{ana.base}{DOOR}?back=1"


async def test_slack_itself_sends_people_only_to_where_the_app_said(ana: Browser) -> None:
    address = await ana.leaves(DOOR)

    assert (await ana.get(with_query(address, redirect_uri="https://evil.example/signin/callback"))).status == 400


async def test_a_sign_in_begun_on_another_sites_page_is_refused(ana: Browser) -> None:
    for site in ("cross-site", "same-site", "none"):
        answer = await ana.post("/signin", {"to": DOOR}, **{"Sec-Fetch-Site": site})

        assert (answer.status, answer.cookies) == (403, [])


async def test_a_sign_in_begun_with_a_link_does_not_exist(ana: Browser) -> None:
    assert (await ana.get(f"/signin?to={DOOR}")).status == 405


# ------------------------------------------------------------ trouble


async def test_a_slack_that_is_away_is_told_in_words(ana: Browser, openid: OpenId) -> None:
    back = await ana.comes_back_to(DOOR)
    openid.away = True
    try:
        page = await ana.get(back)
    finally:
        openid.away = False

    assert page.status == 503
    assert "Slack did not answer" in page.words


async def test_nothing_of_a_sign_in_is_in_the_log(
    ana: Browser, openid: OpenId, caplog: pytest.LogCaptureFixture
) -> None:
    openid.forge = lambda claims: openid.signed(claims | {"nonce": "another"})
    back = await ana.comes_back_to(DOOR)
    await ana.get(back)

    assert "a sign-in was refused" in caplog.text
    for secret in (*query(back).values(), openid.client_secret, "eyJ"):
        assert secret not in caplog.text


async def test_whoever_is_signed_in_to_slack_as_nobody_is_asked_by_slack(shared: Bench) -> None:
    async with browser(shared, None) as nobody:
        page = await nobody.get(await nobody.leaves(DOOR))
        assert (page.status, page.title) == (200, "Who are you?")
        [bo] = re.findall(r'href="([^"]*as=UBO[^"]*)"', page.text)
        back = await nobody.get(f"{shared.stage.slack.openid.url}/openid/connect/authorize{bo.replace('&amp;', '&')}")
        await nobody.get(back.location)

        assert nobody.cookies[SIGNED_IN].startswith("v1.UBO.")
        assert COOKIE not in parse_qs(urlsplit(back.location).query)
