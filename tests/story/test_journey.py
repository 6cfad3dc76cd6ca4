"""The main journey, as three people live it: from ``/meet`` to "Recording ready" and the end."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
import pytest

from tests.support.bench import Bench, bench, button, labels, plain

WAYS: dict[str, dict[str, Any]] = {
    "RealtimeKit": {},
    "Dyte": {"provider": "dyte"},
    "Socket Mode": {"socket_mode": True, "public": False, "POLL_SECONDS": "0.3"},
}


@pytest.fixture(params=["RealtimeKit", *(pytest.param(way, marks=pytest.mark.soak) for way in ("Dyte", "Socket Mode"))])
def way(request: pytest.FixtureRequest, redis_url: str) -> AbstractAsyncContextManager[Bench]:
    return bench(redis_url, **WAYS[request.param])


async def test_three_people_meet_record_and_watch(way: AbstractAsyncContextManager[Bench]) -> None:
    async with way as world:
        await starts_and_is_joined(world)
        await is_recorded(world)
        await ends(world)


async def starts_and_is_joined(world: Bench) -> None:
    provider = world.stage.provider
    await world.says("ana", "general", "/meet Weekly sync @bo")
    card = await world.has_card()
    assert "nobody here yet" in card.text
    await world.until(lambda: world.direct("bo"))

    bo = await world.joins("bo", world.direct("bo")[-1])
    cy = await world.joins("cy", card)
    assert bo.participant_id != cy.participant_id
    again = await world.token_from(await world.link_of("cy", card))
    assert (await provider.enter(again)).participant_id == cy.participant_id

    assert len(provider.rooms.participants) == 2
    await world.until(lambda: "<@UBO>" in world.card().text and "<@UCY>" in world.card().text)
    assert "Live" in world.card().text


async def is_recorded(world: Bench) -> None:
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))
    recording = world.reply("Recording since")
    assert labels(recording) == ["Pause", "Off the record 10 min", "Mark moment", "Stop"]

    await world.presses("bo", recording, "record_pause")
    await world.until(lambda: world.reply("Paused by <@UBO>"))
    await world.presses("cy", world.reply("Paused by <@UBO>"), "record_resume")
    await world.until(lambda: world.reply("Recording since"))
    assert "confirm" in button(world.reply("Recording since"), "record_stop")
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.until(lambda: world.reply("Stopped by <@UANA>"))

    await world.until(lambda: world.has_reply("Recording ready"))
    ready = next(m for m in world.replies() if "Recording ready" in m.text)
    assert ready.broadcast
    before = len(world.private("bo"))
    await world.presses("bo", ready, "record_watch")
    await world.until(lambda: len(world.private("bo")) > before)
    url = button(world.private("bo")[-1], "open_link")["url"]
    await world_can_download(url)


async def world_can_download(url: str) -> None:
    async with aiohttp.ClientSession() as browser, browser.get(url) as file:
        assert file.status == 200
        assert file.content_type == "video/mp4"


async def ends(world: Bench) -> None:
    provider = world.stage.provider
    for room in list(provider.rooms.meetings):
        for peer in provider.people(room):
            await provider.leave(peer.id)
    await world.until(lambda: world.card().text.startswith("Weekly sync: Ended"))
    assert "2 people" in world.card().text
    await world.until(lambda: world.has_reply("Who was there"))
    assert [plain(m.text).split(" ")[0] for m in world.replies()] == ["Stopped", "Weekly", "Who"]
