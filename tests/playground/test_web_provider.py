"""The provider's side of the page: rooms, recordings, and what is made to go wrong."""

import asyncio
from typing import Any

import pytest

from tests.playground.web_bench import Bench, bench_fixture  # noqa: F401 - a fixture


async def test_people_come_and_go_in_a_room(bench: Bench) -> None:
    room = await bench.room()

    _, entered = await bench.does("provider/enter", room=room, name="Zoe")
    inside = (await bench.state())["provider"]
    await bench.does("provider/leave", peer_id=entered["peerId"])
    after = (await bench.state())["provider"]

    assert inside["label"] == "Cloudflare RealtimeKit"
    assert inside["rooms"][0]["title"] == "Weekly sync"
    assert [person["name"] for person in inside["rooms"][0]["people"]] == ["Zoe"]
    assert after["rooms"][0]["people"] == []


async def test_a_recording_offers_what_can_be_done_to_it(bench: Bench) -> None:
    room = await bench.room()
    recording = bench.provider.life.record(bench.provider.rooms.meetings[room], {})
    async with asyncio.timeout(3):
        while recording.status != "RECORDING":
            await bench.provider.changed()

    async def now() -> tuple[str, list[str]]:
        shown = (await bench.state())["provider"]["rooms"][0]["recordings"][0]
        return shown["status"], shown["actions"]

    assert await now() == ("RECORDING", ["pause", "stop", "fail"])
    await bench.does("provider/recording", recording_id=recording.id, action="pause")
    assert await now() == ("PAUSED", ["resume", "stop", "fail"])
    status, answer = await bench.does("provider/recording", recording_id=recording.id, action="pause")
    assert (status, bool(answer["error"])) == (409, True)
    await bench.does("provider/recording", recording_id=recording.id, action="resume")
    await bench.does("provider/recording", recording_id=recording.id, action="stop")
    assert (await now())[1] == []


async def test_a_recording_can_be_broken_off_and_its_file_deleted(bench: Bench) -> None:
    room = await bench.room()
    recording = bench.provider.life.record(bench.provider.rooms.meetings[room], {})
    status, _ = await bench.does("provider/recording", recording_id=recording.id, action="delete")
    assert status == 409

    await bench.does("provider/recording", recording_id=recording.id, action="fail")
    assert recording.stop_reason == "INTERNAL_ERROR"
    async with asyncio.timeout(3):
        while recording.status != "UPLOADED":
            await bench.provider.changed()
    await bench.does("provider/recording", recording_id=recording.id, action="delete")

    assert (await bench.state())["provider"]["rooms"][0]["recordings"] == []


async def test_a_livestream_is_shown_without_its_key_and_can_be_broken_off(bench: Bench) -> None:
    room = await bench.room()
    livestream = bench.provider.life.livestreams.start(bench.provider.rooms.meetings[room], None)

    state = await bench.state()
    assert state["provider"]["rooms"][0]["livestreams"] == [
        {"id": livestream.id, "status": "INVOKED", "actions": ["stop", "fail"]}
    ]
    assert livestream.stream_key not in str(state)

    await bench.does("provider/livestream", livestream_id=livestream.id, action="fail")
    assert (await bench.state())["provider"]["rooms"][0]["livestreams"] == [
        {"id": livestream.id, "status": "ERRORED", "actions": []}
    ]


@pytest.mark.parametrize(
    ("what", "wish", "expected"),
    [
        ("provider/enter", {"room": "nowhere", "name": "Zoe"}, 404),
        ("provider/leave", {"peer_id": "nobody"}, 404),
        ("provider/recording", {"recording_id": "none", "action": "stop"}, 404),
        ("provider/recording", {"recording_id": "none", "action": "explode"}, 400),
        ("provider/livestream", {"livestream_id": "none", "action": "stop"}, 404),
        ("provider/livestream", {"livestream_id": "none", "action": "explode"}, 400),
        ("provider/faults", {"webhooks.no_such": True}, 400),
        ("provider/faults", {"slow_seconds": "long"}, 400),
        ("slack/faults", {"trouble": "explode"}, 400),
    ],
)
async def test_what_the_panel_cannot_do_is_refused(
    bench: Bench, what: str, wish: dict[str, Any], expected: int
) -> None:
    status, answer = await bench.does(what, **wish)

    assert (status, answer["ok"]) == (expected, False)


async def test_nobody_enters_a_closed_room(bench: Bench) -> None:
    room = await bench.room()
    bench.provider.rooms.meetings[room].status = "INACTIVE"

    status, _ = await bench.does("provider/enter", room=room, name="Zoe")

    assert status == 409


async def test_faults_are_set_and_shown(bench: Bench) -> None:
    wish = {"webhooks.drop_all": True, "slow_seconds": 4, "fail_uploads": 1}

    status, _ = await bench.does("provider/faults", **wish)

    shown = (await bench.state())["faults"]
    assert status == 200
    assert {name: shown[name] for name in wish} == wish
    assert bench.provider.faults.webhooks.drop_all


@pytest.mark.parametrize(("trouble", "expected"), [("ratelimited", 429), ("failing", 500)])
async def test_slack_can_be_made_to_refuse_the_bot_for_a_while(bench: Bench, trouble: str, expected: int) -> None:
    headers = {"Authorization": "Bearer xoxb-bot"}

    await bench.does("slack/faults", trouble=trouble)
    waiting = (await bench.state())["slackFaults"]["calls"]
    async with bench.http.post(f"{bench.slack.api_url}auth.test", headers=headers) as refused:
        assert (refused.status, waiting) == (expected, {"*": 3})
    await bench.does("slack/faults", trouble="none")
    async with bench.http.post(f"{bench.slack.api_url}auth.test", headers=headers) as taken:
        assert taken.status == 200


async def test_deliveries_say_what_became_of_them(bench: Bench) -> None:
    meetings = f"{bench.provider.realtimekit_url}/accounts/acc/realtime/kit/app/webhooks"
    hook = {"name": "bot", "url": f"{bench.slack.bot_url}/slack/events", "events": ["meeting.participantJoined"]}
    async with bench.http.post(meetings, json=hook, headers={"Authorization": "Bearer token"}) as made:
        assert made.ok
    room = await bench.room()

    await bench.does("provider/enter", room=room, name="Zoe")
    await bench.provider.deliveries.settled()
    await bench.does("provider/faults", **{"webhooks.drop_all": True})
    await bench.does("provider/enter", room=room, name="Yan")

    shown = (await bench.state())["deliveries"]
    assert [(each["event"], each["outcome"], each["ok"]) for each in shown] == [
        ("meeting.participantJoined", "200", True),
        ("meeting.participantJoined", "dropped", False),
    ]


async def test_no_token_is_shown_on_the_providers_side(bench: Bench) -> None:
    await bench.does("provider/enter", room=await bench.room(), name="Zoe")

    assert set((await bench.state())["provider"]["rooms"][0]["people"][0]) == {"peerId", "name", "customId"}
