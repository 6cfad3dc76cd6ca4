"""``/meet`` with a title, or with nothing: a new meeting in this channel."""

import asyncio
from contextlib import suppress
from typing import Any

from bot.calling import Calling
from bot.domain.ids import MeetingId, UserId
from bot.errors import ChatError, UserError
from bot.journal import Wish
from bot.meetings import Asked, Meetings, Started
from bot.reconciler import Later, Reconciler
from bot.ringing import CHANNEL, Ringing
from bot.routes import Routes, SlashCommand
from bot.slack.meeting_request import Request, read_request
from bot.slack.people_text import unnamed
from bot.slack.recording_options import insist
from bot.slack.respond import Respond
from bot.slack.text import near_miss, rest
from bot.views import actions, replies
from bot.views.ringing import MANY
from handlers.ring import ask

REQUEST_MAX = 1500
WORTH_TELLING = 10.0
"""Seconds that a card may be late without anybody being told."""
TRIES, SOON = 10, 1.0
"""How often, and with how many seconds between at most, a card is looked after before it is left to the others."""


def register(routes: Routes) -> None:
    """Answer ``/meet start`` and every ``/meet`` that is no other word."""
    routes.meet.add(
        "start",
        start_meeting,
        summary="Start a meeting here; `start` may be left out",
        example=f"{routes.meet.name} Weekly sync @bo --record",
        takes_more=True,
    )
    routes.meet.otherwise(start_titled)
    routes.button(actions.START_ANOTHER, start_another)


async def start_meeting(
    command: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    reconciler: Reconciler,
    ringing: Ringing,
    calling: Calling,
) -> None:
    """Start a meeting whose title may be any words."""
    await _start(rest(command.get("text", "")), answer, wish, meetings, reconciler, ringing, calling)


async def start_titled(
    command: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    reconciler: Reconciler,
    ringing: Ringing,
    calling: Calling,
    meet_command: SlashCommand,
) -> None:
    """Start a meeting, unless its only word looks like a slip of the keyboard."""
    text = command.get("text", "")
    meant = near_miss(text, meet_command.known)
    if meant:
        name = meet_command.name
        raise UserError(f"Did you mean `{name} {meant}`? For a meeting of that name, type `{name} start {text}`.")
    if unnamed(text):
        name = meet_command.name
        raise UserError(
            "I know people only by an @ that you choose from Slack's list while you type, as in "
            f"`{name} {text.split()[0].lower()} @bo`. For a meeting of that name, type `{name} start {text}`."
        )
    await _start(text, answer, wish, meetings, reconciler, ringing, calling)


async def start_another(
    action: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    reconciler: Reconciler,
    ringing: Ringing,
    calling: Calling,
) -> None:
    """Start a meeting although one is alive in the channel; a second click finds the one that the first one made."""
    beside, text = actions.unpack_request(actions.about(action))
    await _start(text, answer, wish, meetings, reconciler, ringing, calling, beside=beside)


async def _start(
    text: str,
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    reconciler: Reconciler,
    ringing: Ringing,
    calling: Calling,
    *,
    beside: MeetingId | None = None,
) -> None:
    request = read_request(text, regions=meetings.regions)
    insist(request.wrong, meetings.choices.mistakes_in(request.options) if request.record else {})
    named, crowds = await _named(request, ringing)
    invited = tuple(user for user in named if user != answer.user)
    asked = Asked(
        by=UserId(answer.user),
        channel=answer.channel,
        title=request.title,
        invited=invited,
        record=request.record,
        options=request.options,
        region=request.region,
        beside=beside,
    )
    started = await meetings.start(wish, asked)
    if not started.new:
        await answer(replies.already_here(started.meeting, text[:REQUEST_MAX]))
        return
    await _show(started, answer, wish, meetings, reconciler, calling)
    for crowd in crowds:
        await ask(started.meeting.id, crowd, answer, ringing)


async def _named(request: Request, ringing: Ringing) -> tuple[list[UserId], list[str]]:
    """Give those who are to be told at once, and the crowds about which the person is asked first."""
    named, crowds = list(request.invited), [CHANNEL] * request.everybody
    for team in request.teams:
        people = await ringing.team(team)
        if people is None or len(people) > MANY:
            crowds.append(team)
        else:
            named += people
    return list(dict.fromkeys(named)), crowds


async def _show(
    started: Started, answer: Respond, wish: Wish, meetings: Meetings, reconciler: Reconciler, calling: Calling
) -> None:
    """Bring the card up at once; where it cannot stand in the channel, Slack's own may, and whoever asked is told."""
    later = None
    with suppress(ChatError):  # the card is written down as work, so it comes all the same
        later = await _stands(started.meeting.id, reconciler)
    now = await meetings.get(started.meeting.id)
    call = await calling.open(wish, now, answer.share)
    if later and later.because and later.seconds > WORTH_TELLING:
        await answer(replies.card_comes_later(now, later.seconds, later.because))
    elif now.home_because:
        await answer(replies.cannot_post_here(now, call=call))


async def _stands(meeting_id: MeetingId, reconciler: Reconciler) -> Later | None:
    """Wait until the card has found its place, which another task may see to; not for as long as Slack is busy."""
    later = None
    for _ in range(TRIES):
        later = await reconciler.reconcile(meeting_id)
        if later is None or later.seconds > SOON:
            return later
        await asyncio.sleep(later.seconds)
    return later
