"""Every way in which the video service can fail, for everything that people ask of it: one private, helpful answer."""

import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.log import RedactionFilter
from bot.redaction import Redactor
from playground.faults import ProviderFaults
from playground.provider_flavours import CLOUDFLARE_REFUSAL
from playground.workspace_values import Message
from tests.edges.place import STARTED, Place, town
from tests.support.bench import Bench, button

pytestmark = pytest.mark.asyncio(loop_scope="module")

Break = Callable[[ProviderFaults, str], None]

REJECTED = (
    r"The video service did not accept this \(RealtimeKit answered \d+ to \w+: [^()]+\)\. Nothing was changed\. "
    r"If it goes on, please tell whoever runs Greenroom\."
)
REFUSED = (
    r"The video service does not accept Greenroom's credentials\. Nothing was changed\. "
    r"Please tell whoever runs Greenroom\."
)
BUSY = r"The video service is not answering right now\. Nothing was changed\. Please try again in a minute\."
HALF_ENDED = (
    r"Nobody can come into “Weekly sync” any more, but those inside could not be sent out\. "
    r"Please end it once more in a minute\."
)
UNCLEAR = (
    r"The video service is not answering right now, and I cannot tell whether it did what you asked\. "
    r"Please look again in a minute, and try again if it did not\."
)


@dataclass(frozen=True)
class Way:
    """A way to fail, what the person is told, and how often a call fails in it."""

    how: Break
    told: str


def answered(status: int, body: Any = None) -> Break:
    return lambda faults, operation: faults.fail(operation, status=status, body=body)


def dropped(*, after: bool) -> Break:
    return lambda faults, operation: faults.drop(operation, after=after)


WAYS = {
    "400": Way(answered(400), REJECTED),
    "401": Way(answered(401), REFUSED),
    "the gateway's 403": Way(answered(403, CLOUDFLARE_REFUSAL), REFUSED),
    "the gateway's refusal as a 400": Way(answered(400, CLOUDFLARE_REFUSAL), REFUSED),
    "404": Way(answered(404), REJECTED),
    "409": Way(answered(409), REJECTED),
    "429": Way(lambda f, o: f.fail(o, status=429, headers={"Retry-After": "600"}), BUSY),
    "500": Way(answered(500), UNCLEAR),
    "a gateway's page": Way(answered(502, "<html><h1>502 Bad Gateway</h1></html>"), UNCLEAR),
    "a connection lost before": Way(dropped(after=False), UNCLEAR),
    "a connection lost after": Way(dropped(after=True), UNCLEAR),
    "no JSON": Way(answered(200, "Welcome to our Wi-Fi!"), UNCLEAR),
    "JSON of nothing": Way(answered(200, {}), UNCLEAR),
    "JSON of something else": Way(answered(200, {"success": True, "data": ["what"]}), UNCLEAR),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot without a public address, so that a link is minted where Join is pressed."""
    async with town(redis_process, public=False) as world:
        yield world


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Give the log as the bot writes it, each line with its reference."""
    references = RedactionFilter(Redactor([]))
    caplog.handler.addFilter(references)
    yield caplog
    caplog.handler.removeFilter(references)


def tells(answer: Message, told: str, log: pytest.LogCaptureFixture) -> None:
    """Hold that the person is told this, with a reference that leads to a line of the log."""
    found = re.fullmatch(rf"{told} \(ref ([0-9a-f]{{6}})\)", answer.text)
    assert found, answer.text
    lines = [record for record in log.records if record.__dict__.get("ref") == found[1]]
    assert [line for line in lines if line.levelno >= logging.WARNING]


async def test_a_meeting_that_is_not_made(here: Place, way: Way, log: pytest.LogCaptureFixture) -> None:
    way.how(here.world.stage.provider.faults, "create_meeting")

    tells(await here.asks("ana", "/meet Weekly sync"), way.told, log)
    assert not here.cards

    await here.meeting("Weekly sync")
    assert len(here.cards) == len(here.answers("ana")) == 1


async def test_a_place_that_is_not_given(here: Place, way: Way, log: pytest.LogCaptureFixture) -> None:
    card = await here.meeting()
    way.how(here.world.stage.provider.faults, "add_participant")

    tells(await here.presses("bo", card, "join"), way.told, log)

    again = await here.presses("bo", card, "join")
    assert "authToken=" in button(again, "open_link")["url"]
    assert len(here.answers("bo")) == 2
    theirs = [p for p in here.world.stage.provider.rooms.participants.values() if p.meeting_id == here.room]
    assert len(theirs) == 1


async def test_a_recording_that_does_not_start(here: Place, way: Way, log: pytest.LogCaptureFixture) -> None:
    await here.meeting()
    way.how(here.world.stage.provider.faults, "start_recording")

    answer = await here.asks("bo", "/record")

    recordings = [r for r in here.world.stage.provider.rooms.recordings.values() if r.meeting_id == here.room]
    if recordings:  # the answer got lost, and looking again found it
        assert answer.text.startswith(STARTED)
        assert "by <@UBO>" in answer.text
    else:
        tells(answer, way.told, log)
        assert not here.replies
        assert (await here.asks("bo", "/record")).text.startswith(STARTED)
        assert len(here.answers("bo")) == 2


async def test_a_service_that_is_quite_down_breaks_nothing_that_needs_no_service(
    here: Place, log: pytest.LogCaptureFixture
) -> None:
    await here.runs()
    here.world.stage.provider.faults.down = True

    tells(await here.asks("bo", "/record stop"), UNCLEAR, log)
    assert (await here.asks("bo", "/meet status")).text.startswith("*Weekly sync*")
    assert (await here.asks("bo", "/meet help")).text
    here.world.stage.provider.faults.down = False

    assert (await here.asks("bo", "/record stop")).text.startswith("Stopped by <@UBO>")


async def test_an_end_that_fails_half_way_can_be_asked_for_again(here: Place, log: pytest.LogCaptureFixture) -> None:
    await here.runs()
    question = await here.asks("ana", "/meet end")
    here.world.stage.provider.faults.fail("kick_all")

    tells(await here.presses("ana", question, "meeting_end"), HALF_ENDED, log)
    assert here.world.stage.provider.people(here.room)

    assert (await here.presses("ana", question, "meeting_end")).text == "*Weekly sync* is ended for everyone."
    assert not here.world.stage.provider.people(here.room)


async def test_a_recording_whose_link_cannot_be_had(here: Place, log: pytest.LogCaptureFixture) -> None:
    await here.runs()
    await here.asks("ana", "/record stop")
    await here.world.until(lambda: here.current_recording.status == "UPLOADED")
    await here.knows("UPLOADED")
    listed = await here.asks("bo", "/record list")
    here.world.stage.provider.faults.fail("get_recording", times=3)

    tells(await here.presses("bo", listed, "record_watch"), BUSY, log)
