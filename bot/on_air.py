"""What the provider says of the livestreams that are not over, and what it means when it says nothing of one."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.events import Event, Ignored, SessionEnded
from bot.domain.ids import LivestreamId, RoomId, room_of
from bot.domain.livestream import ERRORED, IDLE, LIVE, OFFLINE, STAGE, Livestream, next_run, runs_of, stream_of
from bot.domain.livestream_events import LivestreamUpdated
from bot.domain.meeting import Meeting
from bot.errors import ProviderNotFound, ProviderRejected
from bot.ports import Provider

YOUNG = timedelta(minutes=3)
"""How long a livestream may take to come on air; one that the provider knows nothing of after that never will."""
OFF = (IDLE, OFFLINE, ERRORED)
"""What is said of a livestream that nobody can watch now: it may not have begun yet."""
SETTLING = timedelta(seconds=30)
"""How long after an end the provider may still name what has ended as what its room has on air."""


def unsettled(meeting: Meeting) -> list[Livestream]:
    """Give the livestreams of which more is to be learnt: that they are over, or since when."""
    return [each for each in meeting.broadcasts if not each.is_final or each.stopped_at is None]


def is_changing(meeting: Meeting) -> bool:
    """Tell whether somebody waits for a livestream to come on air or to go off it."""
    active = meeting.active_livestream
    return active is not None and (not active.is_live or active.first("stop") is not None)


def outlived(meeting: Meeting) -> Livestream | None:
    """Give the livestream that still shows a room from which everyone has gone."""
    active = meeting.active_livestream
    if active is None or meeting.live_sessions or meeting.inside:
        return None
    ends = [session.ended_at for session in meeting.sessions.values() if session.ended_at]
    left = any(active.began and end > active.began for end in ends)
    return active if left or meeting.closed_at else None


def is_unclear(event: Event | Ignored, meeting: Meeting) -> bool:
    """Tell whether an event leaves open how a livestream is.

    A webhook has no time, IDLE is said before the first picture as well as after the last, and an id may be that of
    several runs. And once everyone has gone, a livestream has to go too.
    """
    match event:
        case SessionEnded():
            return meeting.active_livestream is not None
        case LivestreamUpdated(stream, status):
            asked = [each for each in unsettled(meeting) if stream_of(each.id) == stream]
            return any(status != LIVE or each.since is None for each in asked)
    return False


async def news_of_livestreams(provider: Provider, meeting: Meeting, now: datetime) -> list[Event]:
    """Ask about every livestream that is not settled.

    Raises:
        ProviderError: the provider does not say.

    """
    asked = unsettled(meeting)
    if not asked:
        return []
    active = await provider.active_livestream(room_of(meeting.id))
    shown = on_air_now(meeting, active, now - SETTLING)
    told: list[Event] = [shown] if shown else []
    for livestream in asked:
        if shown is None or livestream.id != shown.livestream_id:
            told += await _news_of_one(provider, meeting, livestream, now)
    return told


def on_air_now(
    meeting: Meeting, active: LivestreamUpdated | None, settled_before: datetime
) -> LivestreamUpdated | None:
    """Give what can be watched or soon will be, of what the provider says that a room has; None where that is nothing.

    Args:
        meeting: as it is known.
        active: what the provider says.
        settled_before: an end that is younger than this has not yet reached every place at the provider.

    """
    if active is None or active.status in OFF:
        return None
    runs = [meeting.livestreams[own] for own in runs_of(meeting.livestreams, active.livestream_id)]
    over = bool(runs) and all(run.is_final for run in runs)
    if over and (runs[-1].stopped_at is None or runs[-1].stopped_at > settled_before):
        return None
    return as_run(meeting, active)


def as_run(meeting: Meeting, report: LivestreamUpdated) -> LivestreamUpdated:
    """Give a report of what is on air now to the run that it is about: a new one where all others are over."""
    runs = runs_of(meeting.livestreams, report.livestream_id)
    going_on = [own for own in runs if not meeting.livestreams[own].is_final]
    own = going_on[-1] if going_on else next_run(runs, report.livestream_id)
    return replace(report, livestream_id=own)


async def _news_of_one(provider: Provider, meeting: Meeting, known: Livestream, now: datetime) -> list[Event]:
    """Ask about a livestream that is not what its room has on air."""
    told = await _report(provider, known.id, now)
    if runs_of(meeting.livestreams, stream_of(known.id)) != [known.id]:
        # The times are those of one run, and nothing says of which.
        told = replace(told, invoked_at=None, started_at=None, stopped_at=None)
    if told.status == LIVE:
        return [] if known.is_final else [told]
    if told.status not in (*STAGE, IDLE):
        return [told]
    never_on_air = not known.is_live and not known.is_final and told.started_at is None
    awaited = never_on_air and known.first("stop") is None and _is_young(known, now)
    if told.status != ERRORED and awaited:
        return []
    over = ERRORED if told.status == ERRORED else OFFLINE
    return [replace(told, status=over, stopped_at=told.stopped_at or now)]


async def _report(provider: Provider, own: LivestreamId, now: datetime) -> LivestreamUpdated:
    try:
        return replace(await provider.get_livestream(stream_of(own)), livestream_id=own)
    except ProviderNotFound:
        return LivestreamUpdated(own, OFFLINE, observed_at=now)


def _is_young(livestream: Livestream, now: datetime) -> bool:
    return livestream.began is not None and now - livestream.began < YOUNG


async def take_off_air(provider: Provider, room: RoomId) -> bool:
    """Stop whatever shows a room to the public; tells whether there was anything.

    Raises:
        ProviderError: the public may still be watching.

    """
    with suppress(ProviderNotFound):
        try:
            await provider.stop_livestream(room)
        except ProviderNotFound:
            raise
        except ProviderRejected:
            # Neither provider says how it answers where nothing is on air.
            active = await provider.active_livestream(room)
            if active is None or active.status in OFF:
                return False
            raise
        return True
    return False
