"""``/r/{recording}``: who may watch is asked now, the link is fresh, and who got one is remembered."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.domain.ids import ChannelId
from playground.stage import SEES_MEMBERS
from playground.workspace_values import Message
from tests.edges.browsers import Browser, browser
from tests.edges.place import Place, place, town
from tests.support.bench import Bench, button

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, one_click=True) as world:
        world.stage.slack.scopes.update(SEES_MEMBERS)
        yield world


@pytest.fixture
def here(shared: Bench) -> Iterator[Place]:
    yield place(shared)
    shared.stage.provider.faults.clear()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recorded(shared: Bench) -> Place:
    """Give a channel with a recording that tests only look at."""
    there = place(shared)
    await door_of(there)
    return there


@pytest.fixture
def door(recorded: Place) -> Iterator[str]:
    """Give the path of that recording's door."""
    yield path_of(next(m for m in recorded.replies if "Recording ready" in m.text))
    recorded.world.stage.provider.faults.clear()


@pytest_asyncio.fixture(loop_scope="module")
async def bo(shared: Bench) -> AsyncIterator[Browser]:
    async with browser(shared, "bo") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def nobody(shared: Bench) -> AsyncIterator[Browser]:
    async with browser(shared, None) as opened:
        yield opened


async def door_of(here: Place) -> str:
    """Have a meeting recorded to its end, and give the path of the door on the announcement."""
    recording = await here.recording()
    await here.world.presses("ana", recording, "record_stop")
    return path_of(await here.reply("Recording ready"))


def path_of(ready: Message) -> str:
    url = str(button(ready, "record_door")["url"])
    return url[url.index("/r/") :]


def fetched(here: Place) -> int:
    own = here.current_recording.id
    calls = (call for call in here.world.stage.provider.calls if call.operation == "get_recording")
    return len([call for call in calls if own in call.path.values()])


async def viewers(here: Place) -> list[str]:
    [recording] = (await here.stored()).in_order
    return sorted(recording.viewers)


async def test_somebody_of_the_channel_gets_a_fresh_link_and_is_remembered(
    recorded: Place, door: str, bo: Browser
) -> None:
    page = await bo.signs_in(door)
    assert (page.title, page.goes_on) == ("Weekly sync", True)

    before = fetched(recorded)

    first, second = await bo.post(door), await bo.post(door)

    assert (first.status, second.status, fetched(recorded) - before) == (303, 303, 2)
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["referrer-policy"] == "no-referrer"
    assert (await bo.get(first.location)).status == 200
    assert "UBO" in await viewers(recorded)


async def test_looking_fetches_no_link_and_is_not_watching(recorded: Place, door: str, bo: Browser) -> None:
    seen = await viewers(recorded)
    before = fetched(recorded)
    await bo.signs_in(door)
    await bo.get(door)

    assert fetched(recorded) == before
    assert await viewers(recorded) == seen


async def test_somebody_who_left_the_channel_cannot_watch(shared: Bench, bo: Browser) -> None:
    here = place(shared)
    door = await door_of(here)
    shared.stage.slack.workspace.remove(here.id, "bo")

    page, press = await bo.signs_in(door), await bo.post(door)

    assert (page.status, press.status) == (403, 403)
    assert "location" not in press.headers
    assert await viewers(here) == []


async def test_a_copied_link_shows_nobody_anything(door: str, nobody: Browser) -> None:

    page, press = await nobody.get(door), await nobody.post(door)

    assert page.title == "Sign in to go on"
    assert (press.status, "location" in press.headers) == (401, False)


async def test_a_hidden_recording_is_shown_to_nobody_but_those_who_hid_it(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    listed = await here.asks("ana", "/record list")
    await here.world.presses("ana", listed, "record_hide")
    await here.world.until(lambda: "hidden" in here.answers("ana")[-1].text)

    assert (await bo.post(door)).status == 404
    async with browser(here.world, "ana") as ana:
        assert (await ana.joins(door)).status == 303


async def test_a_recording_that_the_service_has_deleted_is_told_in_words(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    here.world.stage.provider.rooms.recordings.pop(here.current_recording.id)

    page = await bo.post(door)

    assert page.status == 404
    assert "has deleted this recording" in page.words


async def test_the_sound_has_a_door_of_its_own(door: str, bo: Browser) -> None:
    await bo.signs_in(door)

    answer = await bo.post(f"{door}/audio")

    assert answer.status in {303, 404}
    assert answer.status == 303 or "no such file" in answer.words


@pytest.mark.parametrize("path", ["/r/realtimekit:nothing", "/r/nothing", "/r/..%2f..", "/r/a/b"])
async def test_an_unknown_recording_is_no_recording(bo: Browser, path: str) -> None:
    await bo.signs_in("/r/realtimekit:nothing")

    assert (await bo.get(path)).status == 404


async def test_a_press_on_another_sites_page_shows_nothing(door: str, bo: Browser) -> None:
    await bo.signs_in(door)

    assert (await bo.post(door, **{"Sec-Fetch-Site": "cross-site"})).status == 403


async def test_a_video_service_that_does_not_answer_is_told_in_words(recorded: Place, door: str, bo: Browser) -> None:
    await bo.signs_in(door)
    recorded.world.stage.provider.faults.fail("get_recording", 500, times=10)

    page = await bo.post(door)

    assert page.status == 503
    assert "The video service did not answer" in page.words


async def test_who_may_not_watch_is_told_why_without_anybodys_id(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await here.world.bot.services.permissions._rules.choose(ChannelId(here.id), {"watch": "host"})

    page = await bo.signs_in(door)

    assert page.status == 403
    assert "Only the host may watch recordings of this channel. Ask them to do it" in page.words
