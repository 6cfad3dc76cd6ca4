"""A fleet whose calls to Slack go through a gate, and words to tell what happens in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from playground.timers import Pace
from playground.workspace_values import Message
from tests.soak.gate import Gate
from tests.soak.ledger import People
from tests.soak.story import USERS, populate
from tests.support.fleet import Fleet, fleet, lift_workspace_limits

PACE = Pace(start_seconds=0.05, upload_seconds=0.1, empty_seconds=30, retry_seconds=0.3)
PATIENCE = 40.0


@dataclass
class Scene:
    """A fleet with people, and a gate before its Slack."""

    fleet: Fleet
    gate: Gate
    people: People
    channels: list[str]

    async def until(self, holds: Callable[[], object], within: float = PATIENCE) -> float:
        """Wait for something to be so; gives the seconds it took."""
        began = time.monotonic()
        async with asyncio.timeout(within):
            while not holds():
                await asyncio.sleep(0.02)
        return time.monotonic() - began

    def card(self, channel: str) -> Message | None:
        """Give a channel's first message."""
        return next(iter(self.fleet.stage.slack.workspace.messages(channel)), None)

    async def meets(self, channel: str, within: float = PATIENCE) -> str:
        """Start a meeting and wait for its card; gives the room."""
        wish = await self.people.types(USERS[0], channel, f"/meet In {channel}")
        assert wish.counts, wish
        await self.until(lambda: self.card(channel), within)
        return self.room(channel)

    def room(self, channel: str) -> str:
        """Give the room of the meeting in a channel."""
        card = self.card(channel)
        assert card is not None
        assert card.metadata is not None
        return str(card.metadata["event_payload"]["meeting"]).partition(":")[2]

    def shows(self, channel: str, *words: str) -> bool:
        """Tell whether the card has these words."""
        card = self.card(channel)
        return card is not None and all(word in card.text for word in words)


@asynccontextmanager
async def scene(replicas: int, channels: int, *, started: bool = True) -> AsyncIterator[Scene]:
    """Set up a fleet whose calls to Slack go through a gate; nothing is polled."""
    async with AsyncExitStack() as stack:
        gate = Gate("")
        running = await stack.enter_async_context(
            fleet(replicas, pace=PACE, started=False, SLACK_API_URL=gate.url, POLL_SECONDS="3600")
        )
        gate.slack_url = running.stage.slack.api_url
        await gate.open()
        stack.push_async_callback(gate.close)
        lift_workspace_limits(running.stage)
        running.stage.slack.ack_seconds = 15  # races are tried here, and not how fast this machine is
        if started:
            await asyncio.gather(*(replica.start() for replica in running.replicas))
        yield Scene(running, gate, People(running.stage.slack), populate(running.stage, channels))
