"""The room page: whoever has it open is in the meeting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from tests.playground.provider_support import QUICK, SLOW, Side, serving, until


@pytest.fixture
async def side() -> AsyncIterator[Side]:
    async with serving("realtimekit", pace=replace(SLOW, start_seconds=0)) as side:
        yield side


@asynccontextmanager
async def on_the_page(side: Side, token: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with side.client.ws_connect(f"{side.simulator.base_url}/room/socket") as socket:
        await socket.send_str(token)
        yield socket


async def until_shown(socket: aiohttp.ClientWebSocketResponse, **expected: Any) -> Any:
    """Read what the page is told until it is told this."""
    while True:
        told = await socket.receive_json(timeout=2)
        if all(told.get(name) == value for name, value in expected.items()):
            return told


async def test_the_page_needs_nothing_from_elsewhere(side: Side) -> None:
    for name, kind in (("", "html"), ("room.js", "javascript"), ("room.css", "css")):
        async with side.client.get(f"{side.simulator.base_url}/room/{name}") as answer:
            text = await answer.text()
            assert (answer.status, answer.content_type.endswith(kind)) == (200, True)
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "//" not in text.replace("://${location.host}", "")


async def test_the_template_leads_to_the_page(side: Side) -> None:
    url = side.simulator.room_url_template.format(token="t")
    async with side.client.get(url) as answer:
        assert answer.status == 200


async def test_being_on_the_page_is_being_in_the_meeting(side: Side) -> None:
    meeting = await side.meeting()
    async with on_the_page(side, (await side.place(meeting))["token"]) as socket:
        told = await socket.receive_json()
        [peer] = side.simulator.people(meeting)

        assert told == {
            "title": "Stand-up",
            "me": peer.id,
            "people": [{"id": peer.id, "name": "Ana Lima", "muted": False}],
            "recording": None,
        }


async def test_closing_the_page_leaves(side: Side) -> None:
    meeting = await side.meeting()
    async with on_the_page(side, (await side.place(meeting))["token"]) as socket:
        await socket.receive_json()

    await until(lambda: side.simulator.people(meeting) == [])


async def test_pressing_leave_leaves_and_says_so(side: Side) -> None:
    meeting = await side.meeting()
    async with on_the_page(side, (await side.place(meeting))["token"]) as socket:
        await socket.receive_json()
        await socket.send_str("leave")

        await until_shown(socket, over="You left the meeting.")
    assert side.simulator.people(meeting) == []


async def test_the_page_follows_who_is_in_and_what_is_recorded(side: Side) -> None:
    meeting = await side.meeting()
    async with on_the_page(side, (await side.place(meeting))["token"]) as socket:
        await socket.receive_json()
        stranger = await side.simulator.enter_stranger(meeting, "Eve")
        assert len((await until_shown(socket, recording=None))["people"]) == 2
        recording = await side.record(meeting)
        await until_shown(socket, recording="RECORDING")
        await side.ok("PUT", f"/recordings/{recording}", {"action": "pause"})
        await until_shown(socket, recording="PAUSED")
        await side.simulator.leave(stranger.id)
        told = await until_shown(socket, recording="PAUSED")
        assert [person["name"] for person in told["people"]] == ["Ana Lima"]


async def test_who_is_sent_out_is_told_why(side: Side) -> None:
    meeting = await side.meeting()
    token = (await side.place(meeting))["token"]
    async with on_the_page(side, token) as removed:
        peer = (await removed.receive_json())["me"]
        await side.simulator.kick(peer)
        await until_shown(removed, over="You were removed from the meeting.")
    async with on_the_page(side, token) as ended:
        await ended.receive_json()
        await side.simulator.kick_all(meeting)
        await until_shown(ended, over="The meeting was ended for everyone.")


async def test_a_bad_token_is_explained_in_plain_words(side: Side) -> None:
    async with on_the_page(side, "nonsense") as socket:
        told = await socket.receive_json()

        assert told == {"over": "This link is not complete, or is not one of ours. Ask for a new one."}
    assert side.simulator.rooms.sessions == {}


async def test_bytes_instead_of_a_token_let_nobody_in(side: Side) -> None:
    async with side.client.ws_connect(f"{side.simulator.base_url}/room/socket") as socket:
        await socket.send_bytes(b"\x00")
        assert (await socket.receive(timeout=2)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_closing_the_simulator_hangs_up() -> None:
    async with serving(pace=QUICK) as side:
        meeting = await side.meeting()
        async with on_the_page(side, (await side.place(meeting))["token"]) as socket:
            await socket.receive_json()
            await side.simulator.close()
            while (await socket.receive(timeout=2)).type is aiohttp.WSMsgType.TEXT:
                pass
            assert socket.closed
