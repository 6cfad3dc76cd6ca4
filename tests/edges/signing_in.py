"""What the tests of signing in share: a world where people can, and what it is to be refused."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import pytest_asyncio

from playground.slack_openid import OpenId
from playground.stage import SEES_MEMBERS
from tests.edges.browsers import Browser, Seen, browser
from tests.edges.place import town
from tests.support.bench import Bench

DOOR = "/j/realtimekit:some-meeting"
SIGNED_IN, ON_THE_WAY = "greenroom", "greenroom-signin"


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="shared")
async def shared_fixture(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot at which people can sign in."""
    async with town(redis_process, one_click=True) as world:
        world.stage.slack.scopes.update(SEES_MEMBERS)
        yield world


@pytest.fixture(name="openid")
def openid_fixture(shared: Bench) -> Iterator[OpenId]:
    """Give the one who says who people are, honest again afterwards."""
    yield shared.stage.slack.openid
    shared.stage.slack.openid.forge = None
    shared.stage.slack.openid.away = False


@pytest_asyncio.fixture(loop_scope="module", name="ana")
async def ana_fixture(shared: Bench) -> AsyncIterator[Browser]:
    """Give Ana's browser."""
    async with browser(shared, "ana") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module", name="bo")
async def bo_fixture(shared: Bench) -> AsyncIterator[Browser]:
    """Give Bo's browser."""
    async with browser(shared, "bo") as opened:
        yield opened


def query(address: str) -> dict[str, str]:
    """Give what an address says after its question mark."""
    return dict(parse_qsl(urlsplit(address).query))


def with_query(address: str, **changed: str | None) -> str:
    """Change that; None leaves something out."""
    given = {**query(address), **changed}
    left = {name: value for name, value in given.items() if value is not None}
    return f"{address.partition('?')[0]}?{urlencode(left)}"


def refused(answer: Seen, who: Browser) -> bool:
    """Tell whether somebody was sent nowhere and is signed in as nobody."""
    return answer.status == 400 and "location" not in answer.headers and SIGNED_IN not in who.cookies
