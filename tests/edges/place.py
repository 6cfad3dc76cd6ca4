"""A channel of its own for each test, in a world that the tests of a module share."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import redis as blocking_redis

from bot.domain.ids import ChannelId
from bot.domain.meeting import Meeting
from bot.manifest import load_manifest
from playground.workspace_values import Channel, ChannelKind, Message
from tests.support.bench import PATIENCE, Bench, bench

_numbers = itertools.count(1)
_databases = itertools.cycle(range(1, 16))
STARTED = ("Starting the recording…", "*Recording*")
"""How the answer to a start begins: it may be running before the answer is written."""
EVERYONE = ("UANA", "UBO", "UCY", "UDI", "UGREENROOM")


@dataclass(frozen=True)
class Place:
    """One channel, and what is done and seen there."""

    world: Bench
    id: str

    async def asks(self, user: str, text: str) -> Message:
        """Type a command and give the private answer to it."""
        async with self.answered(user):
            await self.world.says(user, self.id, text)
        return self.answers(user)[-1]

    async def presses(self, user: str, message: Message, action_id: str, **which: Any) -> Message:
        """Press a button and give the private answer to it."""
        async with self.answered(user):
            await self.world.presses(user, message, action_id, **which)
        return self.answers(user)[-1]

    @asynccontextmanager
    async def answered(self, user: str) -> AsyncIterator[None]:
        """Wait until this person got one more private answer here."""
        before = len(self.answers(user))
        yield
        await self.world.until(lambda: len(self.answers(user)) > before)

    async def meeting(self, text: str = "Weekly sync", by: str = "ana") -> Message:
        """Start a meeting and give its card."""
        await self.world.says(by, self.id, f"/meet {text}")
        return await self.card()

    async def card(self) -> Message:
        """Wait for the newest card and give it."""
        await self.world.until(lambda: self.cards)
        return self.cards[-1]

    @property
    def cards(self) -> list[Message]:
        """What the bot posted here, without replies."""
        return [m for m in self.world.channel(self.id) if not m.is_reply]

    @property
    def replies(self) -> list[Message]:
        """The replies to the newest card."""
        return self.world.replies(self.id)

    async def reply(self, words: str) -> Message:
        """Wait for a reply with these words and give it."""
        await self.world.until(lambda: any(words in m.text for m in self.replies))
        return next(m for m in self.replies if words in m.text)

    def answers(self, user: str) -> list[Message]:
        """Give what this person was told privately here."""
        return [m for m in self.world.private(user) if m.channel == self.id]

    @property
    def room(self) -> str:
        """The provider's id of the newest meeting whose card stands here."""
        mark = self.cards[-1].metadata or {}
        return str(mark["event_payload"]["meeting"]).partition(":")[2]

    async def attended(self, by: str = "ana") -> None:
        """Start a meeting with somebody in it; what is recorded in an empty room soon stops by itself."""
        await self.meeting(by=by)
        await self.world.stage.provider.enter_stranger(self.room, "Eve")

    async def runs(self, by: str = "ana") -> None:
        """Start a meeting, with somebody in it, and have it recorded."""
        await self.attended(by)
        await self.asks(by, "/record")
        await self.world.until(lambda: self.current_recording.status == "RECORDING")
        await self.knows("RECORDING")

    async def recording(self, by: str = "ana") -> Message:
        """Have a meeting recorded and give the reply that shows it."""
        await self.runs(by)
        return await self.reply("*Recording* since")

    async def knows(self, status: str) -> None:
        """Wait until the bot knows that the newest recording is this far: by webhook, or by asking where none comes."""
        if not self.world.bot.services.joining.rules.public_url:
            await self.world.bot.services.work.ask_now((await self.stored()).id)
        async with asyncio.timeout(PATIENCE):
            while (await self.stored()).in_order[-1].status != status:
                await asyncio.sleep(0.01)

    async def stored(self) -> Meeting:
        """Read the newest meeting of this channel as the bot remembers it."""
        saved = await self.world.bot.store.current(ChannelId(self.id))
        assert saved
        return saved.meeting

    @property
    def current_recording(self) -> Any:
        """The provider's newest recording of the newest meeting here."""
        return [r for r in self.world.stage.provider.rooms.recordings.values() if r.meeting_id == self.room][-1]

    @contextmanager
    def no_calls(self) -> Iterator[None]:
        """Hold that nothing is changed at the provider meanwhile."""
        before = [call for call in self.world.stage.provider.calls if call.request]
        yield
        assert [call for call in self.world.stage.provider.calls if call.request] == before


def place(world: Bench, kind: ChannelKind = "public", members: tuple[str, ...] = EVERYONE) -> Place:
    """Open a new channel."""
    number = next(_numbers)
    prefix = "D" if kind == "im" else "C"
    channel = Channel(f"{prefix}EDGE{number}", "" if kind == "im" else f"edge-{number}", kind, members)
    world.stage.slack.workspace.add_channel(channel)
    return Place(world, channel.id)


@asynccontextmanager
async def town(redis_url: str, **how: Any) -> AsyncIterator[Bench]:
    """Run a bot on an empty database of a Redis, with no more than the scopes that the manifest asks for."""
    own = f"{redis_url}?db={next(_databases)}"  # several towns may stand at once, and each begins empty
    await asyncio.to_thread(_empty, own)
    async with bench(own, **how) as world:
        granted = world.stage.slack.scopes
        granted.clear()
        granted.update(load_manifest()["oauth_config"]["scopes"]["bot"])
        yield world
        world.stage.provider.faults.clear()


def _empty(redis_url: str) -> None:
    with blocking_redis.Redis.from_url(redis_url) as client:
        client.flushdb()
