"""What people do in one meeting, at random: come, go, record, press what is there and what no longer is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, urlsplit

import aiohttp

from playground.jointokens import TokenRefused
from playground.rooms import Peer
from playground.slack_payloads import NoSuchElement, find_element
from playground.stage import Stage
from playground.workspace import Channel, User
from playground.workspace_values import Message
from tests.soak.ledger import People

CARD_WITHIN = 60.0
TRIES = 30
USERS = tuple(f"UPERSON{number:02}" for number in range(12))
SHORT = "/record --max 1m"
"""Asks for a recording that soon reaches its limit."""
COMMANDS = (
    "/record",
    "/record pause",
    "/record resume",
    "/record stop",
    "/record status",
    "/record off",
    "/record tracks",
    "/record tracks stop",
    SHORT,
    "/meet status",
    "/meet join",
    "/meet live stop",
)
BUTTONS = ("record_start", "record_pause", "record_resume", "record_stop", "record_off", "live_stop")


def populate(scene: Stage, meetings: int) -> list[str]:
    """Let people into the workspace, and make a channel for every meeting; gives the channels."""
    space = scene.slack.workspace
    for user in USERS:
        space.add_user(User(user, user.lower(), user.title()))
    channels = [f"CMEETING{number:04}" for number in range(meetings)]
    for channel in channels:
        space.add_channel(Channel(channel, channel.lower(), "public", (*USERS, space.bot.id)))
    return channels


@dataclass
class Story:
    """One meeting in a channel of its own.

    Args:
        scene: the simulators.
        people: who type and click.
        channel: where.
        random: what chooses.
        title: what the meeting is called.

    """

    scene: Stage
    people: People
    channel: str
    random: Random
    title: str
    card: Message | None = None
    inside: list[Peer] = field(default_factory=list)

    async def told(self) -> None:
        """Live the story from ``/meet`` to one of its ends."""
        if not await self._starts():
            return
        for _ in range(self.random.randint(6, 14)):
            await asyncio.sleep(self.random.uniform(0.05, 1.2))
            await self._one_thing()()
        await asyncio.sleep(self.random.uniform(0, 1))
        await self.random.choice((self._all_leave, self._all_leave, self._is_ended, self._goes_on))()

    async def _starts(self) -> bool:
        line = f"/meet {self.title}" + self.random.choice(("", "", " --record"))
        for _ in range(TRIES):
            both = [self.people.types(self._someone(), self.channel, line, times=self.random.choice((1, 1, 2)))]
            if self.random.random() < 0.3:
                both.append(self.people.types(self._someone(), self.channel, line))
            wishes = await asyncio.gather(*both)
            if any(wish.counts for wish in wishes):
                break
            await asyncio.sleep(0.3)
        return await self._card_appears()

    async def _card_appears(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(CARD_WITHIN):
                while not (messages := self._posted("card")):
                    await asyncio.sleep(0.1)
                self.card = messages[-1]
        return self.card is not None

    def _posted(self, slot: str = "") -> list[Message]:
        space = self.scene.slack.workspace
        marked = [m for m in space.messages(self.channel) if m.user == space.bot.id and m.metadata]
        return [m for m in marked if m.metadata and m.metadata["event_payload"]["slot"].startswith(slot)]

    @property
    def _room(self) -> str:
        assert self.card is not None
        assert self.card.metadata is not None
        return str(self.card.metadata["event_payload"]["meeting"]).partition(":")[2]

    def _someone(self) -> str:
        return self.random.choice(USERS)

    def _one_thing(self) -> Callable[[], Awaitable[None]]:
        in_the_room = (self._enters, self._enters, self._stranger_enters, self._leaves)
        in_slack = (self._types, self._types, self._records, self._goes_live, self._presses, self._presses)
        return self.random.choice((*in_the_room, *in_slack, self._presses_twice, self._presses_something_old))

    # ------------------------------------------------------------ in the room

    async def _enters(self) -> None:
        """Press Join, take the link that comes privately, and go through its page."""
        card, user = self._posted("card")[-1], self._someone()
        with suppress(NoSuchElement):
            wish = await self.people.clicks(user, card, "join", times=self.random.choice((1, 1, 1, 2)))
            if wish.counts and (link := await self._link(user)):
                await self._goes_in(link)

    async def _link(self, user: str) -> str | None:
        answer = await self._answer(user, "open_link")
        return str(find_element(answer.blocks, "open_link", None, None)[1]["url"]) if answer else None

    async def _answer(self, user: str, button: str) -> Message | None:
        """Wait for a private answer that has this button."""
        for _ in range(30):
            for message in reversed(self.scene.slack.workspace.private(user)):
                if message.channel == self.channel:
                    with suppress(NoSuchElement):
                        find_element(message.blocks, button, None, None)
                        return message
            await asyncio.sleep(0.1)
        return None

    async def _goes_in(self, link: str) -> None:
        with suppress(aiohttp.ClientError, TokenRefused):
            async with aiohttp.ClientSession() as browser, browser.post(link, allow_redirects=False) as answer:
                if answer.status == 303:
                    token = parse_qs(urlsplit(answer.headers["Location"]).query)["authToken"][0]
                    self.inside.append(await self.scene.provider.enter(token))

    async def _stranger_enters(self) -> None:
        if self.scene.provider.rooms.meetings[self._room].status == "ACTIVE":
            name = f"Guest {self.random.randint(1, 5)}"
            self.inside.append(await self.scene.provider.enter_stranger(self._room, name))

    async def _leaves(self) -> None:
        if self.inside:
            await self.scene.provider.leave(self.inside.pop(self.random.randrange(len(self.inside))).id)

    # ------------------------------------------------------------ in Slack

    async def _types(self) -> None:
        line = self.random.choice(COMMANDS)
        await self.people.types(self._someone(), self.channel, line, times=self.random.choice((1, 1, 1, 2)))

    async def _records(self) -> None:
        if not self.scene.provider.rooms.running_recordings(self._room):
            await self.people.types(self._someone(), self.channel, "/record")

    async def _goes_live(self) -> None:
        """Show the meeting to the public, after the question."""
        user = self._someone()
        await self.people.types(user, self.channel, "/meet live")
        if question := await self._answer(user, "live_start"):
            await self.people.clicks(user, question, "live_start")

    async def _presses(self) -> None:
        for button in self.random.sample(BUTTONS, len(BUTTONS)):
            if shown := self._with(button):
                await self.people.clicks(self._someone(), shown[-1], button)
                return

    async def _presses_twice(self) -> None:
        """Have two people press the same button at the same time."""
        for button in self.random.sample(BUTTONS, len(BUTTONS)):
            if shown := self._with(button):
                both = (self.people.clicks(self._someone(), shown[-1], button) for _ in range(2))
                await asyncio.gather(*both)
                return

    async def _presses_something_old(self) -> None:
        """Press a button on a screen that is behind, or Watch where there is something to watch."""
        for button in self.random.sample((*BUTTONS, "record_watch"), len(BUTTONS) + 1):
            if shown := self._with(button, earlier=True):
                await self.people.clicks(self._someone(), self.random.choice(shown), button)
                return

    def _with(self, button: str, *, earlier: bool = False) -> list[Message]:
        found = []
        for message in self._posted():
            for version in (
                message,
                *(self.scene.slack.workspace.earlier(self.channel, message.ts) if earlier else ()),
            ):
                with suppress(NoSuchElement):
                    find_element(version.blocks, button, None, None)
                    found.append(version)
        return found

    # ------------------------------------------------------------ how it ends

    async def _all_leave(self) -> None:
        while self.inside:
            await self._leaves()

    async def _is_ended(self) -> None:
        card, user = self._posted("card")[-1], self._someone()
        with suppress(NoSuchElement):
            await self.people.clicks(user, card, "more", selected=f"end|realtimekit:{self._room}")
            if question := await self._answer(user, "meeting_end"):
                await self.people.clicks(user, question, "meeting_end")

    async def _goes_on(self) -> None:
        await self._stranger_enters()
