"""Many busy meetings in one channel, or in several, beside a calm one, on two replicas and with Slack's own limits.

Run it with ``python -m tests.limits.storm --meetings 20 --channels 1 --seconds 30``; see docs/reliability.md.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from rich.console import Console

from bot.bootstrap import Bot
from bot.domain.apply import apply
from bot.domain.events import Event, ParticipantJoined
from bot.domain.ids import ChannelId, MeetingId, PeerId, SessionId, UserId
from bot.domain.meeting import Meeting
from bot.views.card import card
from playground.slack_web_api import Call
from playground.workspace_values import Channel
from tests.invariants.replicas import replicas
from tests.limits.checker import breaches, while_closed
from tests.support.bench import Bench, bench
from tests.support.redis_server import redis_server
from tests.support.stories import BEGUN

CALM = ChannelId("CDESIGN")
S1 = SessionId("s1")
LATEST = 60.0


@dataclass
class Storm:
    """What was seen.

    Args:
        calm: the seconds that each change took to be seen on the calm channel's card.
        fresh: the seconds that a new card in the calm channel took.
        settled: the seconds after the storm in which every stormy card showed the truth.
        calls: every call that Slack took.

    """

    calm: list[float] = field(default_factory=list)
    fresh: float = LATEST
    settled: float = LATEST
    calls: list[Call] = field(default_factory=list)

    @property
    def refused(self) -> list[Call]:
        """The calls that came too often."""
        return [call for call in self.calls if call.status == 429]

    @property
    def edits(self) -> int:
        """The edits that were made."""
        return sum(call.method == "chat.update" and call.status == 200 for call in self.calls)


class Weather:
    """Two bots, the busy meetings and the calm one."""

    def __init__(self, world: Bench, bots: list[Bot]) -> None:
        self.world = world
        self.bots = bots
        self.joined = 0

    def channels(self, count: int) -> list[ChannelId]:
        """Open so many channels."""
        workspace = self.world.stage.slack.workspace
        members = workspace.channel(CALM).members
        new = [Channel(f"CSTORM{number}", f"storm-{number}", "public", members) for number in range(count)]
        return [ChannelId(workspace.add_channel(channel).id) for channel in new]

    async def meets(self, name: str, channel: ChannelId) -> MeetingId:
        """Write a meeting down and have its card posted."""
        meeting = MeetingId(f"realtimekit:{name}")
        await self.bots[0].store.add(
            Meeting(id=meeting, title=name, channel=channel, home=channel, host=UserId("UANA"), created_at=BEGUN)
        )
        await self.bots[0].services.work.follow(meeting)
        return meeting

    async def somebody_joins(self, meeting: MeetingId) -> str:
        """Change what a card must show; gives the name that is to be seen there."""
        self.joined += 1
        name = f"Guest {self.joined}"
        event: Event = ParticipantJoined(PeerId(f"p{self.joined}"), S1, None, name, BEGUN)
        bot = self.bots[self.joined % len(self.bots)]
        await bot.store.update(meeting, partial(apply, event=event))
        await bot.services.work.follow(meeting)
        return name

    def card(self, meeting: MeetingId) -> str:
        """Give the words of a card, none where it does not stand."""
        workspace = self.world.stage.slack.workspace
        found = (m for channel in workspace.channels for m in workspace.messages(channel) if m.metadata)
        return next((m.text for m in found if (m.metadata or {})["event_payload"]["meeting"] == meeting), "")

    async def all_true(self, meetings: list[MeetingId]) -> None:
        """Wait until every card says what is so."""
        for meeting in meetings:
            saved = await self.bots[0].store.get(meeting)
            assert saved
            await self.seen(meeting, card(saved.meeting).text, time.monotonic() + LATEST)

    async def seen(self, meeting: MeetingId, words: str, began: float) -> float:
        """Wait until a card has these words; gives the seconds since it should have."""
        while words not in self.card(meeting) and time.monotonic() - began < LATEST:
            await asyncio.sleep(0.02)
        return time.monotonic() - began


@asynccontextmanager
async def weather(redis_url: str) -> AsyncIterator[Weather]:
    """Run two bots."""
    async with bench(redis_url, POLL_SECONDS="3600") as world, replicas(world, 2) as bots:
        yield Weather(world, bots)


async def storm(redis_url: str, meetings: int, seconds: float, *, channels: int = 1, wait: bool = True) -> Storm:
    """Let so many meetings change all the time, spread over so many channels, and look at another channel meanwhile."""
    found = Storm()
    async with weather(redis_url) as here:
        stormy = here.channels(channels)
        calm = await here.meets("calm", CALM)
        busy = [await here.meets(f"busy-{number}", stormy[number % channels]) for number in range(meetings)]
        await here.world.until(lambda: all(here.card(meeting) for meeting in [calm, *busy]), within=meetings * 3 + 20)
        here.world.stage.slack.calls.clear()
        blowing = asyncio.create_task(_blow(here, busy, seconds))
        await asyncio.sleep(seconds / 3)  # by then Slack's patience is used up
        while not blowing.done():
            name, began = await here.somebody_joins(calm), time.monotonic()
            found.calm.append(await here.seen(calm, name, began))
            if found.fresh == LATEST:
                began = time.monotonic()
                found.fresh = await here.seen(await here.meets("fresh", CALM), "fresh", began)
            await asyncio.sleep(0.5)
        began = await blowing
        if wait:
            await here.all_true(busy)
            found.settled = time.monotonic() - began
        found.calls = list(here.world.stage.slack.calls)
    return found


async def _blow(here: Weather, busy: list[MeetingId], seconds: float) -> float:
    """Change every meeting again and again; gives when that ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for meeting in busy:
            await here.somebody_joins(meeting)
        await asyncio.sleep(0.25)
    return time.monotonic()


def _report(found: Storm, meetings: int, channels: int, seconds: float) -> str:
    return "\n".join(
        [
            f"{meetings} busy meetings in {channels} channels for {seconds:g} s, two replicas, 50 edits a minute",
            f"calm card behind: {statistics.median(found.calm):.2f} s at the median, {max(found.calm):.2f} s at most",
            f"new card there after {found.fresh:.2f} s; stormy cards right {found.settled:.1f} s after the storm",
            f"{found.edits} edits, {len(found.refused)} answers of 429",
            f"calls while closed: {len(while_closed(found.calls, 1))}; breaches: {breaches(found.calls)}",
        ]
    )


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=20)
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    with redis_server() as url:
        found = asyncio.run(storm(url, given.meetings, given.seconds, channels=given.channels))
    Console(soft_wrap=True, highlight=False, markup=False).print(
        _report(found, given.meetings, given.channels, given.seconds)
    )


if __name__ == "__main__":
    main()
