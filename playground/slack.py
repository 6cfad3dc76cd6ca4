"""A Slack on this machine: the Web API that the bot calls, and the people who type and click at it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web

from playground.slack_answers import Answer
from playground.slack_commands import Commands
from playground.slack_delivery import Delivery
from playground.slack_faults import SlackFaults
from playground.slack_forms import Forms
from playground.slack_install import Installation
from playground.slack_openid import OpenId
from playground.slack_payloads import (
    NoSuchElement,
    action_of,
    block_actions,
    event_callback,
    find_element,
)
from playground.slack_rates import RateLimits, Rates
from playground.slack_response_urls import ResponseUrls
from playground.slack_sending import Ack, HttpSender
from playground.slack_socket import SocketMode
from playground.slack_triggers import Triggers
from playground.slack_typing import escape_typed
from playground.slack_views import NoSuchForm, View, Views
from playground.slack_web_api import METHODS, Call, Method, WebApi
from playground.workspace import Channel, Message, User, Workspace, utcnow

__all__ = ["Ack", "Call", "NoSuchElement", "NoSuchForm", "SlackSimulator"]


class SlackSimulator:
    """One workspace with the bot installed, refusing what Slack refuses.

    Add ``routes()`` to a server, set ``base_url`` to where it listens and ``bot_url`` to where the bot does, then
    ``start()``. With an app token the bot is reached by Socket Mode alone, until ``socket_mode`` is set to False.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        signing_secret: str,
        bot_token: str,
        app_token: str | None = None,
        faults: SlackFaults | None = None,
        rate_limits: RateLimits | None = None,
        now: Callable[[], datetime] = utcnow,
        bot_now: Callable[[], datetime] = utcnow,
    ) -> None:
        self.workspace = workspace
        self.faults = faults or SlackFaults()
        self.sockets = SocketMode(workspace.app_id)
        self._install = Installation(workspace, bot_token, app_token, Rates(rate_limits, now=now))
        self._http = HttpSender(signing_secret, bot_now)
        self.delivery = Delivery(self._http, self.sockets, socket_mode=app_token is not None)
        self.response_urls = ResponseUrls(workspace, self.faults, now)
        self.triggers = Triggers(now)
        self.views = Views(workspace, self.triggers)
        self.forms = Forms(workspace, self.views, self.delivery, self.triggers.make)
        methods = METHODS | {
            "apps.connections.open": Method(self.sockets.open, tier=3, app_token=True),
            "views.open": Method(self.views.open, tier=4),
            "views.update": Method(self.views.update, tier=4),
        }
        self._api = WebApi(self._install, self.faults, methods, now)
        self.openid = OpenId(workspace, now, self._api.failing)
        self._commands = Commands(workspace, self.delivery, self.response_urls, self.triggers, now)

    # ------------------------------------------------------------ wiring

    def routes(self) -> list[web.RouteDef]:
        """List what the simulator serves, all of it below ``/slack``."""
        return [
            *self.openid.routes(),
            web.get("/slack/api/{method}", self._api.handle, allow_head=False),
            web.post("/slack/api/{method}", self._api.handle),
            web.post("/slack/response/{token}", self.response_urls.handle),
            web.get("/slack/socket/{ticket}", self.sockets.serve, allow_head=False),
        ]

    async def start(self) -> None:
        """Get ready to send."""
        await self._http.start()

    async def close(self) -> None:
        """Close every connection."""
        await self.sockets.close()
        await self._http.close()

    @property
    def base_url(self) -> str:
        """Where the simulator listens."""
        return self.sockets.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.sockets.base_url = self.response_urls.base_url = self.openid.base_url = url.rstrip("/")

    @property
    def api_url(self) -> str:
        """The bot's SLACK_API_URL."""
        return f"{self.base_url}/slack/api/"

    @property
    def bot_url(self) -> str | None:
        """Where the bot listens."""
        return self.delivery.bot_url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self.delivery.bot_url = url.rstrip("/") if url else None

    @property
    def socket_mode(self) -> bool:
        """Whether the bot is reached by Socket Mode instead of HTTP."""
        return self.delivery.socket_mode

    @socket_mode.setter
    def socket_mode(self, on: bool) -> None:
        self.delivery.socket_mode = on

    @property
    def ack_seconds(self) -> float:
        """How long the bot has for acknowledging."""
        return self._http.ack_seconds

    @ack_seconds.setter
    def ack_seconds(self, seconds: float) -> None:
        self._http.ack_seconds = self.sockets.ack_seconds = seconds

    @property
    def scopes(self) -> set[str]:
        """What the bot token was granted; change it to grant more or less."""
        return self._install.scopes

    @property
    def commands(self) -> frozenset[str] | None:
        """The slash commands that the app registered; None passes every command on."""
        return self._commands.registered

    @commands.setter
    def commands(self, names: frozenset[str] | None) -> None:
        self._commands.registered = names

    @property
    def calls(self) -> list[Call]:
        """Every Web API call taken, newest last, the last 5,000."""
        return self._api.calls

    # ------------------------------------------------------------ what people do

    async def command(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Ack:
        """Type a slash command, as in ``/meet Weekly sync @bo``; failures are shown to that person alone."""
        return await self._commands.type(self.workspace.user(user), self.workspace.channel(channel), text, thread_ts)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: str | None = None,
        selected: str | None = None,
        stale: bool = False,
    ) -> Ack:
        """Use an element of a message; a button with an address sends its payload too.

        A click that the bot does not acknowledge gets a warning sign in Slack, so only the Ack tells of it.

        Args:
            user: who clicks.
            channel: where.
            ts: the message, which may be a reply, or ephemeral for that person.
            action_id: the element.
            block_id: picks one among elements of the same action id.
            value: does so too.
            selected: the value of the option chosen from a menu.
            stale: also find the element in what the message was before its edits, as on a screen that is behind.

        Raises:
            NoSuchElement: that person cannot see such an element.

        """
        who, here = self.workspace.user(user), self.workspace.channel(channel)
        shown = self._shown(who, here, ts, stale=stale)
        message, action = _first_use(shown, action_id, block_id, value, selected)
        url = self.response_urls.make(here.id, who.id, source=message.ts)
        trigger = self.triggers.make(who.id)
        return await self.delivery.interaction(block_actions(self.workspace, here, who, message, action, url, trigger))

    def form(self, user: str) -> View | None:
        """Give the form that a person has before them."""
        return self.views.of(self.workspace.user(user).id)

    async def submit(self, user: str, view_id: str, values: Mapping[str, Answer]) -> Ack:
        """Press the button of a form with these answers, by block id; raises as ``Forms.submit``."""
        return await self.forms.submit(self.workspace.user(user), view_id, values)

    async def dismiss(self, user: str, view_id: str) -> Ack | None:
        """Close a form without submitting it; gives the bot's answer where it asked to be told."""
        return await self.forms.dismiss(self.workspace.user(user), view_id)

    def _shown(self, user: User, channel: Channel, ts: str, *, stale: bool) -> list[Message]:
        message = self.workspace.find(channel.id, ts)
        if message is None or user.id not in channel.members or message.ephemeral_for not in {None, user.id}:
            raise NoSuchElement(f"{user.name} sees no message {ts} in {channel.id}")
        return [message, *(self.workspace.earlier(channel.id, ts) if stale else [])]

    def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Type a plain message."""
        who, here = self.workspace.user(user), self.workspace.channel(channel)
        typed = escape_typed(self.workspace, text, who.id)
        return self.workspace.post(here.id, who.id, typed, thread_ts=thread_ts)

    # ------------------------------------------------------------ what Slack sends by itself

    async def event(self, event: dict[str, object]) -> Ack:
        """Send an event of the Events API, with Slack's retries; give the last answer."""
        return await self.delivery.event(event_callback(self.workspace, event))

    async def url_verification(self) -> Ack:
        """Check the bot's request URL with a challenge."""
        return await self.delivery.url_verification()


def _first_use(
    shown: list[Message], action_id: str, block_id: str | None, value: str | None, selected: str | None
) -> tuple[Message, dict[str, object]]:
    """Find the element in the newest version of a message that has it."""
    for version in shown[:-1]:
        try:
            return version, action_of(*find_element(version.blocks, action_id, block_id, value), selected)
        except NoSuchElement:
            continue
    return shown[-1], action_of(*find_element(shown[-1].blocks, action_id, block_id, value), selected)
