"""The simulated livestreams: what is refused, how one moves, and what is told of it."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest

from playground.livestream import Livestream
from playground.rooms import ProviderName
from tests.playground.provider_support import QUICK, SLOW, Side, serving, until

KITS = get_args(ProviderName)
NOWHERE = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(params=KITS)
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


async def goes_live(side: Side, meeting: str, **body: Any) -> Livestream:
    """Start a livestream and wait until it is on air, or has failed."""
    made = await side.ok("POST", f"/meetings/{meeting}/livestreams", body)
    livestream = side.simulator.rooms.livestreams[made["id"]]
    await until(lambda: livestream.status != "INVOKED")
    return livestream


async def test_a_livestream_is_asked_for_goes_on_air_and_ends(side: Side) -> None:
    meeting = await side.meeting()
    made = await side.ok("POST", f"/meetings/{meeting}/livestreams", {"name": "all-hands_1"})
    assert made["status"] == "INVOKED"
    assert made["ingest_server"].startswith("rtmps://")
    assert made["stream_key"].startswith("sk_")

    await until(lambda: side.simulator.rooms.livestreams[made["id"]].status == "LIVE")
    active = await side.ok("GET", f"/meetings/{meeting}/active-livestream")
    assert (active["id"], active["status"], active["name"]) == (made["id"], "LIVE", "all-hands_1")

    await side.ok("POST", f"/meetings/{meeting}/active-livestream/stop")
    whole = await side.ok("GET", f"/livestreams/{made['id']}")
    assert whole["livestream"]["status"] == "IDLE"
    assert whole["session"]["started_time"] <= whole["session"]["stopped_time"]


async def test_everybody_can_watch_what_is_on_air_and_nothing_else(side: Side) -> None:
    livestream = await goes_live(side, await side.meeting())
    url = (await side.ok("GET", f"/meetings/{livestream.meeting_id}/active-livestream"))["playback_url"]

    async with side.client.get(url) as answer:
        assert (answer.status, (await answer.text()).splitlines()[0]) == (200, "#EXTM3U")
    side.simulator.life.livestreams.stop(livestream)
    async with side.client.get(url) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "two words"},
        {"name": "é"},
        {"name": 7},
        {"title": "x"},
        {"video_config": {"width": "wide"}},
        {"url": 1},
    ],
)
async def test_what_the_provider_does_not_know_is_refused(side: Side, body: Any) -> None:
    status, _ = await side.refused("POST", f"/meetings/{await side.meeting()}/livestreams", body)

    assert status == 400
    assert side.simulator.rooms.livestreams == {}


async def test_a_name_may_be_left_out(side: Side) -> None:
    assert (await goes_live(side, await side.meeting())).name is None
    assert (await goes_live(side, await side.meeting(), name=None)).name is None


async def test_a_second_livestream_an_unknown_meeting_and_a_closed_one_are_refused(side: Side) -> None:
    meeting, closed = await side.meeting(), await side.meeting()
    await goes_live(side, meeting)
    await side.ok("PATCH", f"/meetings/{closed}", {"status": "INACTIVE"})

    refused = [
        (await side.refused("POST", f"/meetings/{room}/livestreams", {}))[0] for room in (meeting, NOWHERE, closed, "x")
    ]

    assert refused == [409, 404, 400, 400]


async def test_where_nothing_is_on_air_there_is_nothing_to_stop_or_read(side: Side) -> None:
    meeting = await side.meeting()

    assert (await side.refused("GET", f"/meetings/{meeting}/active-livestream"))[0] == 404
    assert (await side.refused("POST", f"/meetings/{meeting}/active-livestream/stop"))[0] == 404
    assert (await side.refused("GET", f"/livestreams/{NOWHERE}"))[0] == 404
    assert await side.ok("GET", f"/meetings/{meeting}/livestream") == {
        "livestreams": [],
        "paging": {"total_count": 0, "start_offset": 0, "end_offset": 0},
    }


async def test_the_livestreams_of_a_meeting_are_listed_page_by_page(side: Side) -> None:
    meeting = await side.meeting()
    for _ in range(3):
        side.simulator.life.livestreams.stop(await goes_live(side, meeting))

    first = await side.ok("GET", f"/meetings/{meeting}/livestream", per_page="2", page_no="1")
    last = await side.ok("GET", f"/meetings/{meeting}/livestream", per_page="2", page_no="2")

    assert [len(page["livestreams"]) for page in (first, last)] == [2, 1]
    assert last["paging"] == {"total_count": 3, "start_offset": 3, "end_offset": 3}


async def test_a_livestream_that_is_told_to_fail_never_goes_on_air(side: Side) -> None:
    side.simulator.faults.fail_livestreams = 1
    meeting = await side.meeting()

    assert (await goes_live(side, meeting)).status == "ERRORED"
    assert (await goes_live(side, meeting)).status == "LIVE"


async def test_a_livestream_ends_with_its_session_unless_told_not_to(side: Side) -> None:
    for outlives, status in ((False, "IDLE"), (True, "LIVE")):
        side.simulator.faults.livestreams_outlive = outlives
        meeting = await side.meeting()
        await side.enter(meeting)
        livestream = await goes_live(side, meeting)

        await side.ok("POST", f"/meetings/{meeting}/active-session/kick-all")

        assert livestream.status == status


async def test_each_provider_tells_of_a_livestream_in_its_own_way(side: Side) -> None:
    await side.hook()
    livestream = await goes_live(side, await side.meeting())
    side.simulator.life.livestreams.stop(livestream)
    side.simulator.life.livestreams.stop(livestream)
    await side.simulator.deliveries.settled()

    told = side.bot.of("livestreaming.statusUpdate")
    words = {each["status"] for each in told}
    if side.name == "dyte":
        assert words == {"LIVE", "OFFLINE"}
        assert all(set(each) == {"event", "streamId", "status"} for each in told)
    else:
        assert words == {"IDLE", "LIVE", "OFFLINE"}
        assert {each["streamKey"] for each in told} == {livestream.stream_key}
        assert {each["meeting"]["id"] for each in told} == {livestream.meeting_id}


async def test_a_failure_is_told_as_an_end_because_webhooks_have_no_word_for_it() -> None:
    async with serving("realtimekit", pace=QUICK) as side:
        await side.hook()
        livestream = await goes_live(side, await side.meeting())
        side.simulator.life.livestreams.break_off(livestream)
        await side.simulator.deliveries.settled()

        assert side.bot.of("livestreaming.statusUpdate")[-1]["status"] == "OFFLINE"
        whole = await side.ok("GET", f"/livestreams/{livestream.id}")
        assert (whole["livestream"]["status"], bool(whole["session"]["err_message"])) == ("ERRORED", True)


async def test_one_that_was_stopped_before_it_went_on_air_stays_off() -> None:
    async with serving("dyte", pace=SLOW) as side:
        made = await side.ok("POST", f"/meetings/{await side.meeting()}/livestreams", {})
        livestream = side.simulator.rooms.livestreams[made["id"]]
        life = side.simulator.life.livestreams
        life.stop(livestream)
        life._on_air(livestream)
        life.break_off(livestream)

        assert (livestream.status, livestream.started_at) == ("IDLE", None)
