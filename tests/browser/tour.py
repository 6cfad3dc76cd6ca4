"""What a team sees, one state after the other: somebody who watches it all in a browser, and takes pictures of it."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
from redis.asyncio import Redis

from bot.domain.ids import UserId
from playground.rooms import Peer
from playground.workspace_values import Channel
from tests.edges.place import EVERYONE, Place
from tests.support.bench import QUICK, Bench
from tests.support.clock import Ahead, alarm_is_set

PICTURES = os.environ.get("GREENROOM_PICTURES")
"""A folder for the pictures of the documents, when they are to be taken."""
SOON = 10_000
WIDTH, HEIGHT = 660, 700
NAMES = ("weekly", "product", "support", "research", "crew", "launch")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Tour:
    """Ana in front of one channel, the others in the meeting, and a clock that can be put forward.

    Args:
        here: the channel.
        browser: which she uses.
        page: the playground's page, with this channel before her.
        clock: of the bot and of the video service.
        redis: where the bot's alarms are set.

    """

    here: Place
    browser: Browser
    page: Page
    clock: Ahead
    redis: Redis

    # ------------------------------------------------------------ what happens

    async def comes_in(self, user: str) -> Peer:
        """Let somebody into the meeting by a link of their own."""
        ticket = await self.here.world.bot.services.joining.ticket(
            (await self.here.stored()).id, UserId(f"U{user.upper()}")
        )
        return await self.here.world.stage.provider.enter(ticket.token)

    async def is_recorded(self, *others: str, minutes: float = 0, options: str = "") -> None:
        """Have a meeting with people in it recorded, for so long."""
        await self.here.meeting("Weekly sync")
        for user in ("ana", *others):
            await self.comes_in(user)
        await self.here.asks("ana", f"/record {options}")
        await self.here.world.until(lambda: self.here.current_recording.status == "RECORDING")
        await self.here.knows("RECORDING")
        if minutes:
            await self.clock.goes_on(self.redis, minutes=minutes)

    async def passes(self, **length: float) -> None:
        """Let time pass once the meeting's alarm is set to no more than that."""
        await alarm_is_set(self.redis, (await self.here.stored()).id, **length)
        await self.clock.goes_on(self.redis, **length)

    @contextmanager
    def pace(self, **seconds: float) -> Iterator[None]:
        """Let the video service take its time meanwhile."""
        provider = self.here.world.stage.provider
        provider.pace = replace(QUICK, **seconds)
        yield
        provider.pace = QUICK

    # ------------------------------------------------------------ what Ana sees

    @property
    def card(self) -> Locator:
        return self.page.get_by_test_id("message").filter(has=self.page.locator("[data-action-id=more]")).last

    @property
    def told(self) -> Locator:
        """What she was told privately last."""
        return self.page.get_by_test_id("private-message").last

    def reply(self, words: str) -> Locator:
        """Give the newest reply with these words."""
        return self.page.get_by_test_id("thread-message").filter(has_text=words).last

    async def opens_thread(self) -> None:
        await self.page.get_by_test_id("thread-link").first.click()
        await expect(self.page.get_by_test_id("thread")).to_be_visible()

    async def closes_thread(self) -> None:
        await self.page.get_by_test_id("thread-close").click()

    async def types(self, text: str) -> None:
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.get_by_test_id("send").click()

    async def presses(self, where: Locator, action: str, *, sure: bool = False) -> None:
        await where.locator(f"[data-action-id={action}]").first.click()
        if sure:
            await self.page.get_by_test_id("confirm-yes").click()

    async def sees(self, name: str, where: Locator, *words: str) -> None:
        """See these words in a place, and take its picture under this name."""
        await sees(name, where, *words)


async def sees(name: str, where: Locator, *words: str) -> None:
    """See these words in a place, and take its picture under this name when pictures are wanted."""
    await expect(where).to_be_visible(timeout=SOON)
    for each in words:
        await expect(where).to_contain_text(each, timeout=SOON)
    if PICTURES:
        await where.page.mouse.move(0, 0)
        tall = bool(await where.locator("select").count())
        await where.screenshot(path=str(Path(PICTURES) / "states" / f"{name}.png"), scale="css" if tall else "device")


@asynccontextmanager
async def someone(tour: Tour, user: str, **more: Any) -> AsyncIterator[Tour]:
    """Look at it as somebody else, at their direct messages with the bot."""
    context = await window(tour.browser, **more)
    page = await context.new_page()
    world = tour.here.world
    if more.get("java_script_enabled", True):
        await page.goto(f"{world.stage.url}/#as={user}&channel={world.stage.slack.workspace.direct_with_bot(user).id}")
        await expect(page.locator("body.ready")).to_be_attached()
    yield replace(tour, page=page)
    await context.close()


async def window(browser: Browser, *, height: int = HEIGHT, **more: Any) -> BrowserContext:
    """Open a window that is like a narrow one beside one's work, sharp enough for pictures."""
    return await browser.new_context(viewport={"width": WIDTH, "height": height}, device_scale_factor=1.5, **more)


async def a_tour(world: Bench, browser: Browser, clock: Ahead, redis: Redis, page: Page) -> Tour:
    """Lead Ana to a channel that nobody has been in."""
    number = next(_numbers)
    channel = Channel(f"CTOUR{number}", NAMES[number % len(NAMES)], "public", EVERYONE)
    world.stage.slack.workspace.add_channel(channel)
    await page.goto(f"{world.stage.url}/#as=ana&channel={channel.id}")
    await expect(page.locator("body.ready")).to_be_attached()
    return Tour(Place(world, channel.id), browser, page, clock, redis)
