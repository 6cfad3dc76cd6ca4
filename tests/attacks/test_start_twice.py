"""A wish for a recording that was cut off by a crash, and is carried out again seconds later."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.happenings import Happenings
from bot.journal import Wish
from bot.locks import Locks
from bot.recordings import Recordings
from bot.store import Changed, MeetingStore
from tests.support.bench import Bench

ANA, BO = UserId("UANA"), UserId("UBO")


class CutOff(MeetingStore):
    """Loses Redis at the moment at which something is to be written down."""

    async def update(self, meeting_id: MeetingId, change: Callable[[Meeting], Meeting]) -> Changed | None:
        raise ConnectionError(meeting_id, change)


async def test_who_asked_is_told_although_the_webhook_was_faster_than_the_second_try(
    world: Bench, redis: Redis
) -> None:
    meeting, wish = await somebody_is_in(world), Wish(redis, "start")
    with pytest.raises(ConnectionError):
        await recordings_of(world, redis, CutOff(redis, utcnow)).start(wish, meeting, BO)
    await world.until(lambda: world.reply("Recording since"))

    await recordings_of(world, redis, world.bot.store).start(wish, meeting, BO)

    await world.until(lambda: "started by <@UBO>" in world.reply("Recording since").text)
    assert len(world.stage.provider.rooms.recordings) == 1


async def test_what_was_stopped_before_the_second_try_is_not_started_again(world: Bench, redis: Redis) -> None:
    meeting, wish = await somebody_is_in(world), Wish(redis, "start")
    recordings = recordings_of(world, redis, world.bot.store)
    world.stage.provider.faults.hang("start_recording", after=True)
    await cut_off(recordings, wish, meeting, world)
    await recordings.stop(Wish(redis, "stop"), meeting, None, ANA)

    again = await recordings.start(wish, meeting, BO)

    assert [again.id] == list(world.stage.provider.rooms.recordings)
    first = again.first("start")
    assert first is not None
    assert first.by == BO


async def test_a_try_that_never_reached_the_provider_is_made_again(world: Bench, redis: Redis) -> None:
    meeting, wish = await somebody_is_in(world), Wish(redis, "start")
    recordings = recordings_of(world, redis, world.bot.store)
    old = await recordings.start(Wish(redis, "old"), meeting, ANA)
    await world.until(lambda: world.reply("Recording since"))
    await recordings.stop(Wish(redis, "stop"), meeting, old.id, ANA)
    world.stage.provider.faults.hang("start_recording")
    await cut_off(recordings, wish, meeting, world, reaches=False)

    again = await recordings.start(wish, meeting, BO)

    assert again.id != old.id
    assert world.stage.provider.rooms.recordings[again.id].running


async def cut_off(
    recordings: Recordings, wish: Wish, meeting: MeetingId, world: Bench, *, reaches: bool = True
) -> None:
    """Kill a try while it waits for the provider's answer; see the recording in the thread if there is one."""
    task = asyncio.create_task(recordings.start(wish, meeting, BO))
    await world.until(lambda: not world.stage.provider.faults.calls)
    if reaches:
        await world.until(lambda: world.reply("Recording since"))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def somebody_is_in(world: Bench) -> MeetingId:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    [room] = world.stage.provider.rooms.meetings
    return MeetingId(f"realtimekit:{room}")


def recordings_of(world: Bench, redis: Redis, store: MeetingStore) -> Recordings:
    services = world.bot.services
    happenings = Happenings(store, services.work.follow)
    return Recordings(world.bot.store, happenings, Locks(redis), services.providers, services.permissions, utcnow)
