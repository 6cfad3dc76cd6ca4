"""What the clients ask about livestreams, what they make of the answers, and what they leave out of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.domain.livestream_events import LivestreamUpdated
from bot.errors import ProviderNotFound, ProviderRefused, ProviderRejected, ProviderUnavailable
from bot.ports import Provider
from bot.providers import dyte, realtimekit
from tests.providers.calls import LIVESTREAM, ROOM, TEN
from tests.providers.conftest import Play
from tests.providers.support import FAST, SECRET, Clock, Script, Step, data, drops, says

Kit = Callable[..., Awaitable[tuple[Provider, Script]]]
STREAM_KEY = "sk_ap-south-1_throwaway0Key1of2a3Test"
WATCH = "https://watch.example/live.m3u8"
ROW = {
    "id": LIVESTREAM,
    "status": "LIVE",
    "ingest_server": "rtmps://ingest.example:443/app/",
    "stream_key": STREAM_KEY,
    "playback_url": WATCH,
}


@pytest.fixture(params=["realtimekit", "dyte"])
def kit(request: pytest.FixtureRequest, play: Play, session: aiohttp.ClientSession, clock: Clock) -> Kit:
    async def connect(*steps: Step) -> tuple[Provider, Script]:
        script = await play(*steps)
        shared: dict[str, Any] = {"session": session, "now": clock, "api_url": script.url, "retries": FAST}
        if request.param == "dyte":
            return dyte.connect(org_id="org", api_key=SECRET, **shared), script
        return realtimekit.connect(account_id="acc", app_id="app", api_token=SECRET, **shared), script

    return connect


@pytest.mark.parametrize(
    ("title", "sent"),
    [
        ("Weekly sync", {"name": "Weekly-sync"}),
        ("all_hands-2026", {"name": "all_hands-2026"}),
        ("Größe: ½ & <tags>", {"name": "Gr-e-tags"}),
        ("🎬", {}),
    ],
)
async def test_a_start_sends_a_name_that_fits_and_nothing_else(
    kit: Kit, clock: Clock, title: str, sent: dict[str, str]
) -> None:
    provider, script = await kit(data({**ROW, "status": "INVOKED"}, 201))

    told = await provider.start_livestream(ROOM, title)

    assert told == LivestreamUpdated(LIVESTREAM, "INVOKED", observed_at=clock(), playback_url=WATCH)
    [seen] = script.seen
    assert (seen.method, seen.path.rpartition("/meetings/")[2]) == ("POST", f"{ROOM}/livestreams")
    assert seen.json == sent


@pytest.mark.parametrize("word", ["IDLE", "OFFLINE"])
async def test_what_was_just_asked_for_is_not_over(kit: Kit, word: str) -> None:
    provider, _ = await kit(data({**ROW, "status": word}, 201))

    assert (await provider.start_livestream(ROOM, "x")).status == "INVOKED"


async def test_a_start_whose_answer_was_lost_is_not_sent_again(kit: Kit) -> None:
    provider, script = await kit(drops())

    with pytest.raises(ProviderUnavailable) as lost:
        await provider.start_livestream(ROOM, "x")

    assert lost.value.unclear
    assert len(script.seen) == 1


@pytest.mark.parametrize(("status", "kind"), [(403, ProviderRefused), (400, ProviderRejected), (404, ProviderNotFound)])
async def test_a_refusal_is_told_by_its_kind_and_without_the_key(kit: Kit, status: int, kind: type[Exception]) -> None:
    said = {"success": False, "error": {"code": status, "message": f"Not in your plan, {STREAM_KEY}"}}
    provider, _ = await kit(says(said, status))

    with pytest.raises(kind, match="Not in your plan") as refused:
        await provider.start_livestream(ROOM, "x")

    assert STREAM_KEY not in str(refused.value)


async def test_a_stop_goes_to_whatever_is_on_air(kit: Kit) -> None:
    provider, script = await kit(data({"message": "Stopped"}))

    await provider.stop_livestream(ROOM)

    [seen] = script.seen
    assert seen.path.endswith(f"/meetings/{ROOM}/active-livestream/stop")
    assert (seen.method, seen.raw) == ("POST", b"")


async def test_what_is_on_air_is_read(kit: Kit, clock: Clock) -> None:
    provider, _ = await kit(data(ROW))

    told = await provider.active_livestream(ROOM)

    assert told == LivestreamUpdated(LIVESTREAM, "LIVE", observed_at=clock(), playback_url=WATCH)
    assert STREAM_KEY not in repr(told)
    assert "ingest" not in repr(told)


@pytest.mark.parametrize(
    "answer",
    [says({"success": False, "error": {"code": 404, "message": "no active livestream"}}, 404), data(None), data({})],
)
async def test_nothing_on_air_is_nothing(kit: Kit, answer: Step) -> None:
    provider, _ = await kit(answer)

    assert await provider.active_livestream(ROOM) is None


async def test_a_livestream_without_its_id_is_no_answer(kit: Kit) -> None:
    provider, _ = await kit(data({"status": "LIVE"}))

    with pytest.raises(ProviderUnavailable):
        await provider.active_livestream(ROOM)


RUNS = [
    {"id": "r1", "started_time": "2026-11-02T08:00:00.000Z", "stopped_time": "2026-11-02T08:30:00.000Z"},
    {
        "id": "r2",
        "invoked_time": "2026-11-02T09:00:00.000Z",
        "started_time": "2026-11-02T09:00:20.000Z",
        "stopped_time": "2026-11-02T09:32:20.000Z",
        "err_message": "The encoder broke off",
    },
]


@pytest.mark.parametrize(
    "body",
    [
        {"livestream": {**ROW, "status": "ERRORED"}, "sessions": RUNS},
        {"livestream": {**ROW, "status": "ERRORED"}, "session": RUNS[1]},
        {"livestream": {**ROW, "status": "ERRORED"}, "sessions": RUNS[1]},
    ],
)
async def test_a_livestream_is_read_with_its_latest_run(kit: Kit, clock: Clock, body: dict[str, Any]) -> None:
    provider, _ = await kit(data(body))

    assert await provider.get_livestream(LIVESTREAM) == LivestreamUpdated(
        LIVESTREAM,
        "ERRORED",
        observed_at=clock(),
        invoked_at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
        started_at=datetime(2026, 11, 2, 9, 0, 20, tzinfo=UTC),
        stopped_at=datetime(2026, 11, 2, 9, 32, 20, tzinfo=UTC),
        playback_url=WATCH,
        reason="The encoder broke off",
    )


async def test_a_livestream_that_never_ran_has_no_times(kit: Kit, clock: Clock) -> None:
    provider, _ = await kit(data({"livestream": ROW}))

    told = await provider.get_livestream(LIVESTREAM)

    assert told == LivestreamUpdated(LIVESTREAM, "LIVE", observed_at=clock(), playback_url=WATCH)


async def test_only_young_livestreams_are_given(kit: Kit) -> None:
    rows = [
        {**ROW, "id": "old", "created_at": "2026-11-02T09:59:59.000Z"},
        {**ROW, "id": "new", "created_at": "2026-11-02T10:00:00.000Z"},
        {**ROW, "id": "undated"},
    ]
    paging = {"total_count": 3, "start_offset": 1, "end_offset": 3}
    provider, script = await kit(data({"livestreams": rows, "paging": paging}))

    assert [told.livestream_id for told in await provider.livestreams_since(ROOM, TEN)] == ["new"]
    assert [seen.path.endswith(f"/meetings/{ROOM}/livestream") for seen in script.seen] == [True]
