"""A wish for single voices that is carried out twice, as after a crash between its effect and its end."""

from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import MeetingId, UserId, room_of
from bot.happenings import Happenings
from bot.journal import Wish
from bot.locks import Locks
from bot.recording_choices import RecordingChoices
from bot.recordings import Recordings
from bot.tracks import Tracks
from playground.rooms import Recording
from tests.support.bench import Bench

BO, CY = UserId("UBO"), UserId("UCY")


async def people_are_inside(world: Bench, redis: Redis) -> tuple[Tracks, Recordings, MeetingId]:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    services, store = world.bot.services, world.bot.store
    known = store, Happenings(store, services.work.follow), Locks(redis), services.providers, services.permissions
    [room] = world.stage.provider.rooms.meetings
    tracks = Tracks(*known, utcnow, RecordingChoices())
    return tracks, Recordings(*known, utcnow), MeetingId(f"realtimekit:{room}")


def voices(world: Bench) -> list[Recording]:
    return [each for each in world.stage.provider.rooms.recordings.values() if each.tracks]


async def test_a_start_carried_out_again_starts_nothing_even_when_it_was_stopped_meanwhile(
    world: Bench, redis: Redis
) -> None:
    tracks, recordings, meeting = await people_are_inside(world, redis)
    start = Wish(redis, "start")
    first = await tracks.start(start, meeting, BO)
    await recordings.stop(Wish(redis, "stop"), meeting, first.id, CY)

    assert (await tracks.start(start, meeting, BO)).id == first.id

    assert [each.id for each in voices(world)] == [first.id]


async def test_a_start_that_was_cut_off_before_it_was_written_down_finds_what_it_began(
    world: Bench, redis: Redis
) -> None:
    tracks, _, meeting = await people_are_inside(world, redis)
    start = Wish(redis, "start")
    await start.remember("tracks asked", utcnow().isoformat())
    await world.bot.services.providers.of(meeting).start_tracks(room_of(meeting), prefix="talk")

    found = await tracks.start(start, meeting, BO)

    assert [each.id for each in voices(world)] == [found.id]
    assert found.tracks
    assert found.first("start")


async def test_a_stop_carried_out_again_stops_no_other_one(world: Bench, redis: Redis) -> None:
    tracks, recordings, meeting = await people_are_inside(world, redis)
    first = await tracks.start(Wish(redis, "start"), meeting, BO)
    stop = Wish(redis, "stop")
    await recordings.stop(stop, meeting, await tracks.to_stop(stop, meeting), CY)
    second = await tracks.start(Wish(redis, "again"), meeting, BO)

    assert await tracks.to_stop(stop, meeting) == first.id
    await recordings.stop(stop, meeting, await tracks.to_stop(stop, meeting), CY)

    assert [each.id for each in voices(world) if each.running] == [second.id]
