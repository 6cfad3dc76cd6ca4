"""What people are told because time has passed, from the first half minute of a recording to the end of its file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from playground.stage import Stage
from playground.workspace_values import Message
from tests.edges.place import Place, place
from tests.support.bench import QUICK, bot_on, labels
from tests.support.clock import Ahead, alarm_is_set

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.soak]


@asynccontextmanager
async def somewhere(scene: Stage, url: str, clock: Ahead) -> AsyncIterator[Place]:
    async with bot_on(scene, url, clock=clock) as world:
        yield place(world)
    scene.provider.pace = QUICK


async def passes(here: Place, own_redis: Redis, clock: Ahead, **length: float) -> None:
    """Let time pass once the alarm is set to no more than that."""
    await alarm_is_set(own_redis, (await here.stored()).id, **length)
    await clock.goes_on(own_redis, **length)


def now(here: Place, message: Message) -> Message:
    """Give a reply as it looks by now."""
    return next(each for each in here.replies if each.ts == message.ts)


async def test_a_start_that_lags_is_told_and_how_late_it_was(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    scene.provider.pace = replace(QUICK, start_seconds=3600)
    async with somewhere(scene, redis_process, clock) as here:
        await here.attended()
        await here.asks("ana", "/record")

        await passes(here, own_redis, clock, seconds=31)
        late = await here.reply("has not begun yet: nothing is recorded so far.")
        assert labels(late) == ["Stop"]

        scene.provider.life.recordings._running(here.current_recording)
        await here.reply("*Recording* since")
        await here.world.until(lambda: "has not begun" not in now(here, late).text)


async def test_a_file_that_does_not_come_is_told_and_that_it_came_in_the_end(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    scene.provider.pace = replace(QUICK, upload_seconds=3600)
    async with somewhere(scene, redis_process, clock) as here:
        await here.runs()
        await here.asks("ana", "/record stop")
        await here.knows("UPLOADING")

        await passes(here, own_redis, clock, minutes=15, seconds=1)
        late = await here.reply("file takes longer than usual")

        scene.provider.life.recordings._uploaded(here.current_recording)
        await here.reply("Recording ready")
        await here.world.until(lambda: "took longer than usual" in now(here, late).text)


async def test_ten_minutes_before_its_limit_a_recording_is_announced_to_end(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with somewhere(scene, redis_process, clock) as here:
        await here.attended()
        await here.asks("ana", "/record --max 90m")
        await here.world.until(lambda: here.current_recording.status == "RECORDING")
        await here.knows("RECORDING")

        await passes(here, own_redis, clock, minutes=80, seconds=1)

        told = await here.reply("min left* · the recording stops by itself at ")
        assert told.text.endswith(", at its limit of 90 min.")


async def test_an_empty_room_is_told_before_the_recording_stops_by_itself(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    scene.provider.pace = replace(QUICK, empty_seconds=3600)
    async with somewhere(scene, redis_process, clock) as here:
        await here.runs()
        [peer] = scene.provider.rooms.people(here.room)
        await scene.provider.leave(peer.id)
        await here.world.until(lambda: not scene.provider.rooms.people(here.room))

        await passes(here, own_redis, clock, seconds=16)

        await here.reply("Everyone left at ")


async def test_a_file_is_offered_two_days_before_its_end_and_not_after_it(
    scene: Stage, own_redis: Redis, redis_process: str
) -> None:
    clock = Ahead()
    async with somewhere(scene, redis_process, clock) as here:
        await here.runs()
        await here.asks("ana", "/record stop")
        ready = await here.reply("*Recording ready*")
        assert " · kept until " in ready.text

        await passes(here, own_redis, clock, days=5, minutes=1)
        soon = await here.reply("the recording is deleted by the video service on ")
        assert labels(soon) == ["Watch"]

        await passes(here, own_redis, clock, days=2)
        await here.world.until(lambda: " · deleted by the video service on " in now(here, ready).text)
        gone = now(here, ready)
        assert gone.text.startswith("Weekly sync: *Recording* · ")
        assert labels(gone) == []
        await here.world.until(lambda: not labels(now(here, soon)))


async def test_a_file_that_is_found_gone_is_no_longer_offered(scene: Stage, redis_process: str) -> None:
    async with somewhere(scene, redis_process, Ahead()) as here:
        await here.runs()
        await here.asks("ana", "/record stop")
        ready = await here.reply("*Recording ready*")
        del scene.provider.rooms.recordings[here.current_recording.id]

        answer = await here.presses("bo", ready, "record_watch")

        assert answer.text == "The video service has deleted this recording."
        await here.world.until(lambda: "deleted by the video service" in now(here, ready).text)
        assert labels(now(here, ready)) == []


async def test_a_recording_started_and_stopped_elsewhere_is_in_the_thread_with_its_controls(
    scene: Stage, redis_process: str
) -> None:
    async with somewhere(scene, redis_process, Ahead()) as here:
        await here.attended()
        life = scene.provider.life.recordings

        made = life.start(scene.provider.rooms.meetings[here.room], {}, "API_CALL")
        reply = await here.reply("*Recording* since")
        assert labels(reply) == ["Pause", "Off the record 10 min", "Mark moment", "Stop"]
        await here.world.bot.services.work.ask_now((await here.stored()).id)
        await here.reply("started elsewhere, by Playground")

        life.stop(made)
        await here.reply("Stopped elsewhere")
        await here.reply("*Recording ready*")


async def test_one_started_elsewhere_that_no_webhook_tells_of_appears_by_asking(
    scene: Stage, redis_process: str
) -> None:
    async with somewhere(scene, redis_process, Ahead()) as here:
        await here.attended()
        scene.provider.faults.webhooks.drop_all = True
        scene.provider.life.recordings.start(scene.provider.rooms.meetings[here.room], {}, "API_CALL")
        await here.world.until(lambda: here.current_recording.status == "RECORDING")

        await here.world.bot.services.work.ask_now((await here.stored()).id)

        reply = await here.reply("started elsewhere, by Playground")
        assert labels(reply) == ["Pause", "Off the record 10 min", "Mark moment", "Stop"]
        scene.provider.faults.clear()
