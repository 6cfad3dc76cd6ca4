"""The whole bot on the playground's simulators, and words to tell stories with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.bootstrap import Bot, running
from bot.clock import Clock, utcnow
from playground.rooms import Peer, ProviderName
from playground.slack_answers import Answer
from playground.slack_sending import Ack
from playground.slack_views import View
from playground.stage import LOOPBACK, Stage, free_port, stage
from playground.timers import Pace
from playground.workspace_values import Message

QUICK = Pace(start_seconds=0.05, upload_seconds=0.05, empty_seconds=0.2, retry_seconds=0.05)
PATIENCE = 8.0


@dataclass
class Bench:
    """A running bot in a small world."""

    stage: Stage
    bot: Bot
    redis_url: str

    # ------------------------------------------------------------ what people do

    async def says(self, user: str, channel: str, text: str) -> Ack:
        """Type a slash command."""
        ack = await self.stage.slack.command(user, channel, text)
        assert ack.ok, ack
        return ack

    async def presses(self, user: str, message: Message, action_id: str, **which: Any) -> Ack:
        """Press a button of a message."""
        channel = message.channel
        ack = await self.stage.slack.click(user, channel, message.ts, action_id, **which)
        assert ack.ok, ack
        return ack

    async def link_of(self, user: str, message: Message) -> str:
        """Press Join and give the private link that comes back."""
        before = len(self.private(user))
        await self.presses(user, message, "join")
        await self.until(lambda: len(self.private(user)) > before)
        return button(self.private(user)[-1], "open_link")["url"]

    async def token_from(self, link: str) -> str:
        """Go through the personal page, as a browser does, and give the token that it leads to."""
        if "authToken=" in link:
            return _token(link)
        async with aiohttp.ClientSession() as browser:
            async with browser.get(link) as page:
                assert page.status == 200, await page.text()
            async with browser.post(link, allow_redirects=False) as answer:
                assert answer.status == 303, await answer.text()
                return _token(answer.headers["Location"])

    async def joins(self, user: str, message: Message) -> Peer:
        """Press Join, open the link, and be in the meeting."""
        return await self.stage.provider.enter(await self.token_from(await self.link_of(user, message)))

    async def fills(self, user: str, **answers: Answer) -> Ack:
        """Submit the form that a person has before them; questions that are not named stay as they were drawn."""
        return await self.stage.slack.submit(user, self.form(user).id, answers)

    # ------------------------------------------------------------ what can be seen

    def form(self, user: str) -> View:
        """Give the form that a person has before them."""
        found = self.stage.slack.form(user)
        assert found, f"{user} has no form open"
        return found

    def has_form(self, user: str) -> bool:
        """Tell whether a person has a form before them."""
        return self.stage.slack.form(user) is not None

    def mistakes(self, user: str) -> dict[str, str]:
        """Give what a person is to mend in their form, by the names of the questions."""
        return self.form(user).errors

    def channel(self, name: str = "general") -> list[Message]:
        """Give what the bot posted in a channel, without replies."""
        workspace = self.stage.slack.workspace
        return [m for m in workspace.channel_messages(workspace.channel(name).id) if m.ephemeral_for is None]

    def card(self, name: str = "general") -> Message:
        """Give the newest card of a channel."""
        cards = [m for m in self.channel(name) if m.thread_ts in {None, m.ts}]
        return cards[-1]

    def replies(self, name: str = "general") -> list[Message]:
        """Give the replies to the newest card."""
        card = self.card(name)
        return self.stage.slack.workspace.thread(card.channel, card.ts)[1:]

    def reply(self, starts_with: str, name: str = "general") -> Message:
        """Give the newest reply whose words begin in this way, markup aside."""
        return next(m for m in reversed(self.replies(name)) if plain(m.text).startswith(starts_with))

    def has_reply(self, words: str, name: str = "general") -> bool:
        """Tell whether some reply has these words in it, markup aside."""
        return any(words in plain(m.text) for m in self.replies(name)) if self.channel(name) else False

    def private(self, user: str) -> list[Message]:
        """Give what only this person sees."""
        return self.stage.slack.workspace.private(self.stage.slack.workspace.user(user).id)

    def direct(self, user: str) -> list[Message]:
        """Give this person's direct messages with the bot."""
        return self.stage.slack.workspace.direct(self.stage.slack.workspace.user(user).id)

    async def until(self, holds: Callable[[], Any], *, within: float = PATIENCE) -> None:
        """Wait for something to be seen; what is not yet there at all counts as not seen."""

        def seen() -> bool:
            try:
                return bool(holds())
            except (LookupError, StopIteration):
                return False

        async with asyncio.timeout(within):
            while not seen():
                await asyncio.sleep(0.01)

    async def has_card(self, name: str = "general") -> Message:
        """Wait for a card and give it."""
        await self.until(lambda: self.channel(name))
        return self.card(name)

    async def settles(self) -> None:
        """Wait until every thread shows its meeting."""
        async with asyncio.timeout(PATIENCE):
            while await self.bot.store.stale():
                await asyncio.sleep(0.02)


def _token(url: str) -> str:
    return parse_qs(urlsplit(url).query)["authToken"][0]


def plain(text: str) -> str:
    """Take the bold away."""
    return text.replace("*", "")


def elements(message: Message) -> list[dict[str, Any]]:
    """Give the buttons and menus of a message."""
    return [e for block in message.blocks if block["type"] == "actions" for e in block["elements"]]


def button(message: Message, action_id: str) -> dict[str, Any]:
    """Give one of them."""
    return next(e for e in elements(message) if e["action_id"] == action_id)


def labels(message: Message) -> list[str]:
    """Give what stands on the buttons."""
    return [e["text"]["text"] for e in elements(message) if e["type"] == "button"]


@asynccontextmanager
async def bench(
    redis_url: str,
    *,
    provider: ProviderName = "realtimekit",
    socket_mode: bool = False,
    pace: Pace = QUICK,
    public: bool = True,
    one_click: bool = False,
    **others: str | None,
) -> AsyncIterator[Bench]:
    """Run the bot; ``one_click`` lets people sign in with Slack; ``others`` are environment variables."""
    how: dict[str, Any] = {"provider": provider, "socket_mode": socket_mode, "public": public, "one_click": one_click}
    async with (
        stage(provider=provider, socket_mode=socket_mode, pace=pace) as scene,
        bot_on(scene, redis_url, **how, **others) as world,
    ):
        yield world


@asynccontextmanager
async def bot_on(
    scene: Stage,
    redis_url: str,
    *,
    provider: ProviderName = "realtimekit",
    socket_mode: bool = False,
    public: bool = True,
    one_click: bool = False,
    clock: Clock = utcnow,
    **others: str | None,
) -> AsyncIterator[Bench]:
    """Run a bot on a stage that stands already, so that another one can come after it."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    scene.slack.bot_url = None if socket_mode else url
    given: dict[str, str | None] = {"REDIS_URL": redis_url, "PORT": str(port), "POLL_SECONDS": "60"} | others
    if public:
        given.setdefault("PUBLIC_URL", url)
    if one_click:
        given = scene.one_click(url) | given
    async with running(scene.settings(provider=provider, socket_mode=socket_mode, **given), clock) as bot:
        if socket_mode:
            await scene.slack.sockets.until_connected(1)
        yield Bench(scene, bot, redis_url)
