"""The page's JSON API: what a person sees, what they do, and that something changed.

Only glue: people act through the Slack simulator and the provider simulator, which decide what happens.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict

from aiohttp import web

from playground.page_files import page_routes
from playground.portraits import portraits
from playground.provider import ProviderSimulator
from playground.provider_snapshot import provider_snapshot
from playground.rooms import ProviderName
from playground.slack import SlackSimulator
from playground.slack_faults import ANY_METHOD
from playground.slack_payloads import NoSuchElement, find_element
from playground.snapshot import workspace_snapshot
from playground.timers import Changes
from playground.web_forms import FormActs
from playground.web_json import Json, Refused, takes
from playground.web_provider import ProviderActs
from playground.wishes import ClickWish, CommandWish, MessageWish, SlackFaultsWish
from playground.workspace_values import Channel, User

TOGETHER_SECONDS = 0.03
"""Changes this close to each other are told as one."""
KEEP_ALIVE_SECONDS = 15.0

FAULTY_CALLS = 3
"""How many calls to Slack go wrong when the panel says so."""

INVITE = {"command": "/invite", "description": "Let somebody into this channel", "usage_hint": "@somebody"}
"""The one command that is Slack's own here."""


class Web:
    """Serves the page.

    Args:
        slack: the people's side.
        provider: the video service's side.
        commands: what the app registered (command, description, usage_hint), for completion.
        provider_name: which of the two services the bot uses, and the page therefore shows.

    """

    def __init__(
        self,
        slack: SlackSimulator,
        provider: ProviderSimulator,
        *,
        commands: Sequence[Mapping[str, str]],
        provider_name: ProviderName = "realtimekit",
    ) -> None:
        self._slack, self._provider, self._provider_name = slack, provider, provider_name
        self._forms = FormActs(slack)
        self._commands = [*(dict(command) for command in commands), INVITE]
        self._workspace = slack.workspace
        # What was there before the page is not news to anyone.
        self._since = slack.workspace.next_ts()
        self._changes_here = Changes()
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """List the page, its parts and its API."""
        return [
            *page_routes(),
            *portraits(self._slack.workspace),
            web.get("/playground/state", self._state),
            web.get("/playground/changes", self._changes, allow_head=False),
            web.post("/playground/command", takes(CommandWish, self._command)),
            web.post("/playground/click", takes(ClickWish, self._click)),
            web.post("/playground/message", takes(MessageWish, self._message)),
            web.post("/playground/slack/faults", takes(SlackFaultsWish, self._slack_faults)),
            *self._forms.routes(),
            *ProviderActs(self._provider).routes(),
        ]

    async def close(self) -> None:
        """End every page's line; call it before the server is stopped."""
        self._closing.set()

    # ------------------------------------------------------------ what is seen

    @property
    def _versions(self) -> tuple[int, int, int]:
        return self._workspace.version, self._provider.version, self._changes_here.version

    async def _state(self, request: web.Request) -> web.Response:
        me = self._me(request.query.get("as", ""))
        snapshot = {
            "version": _dotted(self._versions),
            "since": self._since,
            "commands": self._commands,
            **workspace_snapshot(self._workspace, me),
            "form": self._forms.shown(me.id),
            **provider_snapshot(self._provider, self._provider_name),
            "slackFaults": self._slack.faults.waiting(),
            "browser": self._slack.openid.browser,
        }
        return web.json_response(snapshot, headers={"Cache-Control": "no-store"})

    def _me(self, ref: str) -> User:
        """Find the person that a window is, the first one where it names nobody."""
        people = [user for user in self._workspace.people.values() if not user.is_bot]
        return next((user for user in people if ref in (user.id, user.name)), people[0])

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Send the version now and after each change, until the page goes or the playground ends."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        told = None
        with suppress(ConnectionError):
            while not self._closing.is_set():
                seen = self._versions
                line = ": still here\n\n" if seen == told else f"data: {_dotted(seen)}\n\n"
                await stream.write(line.encode())
                told = seen
                await self._past(seen)
        return stream

    async def _past(self, seen: tuple[int, int, int]) -> None:
        """Wait until something is newer than what was told, or for as long as a line may be silent."""
        waits = (
            self._workspace.changed(seen[0]),
            self._provider.changed(seen[1]),
            self._changes_here.wait(seen[2]),
            self._closing.wait(),
        )
        tasks = [asyncio.ensure_future(wait) for wait in waits]
        try:
            done, _ = await asyncio.wait(tasks, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        if done and not self._closing.is_set():
            await asyncio.sleep(TOGETHER_SECONDS)

    # ------------------------------------------------------------ what people do

    async def _command(self, wish: CommandWish) -> Json:
        user, channel = self._in_channel(wish.user, wish.channel)
        return asdict(await self._slack.command(user.id, channel.id, wish.text))

    async def _click(self, wish: ClickWish) -> Json:
        user, channel = self._in_channel(wish.user, wish.channel)
        # The page may be an edit behind, and what is on the screen is what is pressed.
        ack = await self._slack.click(
            user.id,
            channel.id,
            wish.ts,
            wish.action_id,
            block_id=wish.block_id,
            value=wish.value,
            selected=wish.selected,
            stale=True,
        )
        return asdict(ack) | {"url": self._url_of(wish)}

    def _url_of(self, wish: ClickWish) -> str | None:
        message = self._workspace.find(wish.channel, wish.ts)
        with suppress(NoSuchElement):
            _, element = find_element(message.blocks if message else (), wish.action_id, wish.block_id, wish.value)
            url: str | None = element.get("url")
            return url
        return None

    async def _message(self, wish: MessageWish) -> Json:
        user, channel = self._in_channel(wish.user, wish.channel)
        if channel.archived:
            raise Refused(409, "This channel is archived.")
        if wish.thread_ts is not None and self._workspace.find(channel.id, wish.thread_ts) is None:
            raise Refused(404, "That thread is gone.")
        message = self._slack.say(user.id, channel.id, wish.text, thread_ts=wish.thread_ts)
        return {"ok": True, "ts": message.ts}

    def _in_channel(self, user_id: str, channel_id: str) -> tuple[User, Channel]:
        user, channel = self._workspace.people.get(user_id), self._workspace.channels.get(channel_id)
        if user is None or user.is_bot or channel is None:
            raise Refused(404, "There is no such person or channel.")
        if user.id not in channel.members:
            raise Refused(403, f"{user.real_name} is not in this channel.")
        return user, channel

    async def _slack_faults(self, wish: SlackFaultsWish) -> Json:
        faults = self._slack.faults
        faults.clear()
        if wish.trouble == "ratelimited":
            faults.ratelimit(ANY_METHOD, FAULTY_CALLS, retry_after=3)
        elif wish.trouble == "failing":
            faults.server_error(ANY_METHOD, FAULTY_CALLS)
        self._changes_here.bump()
        return {"ok": True}


def _dotted(versions: tuple[int, ...]) -> str:
    return ".".join(map(str, versions))
