"""``/record tracks`` on both providers over real HTTP: each person's own sound, from the start to the files."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from playground.rooms import Recording
from playground.workspace_values import Message
from tests.edges.place import STARTED, Place, place, town
from tests.support.bench import Bench, elements, labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


SERVICES = ["realtimekit", pytest.param("dyte", marks=pytest.mark.soak)]
"""On Dyte the same goes over a wire that the provider tests know; it takes as long once more, so soak has it."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=SERVICES)
async def either(request: pytest.FixtureRequest, redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot on each provider in turn."""
    async with town(redis_process, provider=request.param) as world:
        yield world


@pytest.fixture
def here(either: Bench) -> Iterator[Place]:
    yield place(either)
    either.stage.provider.faults.clear()


def tracks(here: Place) -> list[Recording]:
    """Give the recordings of single voices in the newest meeting here."""
    return [each for each in here.world.stage.provider.rooms.recordings_of(here.room) if each.tracks]


async def running(here: Place) -> Recording:
    """Have each person's own sound recorded in a meeting of @ana's, and give the provider's recording."""
    await here.world.joins("di", await here.meeting())
    assert "ach person's own sound" in (await here.asks("bo", "/record tracks")).text
    await here.reply("*Recording each person's own sound* since")
    [own] = tracks(here)
    return own


async def test_each_persons_own_sound_is_recorded_stopped_and_handed_out(here: Place) -> None:
    own = await running(here)
    assert (await here.asks("cy", "/record tracks")).text.startswith(
        "Each person's own sound is being recorded already"
    )
    assert len(tracks(here)) == 1
    assert "Stop that with `/record tracks stop`" in (await here.asks("bo", "/record pause")).text

    assert "Each person's own sound: stopped by <@UANA>" in (await here.asks("ana", "/record tracks stop")).text
    ready = await here.reply("Each person's own sound is ready")
    await the_files_are_for_the_one_who_asked(here, own, ready)
    await the_list_has_them_and_says_what_they_are(here)


async def the_files_are_for_the_one_who_asked(here: Place, own: Recording, ready: Message) -> None:
    answer = await here.presses("cy", ready, "tracks_files")
    links = [each["url"] for each in elements(answer)]

    assert answer.ephemeral_for == "UCY"
    assert labels(answer) == ["Download di"]
    assert len(links) == len(own.voices) == 1
    assert not any(links[0] in message.text + str(message.blocks) for message in here.world.channel(here.id))
    gone = {"id": own.id, "status": "UPLOADED", "download_url_expiry": "2020-01-01T00:00:00Z"}
    here.world.stage.provider.faults.fail("get_recording", status=200, body={"success": True, "data": gone})
    assert "deleted these files" in (await here.presses("cy", ready, "tracks_files")).text


async def the_list_has_them_and_says_what_they_are(here: Place) -> None:
    shown = await here.asks("cy", "/record list")
    assert "each person's own sound" in shown.text
    assert labels(shown) == ["Get the files"]
    assert labels(await here.presses("cy", shown, "tracks_files")) == ["Download di"]


async def test_an_ordinary_recording_runs_beside_it_and_is_paused_alone(here: Place) -> None:
    own = await running(here)

    assert (await here.asks("ana", "/record")).text.startswith(STARTED)
    await here.reply("*Recording* since")
    assert (await here.asks("ana", "/record pause")).text.startswith("*Paused*")
    assert own.status == "RECORDING"
    assert (await here.asks("cy", "/record")).text.startswith("This meeting is being recorded already")


async def test_with_nobody_inside_it_says_what_is_needed(here: Place) -> None:
    await here.meeting()

    with here.no_calls():
        answer = await here.asks("ana", "/record tracks")

    assert "Nobody is in the meeting" in answer.text
    assert (await here.asks("ana", "/record tracks stop")).text.startswith("Nobody's own sound is being recorded here.")
    assert "`/record tracks stop`" in (await here.asks("ana", "/record tracks sideways")).text


async def test_a_lost_answer_costs_no_second_recording(here: Place) -> None:
    await here.attended()
    here.world.stage.provider.faults.drop("start_tracks", after=True)

    assert (await here.asks("bo", "/record tracks")).text.startswith(("Starting", "*Recording each"))

    assert len(tracks(here)) == 1
    await here.reply("*Recording each person's own sound* since")


@pytest.mark.soak
async def test_who_goes_off_the_record_is_told_that_single_voices_are_still_recorded(here: Place) -> None:
    await running(here)
    await here.asks("bo", "/record")
    await here.reply("*Recording* since")
    await here.knows("RECORDING")

    answer = await here.asks("bo", "/record off 10m")

    assert answer.text.endswith("· resumes by itself · each person's own sound is *still recorded*")
    await here.reply("· resumes by itself · each person's own sound is *still recorded*")


async def test_everybody_leaving_stops_it_and_two_who_ask_at_once_get_one(here: Place) -> None:
    await here.attended()
    await asyncio.gather(*(here.asks(user, "/record tracks") for user in ("ana", "bo", "cy")))
    assert len(tracks(here)) == 1
    await here.reply("*Recording each person's own sound* since")

    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    await here.reply("Each person's own sound: stopped")


async def test_a_failed_one_can_be_tried_again(here: Place) -> None:
    await running(here)
    here.world.stage.provider.faults.fail_uploads = 1
    await here.asks("bo", "/record tracks stop")
    failed = await here.reply("No sound of single voices")

    await here.world.presses("bo", failed, "tracks_start")

    await here.world.until(lambda: len(tracks(here)) == 2)
