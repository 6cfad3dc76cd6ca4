"""Threads are woken soon after webhooks, together, in the order in which they were told of."""

import asyncio
import logging
from collections.abc import Mapping

import pytest

from bot.domain.ids import MeetingId
from bot.log import bind
from bot.wake import Wake

ONE, TWO = MeetingId("dyte:one"), MeetingId("dyte:two")


class Followed:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.batches: list[dict[MeetingId, str]] = []

    async def __call__(self, meetings: Mapping[MeetingId, str]) -> None:
        """Take a batch."""
        self.batches.append(dict(meetings))
        await asyncio.sleep(0)


async def test_a_burst_of_one_meeting_wakes_it_once_under_the_newest_reference() -> None:
    followed = Followed()
    wake = Wake(followed)
    for ref in ("aaa", "bbb", "ccc"):
        with bind(ref):
            wake.soon(ONE)
    await wake.close()

    assert followed.batches == [{ONE: "ccc"}]


async def test_those_who_waited_longest_are_woken_first_and_those_who_come_meanwhile_afterwards() -> None:
    followed = Followed()
    wake = Wake(followed)
    wake.soon(ONE)
    wake.soon(TWO)
    while not followed.batches:
        await asyncio.sleep(0.005)
    wake.soon(MeetingId("dyte:late"))
    await wake.close()

    assert [list(batch) for batch in followed.batches] == [[ONE, TWO], ["dyte:late"]]


async def test_at_the_end_nobody_is_made_to_wait() -> None:
    followed = Followed()
    wake = Wake(followed)
    for number in range(500):
        wake.soon(MeetingId(f"dyte:{number}"))
    while not followed.batches:
        await asyncio.sleep(0.005)
    wake.soon(ONE)
    async with asyncio.timeout(0.9):
        await wake.close()

    assert ONE in followed.batches[-1]


async def test_each_delivery_is_found_in_the_log_by_its_reference(caplog: pytest.LogCaptureFixture) -> None:
    wake = Wake(Followed())
    with caplog.at_level(logging.INFO, logger="bot.wake"):
        for ref in ("aaa", "bbb"):
            with bind(ref):
                wake.soon(ONE, "ParticipantJoined")
        await wake.close()

    [line] = caplog.records
    assert (line.__dict__["refs"], line.__dict__["events"]) == (["aaa", "bbb"], ["ParticipantJoined"])


async def test_what_cannot_be_asked_for_is_left_to_the_sweep(caplog: pytest.LogCaptureFixture) -> None:
    async def nobody_there(meetings: Mapping[MeetingId, str]) -> None:
        raise ConnectionError(f"{len(meetings)} were lost")

    wake = Wake(nobody_there)
    wake.soon(ONE)
    await wake.close()

    assert "left to the sweep" in caplog.text
