"""Invariant 5: nothing late takes anything back, and nothing unknown stops anything."""

import json
from typing import Any

import pytest

from bot.domain.ids import MeetingId, RecordingId
from bot.domain.recording import Recording
from playground.deliveries import DROPPED
from tests.invariants.tools import drop_webhooks, edits_are_free, meeting_id
from tests.support.bench import Bench, labels, plain

AGAIN = ("INVOKED", "RECORDING", "PAUSED", "UPLOADING", "ERRORED", "TRANSCODING")


@pytest.fixture
async def met(world: Bench) -> Bench:
    """Give a world with somebody in a meeting, to which webhooks are brought by hand."""
    drop_webhooks(world.stage)
    edits_are_free(world.stage)
    await world.says("ana", "general", "/meet Weekly sync")
    await world.has_card()
    return world


async def told(world: Bench, body: dict[str, Any]) -> None:
    """Bring one signed webhook."""
    url = f"{world.bot.url}/webhooks/realtimekit"
    assert await world.stage.provider.deliver_raw("realtimekit", url, json.dumps(body).encode()) == 200


def room(world: Bench) -> str:
    return meeting_id(world).partition(":")[2]


async def recording(world: Bench, own: str) -> Recording:
    saved = await world.bot.store.get(MeetingId(meeting_id(world)))
    assert saved is not None
    return saved.meeting.recordings[RecordingId(own)]


def looks(world: Bench) -> list[tuple[str, list[str]]]:
    """Give the words and the buttons of every reply."""
    return [(message.text, labels(message)) for message in world.replies()]


def report(world: Bench, own: str, status: str, **more: Any) -> dict[str, Any]:
    """Give a ``recording.statusUpdate``."""
    row = {"id": own, "recordingId": own, "meetingId": room(world), "status": status, **more}
    return {"event": "recording.statusUpdate", "recording": row, "meeting": {"id": room(world)}}


@pytest.mark.soak
async def test_nothing_late_takes_a_finished_recording_back(met: Bench) -> None:
    await a_finished_recording(met)
    before = looks(met)
    reports = [json.loads(each.body) for each in met.stage.provider.deliveries.log if each.outcome == DROPPED]
    old = [each for each in reports if each["event"] == "recording.statusUpdate"]
    own = old[-1]["recording"]["id"]
    assert [each["recording"]["status"] for each in old] == ["RECORDING", "UPLOADING", "UPLOADED"]
    for late in [*old, *(report(met, own, status) for status in AGAIN)]:
        await told(met, late)
    assert (await recording(met, own)).status == "UPLOADED"
    await met.settles()
    assert looks(met) == before


async def a_finished_recording(world: Bench) -> None:
    provider = world.stage.provider
    await provider.enter_stranger(room(world), "Zoe")
    await world.says("ana", "general", "/record")
    await world.until(lambda: provider.rooms.recordings_of(room(world))[0].status == "RECORDING")
    await world.bot.services.work.ask_now(meeting_id(world))
    await world.until(lambda: world.reply("Recording since"))
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.until(lambda: provider.rooms.recordings_of(room(world))[0].status == "UPLOADED")
    await world.bot.services.work.ask_now(meeting_id(world))
    await world.until(lambda: world.has_reply("Recording ready"))
    await world.settles()


@pytest.mark.soak
async def test_a_recording_in_an_unknown_state_is_shown_and_still_ends_well_and_for_good(met: Bench) -> None:
    await told(met, report(met, "r-1", "LEVITATING", altitude={"metres": 3}))
    await met.until(lambda: met.has_reply("LEVITATING"))
    assert (await recording(met, "r-1")).status == "INVOKED"
    await told(met, report(met, "r-1", "UPLOADED", recordingDuration=939, fileSize="78044680", stopReason=["odd"]))
    await met.until(lambda: met.has_reply("Recording ready"))
    ready = next(message for message in met.replies() if "Recording ready" in plain(message.text))
    assert "15 min" in ready.text
    assert "78 MB" in ready.text
    await met.settles()
    before = looks(met)
    for late in AGAIN:
        await told(met, report(met, "r-1", late))
    await met.settles()
    assert looks(met) == before
    assert (await recording(met, "r-1")).status == "UPLOADED"


async def test_unknown_events_and_fields_of_unknown_shape_change_nothing_and_stop_nothing(met: Bench) -> None:
    before = met.card()
    for odd in (
        {"event": "meeting.levitated", "meeting": {"id": room(met)}},
        {"event": {"nested": True}, "meeting": {"id": room(met)}},
        {"event": "meeting.started", "meeting": [room(met)]},
        {"event": "meeting.started", "meeting": {"id": room(met), "sessionId": {"a": 1}}},
        {"event": "meeting.participantJoined", "meeting": {"id": room(met)}, "participant": "Zoe"},
        {"event": "recording.statusUpdate", "meeting": {"id": room(met)}, "recording": {"id": "r", "status": None}},
        {"event": "meeting.started", "meeting": {"id": room(met), "sessionId": "s" * 5000}},
        {"no event": "at all"},
    ):
        await told(met, odd)
    await met.settles()
    assert met.card().blocks == before.blocks
    await told(met, joined(met, extra={"deep": [{"er": None}]}, joinedAt="not a time"))
    await met.until(lambda: "Zoe" in met.card().text)


def joined(world: Bench, **more: Any) -> dict[str, Any]:
    """Give a ``meeting.participantJoined``."""
    meeting = {"id": room(world), "sessionId": "s-1", "status": "HALF-LIVE", "colour": 7}
    person = {"peerId": "p-1", "userDisplayName": "Zoe", **more}
    return {"event": "meeting.participantJoined", "meeting": meeting, "participant": person, "version": 99}


@pytest.mark.soak
async def test_an_end_that_was_told_stays_whatever_comes_late(met: Bench) -> None:
    meeting = {"id": room(met), "sessionId": "s-1", "startedAt": "2026-11-02T09:00:00.000Z"}
    ended = {**meeting, "endedAt": "2026-11-02T09:17:00.000Z"}
    await told(met, {"event": "meeting.ended", "meeting": ended, "reason": "ALL_PARTICIPANTS_LEFT"})
    await met.until(lambda: met.card().text.startswith("Weekly sync: Ended"))
    await told(met, {"event": "meeting.started", "meeting": meeting})
    await told(met, joined(met, joinedAt="2026-11-02T09:01:00.000Z"))
    await met.until(lambda: met.has_reply("Who was there"))
    await met.until(lambda: "1 person" in met.card().text)
    assert met.card().text.startswith("Weekly sync: Ended")
    assert "17 min" in met.card().text
