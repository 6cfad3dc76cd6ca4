"""Sign in with Slack in the simulator: it refuses what Slack refuses, and what it signs can be checked by anybody."""

from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import jwt
import pytest

from playground.slack import SlackSimulator
from playground.slack_openid import COOKIE
from tests.playground.slack_bench import Clock, clock_fixture, slack_fixture  # noqa: F401 - fixtures

BACK = "http://127.0.0.1:9/signin/callback"


@pytest.fixture(autouse=True)
def _registered(slack: SlackSimulator) -> None:
    slack.openid.redirect_urls = [BACK]


def asking(slack: SlackSimulator, **changed: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": slack.openid.client_id,
        "scope": "openid",
        "redirect_uri": BACK,
        "state": "the state",
        "nonce": "the nonce",
    }
    return f"{slack.openid.url}/openid/connect/authorize?{urlencode(asked | changed)}"


async def seen(url: str, cookies: dict[str, str] | None = None) -> tuple[int, str, str, dict[str, str]]:
    """Look at a page in a browser with these cookies: its status, where it leads, its words, and the new cookies."""
    async with aiohttp.ClientSession(cookies=cookies) as session, session.get(url, allow_redirects=False) as answer:
        new = {name: each.value for name, each in answer.cookies.items()}
        return answer.status, answer.headers.get("Location", ""), await answer.text(), new


async def agreed(slack: SlackSimulator, user: str = "UANA") -> dict[str, list[str]]:
    """Agree as somebody, and give what comes back."""
    status, back, words, _ = await seen(asking(slack, **{"as": user}))
    assert status == 302, words
    return parse_qs(urlsplit(back).query)


async def exchanged(slack: SlackSimulator, code_given: str, **changed: str) -> dict[str, object]:
    given = {
        "client_id": slack.openid.client_id,
        "client_secret": slack.openid.client_secret,
        "code": code_given,
        "redirect_uri": BACK,
        "grant_type": "authorization_code",
    }
    url = f"{slack.openid.url}/api/openid.connect.token"
    async with aiohttp.ClientSession() as session, session.post(url, data=given | changed) as answer:
        found: dict[str, object] = await answer.json()
        return found


async def test_a_token_can_be_checked_with_the_published_key(slack: SlackSimulator) -> None:
    back = await agreed(slack, "UBO")
    answer = await exchanged(slack, back["code"][0])
    async with aiohttp.ClientSession() as session, session.get(f"{slack.openid.url}/openid/connect/keys") as published:
        [key] = (await published.json())["keys"]

    claims = jwt.decode(
        str(answer["id_token"]),
        jwt.PyJWK(key),
        algorithms=["RS256"],
        audience=slack.openid.client_id,
        issuer=slack.openid.url,
        options={"verify_exp": False, "verify_iat": False},
    )

    assert back["state"] == ["the state"]
    assert (claims["nonce"], claims["https://slack.com/user_id"], claims["sub"]) == ("the nonce", "UBO", "UBO")
    assert claims["https://slack.com/team_id"] == slack.workspace.team_id
    assert answer["ok"] is True


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "1.2"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{BACK}/more"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"team": "TOTHER"},
    ],
    ids=str,
)
async def test_an_app_that_asks_in_another_way_gets_a_page_and_no_code(
    slack: SlackSimulator, changed: dict[str, str]
) -> None:
    status, leads_to, _, _ = await seen(asking(slack, **changed), {COOKIE: "UANA"})

    assert (status, leads_to) == (400, "")


async def test_a_code_works_once(slack: SlackSimulator) -> None:
    code = (await agreed(slack))["code"][0]
    await exchanged(slack, code)

    assert await exchanged(slack, code) == {"ok": False, "error": "code_already_used"}


async def test_a_code_ends_after_ten_minutes(slack: SlackSimulator, clock: Clock) -> None:
    code = (await agreed(slack))["code"][0]
    clock.passes(601)

    assert (await exchanged(slack, code))["error"] == "invalid_code"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        ({"code": "made-up"}, "invalid_code"),
        ({"grant_type": "password"}, "invalid_grant_type"),
    ],
)
async def test_an_exchange_that_is_not_right_gives_nothing_and_uses_nothing_up(
    slack: SlackSimulator, changed: dict[str, str], error: str
) -> None:
    code = (await agreed(slack))["code"][0]

    assert await exchanged(slack, code, **changed) == {"ok": False, "error": error}
    assert (await exchanged(slack, code))["ok"] is True


async def test_nobody_agrees_for_a_bot_or_a_stranger(slack: SlackSimulator) -> None:
    for user in ("UGREENROOM", "UNOBODY"):
        status, _, words, _ = await seen(asking(slack, **{"as": user}))

        assert (status, "Who are you?" in words) == (200, True)


async def test_a_link_is_opened_in_the_browser_of_the_person_whose_window_it_is(slack: SlackSimulator) -> None:
    """Cookies know no ports, so two people in one browser would be one for the app."""
    browser = slack.openid.browser
    assert browser is not None
    link = f"{browser['app']}/j/x"
    where = f"{browser['opens']}?{urlencode({'as': 'UANA', 'to': link})}"

    assert await seen(where, {"app": "of Bo"}) == (303, link, "", {"app": "", COOKIE: "UANA"})
    assert await seen(where, {"app": "of Ana", COOKIE: "UANA"}) == (303, link, "", {COOKIE: "UANA"})


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "http://127.0.0.1:9.evil.example/", ""])
async def test_nobody_is_taken_anywhere_but_to_the_app(slack: SlackSimulator, to: str) -> None:
    status, *_ = await seen(f"{slack.base_url}/slack/open?{urlencode({'as': 'UANA', 'to': to})}")

    assert status == 404


async def test_without_an_app_to_sign_in_to_links_are_just_links(slack: SlackSimulator) -> None:
    slack.openid.redirect_urls = []

    assert slack.openid.browser is None
