"""Threads are woken soon after a webhook, in the order in which they were asked for."""

import asyncio
from itertools import count

from bot.domain.ids import MeetingId
from bot.wake import Wake


async def test_whoever_waits_longest_is_woken_first_however_many_come_meanwhile() -> None:
    first, newer = MeetingId("dyte:first"), (MeetingId(f"dyte:{number}") for number in count())
    woken: list[MeetingId] = []

    async def follow(meeting_id: MeetingId) -> None:
        woken.append(meeting_id)
        if len(woken) < 5:
            wake.soon(next(newer))
        await asyncio.sleep(0)

    wake = Wake(follow)
    for meeting in (first, next(newer), next(newer)):
        wake.soon(meeting)
    await wake.close()
    assert woken[:3] == ["dyte:first", "dyte:0", "dyte:1"]
    assert len(woken) == 7


async def test_a_burst_of_one_meeting_wakes_it_once() -> None:
    woken: list[MeetingId] = []

    async def follow(meeting_id: MeetingId) -> None:
        woken.append(meeting_id)

    wake = Wake(follow)
    for _ in range(10):
        wake.soon(MeetingId("dyte:one"))
    await wake.close()
    assert woken == ["dyte:one"]
