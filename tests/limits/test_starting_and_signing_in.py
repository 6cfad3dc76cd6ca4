"""What is asked beside the Web API's everyday: who we are, who somebody is, and where our socket is."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.keys import ban_key
from bot.slack.meaning import seconds_in
from playground.slack_faults import SlackFault
from playground.stage import SEES_MEMBERS, Stage, stage
from tests.edges.browsers import browser
from tests.edges.signing_in import DOOR
from tests.support.bench import Bench, bot_on

FAULTS = {
    "429": SlackFault("ratelimited", seconds=1),
    "500": SlackFault("status", status=500, body="Internal Server Error"),
    "502 with a web page": SlackFault("status", status=502, body="<html><h1>502 Bad Gateway</h1></html>"),
    "200 with a web page": SlackFault("status", status=200, body="<html>Please log in</html>"),
    "200 with words": SlackFault("status", status=200, body="[1]"),
    "200 with an empty object": SlackFault("status", status=200, body="{}"),
    "200 with nothing but ok": SlackFault("status", status=200, body='{"ok": true}'),
    "internal_error": SlackFault("error", error="internal_error"),
    "dropped": SlackFault("drop_before"),
}
QUICK = {"500", "200 with words", "200 with nothing but ok"}
TOKEN, WHO = "openid.connect.token", "auth.test"


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage() as made:
        made.slack.scopes.update(SEES_MEMBERS)
        yield made


@pytest.mark.parametrize("how", [pytest.param(how, marks=() if how in QUICK else pytest.mark.soak) for how in FAULTS])
async def test_a_bot_to_which_slack_does_not_say_who_it_is_starts_and_learns_it_later(
    scene: Stage, redis_url: str, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    scene.slack.faults.add(WHO, FAULTS[how])

    async with bot_on(scene, redis_url, one_click=True) as world, browser(world, "bo") as bo:
        assert (await bo.signs_in(DOOR)).status == 404, "signed in, at the door of no meeting"

    assert len([call for call in scene.slack.calls if call.method == WHO]) == 2
    assert not [record for record in caplog.records if record.exc_info]


async def test_who_we_are_is_not_asked_again_while_that_is_closed(scene: Stage, redis_url: str) -> None:
    scene.slack.faults.ratelimit(WHO, times=9, retry_after=40)

    async with bot_on(scene, redis_url, one_click=True) as world, browser(world, "bo") as bo:
        pages = [await bo.post("/signin", {"to": DOOR}) for _ in range(3)]

    assert [page.status for page in pages] == [503] * 3
    assert all("Slack asks me to slow down. Please open the link again in" in page.words for page in pages)
    assert len([call for call in scene.slack.calls if call.method == WHO]) == 1


async def test_signing_in_is_closed_to_all_for_as_long_as_slack_says(world_with_doors: Bench, redis: Redis) -> None:
    world_with_doors.stage.slack.faults.ratelimit(TOKEN, times=9, retry_after=40)

    pages = []
    for user in ("bo", "cy"):
        async with browser(world_with_doors, user) as theirs:
            pages.append(await theirs.get(await theirs.comes_back_to(DOOR)))

    assert [page.status for page in pages] == [503, 503]
    assert [39 <= int(page.headers["retry-after"]) <= 40 for page in pages] == [True, True]
    assert "Please open the link again in 40 s" in pages[0].words
    assert world_with_doors.stage.slack.faults.waiting()["calls"] == {TOKEN: 8}
    assert 38_000 < await redis.pttl(ban_key(TOKEN)) <= 40_000


@pytest.fixture
async def world_with_doors(scene: Stage, redis_url: str) -> AsyncIterator[Bench]:
    async with bot_on(scene, redis_url, one_click=True) as world:
        yield world


@pytest.mark.parametrize("how", sorted(set(FAULTS) - {"429"}))
@pytest.mark.soak
async def test_a_socket_that_cannot_be_had_at_the_start_is_had_a_moment_later(redis_url: str, how: str) -> None:
    async with stage(socket_mode=True) as scene:
        scene.slack.faults.add("apps.connections.open", FAULTS[how])
        async with bot_on(scene, redis_url, socket_mode=True) as world:
            await world.says("ana", "general", "/meet Weekly sync")
            await world.has_card()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("30", 30), ("0", 1), ("-5", 1), ("1.5", 1.5), (None, 1), ("", 1), ("soon", 1), ("nan", 1), ("inf", 1)],
)
def test_a_time_to_wait_is_read_however_it_is_written(said: str | None, seconds: float) -> None:
    assert seconds_in(said) == seconds


def test_nobody_is_made_to_wait_for_years() -> None:
    assert seconds_in("99999999999") == 86_400
