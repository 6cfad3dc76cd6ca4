"""A wish about a recording that is carried out twice, as after a crash between its effect and its end."""

from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.happenings import Happenings
from bot.journal import Wish
from bot.locks import Locks
from bot.recordings import Recordings
from tests.support.bench import Bench

BO, CY = UserId("UBO"), UserId("UCY")


async def test_a_pause_carried_out_again_does_not_undo_what_came_after_it(world: Bench, redis: Redis) -> None:
    recordings, meeting, recording = await recording_runs(world, redis)
    pause, resume = Wish(redis, "pause"), Wish(redis, "resume")
    await recordings.pause(pause, meeting, recording, BO)
    await recordings.resume(resume, meeting, recording, CY)

    await recordings.pause(pause, meeting, recording, BO)

    assert world.stage.provider.rooms.recordings[recording].status == "RECORDING"
    saved = await world.bot.store.get(meeting)
    assert saved is not None
    assert [act.action for act in saved.meeting.recordings[recording].acts] == ["start", "pause", "resume"]


async def test_a_stop_carried_out_again_stops_no_other_recording(world: Bench, redis: Redis) -> None:
    recordings, meeting, first = await recording_runs(world, redis)
    stop = Wish(redis, "stop")
    await recordings.stop(stop, meeting, None, BO)
    second = await recordings.start(Wish(redis, "start"), meeting, CY)

    assert (await recordings.stop(stop, meeting, None, BO)).id == first

    assert world.stage.provider.rooms.recordings[second.id].running


async def recording_runs(world: Bench, redis: Redis) -> tuple[Recordings, MeetingId, RecordingId]:
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))
    services = world.bot.services
    happenings = Happenings(world.bot.store, services.work.follow)
    recordings = Recordings(world.bot.store, happenings, Locks(redis), services.providers, services.permissions, utcnow)
    [recording], [room] = world.stage.provider.rooms.recordings, world.stage.provider.rooms.meetings
    return recordings, MeetingId(f"realtimekit:{room}"), RecordingId(recording)
