"""What operators read: JSON lines that one reference ties together, and no traceback for what mends itself."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.support.bench import QUICK, Bench
from tests.support.process import BotProcess, outside_bench

Outside = tuple[Bench, BotProcess]


@pytest.fixture
async def outside(redis_url: str) -> AsyncIterator[Outside]:
    """Give a world whose bot is a process that logs as it does in production."""
    async with outside_bench(redis_url, pace=QUICK, LOG_LEVEL="info") as running:
        yield running


def lines(process: BotProcess) -> list[dict[str, Any]]:
    """Give every line that the process has logged; each must be JSON."""
    return [json.loads(line) for line in process.log.splitlines()]


def lines_of(process: BotProcess, ref: str) -> list[dict[str, Any]]:
    return [line for line in lines(process) if line.get("ref") == ref]


async def test_one_reference_follows_a_wish_to_the_provider_and_back(outside: Outside) -> None:
    world, process = outside
    await world.says("ana", "general", "/meet Weekly sync")
    await world.has_card()
    await world.until(lambda: [line for line in lines(process) if line.get("wish") == "/meet"])

    [end] = [line for line in lines(process) if line.get("wish")]
    story = lines_of(process, end["ref"])

    assert re.fullmatch("[0-9a-f]{6}", end["ref"])
    assert [line["message"] for line in story if line["logger"] == "bot.slack.inbox"] == ["a command was written down"]
    assert [line["message"] for line in story if line["logger"].startswith("bot.providers")] == [
        "RealtimeKit create_meeting: ok"
    ]
    assert (end["level"], end["outcome"], end["message"]) == ("info", "done", "/meet: done")
    assert 0 < end["seconds"] < 5


async def test_a_button_is_named_and_what_people_typed_is_not(outside: Outside) -> None:
    world, process = outside
    await world.says("ana", "general", "/meet Confidential")
    await world.presses("bo", await world.has_card(), "record_start")
    room = next(iter(world.stage.provider.rooms.meetings))
    await world.presses("bo", world.card(), "more", selected=f"end|realtimekit:{room}")
    await world.says("bo", "general", "/record PAUSE now")
    await world.says("bo", "general", "/record what is this")
    await world.until(lambda: len([line for line in lines(process) if line.get("wish")]) == 5)

    named = [(line["wish"], line["outcome"]) for line in lines(process) if line.get("wish")]

    assert sorted(name for name, _ in named) == ["/meet", "/record", "/record pause", "more end", "record_start"]
    assert ("/record", "refused") in named
    assert "Confidential" not in process.log


async def test_a_webhook_that_changes_something_is_told_once_with_a_reference_of_its_own(outside: Outside) -> None:
    world, process = outside
    world.stage.provider.faults.webhooks.double = True
    await world.says("ana", "general", "/meet Weekly sync")
    peer = await world.joins("ana", await world.has_card())
    accepted = world.stage.provider.deliveries.log
    await world.until(lambda: len([d for d in accepted if d.event == "meeting.participantJoined" and d.status]) == 2)
    await world.stage.provider.leave(peer.id)
    await world.until(lambda: [line for line in lines(process) if "ParticipantLeft" in line.get("events", ())])

    told = [line for line in lines(process) if "events" in line]

    joined = [line for line in told if "ParticipantJoined" in line["events"]]
    assert len(joined) == 1, "the repetition changed nothing"
    assert joined[0]["message"].startswith("webhooks changed realtimekit:")
    assert all(re.fullmatch("[0-9a-f]{6}", ref) for ref in joined[0]["refs"])
    assert joined[0]["ref"] == joined[0]["refs"][-1]
    assert not set(joined[0]["refs"]) & {line.get("ref") for line in lines(process) if line.get("wish")}


@pytest.mark.soak
async def test_slack_being_away_is_one_warning_a_try_and_no_traceback(outside: Outside) -> None:
    world, process = outside
    world.stage.slack.faults.server_error("chat.postMessage", 2)
    world.stage.slack.faults.server_error("chat.postEphemeral")

    await world.says("ana", "general", "/meet Weekly sync")
    await world.has_card()

    tries = [line for line in lines(process) if line["level"] in {"warning", "error"}]
    assert [line["logger"] for line in tries if line["logger"].startswith("docket")] == []
    again = [line for line in tries if line["logger"] == "bot.work"]
    assert again, process.log
    assert all(line["level"] == "warning" and "exception" not in line for line in tries)
    [wish] = [line["ref"] for line in lines(process) if line.get("wish")]
    assert {line["ref"] for line in again} == {wish}, "what a wish causes is found under its reference"


async def test_trouble_with_redis_is_tried_again_without_tracebacks(outside: Outside) -> None:
    """A key in the way of a meeting's index makes every sweep fail, as a Redis that refuses does."""
    world, process = outside
    client = Redis.from_url(world.redis_url)
    try:
        await client.delete("meet:index")
        await client.set("meet:index", "in the way", ex=60)
        await world.says("ana", "general", "/meet Weekly sync")
        await world.until(lambda: [line for line in lines(process) if line.get("outcome") == "again"])
        await client.delete("meet:index")
        await world.has_card()
    finally:
        await client.aclose()

    assert [line for line in lines(process) if "exception" in line] == []
    assert [line for line in lines(process) if line["level"] == "error"] == []
