"""What the web handlers are given."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.choice import Providers
from bot.heard import Heard
from bot.joining import Joining
from bot.meetings import Meetings
from bot.metrics import Metrics
from bot.permissions import Permissions
from bot.ports import Chat
from bot.registration import Registration
from bot.wake import Wake
from bot.work import Work


@dataclass(frozen=True, slots=True)
class Services:
    """The services that pages and webhooks need.

    Args:
        path_secret: the last part of the webhooks' address, None where there is none.
        sdk_dir: where the video services' programs for the browser are, once they are installed.

    """

    meetings: Meetings
    joining: Joining
    permissions: Permissions
    providers: Providers
    registration: Registration
    heard: Heard
    wake: Wake
    work: Work
    chat: Chat
    metrics: Metrics
    path_secret: str | None
    sdk_dir: Path


SERVICES = web.AppKey("services", Services)
