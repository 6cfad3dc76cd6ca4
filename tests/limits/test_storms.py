"""Slack counts edits by workspace: who changes much leaves room for the others, and a refusal makes everyone slower."""

import asyncio
import math
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.events import ParticipantJoined, RecordingUpdated
from bot.domain.ids import ChannelId, PeerId, RecordingId, SessionId
from bot.domain.meeting import Meeting
from bot.keys import card_edits_line, card_gate_key, edits_line, gate_key, posts_line, slow_key
from bot.reconciler import Later
from tests.limits.checker import breaches, while_closed
from tests.limits.desk import Desk, marks
from tests.limits.storm import storm
from tests.support.bench import Bench
from tests.support.stories import BEGUN, at

EDIT = "chat.update"
R1 = RecordingId("r1")
RUNNING = RecordingUpdated(R1, "RECORDING", observed_at=at(4))
PAUSED = RecordingUpdated(R1, "PAUSED", observed_at=at(5))


def guest(number: int) -> ParticipantJoined:
    return ParticipantJoined(PeerId(f"p{number}"), SessionId("s1"), None, f"Guest {number}", BEGUN)


async def changed(desk: Desk, *meetings: Meeting) -> list[Later | None]:
    """Change meetings, and let both replicas at their threads."""
    for meeting in meetings:
        await desk.tells(meeting, guest(1))
    return [await (desk.one, desk.other)[n % 2].follows(meeting) for n, meeting in enumerate(meetings)]


async def after(desk: Desk, meeting: Meeting) -> Later | None:
    """Change a meeting once more, and let its thread follow."""
    await desk.tells(meeting, guest(2))
    return await desk.one.follows(meeting)


async def edits_are_few(desk: Desk) -> None:
    """Have Slack have refused edits a moment ago."""
    await desk.one.posts.ban(EDIT, 0.001)
    await asyncio.sleep(0.01)


async def time_passes(desk: Desk, *meetings: Meeting) -> None:
    """Let the next edit be made, of these cards too; whoever waits is not back yet."""
    gates = [key for each in meetings for key in (card_gate_key(each.id), gate_key(card_edits_line(each.home)))]
    await desk.redis.delete(gate_key(edits_line()), *gates)


async def test_the_cards_of_one_channel_take_turns_and_another_channels_card_need_not_wait(desk: Desk) -> None:
    busy = [await desk.stands(f"busy-{number}") for number in range(4)]
    calm = await desk.stands("calm", "CDESIGN")

    later = await changed(desk, *busy, calm)

    assert [wait is None for wait in later] == [True, False, False, False, True]
    assert [math.ceil(wait.seconds) for wait in later if wait] == [2, 4, 6], "each knows how many are before it"
    assert len(desk.called(EDIT)) == 2


async def test_whoever_waits_for_the_channel_does_not_lose_three_seconds_of_its_own(desk: Desk) -> None:
    first, second = [await desk.stands(name) for name in ("first", "second")]

    await changed(desk, first, second)

    assert await desk.redis.exists(card_gate_key(first.id))
    assert not await desk.redis.exists(card_gate_key(second.id))


@pytest.mark.soak
async def test_after_a_refusal_the_waiting_ones_come_one_after_another(desk: Desk) -> None:
    """All of them at once would be refused again, all but the first, and the more of them the longer each waits."""
    channels = ("CGENERAL", "CDESIGN", "CRANDOM")
    meetings = [await desk.stands(f"in {channel}", channel) for channel in channels]
    desk.slack.faults.ratelimit(EDIT, retry_after=1)
    waits = await changed(desk, *meetings)
    assert all(waits)
    assert len(desk.called(EDIT)) == 1

    for meeting in meetings:
        await desk.redis.delete(card_gate_key(meeting.id), gate_key(card_edits_line(meeting.home)))
    async with asyncio.timeout(8):
        while len(desk.called(EDIT)) < 3:
            await asyncio.gather(*(replica.follows(m) for m in meetings for replica in (desk.one, desk.other)))
            await asyncio.sleep(0.05)

    refused, *made = desk.called(EDIT)
    assert made[0].at - refused.at >= timedelta(seconds=0.99)
    assert all(later.at - earlier.at > timedelta(seconds=1.15) for earlier, later in pairwise(made))


async def test_while_edits_are_few_the_channel_that_was_edited_longest_ago_has_the_next_one(desk: Desk) -> None:
    """Whoever asks more often, or comes by just when the turn comes, has no more of them for that."""
    stormy, calm = await desk.stands("stormy", "CGENERAL"), await desk.stands("calm", "CDESIGN")
    await edits_are_few(desk)
    assert await changed(desk, stormy) == [None]
    [waits] = await changed(desk, calm)
    await time_passes(desk, stormy)

    assert await after(desk, stormy), "although it is there before the one that waits"
    assert waits
    assert await desk.other.follows(calm) is None
    assert len(desk.called(EDIT)) == 2


async def test_a_recording_that_stops_is_told_before_how_many_are_in(desk: Desk) -> None:
    recorded = await desk.stands("recorded", "CGENERAL", RUNNING)
    others = [await desk.stands(f"in {channel}", channel) for channel in ("CDESIGN", "CRANDOM")]
    await edits_are_few(desk)
    assert any(await changed(desk, *others))
    await desk.tells(recorded, PAUSED)
    assert await desk.one.follows(recorded)
    await time_passes(desk, *others)

    assert await after(desk, others[1]), "it has waited longer"
    assert await desk.one.follows(recorded) is None
    assert desk.called(EDIT)[-1].args["text"].startswith("*Paused*")


async def test_a_new_card_comes_before_what_others_have_to_add(desk: Desk) -> None:
    old = [await desk.stands(name, "CGENERAL") for name in ("one", "two")]
    for meeting in old:
        await desk.tells(meeting, RUNNING)
        await desk.one.follows(meeting)
    new = await desk.meets("new", "CGENERAL")
    assert await desk.one.follows(new)
    await desk.redis.delete(gate_key(posts_line(ChannelId("CGENERAL"))))

    assert await desk.other.follows(old[1])
    assert await desk.one.follows(new) is None
    assert [mark["slot"] for mark in marks(desk.called("chat.postMessage"))] == ["recording:r1", "card"]


async def test_edits_stay_few_as_long_as_somebody_waits_for_others(desk: Desk) -> None:
    meetings = [await desk.stands(f"in {channel}", channel) for channel in ("CGENERAL", "CDESIGN", "CRANDOM")]
    await edits_are_few(desk)
    await desk.redis.pexpire(slow_key(EDIT), 5_000)

    await changed(desk, *meetings)

    assert await desk.redis.pttl(slow_key(EDIT)) > 55_000


async def test_as_long_as_slack_refuses_nothing_nobody_is_slower(desk: Desk) -> None:
    calm, other = await desk.stands("calm", "CDESIGN"), await desk.stands("other", "CRANDOM")

    assert await changed(desk, calm, other) == [None, None]


@pytest.mark.soak
@pytest.mark.timeout(180)
@pytest.mark.parametrize("channels", [1, 8])
async def test_a_calm_channel_hardly_notices_a_storm(redis_url: str, channels: int) -> None:
    found = await storm(redis_url, meetings=10, seconds=16, channels=channels, wait=False)

    assert breaches(found.calls) == []
    assert while_closed(found.calls, 1) == []
    assert found.fresh < 2
    assert len(found.refused) <= found.edits / 10
    # Nine channels that share fifty edits a minute have one each in eleven seconds.
    assert max(found.calm) < (5 if channels == 1 else 15)


@pytest.mark.soak
@pytest.mark.timeout(60)
async def test_two_hundred_people_within_ten_seconds_cost_five_edits(world: Bench) -> None:
    """The edits are counted from the first person to the last edit, which shows the truth."""
    await world.says("ana", "general", "/meet All hands")
    card = await world.has_card()
    room = str((card.metadata or {})["event_payload"]["meeting"]).partition(":")[2]
    began = time.monotonic()
    for number in range(200):
        await world.stage.provider.enter_stranger(room, f"Guest {number}")
        await asyncio.sleep(max(0.0, began + number * 0.05 - time.monotonic()))
    took = time.monotonic() - began
    await world.until(lambda: "and 192 more" in world.card().text)
    await world.settles()

    edits = [call for call in world.stage.slack.calls if call.method == EDIT and call.args["ts"] == card.ts]
    assert took < 12
    assert len(edits) <= 5
    assert "and 192 more" in edits[-1].args["text"]
    assert breaches(world.stage.slack.calls) == []
