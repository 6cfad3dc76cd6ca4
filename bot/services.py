"""What the web handlers are given."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.channel_recordings import ChannelRecordings
from bot.choice import Providers
from bot.claims import Claims
from bot.command_names import CommandNames
from bot.entrance import Entrance
from bot.heard import Heard
from bot.joining import Joining
from bot.meetings import Meetings
from bot.metrics import Metrics
from bot.permissions import Permissions
from bot.ports import Chat
from bot.recordings import Recordings
from bot.registration import Registration
from bot.wake import Wake
from bot.watching import Watching
from bot.work import Work


@dataclass(frozen=True, slots=True)
class Services:
    """The services that pages and webhooks need.

    Args:
        entrance: what stands behind the doors at one address for all, None where nobody can sign in.
        named: knows what the commands are called here.
        path_secret: the last part of the webhooks' address, None where there is none.
        sdk_dir: where the video services' programs for the browser are, once they are installed.

    """

    meetings: Meetings
    joining: Joining
    claims: Claims
    permissions: Permissions
    recordings: Recordings
    channel_recordings: ChannelRecordings
    watching: Watching
    entrance: Entrance | None
    providers: Providers
    registration: Registration
    heard: Heard
    wake: Wake
    work: Work
    chat: Chat
    metrics: Metrics
    named: CommandNames
    path_secret: str | None
    sdk_dir: Path


SERVICES = web.AppKey("services", Services)
