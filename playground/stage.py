"""The stage: the two simulators on one port, and the real bot behind them, wired by settings alone."""

import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.manifest import commands, load_manifest
from bot.settings import Settings
from playground.provider import ProviderSimulator, utcnow
from playground.rooms import ProviderName
from playground.slack import SlackSimulator
from playground.timers import Pace
from playground.web import Web
from playground.workspace import sample_workspace

LOOPBACK = "127.0.0.1"
SEES_MEMBERS = ("channels:read", "groups:read", "im:read", "mpim:read")
"""The scopes that the installer may leave out, and then nobody joins at one click."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The throwaway credentials of one stage; nothing outside this machine knows them."""

    signing_secret: str
    bot_token: str
    app_token: str
    account_id: str
    app_id: str
    api_token: str
    org_id: str
    api_key: str

    @classmethod
    def fresh(cls) -> "Keys":
        """Make up new ones."""
        word = secrets.token_hex
        return cls(word(16), f"xoxb-{word(12)}", f"xapp-{word(12)}", word(16), word(16), word(20), word(16), word(20))


@dataclass(slots=True)
class Stage:
    """The simulators, listening at ``url``."""

    url: str
    keys: Keys
    slack: SlackSimulator
    provider: ProviderSimulator

    def one_click(self, bot_url: str) -> dict[str, str]:
        """Register the bot's address for signing in, and give the environment variables that turn it on."""
        openid = self.slack.openid
        openid.redirect_urls = [f"{bot_url}/signin/callback"]
        self.slack.scopes.update(SEES_MEMBERS)
        return {
            "PUBLIC_URL": bot_url,
            "SLACK_CLIENT_ID": openid.client_id,
            "SLACK_CLIENT_SECRET": openid.client_secret,
            "SLACK_SIGNIN_URL": openid.url,
        }

    def environment(self, *, provider: ProviderName = "realtimekit", socket_mode: bool = False) -> dict[str, str]:
        """Give the environment variables that point a bot at this stage."""
        keys = self.keys
        found = {
            "SLACK_SIGNING_SECRET": keys.signing_secret,
            "SLACK_BOT_TOKEN": keys.bot_token,
            "SLACK_API_URL": self.slack.api_url,
            "JOIN_URL_TEMPLATE": self.provider.room_url_template,
            "HOST": LOOPBACK,
        }
        if socket_mode:
            found["SLACK_APP_TOKEN"] = keys.app_token
        if provider == "dyte":
            return found | {
                "DYTE_ORG_ID": keys.org_id,
                "DYTE_API_KEY": keys.api_key,
                "DYTE_API_URL": self.provider.dyte_url,
                "DYTE_WEBHOOK_KEY_URL": self.provider.key_url("dyte"),
            }
        return found | {
            "REALTIMEKIT_ACCOUNT_ID": keys.account_id,
            "REALTIMEKIT_APP_ID": keys.app_id,
            "REALTIMEKIT_API_TOKEN": keys.api_token,
            "REALTIMEKIT_API_URL": self.provider.realtimekit_url,
            "REALTIMEKIT_WEBHOOK_KEY_URL": self.provider.key_url("realtimekit"),
        }

    def settings(
        self, *, provider: ProviderName = "realtimekit", socket_mode: bool = False, **others: str | None
    ) -> Settings:
        """Give the settings that point a bot at this stage.

        Args:
            provider: which of the two services.
            socket_mode: whether payloads come in by Socket Mode.
            others: more environment variables, in capitals; None leaves one out.

        """
        given = self.environment(provider=provider, socket_mode=socket_mode) | others
        return Settings.load({name: value for name, value in given.items() if value is not None})


@asynccontextmanager
async def stage(
    *,
    port: int = 0,
    host: str = LOOPBACK,
    provider: ProviderName = "realtimekit",
    socket_mode: bool = False,
    pace: Pace | None = None,
    now: Callable[[], datetime] = utcnow,
) -> AsyncIterator[Stage]:
    """Set up the simulators and the page; the bot is not there yet."""
    keys = Keys.fresh()
    slack = SlackSimulator(
        sample_workspace(now),
        signing_secret=keys.signing_secret,
        bot_token=keys.bot_token,
        app_token=keys.app_token if socket_mode else None,
        now=now,
        bot_now=now,
    )
    video = ProviderSimulator(
        account_id=keys.account_id,
        app_id=keys.app_id,
        api_token=keys.api_token,
        org_id=keys.org_id,
        api_key=keys.api_key,
        pace=pace,
        now=now,
    )
    known = commands(load_manifest())
    page = Web(slack, video, commands=known, provider_name=provider)
    slack.commands = frozenset(command["command"] for command in known)
    runner, url = await _serve([*slack.routes(), *video.routes(), *page.routes()], host, port)
    slack.base_url = video.base_url = url
    await slack.start()
    await video.start()
    try:
        yield Stage(url, keys, slack, video)
    finally:
        await page.close()
        await video.close()
        await slack.close()
        await runner.cleanup()


async def _serve(routes: list[web.RouteDef], host: str, port: int) -> tuple[web.AppRunner, str]:
    app = web.Application(client_max_size=2 * 1024 * 1024)
    app.router.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"http://{host}:{runner.addresses[0][1]}"


def free_port() -> int:
    """Find a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
