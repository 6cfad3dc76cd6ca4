"""Slack counts edits by workspace: who changes much leaves room for the others, and a refusal makes everyone slower."""

import asyncio
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.events import ParticipantJoined
from bot.domain.ids import PeerId, SessionId
from bot.domain.meeting import Meeting
from bot.keys import edit_gate_key
from bot.reconciler import Later
from tests.limits.checker import breaches, while_closed
from tests.limits.desk import Desk
from tests.limits.storm import storm
from tests.support.bench import Bench
from tests.support.stories import BEGUN

EDIT = "chat.update"


def guest(number: int) -> ParticipantJoined:
    return ParticipantJoined(PeerId(f"p{number}"), SessionId("s1"), None, f"Guest {number}", BEGUN)


async def changed(desk: Desk, *meetings: Meeting) -> list[Later | None]:
    """Change meetings, and let both replicas at their threads."""
    for meeting in meetings:
        await desk.tells(meeting, guest(1))
    return [await (desk.one, desk.other)[n % 2].follows(meeting) for n, meeting in enumerate(meetings)]


async def test_the_cards_of_one_channel_take_turns_and_another_channels_card_need_not_wait(desk: Desk) -> None:
    busy = [await desk.stands(f"busy-{number}") for number in range(4)]
    calm = await desk.stands("calm", "CDESIGN")

    later = await changed(desk, *busy, calm)

    assert [wait is None for wait in later] == [True, False, False, False, True]
    assert all(1 < wait.seconds <= 2 for wait in later if wait)
    assert len(desk.called(EDIT)) == 2


async def test_whoever_waits_for_the_channel_does_not_lose_three_seconds_of_its_own(desk: Desk) -> None:
    first, second = [await desk.stands(name) for name in ("first", "second")]

    await changed(desk, first, second)

    assert await desk.redis.exists(edit_gate_key(first.id, "card"))
    assert not await desk.redis.exists(edit_gate_key(second.id, "card"))


async def test_after_a_refusal_the_waiting_ones_come_one_after_another(desk: Desk) -> None:
    """All of them at once would be refused again, all but the first, and the more of them the longer each waits."""
    channels = ("CGENERAL", "CDESIGN", "CRANDOM")
    meetings = [await desk.stands(f"in {channel}", channel) for channel in channels]
    desk.slack.faults.ratelimit(EDIT, retry_after=1)
    waits = await changed(desk, *meetings)
    assert all(waits)
    assert len(desk.called(EDIT)) == 1

    for meeting in meetings:
        await desk.redis.delete(edit_gate_key(meeting.id, "card"), f"meet:gate:edits:{meeting.home}")
    async with asyncio.timeout(8):
        while len(desk.called(EDIT)) < 3:
            await asyncio.gather(*(replica.follows(m) for m in meetings for replica in (desk.one, desk.other)))
            await asyncio.sleep(0.05)

    refused, *made = desk.called(EDIT)
    assert made[0].at - refused.at >= timedelta(seconds=0.99)
    assert all(later.at - earlier.at > timedelta(seconds=1.15) for earlier, later in pairwise(made))


async def test_as_long_as_slack_refuses_nothing_nobody_is_slower(desk: Desk) -> None:
    calm, other = await desk.stands("calm", "CDESIGN"), await desk.stands("other", "CRANDOM")

    assert await changed(desk, calm, other) == [None, None]


@pytest.mark.soak
@pytest.mark.timeout(180)
@pytest.mark.parametrize("channels", [1, 8])
async def test_a_calm_channel_hardly_notices_a_storm(redis_url: str, channels: int) -> None:
    found = await storm(redis_url, meetings=16, seconds=24, channels=channels, wait=False)

    assert breaches(found.calls) == []
    assert while_closed(found.calls, 1) == []
    assert found.fresh < 2
    assert len(found.refused) <= found.edits / 10
    if channels == 1:
        assert max(found.calm) < 5


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
