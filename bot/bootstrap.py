"""The composition root: every object is built here, wired to the others, started and stopped."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.admission import Admission
from bot.call_keeper import CallKeeper
from bot.call_records import CallRecords
from bot.calling import Calling
from bot.channel_recordings import ChannelRecordings
from bot.channel_rules import ChannelRules
from bot.choice import Providers
from bot.claims import Claims
from bot.clock import Clock, utcnow
from bot.clockwork import Clockwork
from bot.command_names import CommandNames
from bot.domain.call import calls_due
from bot.domain.ids import MeetingId
from bot.domain.passes import passes_due
from bot.domain.timeline import notices_due, restarts_due, resumes_due
from bot.entrance import Entrance
from bot.errors import SettingsError
from bot.guests import Guests
from bot.happenings import Happenings
from bot.heard import Heard
from bot.joining import Joining, JoinRules
from bot.journal import Journal
from bot.livestreams import Livestreams
from bot.locks import Locks
from bot.meetings import Meetings
from bot.moments import Moments
from bot.off_record import OffRecord
from bot.outside import Outside, outside, own_webhook_address, sign_in_with_slack
from bot.parts import Parts
from bot.people import People
from bot.permissions import Permissions
from bot.polling import PROMPTED, Polling
from bot.posts import Posts
from bot.providers import USED_EVENTS
from bot.reconciler import Reconciler
from bot.recording_choices import RecordingChoices
from bot.recording_index import RecordingIndex
from bot.recordings import Recordings
from bot.registration import Registration
from bot.ringing import Ringing
from bot.routes import Routes, SlashCommand
from bot.scrape import Scrape
from bot.seal import Seal
from bot.server import Front, listen
from bot.services import Services
from bot.settings import Settings
from bot.signin import SignIn
from bot.slack.app import build_app
from bot.slack.chat import SlackChat
from bot.slack.closed import Closed
from bot.slack.dispatch import Dispatch
from bot.slack.inbox import Inbox
from bot.slack.inline import Inline
from bot.slack.respond import Responder
from bot.slack.signature import SlackSignature
from bot.slack.socket import Socket
from bot.store import MeetingStore
from bot.tracks import Tracks
from bot.visitors import Visitors
from bot.visits import Visits
from bot.wake import Wake
from bot.watching import Watching
from bot.work import Work
from handlers import register_all

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot; ``url`` is where it listens."""

    url: str
    routes: Routes
    services: Services
    store: MeetingStore


@asynccontextmanager
async def running(settings: Settings, clock: Clock = utcnow) -> AsyncIterator[Bot]:
    """Run the whole bot until the context ends.

    Raises:
        SettingsError: something outside does not accept the settings.

    """
    async with outside(settings, clock) as world, AsyncExitStack() as stack:
        await world.identity.learn(world.slack)
        bot, front, inbox = await _assemble(settings, clock, world, stack)
        runner, port = await _listen(front, bot.routes, settings)
        stack.push_async_callback(runner.cleanup)
        if settings.slack_app_token:
            socket = Socket(settings.slack_app_token.get_secret_value(), world.slack, inbox)
            stack.push_async_callback(socket.close)
            await socket.open()
        if settings.public_url:
            await _sync_webhooks(settings, world.providers, bot.services.registration, stack)
        log.info("Greenroom listens on http://%s:%s", settings.host, port)
        yield Bot(f"http://{settings.host}:{port}", bot.routes, bot.services, bot.store)


async def _assemble(
    settings: Settings, clock: Clock, world: Outside, stack: AsyncExitStack
) -> tuple[Bot, Front, Inbox]:
    store, locks = MeetingStore(world.redis, clock, world.shared), Locks(world.redis)
    posts = Posts(world.redis)
    identity = world.identity
    doors = Closed(world.redis, posts, identity.token)
    if identity.closed:
        await doors.note(identity.closed.method, None, identity.closed)
    chat = SlackChat(world.slack, world.metrics.slack_call, doors, identity.team_id, identity.user_id)
    permissions = Permissions(chat, ChannelRules(world.redis, settings.rules()), clock)
    keeper = CallKeeper(CallRecords(world.redis), chat.calls, chat)
    reconciler = Reconciler(store, posts, locks, chat, world.metrics.shown, keeper)

    async def follow(meeting_id: MeetingId) -> None:
        await work.follow(meeting_id)

    def missed(provider: str) -> None:
        world.metrics.correction(provider)
        heard.missed(provider)

    happenings, heard = Happenings(store, follow), Heard(world.redis, clock)
    livestreams = Livestreams(store, happenings, locks, world.providers, permissions, clock)
    polling = Polling(
        store,
        happenings,
        world.providers,
        clock,
        every=settings.poll_seconds,
        missed=missed,
        off_air=livestreams.stop_outlived,
    )
    choices = _recording_choices(settings)
    recordings = Recordings(store, happenings, locks, world.providers, permissions, clock, choices)
    off_record = OffRecord(recordings, permissions, store, happenings, locks, world.providers, clock)

    async def look(meeting_id: MeetingId) -> None:
        await polling.poll(meeting_id, PROMPTED)

    clockwork = Clockwork(store, happenings, clock, look)
    clockwork.add(resumes_due, off_record.come_back)
    clockwork.add(notices_due, clockwork.notice)
    clockwork.add(calls_due, clockwork.notice)
    parts = Parts(recordings, permissions, store, happenings, Journal(world.redis), world.providers, clock)
    clockwork.add(restarts_due, parts.go_on)
    work = Work(world.redis_url, store, reconciler, polling, clockwork, clock, world.metrics.retried)
    entrance = _entrance(settings, world, chat, clock)
    channel_recordings = ChannelRecordings(store, RecordingIndex(world.redis), happenings, clock)
    watching = Watching(happenings, chat, clock)
    services = Services(
        meetings=Meetings(
            store,
            happenings,
            locks,
            world.providers,
            permissions,
            clock,
            choices,
            entrance.admission if entrance else None,
        ),
        joining=Joining(
            world.redis, store, happenings, locks, world.providers, chat, permissions, _join_rules(settings), clock
        ),
        claims=Claims(world.redis, secure=(settings.public_url or "").startswith("https:")),
        permissions=permissions,
        recordings=recordings,
        channel_recordings=channel_recordings,
        watching=watching,
        entrance=entrance,
        providers=world.providers,
        registration=Registration(world.redis, locks, USED_EVENTS),
        heard=heard,
        wake=Wake(work.follow_all),
        work=work,
        chat=chat,
        metrics=world.metrics,
        named=CommandNames({"/meet": settings.slack_meet_command, "/record": settings.slack_record_command}),
        path_secret=settings.webhook_path_secret.get_secret_value() if settings.webhook_path_secret else None,
        sdk_dir=settings.sdk_dir.expanduser(),
    )
    secret = settings.slack_signing_secret.get_secret_value()
    seal = Seal(secret)
    people = People(store, happenings, locks, world.providers, chat, permissions, services.joining, clock)
    clockwork.add(passes_due, people.pass_ended)
    others: dict[str, object] = {
        "people": people,
        "guests": Guests(
            happenings, people, permissions, services.joining, seal, clock, timedelta(hours=settings.guest_pass_hours)
        ),
        "recordings": recordings,
        "off_record": off_record,
        "moments": Moments(store, happenings, permissions, clock),
        "channel_recordings": channel_recordings,
        "livestreams": livestreams,
        "tracks": Tracks(store, happenings, locks, world.providers, permissions, clock, choices),
        "watching": watching,
        "permissions": permissions,
        "reconciler": reconciler,
        "calling": Calling(happenings, chat.calls, clock, _doors_for_calls(settings, entrance)),
        "ringing": Ringing(store, happenings, chat, permissions, clock),
    }
    routes, responder, offered = _routes(settings, world, chat, services, others)
    await work.open()
    stack.push_async_callback(work.close)
    stack.push_async_callback(heard.close)
    stack.push_async_callback(services.wake.close)
    words = {command.name: command.known for command in (routes.meet, routes.record)}
    journal = Journal(world.redis)
    work.begin(Dispatch(routes.slack, journal, seal, responder, words, world.metrics.wish).carry_out)
    inline = Inline(routes.draw_of, routes.check_of, offered, chat, journal, responder.named)
    inbox = Inbox(SlackSignature(secret, clock), seal, inline, work.write_down, world.metrics.acknowledged, clock)
    scrape = Scrape(world.metrics, store, work, heard, [provider.name for provider in world.providers], clock)
    return Bot("", routes, services, store), Front(inbox, services, world.redis, scrape), inbox


def _recording_choices(settings: Settings) -> RecordingChoices:
    return RecordingChoices(settings.recording_storage_profiles, settings.recording_storage, settings.recording_bucket)


def _entrance(settings: Settings, world: Outside, chat: SlackChat, clock: Clock) -> Entrance | None:
    slack = sign_in_with_slack(settings, world, chat)
    if slack is None or settings.public_url is None:
        return None
    return Entrance(
        SignIn(world.redis, slack, settings.public_url),
        Visits(Visitors(settings.slack_signing_secret.get_secret_value(), clock), settings.public_url),
        Admission(chat, settings.public_url),
    )


def _doors_for_calls(settings: Settings, entrance: Entrance | None) -> str:
    return settings.public_url or "" if entrance and settings.call_card else ""


def _join_rules(settings: Settings) -> JoinRules:
    return JoinRules(
        settings.host_preset,
        settings.guest_preset,
        settings.public_url,
        settings.join_url_template,
        settings.viewer_preset,
    )


def _routes(
    settings: Settings,
    world: Outside,
    chat: SlackChat,
    services: Services,
    others: dict[str, object],
) -> tuple[Routes, Responder, dict[str, object]]:
    offered: dict[str, object] = {
        "meetings": services.meetings,
        "joining": services.joining,
        "work": services.work,
        **others,
    }
    responder = Responder(world.http, chat, settings.slack_api_url, services.named)
    app = build_app(world.slack, world.identity, responder, offered)
    routes = Routes(
        app, SlashCommand(settings.slack_meet_command, app), SlashCommand(settings.slack_record_command, app)
    )
    offered |= {"meet_command": routes.meet, "record_command": routes.record}
    register_all(routes)
    return routes, responder, offered


async def _listen(front: Front, routes: Routes, settings: Settings) -> tuple[aiohttp.web.AppRunner, int]:
    try:
        return await listen(front.application(routes.pages), settings.host, settings.port)
    except OSError as trouble:
        raise SettingsError(
            [f"HOST and PORT: cannot listen on {settings.host}:{settings.port} ({trouble.strerror or trouble})"]
        ) from trouble


async def _sync_webhooks(
    settings: Settings, providers: Providers, registration: Registration, stack: AsyncExitStack
) -> None:
    for provider in providers:
        url = own_webhook_address(settings, provider.name)
        if not await registration.tried(provider, url):
            stack.callback(asyncio.create_task(registration.keep_trying(provider, url)).cancel)
