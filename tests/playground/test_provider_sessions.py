"""Sessions at the simulated providers: how they start and end, who was there, and sending people out."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.playground.provider_support import QUICK, Clock, Side, serving, until


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param) as side:
        yield side


@pytest.fixture(params=["realtimekit", "dyte"])
async def quick(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


async def active(side: Side, meeting: str) -> Any:
    return await side.ok("GET", f"/meetings/{meeting}/active-session")


async def test_an_empty_room_has_no_active_session(side: Side) -> None:
    meeting = await side.meeting()

    refusal = await side.refused("GET", f"/meetings/{meeting}/active-session")
    assert refusal == (404, f"No active session found for meeting_id {meeting}")


async def test_a_session_starts_with_the_first_who_enters(side: Side) -> None:
    meeting = await side.meeting()
    peer = await side.enter(meeting)

    session = await active(side, meeting)

    assert (session["id"], session["associated_id"], session["status"]) == (peer.session_id, meeting, "LIVE")
    assert session["live_participants"] == 1


async def test_one_participant_may_be_inside_twice(side: Side) -> None:
    meeting = await side.meeting()
    token = (await side.place(meeting))["token"]

    peers = [await side.simulator.enter(token) for _ in range(2)]

    assert len({peer.id for peer in peers}) == 2
    assert (await active(side, meeting))["live_participants"] == 2


async def test_a_session_ends_some_time_after_the_last_leaves(quick: Side) -> None:
    meeting = await quick.meeting()
    peer = await quick.enter(meeting)
    await quick.simulator.leave(peer.id)

    assert quick.simulator.rooms.live_session(meeting) is not None
    await until(lambda: quick.simulator.rooms.live_session(meeting) is None)
    session = quick.simulator.rooms.sessions[peer.session_id]
    assert session.reason == "ALL_PARTICIPANTS_LEFT"


async def test_who_comes_back_in_time_keeps_the_session(side: Side) -> None:
    meeting = await side.meeting()
    first = await side.enter(meeting)
    await side.simulator.leave(first.id)
    assert (await active(side, meeting))["live_participants"] == 0
    second = await side.enter(meeting)

    assert second.session_id == first.session_id


async def test_the_next_to_enter_after_the_end_starts_another_session(side: Side) -> None:
    meeting = await side.meeting()
    first = await side.enter(meeting)
    await side.simulator.kick_all(meeting)

    assert (await side.enter(meeting)).session_id != first.session_id


async def test_kicking_everyone_ends_the_session_at_once(side: Side) -> None:
    meeting = await side.meeting()
    peer = await side.enter(meeting)

    answer = await side.ok("POST", f"/meetings/{meeting}/active-session/kick-all")

    assert answer["kicked_participants_count"] == 1
    assert side.simulator.rooms.sessions[peer.session_id].reason == "HOST_ENDED_MEETING"
    assert (await side.refused("POST", f"/meetings/{meeting}/active-session/kick-all"))[0] == 404


async def test_kicking_one_leaves_the_others(side: Side) -> None:
    meeting = await side.meeting()
    ana, bo = await side.enter(meeting, "U1"), await side.enter(meeting, "U2", "Bo Berg")

    path = f"/meetings/{meeting}/active-session/kick"
    answer = await side.ok("POST", path, {"custom_participant_ids": ["U2"]})

    assert [person["id"] for person in answer["participants"]] == [bo.participant_id]
    assert side.simulator.people(meeting) == [ana]
    assert (await side.refused("POST", path, {"participant_ids": ["nobody"]}))[0] == 404


async def test_muting_everyone_counts_them(side: Side) -> None:
    meeting = await side.meeting()
    peer = await side.enter(meeting)

    answer = await side.ok("POST", f"/meetings/{meeting}/active-session/mute-all", {"allow_unmute": False})

    assert answer["muted_participants_count"] == 1
    assert peer.muted


async def test_dyte_wraps_a_single_session_and_realtimekit_does_not(side: Side) -> None:
    peer = await side.enter(await side.meeting())

    data = await side.ok("GET", f"/sessions/{peer.session_id}")

    assert (data["session"] if side.name == "dyte" else data)["id"] == peer.session_id


async def test_only_realtimekit_declares_paging_for_sessions(side: Side) -> None:
    await side.enter(await side.meeting())

    _, answer = await side.call("GET", "/sessions")

    assert ("paging" in answer) == (side.name == "realtimekit")


async def test_sessions_are_found_by_meeting_and_status_newest_first() -> None:
    clock = Clock()
    async with serving("realtimekit", now=clock) as side:
        meeting = await side.meeting()
        await side.enter(await side.meeting())
        first = await side.enter(meeting)
        await side.simulator.kick_all(meeting)
        clock.passes(minutes=1)
        second = await side.enter(meeting)

        both = (await side.ok("GET", "/sessions", associated_id=meeting))["sessions"]
        ended = (await side.ok("GET", "/sessions", associated_id=meeting, status="ENDED"))["sessions"]

        assert [session["id"] for session in both] == [second.session_id, first.session_id]
        assert [session["id"] for session in ended] == [first.session_id]


async def test_attendance_has_a_row_for_each_stay() -> None:
    clock = Clock()
    async with serving("dyte", now=clock) as side:
        meeting = await side.meeting()
        first = await side.enter(meeting)
        clock.passes(minutes=2)
        await side.simulator.leave(first.id)
        second = await side.enter(meeting)

        data = await side.ok("GET", f"/sessions/{first.session_id}/participants", per_page="50")

        assert [row["id"] for row in data["participants"]] == [first.id, second.id]
        assert [row["duration"] for row in data["participants"]] == [2, 0]
        assert [row["custom_participant_id"] for row in data["participants"]] == ["U1", "U1"]
        assert ["left_at" in row for row in data["participants"]] == [True, False]
        assert data["paging"]["total_count"] == 2


async def test_a_stranger_walks_in(side: Side) -> None:
    meeting = await side.meeting()

    peer = await side.simulator.enter_stranger(meeting, "Eve Adams")

    assert (peer.name, peer.custom_participant_id) == ("Eve Adams", "stranger-eve-adams")
    assert side.simulator.people(meeting) == [peer]


async def test_a_transcript_is_ready_after_the_end_where_it_was_asked_for() -> None:
    async with serving("realtimekit") as side:
        meeting = await side.meeting(transcribe_on_end=True)
        path = f"/sessions/{(await side.enter(meeting)).session_id}/transcript"
        assert (await side.refused("GET", path))[0] == 404

        await side.simulator.kick_all(meeting)
        data = await side.ok("GET", path)
        async with side.client.get(data["transcript_download_url"]) as answer:
            assert (answer.status, answer.content_type) == (200, "text/csv")
