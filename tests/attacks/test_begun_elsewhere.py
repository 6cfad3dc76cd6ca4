"""A recording that somebody begins elsewhere at the very moment at which ours is asked for and its answer is lost."""

import pytest
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import MeetingId, RecordingId
from bot.errors import ProviderUnavailable, RecordingActive
from bot.journal import Wish
from playground.rooms import Recording
from tests.attacks.test_start_twice import BO, recordings_of, somebody_is_in
from tests.attacks.test_tracks_twice import people_are_inside
from tests.support.bench import Bench


def begun_elsewhere(world: Bench, *, tracks: bool = False, **options: str) -> Recording:
    """Have somebody start a recording in the provider's dashboard."""
    provider = world.stage.provider
    [room] = provider.rooms.meetings.values()
    return provider.life.recordings.start(room, options, tracks=tracks)


async def asked_for_by_nobody_here(world: Bench, meeting: MeetingId, theirs: Recording) -> bool:
    known = (await world.bot.store.meeting(meeting)).recordings.get(RecordingId(theirs.id))
    return known is None or known.first("start") is None


@pytest.mark.parametrize("prefix", [{}, {"file_name_prefix": "weekly"}])
async def test_it_is_not_taken_for_ours_where_the_answer_was_lost(
    world: Bench, redis: Redis, prefix: dict[str, str]
) -> None:
    meeting, faults = await somebody_is_in(world), world.stage.provider.faults
    theirs = begun_elsewhere(world, **prefix)
    faults.fail("get_active_recording", status=404)
    faults.drop("start_recording")

    with pytest.raises(RecordingActive):
        await recordings_of(world, redis, world.bot.store).start(Wish(redis, "start"), meeting, BO)

    assert await asked_for_by_nobody_here(world, meeting, theirs)


async def test_it_is_not_taken_for_ours_by_a_second_try(world: Bench, redis: Redis) -> None:
    meeting, wish = await somebody_is_in(world), Wish(redis, "start")
    await wish.remember("asked", utcnow().isoformat())
    theirs = begun_elsewhere(world)

    with pytest.raises(RecordingActive):
        await recordings_of(world, redis, world.bot.store).start(wish, meeting, BO)

    assert await asked_for_by_nobody_here(world, meeting, theirs)


async def test_what_a_second_try_meets_is_ours_although_the_first_saw_nothing_of_it(world: Bench, redis: Redis) -> None:
    """Its start took effect after everybody had looked, and the service refuses the second one."""
    meeting, wish, faults = await somebody_is_in(world), Wish(redis, "start"), world.stage.provider.faults
    recordings = recordings_of(world, redis, world.bot.store)
    faults.drop("start_recording", after=True)
    faults.fail("get_active_recording", status=404, times=2)
    with pytest.raises(ProviderUnavailable):
        await recordings.start(wish, meeting, BO)
    faults.fail("get_active_recording", status=404)
    faults.fail("list_recordings", status=200, body={"success": True, "data": []})

    again = await recordings.start(wish, meeting, BO)

    assert [again.id] == list(world.stage.provider.rooms.recordings)


async def test_of_two_recordings_of_single_voices_the_one_that_bears_our_name_is_ours(
    world: Bench, redis: Redis
) -> None:
    tracks, _, meeting = await people_are_inside(world, redis)
    theirs = begun_elsewhere(world, tracks=True)
    world.stage.provider.rooms.recordings[theirs.id].status = "UPLOADING"  # so that ours may run too
    world.stage.provider.faults.drop("start_tracks", after=True)

    ours = await tracks.start(Wish(redis, "start"), meeting, BO)

    assert ours.id != theirs.id
    assert await asked_for_by_nobody_here(world, meeting, theirs)
