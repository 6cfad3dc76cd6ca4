"""What a door reads from a request: cookies that nobody else can set, and where a press comes from."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.domain.ids import UserId
from bot.visitors import Visitors
from bot.visits import Visits, is_robot
from tests.support.clock import Clock

ANA = UserId("UANA")
SECURE, PLAIN = "https://meet.example.com/bots/greenroom", "http://127.0.0.1:3000"


def visits(public_url: str) -> Visits:
    return Visits(Visitors("a secret", Clock()), public_url)


def cookie_of(public_url: str) -> str:
    answer = web.Response()
    visits(public_url).welcome(answer, ANA)
    return next(each.OutputString() for each in answer.cookies.values() if "v1." in each.value)


def asking(**headers: str) -> web.Request:
    return make_mocked_request("POST", "/j/x", headers={name.replace("_", "-"): said for name, said in headers.items()})


def test_over_https_no_neighbour_and_no_plain_page_can_set_the_cookie() -> None:
    said = cookie_of(SECURE)

    assert said.startswith("__Host-greenroom=v1.UANA.")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"} <= set(said.split("; "))
    assert "Domain" not in said


def test_over_http_which_is_for_ones_own_machine_it_is_kept_all_the_same() -> None:
    said = cookie_of(PLAIN)

    assert said.startswith("greenroom=v1.UANA.")
    assert "Secure" not in said


def test_who_signed_in_is_read_from_the_right_cookie_alone() -> None:
    note = Visitors("a secret", Clock()).note(ANA)

    assert visits(SECURE).user(asking(Cookie=f"__Host-greenroom={note}")) == ANA
    assert visits(SECURE).user(asking(Cookie=f"greenroom={note}")) is None
    assert visits(PLAIN).user(asking(Cookie=f"other=1; greenroom={note}")) == ANA
    assert visits(PLAIN).user(asking()) is None


def test_nobody_can_write_notes_without_a_secret() -> None:
    with pytest.raises(ValueError, match="key material"):
        Visitors("", Clock())


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "https://evil.example"}, True),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "https://meet.example.com"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
        ({"Sec_Fetch_Site": ""}, False),
        ({"Origin": "https://meet.example.com"}, True),
        ({"Origin": "HTTPS://MEET.example.com"}, True),
        ({"Origin": "http://meet.example.com"}, False),
        ({"Origin": "https://meet.example.com.evil.example"}, False),
        ({"Origin": "https://meet.example.com:8443"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "https://meet.example.com/j/x"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_a_press_counts_where_the_browser_vouches_for_it(headers: dict[str, str], ours: bool) -> None:
    assert visits(SECURE).is_ours(asking(**headers)) is ours


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        ("facebookexternalhit/1.1", True),
        ("curl/8.9", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", False),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", False),
        ("", False),
    ],
)
def test_programs_that_look_at_links_are_told_by_their_names(agent: str, robot: bool) -> None:
    assert is_robot(asking(User_Agent=agent)) is robot
